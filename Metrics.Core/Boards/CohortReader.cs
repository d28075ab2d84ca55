using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>Reads cohort triangles up to the period that the sources are in, whose cells are not over yet.</summary>
public sealed class CohortReader(MetricReader reader, KnownDays knownDays)
{
    /// <summary>The grains by which cohorts are shown; models store the others only for some of them.</summary>
    public static IReadOnlyList<Grain> Grains { get; } = [Grain.Week, Grain.Month, Grain.Quarter];

    /// <summary>The metrics that have a triangle, in the order of the catalog.</summary>
    public static IReadOnlyList<Metric> MetricsOf(MetricCatalog catalog) => [.. catalog.Metrics.Where(metric => CohortTriangle.IsOf(catalog, metric))];

    /// <summary>The triangle of a metric; null where nothing is known of it by that grain.</summary>
    public async Task<CohortTriangle?> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, CancellationToken cancellationToken)
    {
        if (await knownDays.ReadAsync(calendar, catalog, metric, grain, null, cancellationToken) is not { } known)
            return null;

        try
        {
            return await CohortTriangle.ReadAsync(
                reader, calendar, catalog, metric, grain, calendar.Containing(grain, known.LastDay), cancellationToken);
        }
        catch (MetricQueryException)
        {
            // Not every model counts cohorts by every grain.
            return null;
        }
    }
}
