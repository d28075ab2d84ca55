using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Narratives;
using Metrics.Core.Series;

namespace Dashboard.Web.Pages;

/// <summary>What is on record of the review of a board's period, for one page: read once a request.</summary>
internal sealed class ReviewNotes(LiveDefinition live, NarrativeReader narratives)
{
    private (string Key, Narrative Narrative)? _read;

    /// <summary>The record; nothing while the store cannot be reached, which the page says elsewhere.</summary>
    public async Task<Narrative> ReadAsync(BoardSnapshot board, CancellationToken cancellationToken)
    {
        var key = $"{board.Board.Id} {board.Key}";
        if (_read is { } known && known.Key == key)
            return known.Narrative;

        try
        {
            var narrative = await narratives.ReadAsync(board.Board, live.Current.Calendar, board.Period, cancellationToken);
            _read = (key, narrative);
            return narrative;
        }
        catch (StoreUnreachableException)
        {
            return Narrative.Empty;
        }
    }
}
