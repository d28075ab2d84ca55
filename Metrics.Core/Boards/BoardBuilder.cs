using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>Computes the snapshot of a board: the only place where figures, comparisons, targets and their completeness come together.</summary>
public sealed class BoardBuilder(
    MetricReader reader, KnownDays knownDays, IModelStateStore models, ProcessReader processes, TimeProvider clock)
{
    /// <summary>The board for a period. A tile that cannot be read says why and leaves the others alone.</summary>
    /// <param name="query">Null for <see cref="BoardQuery.Newest"/>.</param>
    public async Task<BoardSnapshot> BuildAsync(
        Board board, ReportingCalendar calendar, MetricCatalog catalog, TargetBook targets, BoardQuery? query, CancellationToken cancellationToken)
    {
        var (asked, grain, segment, comparison) = query is null
            ? (null, board.Grain, Segment.Total, BoardComparison.Previous)
            : (query.Period, query.Grain ?? board.Grain, query.Segment, query.Comparison);
        var narrowed = board.Sections.Select(section => section.Tiles.Select(tile => BoardSegment.Narrow(tile, catalog, segment)).ToArray()).ToArray();
        board = board with
        {
            Grain = grain,
            Sections = [.. board.Sections.Zip(narrowed, (section, tiles) => section with { Tiles = [.. tiles.Select(one => one.Tile)] })],
        };
        var running = calendar.Containing(grain, calendar.Today(clock));
        var lastEnded = calendar.Previous(grain, running);
        Metric[] metrics = [.. board.Tiles.Select(tile => catalog[tile.Metric]).DistinctBy(metric => metric.Id)];
        var known = await knownDays.ReadAsync(calendar, catalog, metrics, grain, null, cancellationToken);
        var looksFarBack = metrics.Any(metric => metric.Pace == PaceMethod.Profile);
        DataWarning[] leftOut = [.. (await models.WarningsAsync(cancellationToken)).Where(warning => warning.LeftOut)];
        var baselines = await processes.BookAsync(calendar, cancellationToken);
        var period = asked ?? NewestKnown(grain, calendar, known.Values, lastEnded);
        var matches = segment.IsTotal;
        var sections = await SectionsAsync(period);

        // Sources may have come this far and days still be missing; then the newest period that has a complete tile is the board's.
        if (asked is null && NewestComplete(sections) is { } complete && complete != period)
            sections = await SectionsAsync(period = complete);

        return new BoardSnapshot
        {
            Board = board,
            Period = period,
            Key = calendar.Key(grain, period),
            Name = calendar.Name(grain, period),
            Title = calendar.Title(grain, period),
            PreviousKey = calendar.Key(grain, calendar.Previous(grain, period)),
            PreviousName = calendar.ShortLabel(grain, calendar.Previous(grain, period)),
            Comparison = comparison,
            Segment = segment,
            MatchesSegment = matches,
            Recent = [.. BoardSpans.Recent(calendar, grain, period).Select(one => new BoardPeriod(one, calendar.Key(grain, one), calendar.ShortLabel(grain, one)))],
            NextKey = period.Start < running.Start ? calendar.Key(grain, calendar.Shift(grain, period, 1)) : null,
            TimeZone = calendar.Settings.TimeZone,
            Currency = calendar.Settings.Currency,
            TakenAt = clock.GetUtcNow(),
            LateFor = asked is null && period != lastEnded && known.Values.Any(days => days is not null) ? calendar.Name(grain, lastEnded) : null,
            Ended = calendar.HasEnded(period, clock.GetUtcNow()),
            ElapsedDays = period.ElapsedBefore(calendar.Today(clock))?.Days ?? 0,
            Elapsed = [.. BoardSpans.Longer(grain).Select(longer => ElapsedOf(calendar, longer, period.LastDay))],
            Sections = sections,
        };

        async Task<IReadOnlyList<SectionSnapshot>> SectionsAsync(Period shown)
        {
            var spans = new BoardSpans(board, calendar, shown, calendar.HasEnded(shown, clock.GetUtcNow()), baselines, looksFarBack);
            var reading = reader.Over(calendar, catalog, spans.All);
            var builder = new TileBuilder(board, calendar, catalog, targets, reading, spans, known, comparison);
            await reading.PrepareAsync(board.Tiles.SelectMany(builder.QueriesOf), cancellationToken);
            var answer = new List<SectionSnapshot>();
            foreach (var (section, ofSection) in board.Sections.Zip(narrowed))
            {
                var tiles = new List<TileSnapshot>();
                foreach (var (tile, notBy) in ofSection)
                {
                    var snapshot = await builder.BuildAsync(tile, cancellationToken);
                    matches = matches || await builder.HasAnyAsync(tile, segment, cancellationToken);
                    tiles.Add(snapshot with { LeftOut = leftOut.About(catalog, catalog[tile.Metric]), NotBy = notBy });
                }

                answer.Add(new SectionSnapshot(section.Name, tiles));
            }

            return answer;
        }
    }

    private static Elapsed ElapsedOf(ReportingCalendar calendar, Grain grain, DateOnly lastDay)
    {
        var whole = calendar.Containing(grain, lastDay);
        return new Elapsed(grain, calendar.Name(grain, whole), (decimal)calendar.ToDate(grain, lastDay).Days / whole.Days);
    }

    private static Period NewestKnown(Grain grain, ReportingCalendar calendar, IEnumerable<Period?> known, Period lastEnded)
    {
        var newest = known.Max(days => days?.End);
        if (newest is not { } end || end >= lastEnded.End)
            return lastEnded;

        // The period that holds the first unknown day is not complete; the one before it can be.
        return calendar.Previous(grain, calendar.Containing(grain, end));
    }

    private static Period? NewestComplete(IEnumerable<SectionSnapshot> sections) =>
        sections.SelectMany(section => section.Tiles).SelectMany(tile => tile.Periods).Where(one => one.Value.Complete).MaxBy(one => one.Period.Start)?.Period;
}
