using System.Runtime.CompilerServices;
using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Drivers;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Findings;

/// <summary>Says what of a board needs a decision, once for each snapshot and as long as the same alerts fire.</summary>
public sealed class FindingReader(DriverReader drivers, MetricReader figures, RestatedReader restatements)
{
    // A quarter of weeks: as far back as a board shows its periods beside each other.
    private const int PeriodsLookedBack = 13;

    private readonly ConditionalWeakTable<BoardSnapshot, Kept> _kept = [];

    /// <summary>
    /// The findings of a board. While the store cannot be reached they are those of the snapshot alone: without drivers and without what
    /// was restated.
    /// </summary>
    /// <param name="firing">The alerts that fire, of whatever metric.</param>
    public async Task<BoardFindings> ReadAsync(
        BoardSnapshot board, ReportingCalendar calendar, MetricCatalog catalog, IReadOnlyList<FiringAlert> firing, CancellationToken cancellationToken)
    {
        var alerts = AlertsOf(board, firing);
        FiringAlert[] about = [.. alerts.SelectMany(pair => pair.Value)];
        if (_kept.TryGetValue(board, out var kept) && kept.Alerts.SequenceEqual(about))
            return kept.Findings;

        try
        {
            var restated = await RestatedAsync(board, calendar, catalog, cancellationToken);
            var findings = await WithDriversAsync(Put(board, alerts, restated), board, calendar, catalog, cancellationToken);
            _kept.AddOrUpdate(board, new Kept(about, findings));
            return findings;
        }
        catch (StoreUnreachableException)
        {
            return Put(board, alerts, []);
        }
    }

    /// <summary>The findings of a board by themselves, without their drivers.</summary>
    private static BoardFindings Put(
        BoardSnapshot board, Dictionary<FindingKey, FiringAlert[]> alerts, IReadOnlyList<RestatedFigure> restated)
    {
        var changed = restated.ToLookup(figure => KeyOf(figure.Tile));
        var findings = new List<Finding>();
        foreach (var tile in TilesOf(board))
        {
            var key = KeyOf(tile);
            FindingReason[] reasons =
            [
                .. ReasonsOf(tile, alerts.GetValueOrDefault(key, []), changed[key]).OrderByDescending(reason => reason.Strength),
            ];
            if (reasons.Length == 0)
                continue;

            (decimal Size, decimal Of)[] gaps = [.. reasons.Select(reason => GapOf(tile, reason))];
            var words = new FindingWords(board, tile, reasons);
            findings.Add(new Finding
            {
                Key = key, Tile = tile, Reasons = reasons, Headline = words.Headline, Detail = words.Detail,
                Gap = gaps.Max(gap => gap.Size),
                RelativeGap = gaps.Max(gap => gap.Of == 0 ? 0 : gap.Size / Math.Abs(gap.Of)),
            });
        }

        return new BoardFindings(
            [
                .. findings.OrderByDescending(finding => finding.Strength).ThenByDescending(finding => finding.Money)
                    .ThenByDescending(finding => finding.RelativeGap).ThenBy(finding => finding.Key.Text, StringComparer.Ordinal),
            ],
            BoardStanding.Of(board), board.Period.Start, restated);
    }

    /// <summary>
    /// The tiles that can be findings, one of each metric and segment: of two the one with the metric's own figure. What stays as it is on
    /// a board of a segment says nothing of that.
    /// </summary>
    private static IEnumerable<TileSnapshot> TilesOf(BoardSnapshot board) => board.Tiles.Where(tile => tile.NotBy.Count == 0)
        .GroupBy(KeyOf)
        .Select(tiles => tiles.OrderBy(tile => tile.Tile.OverTime is not null).ThenBy(tile => tile.Name, StringComparer.Ordinal).First());

    private static FindingKey KeyOf(TileSnapshot tile) => FindingKey.Of(tile.Metric.Id, tile.Tile.Filter);

