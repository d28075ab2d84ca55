using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>How the cell of a cohort triangle looks: its share as text, and on one of ten grounds.</summary>
public static class CohortHeat
{
    /// <summary>The share with an asterisk where its period is not over; a dash where there is none.</summary>
    public static string Text(CohortCell cell) => Text(cell.Value) + (cell.Complete ? "" : "*");

    /// <summary>The share of several cohorts.</summary>
    public static string Text(CohortAverage average) => Text(average.Value);

    /// <summary>The class of the ground: the darker the larger, of which 100 % has the darkest.</summary>
    public static string ClassOf(decimal? share) => HeatMap.GroundOf((double?)share);

    /// <summary>The size of a cohort.</summary>
    public static string Count(decimal size) => new ValueFormat(Unit.Count, "").Compact(size);

    private static string Text(decimal? share) => new ValueFormat(Unit.Percent, "", Decimals: 1).Compact(share);
}
