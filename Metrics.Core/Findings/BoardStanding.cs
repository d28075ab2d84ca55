using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Targets;

namespace Metrics.Core.Findings;

/// <summary>
/// How far a metric is with what was planned for a longer period: of a flow its share of the plan, of a stock its share of where its path
/// should be by now, because a share of the plan says nothing of one that began near it or above it.
/// </summary>
/// <param name="Share">At the end of the board's period, a fraction.</param>
/// <param name="Expected">What it should be by then.</param>
public sealed record PlanShare(TileSnapshot Tile, decimal Share, decimal Expected, TargetStatus Status);

/// <summary>A longer period: how much of it is over, and of the plans that are for it how much is reached.</summary>
public sealed record LongerPeriod(Elapsed Elapsed, IReadOnlyList<PlanShare> Plans);

/// <summary>How a board stands against its targets: its tiles by status, in the order of the board.</summary>
/// <param name="Longer">The longer periods that hold the board's, the shortest first.</param>
public sealed record BoardStanding(
    IReadOnlyList<TileSnapshot> OnTrack, IReadOnlyList<TileSnapshot> AtRisk, IReadOnlyList<TileSnapshot> OffTrack, IReadOnlyList<LongerPeriod> Longer)
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
            TilesOf(TargetStatus.OnTrack), TilesOf(TargetStatus.AtRisk), TilesOf(TargetStatus.OffTrack),
            [
                .. board.Elapsed.Select(elapsed => new LongerPeriod(elapsed,
                [
                    .. planned.Where(tile => tile.Landing!.Name == elapsed.Name).Select(ShareOf).OfType<PlanShare>(),
                ])),
            ]);

        TileSnapshot[] TilesOf(TargetStatus status) => [.. tiles.Where(tile => tile.Status == status)];
    }

    private static PlanShare? ShareOf(TileSnapshot tile)
    {
        var (standing, isStock) = (tile.Landing!.Standing, tile.Landing.Accrual == Accrual.Stock);
        var whole = isStock ? standing.Expected : standing.Target;
        return whole > 0 ? new PlanShare(tile, standing.Actual / whole, standing.Expected / whole, standing.Status) : null;
    }
}
