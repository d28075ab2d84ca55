using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages;

/// <summary>The events of one page: on the charts, under them, and at the foot of a board. Read once a request.</summary>
internal sealed class EventsShown(LiveDefinition live, AnnotationReader annotations, LastKnown<AnnotationBook> lastKnown)
{
    // The period of a board and the five before: what its charts show of its own grain.
    private const int PeriodsBack = 5;

    private AnnotationBook? _book;

    /// <summary>All that are in force; while the store cannot be reached, those that were.</summary>
    public async Task<AnnotationBook> ReadAsync(CancellationToken cancellationToken) =>
        _book ??= await lastKnown.OrBeforeAsync(() => annotations.ReadAsync(live.Current.Annotations, cancellationToken));

    /// <summary>The events on the chart of a metric, numbered, with the places of their periods in it: oldest period first.</summary>
    public async Task<IReadOnlyList<PlacedAnnotation>> OfAsync(MetricSheet sheet, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).On(live.Current.SubjectOf(sheet.Metric), [.. sheet.Rows.Reverse().Select(row => row.Value.Period)]);

    /// <summary>The events on the periods of a tile's chart, without its months.</summary>
    public async Task<IReadOnlyList<PlacedAnnotation>> OfAsync(TileSnapshot tile, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).On(SubjectOf(tile), [.. tile.Periods.Select(period => period.Period)]);

    /// <summary>The events of a board's period and the five before, newest first.</summary>
    public async Task<IReadOnlyList<Annotation>> OfAsync(BoardSnapshot board, CancellationToken cancellationToken)
    {
        var first = live.Current.Calendar.Shift(board.Board.Grain, board.Period, -PeriodsBack);
        var book = await ReadAsync(cancellationToken);
        return [.. book.OnBoard(board.Board.Id, [.. board.Tiles.Select(SubjectOf)], new Period(first.Start, board.Period.End)).Reverse()];
    }

    private AnnotationSubject SubjectOf(TileSnapshot tile) => live.Current.SubjectOf(tile.Metric) with { Filter = tile.Tile.Filter };
}
