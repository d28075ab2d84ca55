using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>Says for which days a metric is known at all: from where its data begin up to where its sources have come.</summary>
public sealed class KnownDays(ISeriesStore series, IWatermarkStore watermarks)
{
    /// <summary>
    /// The days that every stored input of a metric knows; null where one of them knows none. Values that were pushed, without a
    /// source that could have come further, are known up to their newest point.
    /// </summary>
    /// <param name="asOf">The days that were known at that moment; null for now.</param>
    public async Task<Period?> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, DateTimeOffset? asOf, CancellationToken cancellationToken) =>
        (await ReadAsync(calendar, catalog, [metric], grain, asOf, cancellationToken))[metric.Id];

    /// <summary>The same for several metrics, by id.</summary>
    public async Task<IReadOnlyDictionary<string, Period?>> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, IReadOnlyCollection<Metric> metrics, Grain grain, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var inputs = metrics.ToDictionary(metric => metric.Id, catalog.StoredInputs);
        var stored = inputs.Values.SelectMany(list => list).DistinctBy(input => input.Id).ToArray();
        string[] ids = [.. stored.Select(input => input.Id)];
        var progress = await watermarks.ReadAsync(ids, asOf, cancellationToken);
        var later = asOf is null ? progress : await watermarks.ReadAsync(ids, null, cancellationToken);
        var days = await Task.WhenAll(stored.Select(async input =>
            progress.TryGetValue(input.Id, out var reached) ? Span(reached.Newest.DataFrom, reached.Newest.CompleteThrough)
            : later.ContainsKey(input.Id) ? null
            : await PushedAsync(calendar, input, grain, asOf, cancellationToken)));
        var known = stored.Zip(days).ToDictionary(pair => pair.First.Id, pair => pair.Second, StringComparer.Ordinal);

        return inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Select(input => known[input.Id]).Aggregate(Shared));
    }

    private async Task<Period?> PushedAsync(ReportingCalendar calendar, Metric input, Grain grain, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var stored = input.RollsUp ? input.NativeGrain : grain;
        if (await series.ExtentAsync(input.Id, stored, cancellationToken) is not { } days)
            return null;

        // Values that were pushed leave no watermark; of what came later than asked for, the days alone can tell.
        var end = calendar.Containing(stored, days.Last).End;
        return Span(days.First, asOf is { } moment && calendar.DayOf(moment).AddDays(1) is var tomorrow && tomorrow < end ? tomorrow : end);
    }

    private static Period? Span(DateOnly start, DateOnly end) => start < end ? new Period(start, end) : null;

    private static Period? Shared(Period? a, Period? b) => a is null || b is null
        ? null
        : Span(a.Start > b.Start ? a.Start : b.Start, a.End < b.End ? a.End : b.End);
}
