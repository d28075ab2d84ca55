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

    /// <summary>Runs of days, mostly the calendar's periods of the grain, also spans of it such as month to date.</summary>
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
        ReportingCalendar calendar, MetricCatalog catalog, MetricQuery query, CancellationToken cancellationToken) => query.Periods.Count == 0
        ? []
        : await Over(calendar, catalog, new Period(query.Periods.Min(period => period.Start), query.Periods.Max(period => period.End))).ReadAsync(query, cancellationToken);

    /// <summary>A reading of many figures over the same days, which reads the points of each stored metric once.</summary>
    /// <param name="days">The days that hold every period that will be asked for.</param>
    public MetricReading Over(ReportingCalendar calendar, MetricCatalog catalog, Period days) =>
        new(series, watermarks, calendar, catalog, days, clock.GetUtcNow());
}
