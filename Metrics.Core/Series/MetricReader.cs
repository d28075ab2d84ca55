using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>A question that no stored series can answer, such as a cut that is not stored; the message says what can be asked.</summary>
public sealed class MetricQueryException(string message) : Exception(message);

/// <summary>Which figures of a metric to read.</summary>
public sealed record MetricQuery
{
    public required Metric Metric { get; init; }

    public required Grain Grain { get; init; }

    /// <summary>Consecutive runs of days, oldest first; mostly the calendar's periods, also spans such as month to date.</summary>
    public required IReadOnlyList<Period> Periods { get; init; }

    /// <summary>The dimensions to break down by; empty gives the total.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Only these values of some dimensions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What was known at this moment; null for now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Another aggregation over time than the metric's own.</summary>
    public OverTime? OverTime { get; init; }
}

/// <summary>
/// Reads period values of metrics: picks the stored cut, rolls points up, evaluates formulas on the aggregated values and says of
/// every value whether it is complete.
/// </summary>
public sealed class MetricReader(ISeriesStore series, IWatermarkStore watermarks, TimeProvider clock)
{
    /// <summary>One series of values per segment (the total without <see cref="MetricQuery.By"/>), by segment text.</summary>
    /// <exception cref="MetricQueryException">The cut or grain is not stored.</exception>
    public async Task<IReadOnlyList<PeriodSeries>> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, MetricQuery query, CancellationToken cancellationToken)
    {
        if (query.Periods.Count == 0)
            return [];

        var inputs = new Dictionary<string, Input>(StringComparer.Ordinal);
        var stored = catalog.StoredInputs(query.Metric);
        var progress = await watermarks.ReadAsync([.. stored.Select(metric => metric.Id)], query.AsOf, cancellationToken);
        foreach (var metric in stored)
            inputs[metric.Id] = await ReadStoredAsync(calendar, metric, query, progress.GetValueOrDefault(metric.Id), cancellationToken);

        var segments = query.By.Count == 0
            ? [Segment.Total]
            : inputs.Values.SelectMany(input => input.Segments).Distinct().OrderBy(segment => segment.Text, StringComparer.Ordinal).ToArray();
        return [.. segments.Select(segment => new PeriodSeries(query.Metric.Id, segment, ValuesOf(query.Metric, catalog, segment, inputs, query.Periods)))];
    }

    private static IReadOnlyList<PeriodValue> ValuesOf(
        Metric metric, MetricCatalog catalog, Segment segment, IReadOnlyDictionary<string, Input> inputs, IReadOnlyList<Period> periods)
    {
        if (metric.Formula is null)
            return inputs[metric.Id].Values(segment);

        var operands = catalog.StoredInputs(metric).Select(input => inputs[input.Id].Values(segment)).ToArray();
        var byId = inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Values(segment));
        return
        [
            .. periods.Select((period, i) => new PeriodValue(
                period,
                Evaluate(metric, i),
                operands.Min(values => values[i].CoveredDays),
                operands.All(values => values[i].Complete),
                operands.Any(values => values[i].AsOf is null) ? null : operands.Min(values => values[i].AsOf),
                operands.Any(values => values[i].Restated))),
        ];

        decimal? Evaluate(Metric formulaMetric, int at) =>
            formulaMetric.Formula!.Evaluate(id => byId.TryGetValue(id, out var values) ? values[at].Value : Evaluate(catalog[id], at));
    }

    private async Task<Input> ReadStoredAsync(
        ReportingCalendar calendar, Metric metric, MetricQuery query, MetricProgress? progress, CancellationToken cancellationToken)
    {
        var overTime = query.OverTime ?? metric.OverTime;
        var rollsUp = metric.RollsUp;
        var grain = rollsUp ? metric.NativeGrain : query.Grain;
        CheckGrain(metric, query.Grain, grain);

        var cut = CutFor(metric, query);
        var all = new SeriesQuery
        {
            Metrics = [metric.Id],
            Grain = grain,
            Cut = cut,
            Filter = query.Filter,
            Days = new Period(query.Periods.Min(period => period.Start), query.Periods.Max(period => period.End)),
            AsOf = query.AsOf,
        };
        var found = await series.ReadAsync(all, cancellationToken);
        var restatements = await series.RestatementsAsync(all, cancellationToken);
        var now = clock.GetUtcNow();
        var extent = progress is null ? await series.ExtentAsync(metric.Id, grain, cancellationToken) : null;
        var today = calendar.DayOf(query.AsOf ?? now);

        // Without a watermark (values that were pushed) the data begin with the first point and are known up to today.
        var known = progress?.Newest is { } mark ? Span(mark.DataFrom, mark.CompleteThrough) : extent is { } days ? Span(days.First, today) : null;
        var groups = found.GroupBy(one => one.Key.Segment.On(query.By)).ToDictionary(group => group.Key, group => group.ToArray());

        return new Input([.. groups.Keys], segment =>
        {
            var members = groups.GetValueOrDefault(segment, []);
            var changes = restatements.Where(change => change.Key.Segment.On(query.By).Equals(segment)).ToArray();
            var zeroDays = metric.Missing == Missing.Zero ? known : null;
            var figures = rollsUp
                ? Rollup.Compute(overTime, query.Periods, members, zeroDays, day => calendar.Containing(grain, day))
                : AsStored(query.Periods, members, zeroDays, known);
            return [.. query.Periods.Select((period, i) => Judge(period, figures[i], members, changes))];
        });

        PeriodValue Judge(Period period, Rollup.Figure figure, StoredSeries[] members, Restatement[] changes)
        {
            var ended = calendar.StartOf(period.End) <= (query.AsOf ?? now);
            var since = progress is null ? (ended ? calendar.StartOf(period.End) : (DateTimeOffset?)null) : progress.CompleteSince(period.End);
            var covered = known is null ? 0 : Math.Min(figure.PresentDays, Rollup.OverlapDays(period, known));
            var complete = ended && since is not null && known is not null && known.Start <= period.Start && covered >= period.Days;
            var restated = since is { } moment && (changes.Any(change => period.Contains(change.Day) && change.At > moment)
                || (progress is not null && members.Any(one => one.Points.Any(point => period.Contains(point.Day) && point.FirstWritten > moment))));
            return new PeriodValue(period, figure.Value, covered, complete, progress?.AsOf, restated);
        }
    }

    /// <summary>Values that are stored for each period of the grain: nothing is added up.</summary>
    private static IReadOnlyList<Rollup.Figure> AsStored(IReadOnlyList<Period> periods, StoredSeries[] members, Period? zeroDays, Period? known)
    {
        var byDay = members.SelectMany(one => one.Points).ToLookup(point => point.Day, point => Rollup.Exact(point.Value));
        return
        [
            .. periods.Select(period =>
            {
                var overlap = known is null ? 0 : Rollup.OverlapDays(period, known);
                decimal? value = byDay.Contains(period.Start) ? byDay[period.Start].Sum() : zeroDays is not null && overlap > 0 ? 0 : null;
                return new Rollup.Figure(value, value is null ? 0 : overlap);
            }),
        ];
    }

    private static void CheckGrain(Metric metric, Grain asked, Grain stored)
    {
        if (asked < metric.NativeGrain)
            throw new MetricQueryException($"'{metric.Id}' is known by {metric.NativeGrain.Name()} and coarser, not by {asked.Name()}.");
        if (metric.RollsUp && stored == Grain.Week && asked > Grain.Week)
            throw new MetricQueryException($"'{metric.Id}' is stored by week, and weeks do not fill a {asked.Name()}.");
    }

    private static IReadOnlyList<string> CutFor(Metric metric, MetricQuery query)
    {
        var wanted = query.By.Concat(query.Filter.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (wanted.FirstOrDefault(dimension => !metric.Dimensions.Contains(dimension)) is { } unknown)
            throw new MetricQueryException($"'{metric.Id}' is not stored by '{unknown}'. {(metric.Dimensions.Count == 0 ? "It has no dimensions." : $"Its dimensions are {string.Join(", ", metric.Dimensions)}.")}");

        if (metric.OverSegments == OverSegments.Sum && metric.RollsUp)
            return metric.Dimensions;

        // Distinct counts and the like: several values of a filter would have to be added up, which they cannot be.
        if (metric.OverSegments == OverSegments.None && query.Filter.FirstOrDefault(filter => filter.Value.Count > 1 && !query.By.Contains(filter.Key)).Key is { } several)
            throw new MetricQueryException($"The segments of '{metric.Id}' cannot be added up; filter '{several}' by one value.");
        return wanted;
    }

    private static Period? Span(DateOnly start, DateOnly end) => start < end ? new Period(start, end) : null;

    /// <summary>The values of one stored metric by segment; a segment without points has values too (zeros, or unknown ones).</summary>
    private sealed class Input(IReadOnlyList<Segment> segments, Func<Segment, IReadOnlyList<PeriodValue>> compute)
    {
        private readonly Dictionary<Segment, IReadOnlyList<PeriodValue>> _values = [];

        public IReadOnlyList<Segment> Segments { get; } = segments;

        public IReadOnlyList<PeriodValue> Values(Segment segment) =>
            _values.TryGetValue(segment, out var values) ? values : _values[segment] = compute(segment);
    }
}
