using Metrics.Core.Alerts;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Pages;

/// <summary>The alerts that fire, for the bar, the tiles and the findings of one page: read once a request.</summary>
internal sealed class FiringAlerts(LiveDefinition live, AlertReader alerts, LastKnown<IReadOnlyList<FiringAlert>> lastKnown)
{
    private IReadOnlyList<FiringAlert>? _firing;

    /// <summary>The most severe first.</summary>
    public async Task<IReadOnlyList<FiringAlert>> ReadAsync(CancellationToken cancellationToken) =>
        _firing ??= await lastKnown.OrBeforeAsync(() => alerts.FiringAsync(live.Current.Alerts, live.Current.Calendar, cancellationToken));
}
