using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Findings;

namespace Dashboard.Web.Pages;

/// <summary>What of a board needs a decision, with the alerts that fire now.</summary>
internal sealed class FindingsShown(LiveDefinition live, FiringAlerts alerts, FindingReader findings)
{
    public async Task<BoardFindings> OfAsync(BoardSnapshot board, CancellationToken cancellationToken) =>
        await findings.ReadAsync(board, live.Current.Calendar, live.Current.Catalog, await alerts.ReadAsync(cancellationToken), cancellationToken);
}
