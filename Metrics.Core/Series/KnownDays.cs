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
    public Task<Period?> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, CancellationToken cancellationToken) =>
        ReadAsync(calendar, catalog, metric, grain, null, cancellationToken);

    /// <summary>The days that were known at a moment; null asks for now.</summary>
    public async Task<Period?> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var inputs = catalog.StoredInputs(metric);
        string[] ids = [.. inputs.Select(input => input.Id)];
        var progress = await watermarks.ReadAsync(ids, asOf, cancellationToken);
        var later = asOf is null ? progress : await watermarks.ReadAsync(ids, null, cancellationToken);
        DateOnly? start = null, end = null;
        foreach (var input in inputs)
        {
            DateOnly first, next;
            if (progress.TryGetValue(input.Id, out var known))
            {
                (first, next) = (known.Newest.DataFrom, known.Newest.CompleteThrough);
            }
            else if (later.ContainsKey(input.Id))
            {
                return null;
            }
            else
            {
                var stored = input.RollsUp ? input.NativeGrain : grain;
                if (await series.ExtentAsync(input.Id, stored, cancellationToken) is not { } days)
                    return null;
                (first, next) = (days.First, calendar.Containing(stored, days.Last).End);
            }

            start = start is { } s && s > first ? s : first;
            end = end is { } e && e < next ? e : next;
        }

        // Values that were pushed leave no watermark; of what came later than asked for, the days alone can tell.
        if (asOf is { } moment && end is { } last && calendar.DayOf(moment).AddDays(1) is var tomorrow && tomorrow < last)
            end = tomorrow;

        return start < end ? new Period(start.Value, end.Value) : null;
    }
}
