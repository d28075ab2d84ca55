using System.Runtime.InteropServices;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>The figures of formulas for one segment: a formula that others build on is computed once at every place.</summary>
internal sealed class FormulaFigures
{
    private readonly MetricCatalog _catalog;
    private readonly ReportingCalendar _calendar;
    private readonly Segment _segment;
    private readonly IReadOnlyDictionary<(string Metric, Grain Grain), StoredInput> _inputs;
    private readonly Func<string, FormulaPeriod?, decimal?> _read;
    private readonly Dictionary<(string Metric, FormulaPeriod At), Figure> _figures = [];

    // What is known of the operands that the formula which is just evaluated has read so far.
    private Known? _known;

    public FormulaFigures(
        MetricCatalog catalog, ReportingCalendar calendar, Segment segment, IReadOnlyDictionary<(string Metric, Grain Grain), StoredInput> inputs)
    {
        (_catalog, _calendar, _segment, _inputs) = (catalog, calendar, segment, inputs);
        _read = (id, at) =>
        {
            var figure = Of(id, at!);
            _known = _known is not { } known ? figure.Known : figure.Known is { } more ? known.And(more) : known;
            return figure.Value;
        };
    }

    /// <summary>The figure of a formula for a period, complete where every operand that it looked at is.</summary>
    public PeriodValue Value(Metric metric, Grain grain, Period period)
    {
        var (value, known) = OfFormula(metric, new FormulaPeriod(grain, period));
        return new PeriodValue(period, value, known?.DaysOf(period) ?? 0, known?.Complete ?? false, known?.AsOf, known?.Restated ?? false);
    }

    private Figure Of(string id, FormulaPeriod at)
    {
        // To find a stored figure again would take as long as to add up its days.
        var metric = _catalog[id];
        if (metric.Formula is null)
            return OfStored(metric, at);
        if (!_figures.TryGetValue((id, at), out var figure))
            _figures[(id, at)] = figure = OfFormula(metric, at);
        return figure;
    }

    private Figure OfFormula(Metric metric, FormulaPeriod at)
    {
        var outer = _known;
        _known = null;
        var figure = new Figure(metric.Formula!.Evaluate(_calendar, at, _read), _known);
        _known = outer;
        return figure;
    }

    private Figure OfStored(Metric metric, FormulaPeriod at)
    {
        var days = at.Days(_calendar);
        if (FormulaReach.GrainFor(_calendar, metric, at.Grain, at.IsRun, days) is not { } grain)
            return new Figure(null, new Known(0, days.Days, Complete: false, AsOf: null, Restated: false));

        var value = _inputs[(metric.Id, metric.RollsUp ? metric.NativeGrain : grain)].Value(_segment, grain, days);
        return new Figure(value.Value, new Known(value.CoveredDays, days.Days, value.Complete, value.AsOf, value.Restated));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Figure(decimal? Value, Known? Known);

    /// <summary>What one has to know about the operands of a figure, together.</summary>
    /// <param name="Covered">How many days are known of the <paramref name="Days"/> of the operand of which least is known.</param>
    /// <param name="AsOf">The oldest of their last good syncs; null where one never had any.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Known(int Covered, int Days, bool Complete, DateTimeOffset? AsOf, bool Restated)
    {
        public Known And(Known other)
        {
            var less = (long)Covered * other.Days <= (long)other.Covered * Days ? this : other;
            return new Known(
                less.Covered, less.Days, Complete && other.Complete,
                AsOf is null || other.AsOf is null ? null : AsOf < other.AsOf ? AsOf : other.AsOf, Restated || other.Restated);
        }

        /// <summary>The same part of another run of days.</summary>
        public int DaysOf(Period period) => (int)((long)Covered * period.Days / Days);
    }
}

/// <summary>Finds the days and grains of stored metrics that formulas look at.</summary>
/// <param name="from">The first day that is needed, by metric and stored grain; grows as periods are added.</param>
internal sealed class FormulaReach(
    MetricCatalog catalog, ReportingCalendar calendar, Grain asked, Dictionary<(string Metric, Grain Grain), DateOnly> from)
{
    private readonly HashSet<(string Metric, FormulaPeriod At)> _seen = [];

    /// <summary>Adds what a formula looks at for a period.</summary>
    public void Add(Metric metric, Period period) => Add(metric, new FormulaPeriod(asked, period));

    /// <summary>
    /// The grain at which a stored metric can be read for some days; null where it cannot. What is stored for each grain has values for
    /// whole periods alone, and what is stored by week or month none for a part of one.
    /// </summary>
    public static Grain? GrainFor(ReportingCalendar calendar, Metric metric, Grain asked, bool isRun, Period days)
    {
        if (!isRun)
            return asked;

        if (!metric.RollsUp)
        {
            return Enum.GetValues<Grain>()
                .Where(grain => grain >= metric.NativeGrain && calendar.Containing(grain, days.Start) == days)
                .Select(grain => (Grain?)grain)
                .FirstOrDefault();
        }

        return metric.NativeGrain == Grain.Day
            || (calendar.Containing(metric.NativeGrain, days.Start).Start == days.Start
                && calendar.Containing(metric.NativeGrain, days.LastDay).End == days.End) ? asked : null;
    }

    private void Add(Metric metric, FormulaPeriod at)
    {
        if (!_seen.Add((metric.Id, at)))
            return;

        if (metric.Formula is { } formula)
        {
            foreach (var operand in formula.Operands(calendar, at))
                Add(catalog[operand.Metric], operand.At);
            return;
        }

        var days = at.Days(calendar);
        if (GrainFor(calendar, metric, at.Grain, at.IsRun, days) is not { } grain)
            return;

        var key = (metric.Id, metric.RollsUp ? metric.NativeGrain : grain);
        from[key] = from.TryGetValue(key, out var known) && known < days.Start ? known : days.Start;
    }
}
