using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Targets;

namespace Metrics.Core.Findings;

/// <summary>A metric's share of what was planned for a longer period.</summary>
/// <param name="Share">What was reached by the end of the board's period, as a fraction of the plan.</param>
/// <param name="Expected">What should have been reached by then, as the same fraction.</param>
public sealed record PlanShare(TileSnapshot Tile, decimal Share, decimal Expected, TargetStatus Status);

/// <summary>A longer period: how much of it is over, and of the plans that are for it how much is reached.</summary>
public sealed record LongerPeriod(Elapsed Elapsed, IReadOnlyList<PlanShare> Plans);

/// <summary>How a board stands against its targets.</summary>
/// <param name="Longer">The longer periods that hold the board's, the shortest first.</param>
public sealed record BoardStanding(int OnTrack, int AtRisk, int OffTrack, IReadOnlyList<LongerPeriod> Longer)
{
    // What is read at a glance beside the findings; every tile says it of its own metric.
    private const int MostPlans = 3;

    /// <summary>The standing of a board; tiles that are not part of its segment do not count.</summary>
    public static BoardStanding Of(BoardSnapshot board)
    {
        TileSnapshot[] tiles = [.. board.Tiles.Where(tile => tile.NotBy.Count == 0)];
        TileSnapshot[] planned =
        [
            .. tiles
                .Where(tile => tile.Metric.Direction == Direction.Up && tile.Landing is { Accrual: not Accrual.Level, Standing: { Target: > 0, Actual: >= 0 } })
                .DistinctBy(tile => (tile.Metric.Id, tile.Filter))
                .OrderByDescending(tile => tile.Metric.Unit == Unit.Currency ? tile.Landing!.Standing.Target : 0)
                .Take(MostPlans),
        ];
        return new BoardStanding(
            CountOf(TargetStatus.OnTrack), CountOf(TargetStatus.AtRisk), CountOf(TargetStatus.OffTrack),
            [
                .. board.Elapsed.Select(elapsed => new LongerPeriod(elapsed,
                [
                    .. planned.Where(tile => tile.Landing!.Name == elapsed.Name).Select(tile => (Tile: tile, tile.Landing!.Standing))
                        .Select(one => new PlanShare(
                            one.Tile, one.Standing.Actual / one.Standing.Target, one.Standing.Expected / one.Standing.Target, one.Standing.Status)),
                ])),
            ]);

        int CountOf(TargetStatus status) => tiles.Count(tile => tile.Status == status);
    }
}
