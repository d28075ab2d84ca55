using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>
/// Figures of some metrics over one run of days, all at the same moment. Points, restatements and watermarks of a stored metric are
/// read when they are first needed and kept, so that a board asks for weeks, months and to-date spans of them at the cost of one read.
/// </summary>
/// <remarks>Lives as long as one page or file is made; not for several threads.</remarks>
public sealed class MetricReading
{
    private readonly ISeriesStore _series;
    private readonly IWatermarkStore _watermarks;
    private readonly ReportingCalendar _calendar;
    private readonly MetricCatalog _catalog;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, StoredInput> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricProgress?> _progress = new(StringComparer.Ordinal);

    internal MetricReading(
        ISeriesStore series, IWatermarkStore watermarks, ReportingCalendar calendar, MetricCatalog catalog, Period days, DateTimeOffset now) =>
        (_series, _watermarks, _calendar, _catalog, Days, _now) = (series, watermarks, calendar, catalog, days, now);

    /// <summary>The days that can be asked for.</summary>
    public Period Days { get; }

    /// <summary>Reads the watermarks of some metrics, as they are now, at once instead of one by one.</summary>
    public async Task PrepareAsync(IEnumerable<Metric> metrics, CancellationToken cancellationToken)
    {
        string[] ids = [.. metrics.SelectMany(_catalog.StoredInputs).Select(input => input.Id).Distinct()];
        var progress = await _watermarks.ReadAsync(ids, null, cancellationToken);
        foreach (var id in ids)
            _progress[id] = progress.GetValueOrDefault(id);
    }

    /// <summary>One series of values per segment (the total without <see cref="MetricQuery.By"/>), by segment text.</summary>
    /// <exception cref="MetricQueryException">The cut or grain is not stored.</exception>
    /// <exception cref="ArgumentException">A period lies outside the days of this reading.</exception>
    public async Task<IReadOnlyList<PeriodSeries>> ReadAsync(MetricQuery query, CancellationToken cancellationToken)
    {
        if (query.Periods.FirstOrDefault(period => period.Start < Days.Start || period.End > Days.End) is { } outside)
            throw new ArgumentException($"{outside} is not in {Days}, the days of this reading.", nameof(query));

        var inputs = new Dictionary<string, StoredInput>(StringComparer.Ordinal);
        foreach (var metric in _catalog.StoredInputs(query.Metric))
            inputs[metric.Id] = await InputAsync(metric, query, cancellationToken);

        var segments = query.By.Count == 0
            ? [Segment.Total]
            : inputs.Values.SelectMany(input => input.Segments).Distinct().OrderBy(segment => segment.Text, StringComparer.Ordinal).ToArray();
        return [.. segments.Select(segment => new PeriodSeries(query.Metric.Id, segment, ValuesOf(query, segment, inputs)))];
    }

    private PeriodValue[] ValuesOf(MetricQuery query, Segment segment, Dictionary<string, StoredInput> inputs)
    {
        if (query.Metric.Formula is null)
            return [.. query.Periods.Select(period => inputs[query.Metric.Id].Value(segment, query.Grain, period))];

        return
        [
            .. query.Periods.Select(period =>
            {
                var operands = inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Value(segment, query.Grain, period));
                return new PeriodValue(
                    period,
                    Evaluate(query.Metric, operands),
                    operands.Values.Min(value => value.CoveredDays),
                    operands.Values.All(value => value.Complete),
                    operands.Values.Any(value => value.AsOf is null) ? null : operands.Values.Min(value => value.AsOf),
                    operands.Values.Any(value => value.Restated));
            }),
        ];
    }

    private decimal? Evaluate(Metric metric, Dictionary<string, PeriodValue> operands) =>
        metric.Formula!.Evaluate(id => operands.TryGetValue(id, out var operand) ? operand.Value : Evaluate(_catalog[id], operands));

    private async Task<StoredInput> InputAsync(Metric metric, MetricQuery query, CancellationToken cancellationToken)
    {
        var grain = metric.RollsUp ? metric.NativeGrain : query.Grain;
        CheckGrain(metric, query.Grain, grain);
        var points = new SeriesQuery
        {
            Metrics = [metric.Id], Grain = grain, Cut = CutFor(metric, query), Filter = query.Filter, Days = Days, AsOf = query.AsOf,
        };
        var key = string.Join('|',
            (string[])[metric.Id, grain.Name(), $"{query.OverTime}", $"{query.AsOf?.UtcTicks}", string.Join(',', points.Cut), string.Join(',', query.By),
                .. query.Filter.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={string.Join('\u001f', pair.Value)}")]);
        if (_inputs.TryGetValue(key, out var known))
            return known;

        if (query.AsOf is not null || !_progress.TryGetValue(metric.Id, out var progress))
            progress = (await _watermarks.ReadAsync([metric.Id], query.AsOf, cancellationToken)).GetValueOrDefault(metric.Id);
        var extent = progress is null ? await _series.ExtentAsync(metric.Id, grain, cancellationToken) : null;
        return _inputs[key] = new StoredInput(
            metric, query.OverTime ?? metric.OverTime, query.By, _calendar, query.AsOf ?? _now, progress, extent,
            await _series.ReadAsync(points, cancellationToken), await _series.RestatementsAsync(points, cancellationToken));
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
}
