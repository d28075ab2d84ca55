using Metrics.Core.Boards;
using Metrics.Core.Periods;

namespace Metrics.Core.Reports;

/// <summary>
/// The scorecard of a board as a table: a row a metric, its last periods by their keys, to-date figures, target and variance at full
/// precision. Rates and relative changes are fractions.
/// </summary>
public static class ScorecardReport
{
    public static ReportTable Of(BoardSnapshot board)
    {
        Grain[] longer = [.. board.Elapsed.Select(one => one.Grain)];
        ReportColumn[] columns =
        [
            new("section", ColumnKind.Text), new("metric", ColumnKind.Text), new("name", ColumnKind.Text), new("segment", ColumnKind.Text),
            new("unit", ColumnKind.Text),
            .. board.Recent.Select(period => new ReportColumn(period.Key, ColumnKind.Number)),
            new("complete", ColumnKind.Flag), new("compared", ColumnKind.Number), new("on_last_year", ColumnKind.Number),
            .. longer.Select(grain => new ReportColumn($"{grain.Name()}_to_date", ColumnKind.Number)),
            new("target", ColumnKind.Number), new("variance", ColumnKind.Number), new("status", ColumnKind.Text),
        ];
        var rows = board.Sections.SelectMany(section => section.Tiles.Select(tile => RowOf(board, section, ScorecardRow.Of(board, tile), longer)));
        return new ReportTable(board.Board.Name, columns, [.. rows]);
    }

    private static IReadOnlyList<object?> RowOf(BoardSnapshot board, SectionSnapshot section, ScorecardRow row, IReadOnlyList<Grain> longer)
    {
        var tile = row.Tile;
        return
        [
            section.Name, tile.Metric.Id, tile.Name, tile.Filter, tile.Metric.Unit.ToString().ToLowerInvariant(),
            .. board.Recent.Select((_, i) => i < row.Recent.Count ? (object?)row.Recent[i].Value : null),
            tile.Value is { Complete: true }, FractionOf(tile.Compared), FractionOf(tile.YearChange),
            .. longer.Select(grain => (object?)row.ToDate(grain)?.Value.Value),
            tile.Target?.Value, FractionOf(tile.Variance), tile.Status.ToString(),
        ];
    }

    private static object? FractionOf(Delta? change) => change is null or { Kind: DeltaKind.Absolute } ? null : change.Amount;
}
