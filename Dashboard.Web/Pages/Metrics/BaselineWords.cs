using Metrics.Core.Periods;
using Metrics.Core.Signals;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>What pages say of decisions about limits.</summary>
internal static class BaselineWords
{
    /// <summary>What a person decided: "New phase from W40 2026, by the median".</summary>
    public static string Of(ReportingCalendar calendar, BaselineChange change)
    {
        var where = change.Segment.IsTotal ? "" : $" of {change.Segment}";
        var by = change.Method == LimitMethod.Median ? ", by the median" : "";
        return change.Kind switch
        {
            BaselineKind.PhaseStart => $"New phase{where} from {NameOf(change.From)}{by}",
            BaselineKind.Locked => $"Baseline{where} {NameOf(change.From)} to {NameOf(change.To)}{by}",
            _ => $"Back to the default{where} by {change.Grain.Name()}",
        };

        string NameOf(string? key) => calendar.TryParse(change.Grain, key, out var period) ? calendar.Name(change.Grain, period) : key ?? "";
    }
}
