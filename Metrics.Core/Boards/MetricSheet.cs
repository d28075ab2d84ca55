using Metrics.Core.Catalog;
using Metrics.Core.Forecasts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>One period of a metric with what it is compared with.</summary>
/// <param name="Key">The period as addresses spell it.</param>
/// <param name="Label">The period's name for people.</param>
/// <param name="ShortLabel">The same where space is short.</param>
/// <param name="Target">What the plans in force now say of it; null where they say nothing.</param>
/// <param name="Attainment">The share of the target that is reached; null where there is none or the period is not complete.</param>
public sealed record SheetRow(
    string Key, string Label, string ShortLabel, PeriodValue Value, PeriodValue YearAgo, Delta? Change, Delta? YearChange,
    PlannedValue? Target = null, decimal? Attainment = null)
{
    /// <summary>Between which values the figure lies; null for a figure that is no sample of anything.</summary>
    public ConfidenceInterval? Interval { get; init; }

    /// <summary>How it stands against the target; null where nobody can say.</summary>
    public TargetStatus? Status { get; init; }
}

/// <summary>Which sheet is asked for.</summary>
public sealed record SheetQuery(Metric Metric, Grain Grain)
{
    /// <summary>The dimension to break down by; null for none.</summary>
    public string? By { get; init; }

    /// <summary>Whether its segments are wanted over some periods, and not in the newest one alone.</summary>
    public bool WithSegmentHistory { get; init; }

    /// <summary>The moment as of which values, completeness and comparisons are shown as they were known; null for now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>The plans of the total that it is held against, in the order in which they win.</summary>
    public IReadOnlyList<Plan> Plans { get; init; } = [];
}

/// <summary>Everything that is known about the values of one metric at one grain.</summary>
public sealed record MetricSheet
{
    public required Metric Metric { get; init; }

    public required Grain Grain { get; init; }

    public required ValueFormat Format { get; init; }

    /// <summary>The grains it is known by.</summary>
    public required IReadOnlyList<Grain> Grains { get; init; }

    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>The days for which it is known; null where there are none.</summary>
    public Period? Known { get; init; }

    /// <summary>Why it cannot be shown at this grain or by this dimension; null where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>Its periods, newest first; empty where there are none.</summary>
    public IReadOnlyList<SheetRow> Rows { get; init; } = [];

    public Breakdown? Breakdown { get; init; }

    /// <summary>The segments of the breakdown over some periods; null where that was not asked for.</summary>
    public SegmentHistory? Segments { get; init; }

    /// <summary>The moment as of which everything is shown as it was known; null for now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>
    /// Limits and signals of its periods and of some before them; <see cref="Process.At"/> has those of a row. Null where it cannot be read.
    /// </summary>
    public Process? Process { get; init; }

    /// <summary>The periods after the newest complete one; null where no model can be shown.</summary>
    public Forecast? Forecast { get; init; }

    /// <summary>How a column of its values is written: with one scale.</summary>
    public ValueFormat ColumnFormat =>
        Format.ForColumn(Rows.SelectMany(row => (decimal?[])[row.Value.Value, row.YearAgo.Value, row.Target?.Value]));

    /// <summary>
    /// What the newest complete period says, as a sentence: "MRR: $2.46M in W46 2026, up 1.2 percent on the week before, 97.1 % of the
    /// week's target."
    /// </summary>
    public string Message => Newest is { } newest
        ? $"{Metric.Name}: {Format.Compact(newest.Value.Value)} in {newest.Label}"
            + $"{Compared(newest.Change, Grain.Name() + " before")}{Compared(newest.YearChange, "year before")}"
            + (TargetInWords is { } target ? $", {target}." : ".")
        : $"{Metric.Name}: no complete {Grain.Name()} yet.";

    /// <summary>The newest complete period, which headlines are about; null where there is none.</summary>
    public SheetRow? Newest => Rows.FirstOrDefault(row => row.Value.Complete);

    /// <summary>
    /// How the newest complete period stands against its target: "97.1 % of the week's target"; a rate "against a target of 3.1%". Null
    /// where it has none.
    /// </summary>
    public string? TargetInWords => Newest is not { Target: { } target, Attainment: { } share } ? null
        : Attainment.IsShare(Metric, share) ? $"{ValueFormat.Share(share)} of the {Grain.Name()}'s target"
        : $"against a target of {Format.Compact(target.Value)}";

    private string Compared(Delta? delta, string with) => delta is null ? "" : $", {delta.InWords(Format)} on the {with}";
}

