using Metrics.Core.Catalog;
using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>How the lines of a working become the value.</summary>
public enum AddsUp
{
    Sum,

    /// <summary>Each line counts one: a customer, a user.</summary>
    Count,
    Mean,
    Lowest,
    Highest,

    /// <summary>The median or another quantile of the lines.</summary>
    Quantile,
}

/// <summary>What the cells of a working's column are.</summary>
public enum WorkingKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A local day, <see cref="DateOnly"/>.</summary>
    Day,

    /// <summary>A decimal in the workspace's currency.</summary>
    Money,

    /// <summary>A decimal that counts something.</summary>
    Count,
}

/// <summary>A column of a working beside the amount that every line has.</summary>
public sealed record WorkingColumn(string Name, WorkingKind Kind);

/// <summary>One thing that a value is made of.</summary>
/// <param name="Cells">One for each column: string, DateOnly, decimal or null.</param>
/// <param name="Amount">What it adds to the value, in the metric's unit.</param>
public sealed record WorkingLine(IReadOnlyList<object?> Cells, decimal Amount);

/// <summary>What one value of a stored metric is made of, taken from records.</summary>
/// <param name="Sentence">What the lines are, for people.</param>
/// <param name="Lines">The lines, largest first; at most as many as were asked for.</param>
/// <param name="Count">How many lines there are.</param>
/// <param name="Total">What all lines come to; null where there is nothing to take a mean or an extreme of.</param>
/// <param name="Unlisted">What the lines that are left out add up to; 0 where none is, and where lines are not added up.</param>
public sealed record ModelWorking(
    string Sentence, AddsUp AddsUp, IReadOnlyList<WorkingColumn> Columns, IReadOnlyList<WorkingLine> Lines, long Count, decimal? Total, decimal Unlisted);

/// <summary>The value that a working is asked for: one metric, one period, the total or one segment.</summary>
/// <param name="Period">A whole period of <paramref name="Grain"/>.</param>
/// <param name="Filter">One value for each of some dimensions; empty for the total.</param>
/// <param name="Known">The days that the metric's points were computed for: nothing outside of them is counted.</param>
/// <param name="Most">How many lines to give, the largest ones. All lines are counted and added up whatever it is.</param>
public sealed record WorkingQuestion(
    Metric Metric, ReportingCalendar Calendar, Grain Grain, Period Period, IReadOnlyDictionary<string, string> Filter, Period Known, int Most)
{
    /// <summary>What the accounts of ledger entries are.</summary>
    public ChartOfAccounts Accounts { get; init; } = ChartOfAccounts.None;

    /// <summary>What was chosen of the model's switches; one that is not named has its default.</summary>
    public IReadOnlyDictionary<string, string> Choices { get; init; } = new Dictionary<string, string>();

    /// <summary>The days whose points were computed by these choices: points of others are not asked for. Null for all days.</summary>
    public VersionDays? Computed { get; init; }

    /// <summary>The days of the period that are known; null where there are none.</summary>
    public Period? Days
    {
        get
        {
            var start = Period.Start > Known.Start ? Period.Start : Known.Start;
            var end = Period.End < Known.End ? Period.End : Known.End;
            return start >= end ? null : Computed is { } version ? version.Within(new Period(start, end)) : new Period(start, end);
        }
    }

    /// <summary>The measure after the model's name: <c>mrr</c> of <c>revenue.mrr</c>.</summary>
    public string Measure => Metric.Measure;

    /// <summary>Whether the value is read from series of the finest cut that are added up, rather than from one of its own cut.</summary>
    public bool AddsSegments => Metric is { OverSegments: OverSegments.Sum, RollsUp: true };

    /// <summary>Whether what belongs to a segment belongs to the value; a segment without a dimension has <see cref="Segment.NoValue"/> there.</summary>
    public bool Asks(Segment segment) => Filter.All(pair => (segment[pair.Key] ?? Segment.NoValue) == pair.Value);

    /// <summary>The series of the value to which something of a segment belongs, for models that store every cut that is declared.</summary>
    public Segment SeriesOf(Segment segment) => AddsSegments ? segment.On(Metric.Dimensions) : Segment.Total;

    /// <summary>The same for models that store the finest cut alone: what is not added up can only be asked for by all of its dimensions.</summary>
    public bool AsksOfFinest(Segment segment) => (AddsSegments || Filter.Count == Metric.Dimensions.Count) && Asks(segment);

    /// <summary>
    /// The periods whose points make the value: of a metric that rolls up those of its native grain that begin in the period, else the
    /// period itself. Only those of which a day is known.
    /// </summary>
    public IReadOnlyList<Period> StoredPeriods =>
        Metric.RollsUp
            ? [.. Calendar.Covering(Metric.NativeGrain, Period.Start, Period.End).Where(one => Period.Contains(one.Start) && IsKnown(one))]
            : IsKnown(Period) ? [Period] : [];

    private bool IsKnown(Period period) => period.Start < Known.End && Known.Start < period.End && Computed?.Contains(period.Start) != false;
}

/// <summary>
/// A model that can show from which records a value of its measures was made. Pure as the model is, and bound to it by one promise:
/// computed from the same records, the lines of a working come to the value that was stored.
/// </summary>
public interface IModelWorking : IModel
{
    /// <summary>Starts a working that takes the records of the metric's streams one by one.</summary>
    IWorkingRun Explain(WorkingQuestion question);
}

/// <summary>One working: it is fed with records and then asked once.</summary>
public interface IWorkingRun
{
    void Add(StoredRecord record);

    /// <exception cref="ModelException">The records cannot be computed as they are.</exception>
    ModelWorking Finish();
}
