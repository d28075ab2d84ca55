using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>Something on a board that needs a decision, or cannot be decided on because a figure is not current.</summary>
/// <param name="Headline">The figure: "Net new MRR $31k".</param>
/// <param name="Detail">What about it: "81 % of the $34k planned, down 18.2 percent on last week".</param>
public sealed record BoardFinding(TileSnapshot Tile, TargetStatus Status, string Headline, string Detail)
{
    /// <summary>The findings of a board, the worst first: off track, not current, at risk; each by how far it is off.</summary>
    public static IReadOnlyList<BoardFinding> Of(BoardSnapshot board) =>
    [
        .. board.Tiles
            .Where(tile => tile.NotBy.Count == 0)
            .Where(tile => tile.Status is TargetStatus.OffTrack or TargetStatus.AtRisk || tile.State == TileState.NotCurrent)
            .DistinctBy(tile => (tile.Metric.Id, tile.Filter))
            .OrderBy(tile => tile.Status switch { TargetStatus.OffTrack => 0, TargetStatus.NotCurrent => 1, _ => 2 })
            .ThenBy(tile => tile.Attainment)
            .Select(tile => new BoardFinding(
                tile, tile.Status, $"{tile.Name}{(tile.Filter is { } filter ? $" ({filter})" : "")} {tile.Format.Compact(tile.Value?.Value)}", tile.State == TileState.NotCurrent
                    ? FormattableString.Invariant($"only {tile.Value!.CoveredDays} of {tile.Value.Period.Days} days are known")
                    : $"{tile.TargetInWords()}{(tile.Change is { } change ? $", {change.InWords(tile.Format)} on {board.PreviousName}" : "")}")),
    ];
}
