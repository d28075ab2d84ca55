using Metrics.Core.Alerts;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Pages;

/// <summary>What the bar on top of every page says of the whole: alerts that fire, and how fresh the sources are. Read once a request.</summary>
public sealed class TopBar(LiveDefinition live, AlertReader alerts, SourceStatusReader sources)
{
    private IReadOnlyList<FiringAlert>? _firing;

    /// <summary>The alerts that fire, the most severe first.</summary>
    public async Task<IReadOnlyList<FiringAlert>> FiringAsync(CancellationToken cancellationToken) =>
        _firing ??= await alerts.FiringAsync(live.Current.Alerts, live.Current.Calendar, cancellationToken);

    /// <summary>How many sources are current, of how many; null where the workspace has none.</summary>
    public async Task<(int Current, int All)?> FreshnessAsync(CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.Sources.Count == 0)
            return null;

        var fresh = await sources.FreshnessAsync(company.Sources, company.Calendar, cancellationToken);
        return (fresh.Count(one => one == Freshness.Current), fresh.Count);
    }
}
