using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>A tile as one row: its last periods on one scale, and the longer run of them that a small line shows.</summary>
/// <param name="Format">One scale for the row; the unit is said once, see <see cref="ValueFormat.RowUnit"/>.</param>
/// <param name="Recent">The figures of <see cref="BoardSnapshot.Recent"/>, oldest first; empty for a tile that cannot be read.</param>
/// <param name="Line">Half a year of weeks, or what the grain has.</param>
public sealed record ScorecardRow(TileSnapshot Tile, ValueFormat Format, IReadOnlyList<PeriodValue> Recent, IReadOnlyList<PeriodValue> Line)
{
    /// <summary>How many periods the small line shows.</summary>
    public const int LineLength = 26;

    public static ScorecardRow Of(BoardSnapshot board, TileSnapshot tile)
    {
        PeriodValue[] recent = [.. tile.History.TakeLast(board.Recent.Count)];
        return new ScorecardRow(
            tile, tile.Format.ForRow(recent.Select(one => one.Value).Append(tile.Target?.Value)), recent, [.. tile.History.TakeLast(LineLength)]);
    }

    /// <summary>The figure of a longer period to date; null where the metric has none.</summary>
    public ToDate? ToDate(Grain grain) => Tile.ToDates.FirstOrDefault(one => one.Grain == grain);

    /// <summary>The same written: in the row's unit where it has one, else as short as it gets.</summary>
    public string ToDateText(Grain grain) =>
        Format.RowUnit.Length > 0 ? Format.Bare(ToDate(grain)?.Value.Value) : Tile.Format.Compact(ToDate(grain)?.Value.Value);
}