    /// <summary>Each alert at the tile that it fits best: that of its own segment, else the one that is narrowed least.</summary>
    private static Dictionary<FindingKey, FiringAlert[]> AlertsOf(BoardSnapshot board, IReadOnlyList<FiringAlert> firing)
    {
        if (firing.Count == 0)
            return [];

        TileSnapshot[] tiles = [.. TilesOf(board)];
        return firing
            .Select(alert => (Alert: alert, Key: tiles.Where(tile => alert.IsAbout(board, tile)).Select(tile => (tile, Key: KeyOf(tile)))
                .OrderByDescending(one => Fits(alert.Segment, one.tile.Tile.Filter)).ThenBy(one => one.tile.Tile.Filter.Count)
                .ThenBy(one => one.Key.Text, StringComparer.Ordinal).FirstOrDefault().Key))
            .Where(pair => pair.Key is not null)
            .GroupBy(pair => pair.Key!)
            .ToDictionary(
                group => group.Key,
                group => group.Select(pair => pair.Alert)
                    .OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.Rule, StringComparer.Ordinal)
                    .ThenBy(alert => alert.Segment.Text, StringComparer.Ordinal).ToArray());
    }

    private static bool Fits(Segment segment, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        segment.Values.Count == filter.Count && filter.All(pair => pair.Value.Count == 1 && segment[pair.Key] == pair.Value[0]);

    private static IEnumerable<FindingReason> ReasonsOf(TileSnapshot tile, FiringAlert[] alerts, IEnumerable<RestatedFigure> restated)
    {
        foreach (var alert in alerts)
            yield return new FindingReason.Fires(alert);
        if (tile.Signal is { } signal)
            yield return new FindingReason.StandsOut(signal);
        if (tile.Status is TargetStatus.OffTrack or TargetStatus.AtRisk)
            yield return new FindingReason.BehindTarget(tile.Status);
        if (tile.Landing is { Standing.Status: TargetStatus.OffTrack or TargetStatus.AtRisk } landing)
            yield return new FindingReason.BehindPace(landing.Standing.Status);
        if (tile.State == TileState.NotCurrent)
            yield return new FindingReason.NotCurrent();

        // The newest one; the others stand on the metric's page.
        if (restated.MaxBy(figure => figure.Period.Start) is { } newest)
            yield return new FindingReason.WasRestated(newest);
    }

    /// <summary>How far the figure is from what it is held against, and what that is.</summary>
    private static (decimal Size, decimal Of) GapOf(TileSnapshot tile, FindingReason reason) => (reason, tile.Value?.Value) switch
    {
        (FindingReason.Fires, { } value) when tile.Previous?.Value is { } before => (Math.Abs(value - before), before),
        (FindingReason.StandsOut { Signal: var signal }, _) => (Math.Abs(signal.Figure - signal.Limit), signal.Value),
        (FindingReason.BehindTarget, { } value) when tile.Target is { Value: var target } => (Math.Abs(value - target), target),
        (FindingReason.BehindPace, _) when tile.Landing is { Standing: var standing } =>
            (Math.Abs((standing.Projection - standing.Target) ?? (standing.Actual - standing.Expected)), standing.Target),
        (FindingReason.WasRestated { Figure: var figure }, _) => (Math.Abs(figure.Now - figure.Then), figure.Then),
        _ => (0, 0),
    };

    /// <summary>The figures that people looked at and that are other ones now: only those are read as of then that changed at all.</summary>
    private async Task<IReadOnlyList<RestatedFigure>> RestatedAsync(
        BoardSnapshot board, ReportingCalendar calendar, MetricCatalog catalog, CancellationToken cancellationToken)
    {
        var grain = board.Board.Grain;
        var lookedAt = calendar.StartOf(board.Period.Start.AddDays(1));
        (TileSnapshot Tile, PeriodValue[] Changed)[] tiles =
        [
            .. TilesOf(board).Select(tile => (
                tile,
                tile.History.TakeLast(PeriodsLookedBack + 1).Where(value => value is { Restated: true, Value: not null } && value.Period.End <= board.Period.Start).ToArray())),
        ];
        (MetricQuery Query, PeriodValue[] Now, TileSnapshot Tile)[] asked =
        [
            .. tiles.Where(one => one.Changed.Length > 0).Select(one => (
                new MetricQuery
                {
                    Metric = one.Tile.Metric, Grain = grain, Periods = [.. one.Changed.Select(value => value.Period)], Filter = one.Tile.Tile.Filter,
                    OverTime = one.Tile.Tile.OverTime, AsOf = lookedAt,
                }, one.Changed, one.Tile)),
        ];

        var found = new List<RestatedFigure>();
        if (asked.Length > 0)
        {
            var days = asked.SelectMany(one => one.Now).Select(value => value.Period).ToArray();
            var reading = figures.Over(calendar, catalog, new Period(days.Min(period => period.Start), days.Max(period => period.End)));
            await reading.PrepareAsync(asked.Select(one => one.Query), cancellationToken);
            foreach (var (query, now, tile) in asked)
            {
                var then = (await reading.ReadAsync(query, cancellationToken))[0].Values;
                found.AddRange(then.Zip(now)
                    .Where(pair => pair.First.Complete)
                    .Select(pair => FigureOf(tile, pair.Second.Period, pair.First.Value, pair.Second.Value))
                    .OfType<RestatedFigure>());
            }
        }

        // The board's own period was complete only after that day, so whatever changed in it since is news too.
        found.AddRange(tiles.Select(one => FigureOf(one.Tile, board.Period, one.Tile.RestatedFrom, one.Tile.Value?.Value)).OfType<RestatedFigure>());
        return [.. tiles.SelectMany(one => found.Where(figure => figure.Tile == one.Tile).OrderByDescending(figure => figure.Period.Start))];

        // What nobody could see is no news.
        RestatedFigure? FigureOf(TileSnapshot tile, Period period, decimal? then, decimal? now) =>
            then is { } before && now is { } after && tile.Format.Exact(before) != tile.Format.Exact(after)
                ? new RestatedFigure(tile, period, calendar.ShortLabel(grain, period), before, after)
                : null;
    }

    /// <summary>The shown findings with what drove them, and with the day on which they were restated.</summary>
    private async Task<BoardFindings> WithDriversAsync(
        BoardFindings findings, BoardSnapshot board, ReportingCalendar calendar, MetricCatalog catalog, CancellationToken cancellationToken)
    {
        Finding[] all = [.. findings.All];
        var shown = Math.Min(all.Length, BoardFindings.MostShown);
        int[] explained = [.. Enumerable.Range(0, shown).Where(i => MayBeExplained(all[i]))];
        var why = await drivers.ReadAsync(
            calendar, catalog,
            [
                .. explained.Select(i => new DriverQuery(all[i].Tile.Metric, board.Board.Grain, board.Period) { Filter = all[i].Tile.Tile.Filter }),
            ], cancellationToken);
        foreach (var (i, reason) in explained.Zip(why))
            all[i] = all[i] with { Driver = reason is null ? null : MainDriver.Of(reason) };

        for (var i = 0; i < shown; i++)
        {
            if (all[i].Lead is FindingReason.WasRestated { Figure: var figure })
                all[i] = await DatedAsync(all[i], figure, board, calendar, catalog, cancellationToken);
        }

        return findings with { All = all };
    }

    /// <summary>
    /// Whether the change on the period before is what the finding is about: what made a figure better explains no bad news, and a drop
    /// nothing that is too high.
    /// </summary>
    private static bool MayBeExplained(Finding finding) =>
        finding is { Lead: FindingReason.Fires or FindingReason.StandsOut or FindingReason.BehindTarget, Tile: { Change: { } change, Tile.OverTime: null } }
        && change.Verdict != (finding.IsGoodNews ? Verdict.Unfavorable : Verdict.Favorable)
        && finding.Reasons.Select(reason => SideOf(finding.Tile, reason)).FirstOrDefault(side => side != 0) is var side
        && (side == 0 || side == change.Sign);

    /// <summary>1 where the reason is that the figure is high, -1 where it is low, 0 where it does not tell.</summary>
    private static int SideOf(TileSnapshot tile, FindingReason reason) => (reason, tile.Value?.Value) switch
    {
        (FindingReason.StandsOut { Signal.Side: var side }, _) => side == Side.Above ? 1 : -1,
        (FindingReason.BehindTarget, { } value) when tile.Target is { Value: var target } => Math.Sign(value - target),
        _ => 0,
    };

    private async Task<Finding> DatedAsync(
        Finding finding, RestatedFigure figure, BoardSnapshot board, ReportingCalendar calendar, MetricCatalog catalog, CancellationToken cancellationToken)
    {
        var query = new MetricQuery
        {
            Metric = figure.Tile.Metric, Grain = board.Board.Grain, Periods = [figure.Period], Filter = figure.Tile.Tile.Filter,
        };
        if (await restatements.LastChangeAsync(catalog, query, cancellationToken) is not { } at)
            return finding;

        var dated = figure with { On = calendar.DayOf(at) };
        FindingReason[] reasons = [new FindingReason.WasRestated(dated), .. finding.Reasons.Skip(1)];
        return finding with { Reasons = reasons, Detail = new FindingWords(board, finding.Tile, reasons).Detail };
    }

    private sealed record Kept(IReadOnlyList<FiringAlert> Alerts, BoardFindings Findings);
}