/// <summary>Computes the sheet of a metric.</summary>
public sealed class MetricSheetBuilder(MetricReader reader, KnownDays knownDays, ProcessReader processes, TimeProvider clock)
{
    public async Task<MetricSheet> BuildAsync(
        ReportingCalendar calendar, MetricCatalog catalog, SheetQuery query, CancellationToken cancellationToken)
    {
        var (metric, grain) = (query.Metric, query.Grain);
        var finest = catalog.StoredInputs(metric).Max(input => input.NativeGrain);
        var sheet = new MetricSheet
        {
            Metric = metric,
            Grain = grain,
            Format = new ValueFormat(metric.Unit, calendar.Settings.Currency),
            Grains = [.. Enum.GetValues<Grain>().Where(one => one >= finest && (finest != Grain.Week || one == Grain.Week))],
            Dimensions = catalog.DimensionsOf(metric),
            Known = await knownDays.ReadAsync(calendar, catalog, metric, grain, query.AsOf, cancellationToken),
            AsOf = query.AsOf,
        };
        if (sheet.Known is not { } known)
            return sheet;

        try
        {
            var rows = await RowsAsync(calendar, catalog, sheet, known, query.Plans, cancellationToken);
            var targets = rows.Select(row => row.Target?.Target).OfType<Target>();
            sheet = sheet with { Rows = rows, Format = Target.FormatOf(metric, calendar.Settings.Currency, targets) };
            if (sheet.Rows.Count > 0)
            {
                var (process, history) = await processes.ReadAsync(
                    calendar, catalog, metric, grain, Segment.Total, query.AsOf, Forecast.HistoryOf(grain), cancellationToken);
                sheet = sheet with { Process = process, Forecast = Forecast.Of(metric, calendar, grain, sheet.Format, history) };
            }

            if (query.By is not null && sheet.Rows.Count > 0)
                sheet = sheet with { Breakdown = await Breakdown.ReadAsync(reader, calendar, catalog, sheet, query.By, cancellationToken) };
            if (query.WithSegmentHistory && sheet.Breakdown is { } breakdown)
                sheet = sheet with { Segments = await SegmentHistory.ReadAsync(reader, calendar, catalog, sheet, breakdown, cancellationToken) };
            return sheet;
        }
        catch (MetricQueryException cannot)
        {
            return sheet with { Reason = cannot.Message };
        }
    }

    /// <summary>How many periods of a grain a person looks back over.</summary>
    public static int LookBack(Grain grain) => grain switch
    {
        Grain.Day => 62,
        Grain.Week => 53,
        Grain.Month => 36,
        Grain.Quarter => 20,
        _ => 12,
    };

    private async Task<IReadOnlyList<SheetRow>> RowsAsync(
        ReportingCalendar calendar, MetricCatalog catalog, MetricSheet sheet, Period known, IReadOnlyList<Plan> plans,
        CancellationToken cancellationToken)
    {
        var (metric, grain) = (sheet.Metric, sheet.Grain);
        var running = calendar.Containing(grain, calendar.DayOf(sheet.AsOf ?? clock.GetUtcNow()));
        var last = calendar.Containing(grain, known.End > running.End ? running.Start : known.LastDay);
        var first = calendar.Shift(grain, last, -LookBack(grain));
        var all = calendar.Covering(grain, first.Start, last.End);
        var begins = calendar.Containing(grain, known.Start).Start;
        var periods = all.Where(period => period.Start >= begins).ToArray();
        if (periods.Length == 0)
            return [];

        Period[] before = [.. periods.Select(period => calendar.YearAgo(grain, period))];
        var from = before.Min(period => period.Start);

        // A stock's path to the target of a year begins with the figure of the year before.
        var yearBefore = calendar.Previous(Grain.Year, calendar.Containing(Grain.Year, periods[0].Start));
        if (plans.Count > 0 && yearBefore.Start < from)
            from = yearBefore.Start;
        var reading = reader.Over(calendar, catalog, new Period(from, periods[^1].End));
        var query = new MetricQuery { Metric = metric, Grain = grain, Periods = periods, AsOf = sheet.AsOf };
        var values = (await reading.ReadAsync(query, cancellationToken))[0].Values;
        var yearAgo = (await reading.ReadAsync(query with { Periods = before }, cancellationToken))[0].Values;
        var intervals = await reading.IntervalsAsync(catalog, query, cancellationToken);
        var planned = new PlannedValues(plans, reading, query, new PaceShapes(calendar, catalog, reading, query), withPartial: false);

        // One period more than is shown was read, so that the oldest row has something to be compared with.
        var rows = new List<SheetRow>();
        for (var i = periods.Length > LookBack(grain) ? 1 : 0; i < periods.Length; i++)
        {
            var (period, value) = (periods[i], values[i]);
            var target = await planned.OfAsync(period, cancellationToken);
            var isJudged = intervals[i] is not { TooFew: true };
            var change = i == 0 ? null : Delta.Between(metric, values[i - 1], value);
            var yearChange = Delta.Between(metric, yearAgo[i], value);
            var attainment = isJudged && value is { Complete: true, Value: { } reached } && target is not null
                ? Attainment.Of(metric.Direction, reached, target.Value)
                : (decimal?)null;
            rows.Add(new SheetRow(
                calendar.Key(grain, period), calendar.Label(grain, period), calendar.ShortLabel(grain, period), value, yearAgo[i],
                isJudged ? change : change?.Unjudged, isJudged ? yearChange : yearChange?.Unjudged, target, attainment)
            {
                Interval = intervals[i],
                Status = attainment is { } share ? Attainment.StatusOf(metric, share) : null,
            });
        }

        rows.Reverse();
        return rows;
    }
}
