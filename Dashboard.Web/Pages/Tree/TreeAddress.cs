using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Tree;

/// <summary>Which tree is asked for, as the address says it: <c>/tree/mrr?grain=month&amp;period=2026-10&amp;against=year</c>.</summary>
/// <param name="Period">The later period as addresses spell it; null for the newest complete one.</param>
/// <param name="OnYear">Whether it is compared with the year before, and not with the period before.</param>
public sealed record TreeAddress(string Metric, Grain Grain, string? Period, bool OnYear)
{
    public const string Path = "/tree";

    /// <summary>The word of the address for a comparison with the year before.</summary>
    public const string Year = "year";

    public string Write() => $"{Path}/{Metric}?grain={Grain.Name()}{(Period is null ? "" : "&period=" + Uri.EscapeDataString(Period))}{(OnYear ? "&against=" + Year : "")}";
}
