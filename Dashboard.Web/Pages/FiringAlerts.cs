using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Pages;

/// <summary>The alerts that fire, for the bar, the tiles and the findings of one page: read once a request.</summary>
internal sealed class FiringAlerts(LiveDefinition live, AlertReader alerts, LastKnown<IReadOnlyList<FiringAlert>> lastKnown)
{
    private IReadOnlyList<FiringAlert>? _firing;

    /// <summary>The most severe first.</summary>
    public async Task<IReadOnlyList<FiringAlert>> ReadAsync(CancellationToken cancellationToken) =>
        _firing ??= await lastKnown.OrBeforeAsync(() => alerts.FiringAsync(live.Current.Alerts, live.Current.Calendar, cancellationToken));

    /// <summary>Whether an alert is about what a tile shows; on a board of a segment about that segment, and not about the total.</summary>
    public static bool IsAbout(FiringAlert alert, BoardSnapshot board, TileSnapshot tile) =>
        alert.IsAbout(tile.Metric, tile.Tile.Filter)
        && (tile.NotBy.Count > 0 || board.Segment.Values.All(pair => alert.Segment[pair.Key] == pair.Value));
}
