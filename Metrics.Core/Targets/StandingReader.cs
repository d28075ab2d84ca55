using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>Where a metric stands inside periods of its targets, and where it is likely to land, from one reading.</summary>
/// <param name="figures">The metric and segment; its periods and grain are not looked at.</param>
internal sealed class StandingReader(ReportingCalendar calendar, MetricCatalog catalog, MetricReading reading, MetricQuery figures)
{
    private const int DaysOfAWeek = 7;

    // Up to here single days say how much a period varies; of longer spans weeks do.
    private const int MostSingleDays = 60;

    private readonly Metric _metric = figures.Metric;
    private readonly Accrual _accrual = catalog.AccrualOf(figures.Metric);
    private readonly PaceShapes _shapes = new(calendar, catalog, reading, figures);

    /// <summary>The first day that the standing in a period looks at.</summary>
    public static DateOnly Reach(ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, Period period)
    {
        if (catalog.AccrualOf(metric) == Accrual.Level)
            return period.Start;

        var first = calendar.Shift(grain, period, -LookBack(grain) - 1);
        return PaceShapes.Reach(calendar, catalog, metric, grain, first) is var reach && reach < first.Start ? reach : first.Start;
    }

    /// <summary>Where the metric stands after the first days of a period.</summary>
    /// <param name="actual">The figure of those days.</param>
    /// <param name="elapsedDays">How many of them are over and known.</param>
    public async Task<Standing> OfAsync(
        Grain grain, Period period, decimal target, decimal actual, int elapsedDays, CancellationToken cancellationToken)
    {
        var shape = await _shapes.OfAsync(grain, period, cancellationToken);
        var start = _accrual == Accrual.Stock ? (await CompleteAsync(grain, [calendar.Previous(grain, period)], cancellationToken))[0] : null;
        var standing = Standing.Of(_metric, _accrual, target, actual, start, elapsedDays, period.Days, shape);
        return standing.Projection is { } projection && elapsedDays < period.Days
            ? standing with { Landing = await LandingAsync(grain, period, actual, start, elapsedDays, shape, projection, cancellationToken) }
            : standing;
    }

    private async Task<Landing?> LandingAsync(
        Grain grain, Period period, decimal actual, decimal? start, int elapsedDays, PaceShape shape, decimal projection,
        CancellationToken cancellationToken)
    {
        try
        {
            return _accrual == Accrual.Flow
                ? await FlowAsync(grain, period, actual, elapsedDays, shape, projection, cancellationToken)
                : await StockAsync(grain, period, start!.Value, elapsedDays, shape, projection, cancellationToken);
        }
        catch (MetricQueryException)
        {
            // It is not known by the days or weeks that would tell.
            return null;
        }
    }

    private async Task<Landing?> FlowAsync(
        Grain grain, Period period, decimal actual, int elapsedDays, PaceShape shape, decimal projection, CancellationToken cancellationToken)
    {
        var errors = new List<decimal>();
        var onlyGrows = actual >= 0;
        foreach (var (_, elapsed, toDate, final) in await EarlierAsync(grain, period, elapsedDays, shape.Basis, cancellationToken))
        {
            // What has come to nothing, or less, gives no ratio: then only the spread of the elapsed days can tell.
            if (elapsed.Projected(toDate) is not (> 0 and var projected) || final < 0)
            {
                errors.Clear();
                break;
            }

            onlyGrows &= final >= toDate;
            errors.Add(final / projected - 1);
        }

        var landing = projection > 0 ? Landing.FromErrors(projection, errors, projection) : null;
        if (landing is not null)
            return onlyGrows ? landing.NotBelow(actual) : landing;

        var parts = PartsOf(period, elapsedDays);
        var values = await KnownAsync(grain, parts, cancellationToken);
        if (values.Any(value => value is null))
            return null;

        var weights = parts.Select(part => shape.Of(part).Part).ToArray();
        var whole = weights.Sum();
        if (whole == 0)
            return null;

        var rate = values.Sum()!.Value / whole;
        var left = shape.Until(elapsedDays) is var done ? done.Whole - done.Part : 0;
        landing = Landing.FromVariation(
            projection, [.. values.Zip(weights, (value, weight) => value!.Value - rate * weight)], left * parts.Length / whole);
        return landing is not null && actual >= 0 && values.All(value => value >= 0) ? landing.NotBelow(actual) : landing;
    }

