using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Cohorts;

/// <summary>Which cohorts are asked for, as the address says it: <c>/cohorts/cohort_retention?grain=month&amp;cells=number&amp;cohort=2026-05</c>.</summary>
/// <param name="Numbers">Whether cells have what is left of each cohort, and not its share.</param>
/// <param name="Chosen">The keys of the cohorts that the chart draws by themselves; empty for the newest.</param>
public sealed record CohortAddress(string Metric, Grain Grain, bool Numbers, IReadOnlyList<string> Chosen)
{
    public const string Path = "/cohorts";

    /// <summary>The word of the address for cells with numbers.</summary>
    public const string Number = "number";

    /// <param name="ending">Empty for the page, <c>.csv</c> for its file.</param>
    public string Write(string ending = "") => $"{Path}/{Metric}{ending}?grain={Grain.Name()}{(Numbers && ending.Length == 0 ? "&cells=" + Number : "")}"
        + (ending.Length == 0 ? string.Concat(Chosen.Select(key => "&cohort=" + Uri.EscapeDataString(key))) : "");
}
