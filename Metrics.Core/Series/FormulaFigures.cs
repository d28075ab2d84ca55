using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>The figures of formulas for one segment: every metric at every place is computed once.</summary>
internal sealed class FormulaFigures(
    MetricCatalog catalog, ReportingCalendar calendar, Segment segment, IReadOnlyDictionary<(string Metric, Grain Grain), StoredInput> inputs)
{
    private readonly Dictionary<(string Metric, FormulaPeriod At), Figure> _figures = [];

    /// <summary>The figure of a formula for a period, complete where every operand that it looked at is.</summary>
    public PeriodValue Value(Metric metric, Grain grain, Period period)
    {
        var (value, known) = OfFormula(metric, new FormulaPeriod(grain, period));
        return new PeriodValue(period, value, known?.DaysOf(period) ?? 0, known?.Complete ?? false, known?.AsOf, known?.Restated ?? false);
    }

    private Figure Of(string id, FormulaPeriod at)
    {
        if (!_figures.TryGetValue((id, at), out var figure))
            _figures[(id, at)] = figure = catalog[id] is { Formula: null } stored ? OfStored(stored, at) : OfFormula(catalog[id], at);
        return figure;
    }

    private Figure OfFormula(Metric metric, FormulaPeriod at)
    {
        Known? known = null;
        var value = metric.Formula!.Evaluate(calendar, at, (id, place) =>
        {
            var figure = Of(id, place);
            known = known is null ? figure.Known : figure.Known is null ? known : known.And(figure.Known);
            return figure.Value;
        });
        return new Figure(value, known);
    }

    private Figure OfStored(Metric metric, FormulaPeriod at)
    {
        var days = at.Days(calendar);
        if (FormulaReach.GrainFor(calendar, metric, at.Grain, at.IsRun, days) is not { } grain)
            return new Figure(null, new Known(0, days.Days, Complete: false, AsOf: null, Restated: false));

        var value = inputs[(metric.Id, metric.RollsUp ? metric.NativeGrain : grain)].Value(segment, grain, days);
        return new Figure(value.Value, new Known(value.CoveredDays, days.Days, value.Complete, value.AsOf, value.Restated));
    }

    private sealed record Figure(decimal? Value, Known? Known);

    /// <summary>What one has to know about the operands of a figure, together.</summary>
    /// <param name="Covered">How many days are known of the <paramref name="Days"/> of the operand of which least is known.</param>
    /// <param name="AsOf">The oldest of their last good syncs; null where one never had any.</param>
    private sealed record Known(int Covered, int Days, bool Complete, DateTimeOffset? AsOf, bool Restated)
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
