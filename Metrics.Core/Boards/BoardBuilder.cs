using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>Computes the snapshot of a board: the only place where figures, comparisons and their completeness come together.</summary>
public sealed class BoardBuilder(MetricReader reader, KnownDays knownDays, TimeProvider clock)
{
    /// <summary>Half a year of weeks: enough to see a season, few enough for a tile.</summary>
    public const int HistoryLength = 26;

    /// <summary>The board for a period. A tile that cannot be read says why and leaves the others alone.</summary>
    /// <param name="asked">Null for the newest period of which at least one tile is complete, at most the one that ended last.</param>
    public async Task<BoardSnapshot> BuildAsync(
        Board board, ReportingCalendar calendar, MetricCatalog catalog, Period? asked, CancellationToken cancellationToken)
    {
        var grain = board.Grain;
        var running = calendar.Containing(grain, calendar.Today(clock));
        var lastEnded = calendar.Previous(grain, running);
        var known = await KnownAsync(board, calendar, catalog, cancellationToken);
        var period = asked ?? NewestKnown(grain, calendar, known.Values, lastEnded);
        var figures = await ReadAsync(board, calendar, catalog, period, cancellationToken);
        if (asked is null && NewestComplete(figures.Values) is { } complete && complete != period)
            figures = await ReadAsync(board, calendar, catalog, period = complete, cancellationToken);

        return new BoardSnapshot
        {
            Board = board,
            Period = period,
            Key = calendar.Key(grain, period),
            Name = calendar.Name(grain, period),
            Title = calendar.Title(grain, period),
            PreviousKey = calendar.Key(grain, calendar.Previous(grain, period)),
            PreviousName = calendar.ShortLabel(grain, calendar.Previous(grain, period)),
            HistoryNames = (calendar.ShortLabel(grain, calendar.Shift(grain, period, 1 - HistoryLength)), calendar.ShortLabel(grain, period)),
            NextKey = period.Start < running.Start ? calendar.Key(grain, calendar.Shift(grain, period, 1)) : null,
            TimeZone = calendar.Settings.TimeZone,
            LateFor = asked is null && period != lastEnded && known.Values.Any(days => days is not null) ? calendar.Name(grain, lastEnded) : null,
            Ended = calendar.HasEnded(period, clock.GetUtcNow()),
            ElapsedDays = period.ElapsedBefore(calendar.Today(clock))?.Days ?? 0,
            Sections =
            [
                .. board.Sections.Select(section => new SectionSnapshot(section.Name,
                    [.. section.Tiles.Select(tile => Show(tile, catalog[tile.Metric], figures[KeyOf(tile)], known[tile.Metric]))])),
            ],
        };

        TileSnapshot Show(Tile tile, Metric metric, Figures figure, Period? days)
        {
            var value = figure.History.Count > 0 ? figure.History[^1] : null;
            var previous = figure.History.Count > 1 ? figure.History[^2] : null;
            var state = StateOf(value, days, calendar.HasEnded(period, clock.GetUtcNow()));
            return new TileSnapshot
            {
                Metric = metric,
                Name = tile.Name ?? metric.Name,
                Format = new ValueFormat(metric.Unit, calendar.Settings.Currency, tile.Decimals),
                Filter = tile.Filter.Count == 0 ? null : string.Join(" · ", tile.Filter.Select(pair => string.Join(", ", pair.Value))),
                State = state,
                Reason = figure.Reason ?? ReasonOf(state, days, value),
                Value = value,
                Previous = previous,
                YearAgo = figure.YearAgo,
                Change = Delta.Between(metric, previous, value),
                YearChange = Delta.Between(metric, figure.YearAgo, value),
                History = [.. figure.History.Select((one, i) => one.Complete || i == figure.History.Count - 1 ? one : one with { Value = null })],
            };
        }
    }

    private async Task<Dictionary<string, Period?>> KnownAsync(
        Board board, ReportingCalendar calendar, MetricCatalog catalog, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, Period?>(StringComparer.Ordinal);
        foreach (var metric in board.Sections.SelectMany(section => section.Tiles).Select(tile => tile.Metric).Distinct())
            known[metric] = await knownDays.ReadAsync(calendar, catalog, catalog[metric], board.Grain, cancellationToken);
        return known;
    }

    private static Period NewestKnown(Grain grain, ReportingCalendar calendar, IEnumerable<Period?> known, Period lastEnded)
    {
        var newest = known.Max(days => days?.End);
        if (newest is not { } end || end >= lastEnded.End)
            return lastEnded;

        // The period that holds the first unknown day is not complete; the one before it can be.
        return calendar.Previous(grain, calendar.Containing(grain, end));
    }

    private static Period? NewestComplete(IEnumerable<Figures> figures) =>
        figures.SelectMany(figure => figure.History).Where(value => value.Complete).MaxBy(value => value.Period.Start)?.Period;

    /// <summary>Reads each distinct tile once: its history with the current period, and the period a year before.</summary>
    private async Task<Dictionary<string, Figures>> ReadAsync(
        Board board, ReportingCalendar calendar, MetricCatalog catalog, Period period, CancellationToken cancellationToken)
    {
        var history = Enumerable.Range(1 - HistoryLength, HistoryLength).Select(by => calendar.Shift(board.Grain, period, by)).ToArray();
        var figures = new Dictionary<string, Figures>(StringComparer.Ordinal);
        foreach (var tile in board.Sections.SelectMany(section => section.Tiles).DistinctBy(KeyOf))
        {
            var query = new MetricQuery
            {
                Metric = catalog[tile.Metric], Grain = board.Grain, Periods = history, Filter = tile.Filter, OverTime = tile.OverTime,
            };
            try
            {
                var values = await reader.ReadAsync(calendar, catalog, query, cancellationToken);
                var before = query with { Periods = [calendar.YearAgo(board.Grain, period)] };
                var yearAgo = await reader.ReadAsync(calendar, catalog, before, cancellationToken);
                figures[KeyOf(tile)] = new Figures(values[0].Values, yearAgo[0].Values[0], null);
            }
            catch (MetricQueryException cannot)
            {
                figures[KeyOf(tile)] = new Figures([], null, cannot.Message);
            }
        }

        return figures;
    }

    private static TileState StateOf(PeriodValue? value, Period? known, bool ended) => value switch
    {
        null => TileState.NotReadable,
        { Complete: true } => TileState.Complete,
        _ when known is null || known.Start >= value.Period.End => TileState.NoData,
        _ when !ended => TileState.Running,
        _ when known.Start > value.Period.Start => TileState.Partial,
        _ => TileState.NotCurrent,
    };

    private static string? ReasonOf(TileState state, Period? known, PeriodValue? value) => (state, known) switch
    {
        (TileState.NoData, null) => "No source has delivered it yet.",
        (TileState.NoData, { } days) => FormattableString.Invariant($"The data begin on {days.Start:d MMM yyyy}."),
        (TileState.Complete, _) when value?.Value is null => "Undefined for this period.",
        _ => null,
    };

    /// <summary>Tiles that ask for the same figures have the same key.</summary>
    private static string KeyOf(Tile tile) =>
        $"{tile.Metric}|{tile.OverTime}|{string.Join('|', tile.Filter.Select(pair => $"{pair.Key}={string.Join(',', pair.Value)}"))}";

    private sealed record Figures(IReadOnlyList<PeriodValue> History, PeriodValue? YearAgo, string? Reason);
}
