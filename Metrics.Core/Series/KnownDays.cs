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
    public async Task<Period?> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, CancellationToken cancellationToken) =>
        (await ReadAsync(calendar, catalog, [metric], grain, cancellationToken))[metric.Id];

    /// <summary>The same for several metrics, by id.</summary>
    public async Task<IReadOnlyDictionary<string, Period?>> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, IReadOnlyCollection<Metric> metrics, Grain grain, CancellationToken cancellationToken)
    {
        var inputs = metrics.ToDictionary(metric => metric.Id, catalog.StoredInputs);
        var stored = inputs.Values.SelectMany(list => list).DistinctBy(input => input.Id).ToArray();
        var progress = await watermarks.ReadAsync([.. stored.Select(input => input.Id)], null, cancellationToken);
        var known = new Dictionary<string, Period?>(StringComparer.Ordinal);
        foreach (var input in stored)
            known[input.Id] = progress.TryGetValue(input.Id, out var reached) ? Span(reached.Newest) : await PushedAsync(calendar, input, grain, cancellationToken);

        return inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Select(input => known[input.Id]).Aggregate(Shared));
    }

    private async Task<Period?> PushedAsync(ReportingCalendar calendar, Metric input, Grain grain, CancellationToken cancellationToken)
    {
        var stored = input.RollsUp ? input.NativeGrain : grain;
        return await series.ExtentAsync(input.Id, stored, cancellationToken) is { } days
            ? new Period(days.First, calendar.Containing(stored, days.Last).End)
            : null;
    }

    private static Period? Span(Watermark mark) => mark.DataFrom < mark.CompleteThrough ? new Period(mark.DataFrom, mark.CompleteThrough) : null;

    private static Period? Shared(Period? a, Period? b)
    {
        if (a is null || b is null)
            return null;

        var (start, end) = (a.Start > b.Start ? a.Start : b.Start, a.End < b.End ? a.End : b.End);
        return start < end ? new Period(start, end) : null;
    }
}