    private async Task<Landing?> StockAsync(
        Grain grain, Period period, decimal start, int elapsedDays, PaceShape shape, decimal projection, CancellationToken cancellationToken)
    {
        var earlier = await EarlierAsync(grain, period, elapsedDays, shape.Basis, cancellationToken);
        var starts = await CompleteAsync(grain, [.. earlier.Select(one => calendar.Previous(grain, one.Period))], cancellationToken);
        var errors = new List<decimal>();
        foreach (var ((_, elapsed, toDate, final), first) in earlier.Zip(starts))
        {
            // A slope is compared as a share of where it began: a company twice the size moves twice as far.
            if (first is > 0 and var from)
                errors.Add((final - toDate - (toDate - from) * (elapsed.Whole - elapsed.Part) / elapsed.Part) / from);
        }

        if (start > 0 && Landing.FromErrors(projection, errors, start) is { } landing)
            return landing;

        var parts = PartsOf(period, elapsedDays);
        var levels = await KnownAsync(grain, parts, cancellationToken);
        if (parts.Length < 2 || levels.Any(level => level is null))
            return null;

        decimal[] steps = [.. levels.Skip(1).Zip(levels, (now, before) => now!.Value - before!.Value)];
        var mean = steps.Average();
        return Landing.FromVariation(
            projection, [.. steps.Select(step => step - mean)], (decimal)(period.Days - elapsedDays) / parts[0].Days);
    }

    /// <summary>The periods before that are known and were weighed in the same way, oldest first, as they stood at the same share of their days.</summary>
    private async Task<IReadOnlyList<(Period Period, ElapsedShare Elapsed, decimal ToDate, decimal Final)>> EarlierAsync(
        Grain grain, Period period, int elapsedDays, PaceBasis basis, CancellationToken cancellationToken)
    {
        var cases = new List<(Period Whole, Period Part, ElapsedShare Elapsed)>();
        for (var by = -LookBack(grain); by < 0; by++)
        {
            var whole = calendar.Shift(grain, period, by);
            var days = Math.Clamp((elapsedDays * whole.Days + period.Days / 2) / period.Days, 1, whole.Days - 1);
            if (whole.Start < reading.Days.Start || await _shapes.OfAsync(grain, whole, cancellationToken) is not { } shape || shape.Basis != basis)
                continue;
            if (shape.Until(days) is { Part: > 0 } elapsed)
                cases.Add((whole, new Period(whole.Start, whole.Start.AddDays(days)), elapsed));
        }

        var finals = await CompleteAsync(grain, [.. cases.Select(one => one.Whole)], cancellationToken);
        var toDates = await KnownAsync(grain, [.. cases.Select(one => one.Part)], cancellationToken);
        var answer = new List<(Period, ElapsedShare, decimal, decimal)>();
        for (var i = 0; i < cases.Count; i++)
        {
            if (finals[i] is { } final && toDates[i] is { } toDate)
                answer.Add((cases[i].Whole, cases[i].Elapsed, toDate, final));
        }

        return answer;
    }

    /// <summary>The elapsed part cut into days, or into weeks that end with it.</summary>
    private static Period[] PartsOf(Period period, int elapsedDays)
    {
        var length = elapsedDays > MostSingleDays ? DaysOfAWeek : 1;
        var end = period.Start.AddDays(elapsedDays);
        return
        [
            .. Enumerable.Range(0, elapsedDays / length).Reverse()
                .Select(i => new Period(end.AddDays(-(i + 1) * length), end.AddDays(-i * length))),
        ];
    }

    private async Task<IReadOnlyList<decimal?>> CompleteAsync(Grain grain, IReadOnlyList<Period> periods, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(grain, periods, cancellationToken)).Select(value => value is { Complete: true } ? value.Value : null)];

    private async Task<IReadOnlyList<decimal?>> KnownAsync(Grain grain, IReadOnlyList<Period> periods, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(grain, periods, cancellationToken)).Select(value => value is not null && value.CoveredDays >= value.Period.Days ? value.Value : null)];

    /// <summary>Figures of runs of days; null for those outside of the reading.</summary>
    private async Task<IReadOnlyList<PeriodValue?>> ReadAsync(Grain grain, IReadOnlyList<Period> periods, CancellationToken cancellationToken)
    {
        Period[] inside = [.. periods.Where(period => period.Start >= reading.Days.Start && period.End <= reading.Days.End)];
        if (inside.Length == 0)
            return [.. periods.Select(_ => (PeriodValue?)null)];

        var values = (await reading.ReadAsync(figures with { Grain = grain, Periods = inside }, cancellationToken))[0].Values;
        if (inside.Length == periods.Count)
            return values;

        var byPeriod = values.ToDictionary(value => value.Period);
        return [.. periods.Select(period => byPeriod.GetValueOrDefault(period))];
    }

    /// <summary>How many earlier periods tell how far a projection may be off. Of years there are too few that compare.</summary>
    private static int LookBack(Grain grain) => grain switch
    {
        Grain.Week => 12,
        Grain.Month => 8,
        Grain.Quarter => 6,
        _ => 0,
    };
}
