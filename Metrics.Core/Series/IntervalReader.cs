using Metrics.Core.Catalog;

namespace Metrics.Core.Series;

/// <summary>Reads the intervals of period values beside the values themselves.</summary>
public static class IntervalReader
{
    /// <summary>
    /// The interval of each period of a query without <see cref="MetricQuery.By"/>, in its order; null where there is none, and everywhere
    /// for a metric that declares no interval.
    /// </summary>
    /// <exception cref="MetricQueryException">A metric that it is computed from is not stored by that grain or dimension.</exception>
    public static async Task<IReadOnlyList<ConfidenceInterval?>> IntervalsAsync(
        this MetricReading reading, MetricCatalog catalog, MetricQuery query, CancellationToken cancellationToken)
    {
        if (query.Metric.Interval is not { } rule || rule.Metrics.Any(id => !catalog.TryGet(id, out _)))
            return new ConfidenceInterval?[query.Periods.Count];

        var operands = new Dictionary<string, IReadOnlyList<PeriodValue>>(StringComparer.Ordinal);
        foreach (var id in rule.Metrics.Distinct(StringComparer.Ordinal))
            operands[id] = (await reading.ReadAsync(query with { Metric = catalog[id], By = [] }, cancellationToken))[0].Values;
        return [.. Enumerable.Range(0, query.Periods.Count).Select(i => rule.Of(id => operands[id][i].Value))];
    }
}
