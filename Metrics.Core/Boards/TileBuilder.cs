using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>Computes the tiles of one board for one period from one reading.</summary>
internal sealed class TileBuilder(
    Board board, ReportingCalendar calendar, MetricCatalog catalog, TargetBook targets, MetricReading reading, BoardSpans spans,
    IReadOnlyDictionary<string, Period?> known, BoardComparison comparison)
{
    // As many weeks as make a month of work: enough to even out one odd week, few enough to follow a change.
    private const int Averaged = 4;

    /// <summary>What a tile will ask for, without its periods.</summary>
    public IEnumerable<MetricQuery> QueriesOf(Tile tile)
    {
        IEnumerable<Grain> grains = [board.Grain, .. tile.Chart == TileChart.SixTwelve ? [Grain.Month] : (Grain[])[], .. spans.ToDateGrains];
        return grains.Where(grain => grain >= board.Grain).Distinct().Select(grain => Query(tile, catalog[tile.Metric], grain, []));
    }

    public async Task<TileSnapshot> BuildAsync(Tile tile, CancellationToken cancellationToken)
    {
        var metric = catalog[tile.Metric];
        var snapshot = new TileSnapshot
        {
            Tile = tile,
            Metric = metric,
            Name = tile.Name ?? metric.Name,
            Format = new ValueFormat(metric.Unit, calendar.Settings.Currency, tile.Decimals),
            Filter = tile.Filter.Count == 0 ? null : string.Join(" · ", tile.Filter.Select(pair => string.Join(", ", pair.Value))),
            State = TileState.NotReadable,
            Status = TargetStatus.NotCurrent,
        };
        try
        {
            return await FilledAsync(snapshot, cancellationToken);
        }
        catch (MetricQueryException cannot)
        {
            return snapshot with { Reason = cannot.Message };
        }
    }

    /// <summary>Whether anything is known of the part of a segment that a tile was narrowed to.</summary>
    public async Task<bool> HasAnyAsync(Tile tile, Segment segment, CancellationToken cancellationToken)
    {
        string[] by = [.. segment.Values.Where(pair => tile.Filter.TryGetValue(pair.Key, out var of) && of.SequenceEqual([pair.Value])).Select(pair => pair.Key)];
        if (by.Length < segment.Values.Count)
            return false;

        try
        {
            return (await reading.ReadAsync(Query(tile, catalog[tile.Metric], board.Grain, []) with { By = by }, cancellationToken)).Count > 0;
        }
        catch (MetricQueryException)
        {
            return false;
        }
    }

    private async Task<TileSnapshot> FilledAsync(TileSnapshot empty, CancellationToken cancellationToken)
    {
        var (tile, metric) = (empty.Tile, empty.Metric);
        var own = PlansOf(tile, metric);
        var figures = Query(tile, metric, board.Grain, []);
        var plans = new PlannedValues(
            own, reading, figures, new PaceShapes(calendar, catalog, reading, figures), board.IncompleteBase == IncompleteBase.AsIs);
        var history = await ReadAsync(tile, metric, board.Grain, spans.HistoryOf(tile), cancellationToken);
        var read = history.ToDictionary(value => value.Period);
        var periods = await PeriodsAsync(tile, metric, board.Grain, spans.Periods(tile), read, plans, cancellationToken);
        var months = board.Grain < Grain.Month && tile.Chart == TileChart.SixTwelve
            ? await MonthsAsync(tile, metric, plans, cancellationToken)
            : [];
        var last = periods[^1];
        var days = known[metric.Id];
        var state = StateOf(last.Value, days);
        var interval = (await reading.IntervalsAsync(catalog, Query(tile, metric, board.Grain, [last.Period]), cancellationToken))[0];
        var isJudged = interval is not { TooFew: true };
        var attainment = isJudged && state == TileState.Complete && last is { Value.Value: { } reached, Target: { } target }
            ? Attainment.Of(metric.Direction, reached, target.Value)
            : (decimal?)null;
        var variance = spans.Ended && last.Target is { } plan
            ? Delta.Between(metric, last.Value with { Value = plan.Value, Complete = true }, last.Value, board.IncompleteBase)
            : null;
        var compared = comparison switch
        {
            BoardComparison.Year => last.YearChange,
            BoardComparison.Plan => variance,
            BoardComparison.Average => spans.Ended ? Delta.Between(metric, MeanBefore(history), last.Value, board.IncompleteBase) : null,
            _ => last.Change,
        };
        return empty with
        {
            State = state,
            Reason = ReasonOf(state, days, last.Value),
            Value = last.Value,
            RestatedFrom = await RestatedFromAsync(tile, metric, last.Value, cancellationToken),
            KnownThrough = days?.LastDay,
            Previous = periods.Count > 1 ? periods[^2].Value : null,
            YearAgo = last.PreviousYear,
            Interval = interval,
            Change = isJudged ? last.Change : last.Change?.Unjudged,
            YearChange = isJudged ? last.YearChange : last.YearChange?.Unjudged,
            Compared = isJudged ? compared : compared?.Unjudged,
            Variance = isJudged ? variance : variance?.Unjudged,
            Target = last.Target,
            Attainment = attainment,
            Status = attainment is { } share ? Attainment.StatusOf(metric, share)
                : state == TileState.Complete && (last.Target is null || !isJudged) ? TargetStatus.NoTarget : TargetStatus.NotCurrent,
            Periods = periods,
            History = history,
            Process = await ProcessAsync(empty, history, cancellationToken),
            Months = months,
            ToDates = await ToDatesAsync(tile, metric, cancellationToken),
            Landing = await LandingAsync(tile, metric, own, cancellationToken),
        };
    }

    private async Task<decimal?> RestatedFromAsync(Tile tile, Metric metric, PeriodValue now, CancellationToken cancellationToken)
    {
        if (now is not { Restated: true, Complete: true }
            || await reading.CompleteSinceAsync(metric, now.Period.End, cancellationToken) is not { } since)
            return null;

        var then = await reading.ReadAsync(Query(tile, metric, board.Grain, [now.Period]) with { AsOf = since }, cancellationToken);
        return then[0].Values[0].Value is { } before && before != now.Value ? before : null;
    }

    /// <summary>The months that were not over with the board's period are empty, whatever has been learned since.</summary>
    private async Task<IReadOnlyList<TilePeriod>> MonthsAsync(
        Tile tile, Metric metric, PlannedValues plans, CancellationToken cancellationToken)
    {
        var months = await PeriodsAsync(tile, metric, Grain.Month, spans.Months(tile), [], plans, cancellationToken);
        return
        [
            .. months.Select(month => month.Period.End > spans.Shown.End
                ? month with { Value = month.Value with { Value = null, Complete = false, Restated = false }, Change = null, YearChange = null }
                : month with { Value = Shown(month.Value) }),
        ];
    }

    /// <summary>Some consecutive periods with their comparisons; the first one is only what the second is compared with.</summary>
    /// <param name="read">What is known of periods of the grain already.</param>
    private async Task<IReadOnlyList<TilePeriod>> PeriodsAsync(
        Tile tile, Metric metric, Grain grain, IReadOnlyList<Period> periods, Dictionary<Period, PeriodValue> read, PlannedValues plans,
        CancellationToken cancellationToken)
    {
        Period[] before = [.. periods.Select(period => calendar.YearAgo(grain, period))];
        var values = await ValuesAsync(periods);
        var yearAgo = await ValuesAsync(before);
        var answer = new List<TilePeriod>();
        for (var i = 1; i < periods.Count; i++)
        {
            var period = periods[i];
            var ended = period.End <= spans.Shown.Start || spans.Ended;
            answer.Add(new TilePeriod(
                period, calendar.Key(grain, period), calendar.ShortLabel(grain, period), calendar.Name(grain, period), values[i], Shown(yearAgo[i]),
                await plans.OfAsync(period, cancellationToken),
                ended ? Delta.Between(metric, values[i - 1], values[i], board.IncompleteBase) : null,
                ended ? Delta.Between(metric, yearAgo[i], values[i], board.IncompleteBase) : null));
        }

        return answer;

        async Task<PeriodValue[]> ValuesAsync(IReadOnlyList<Period> wanted)
        {
            Period[] missing = [.. wanted.Where(period => !read.ContainsKey(period)).Distinct()];
            foreach (var value in missing.Length == 0 ? [] : await ReadAsync(tile, metric, grain, missing, cancellationToken))
                read[value.Period] = value;
            return [.. wanted.Select(period => read[period])];
        }
    }

    /// <summary>The limits of the tile's series, and what stands out in it.</summary>
    private async Task<Process> ProcessAsync(TileSnapshot tile, IReadOnlyList<PeriodValue> history, CancellationToken cancellationToken)
    {
        var accrual = catalog.AccrualOf(tile.Metric with { OverTime = tile.Tile.OverTime ?? tile.Metric.OverTime });
        var subject = new ProcessSubject(
            tile.Filter is null ? tile.Name : $"{tile.Name} ({tile.Filter})", tile.Metric, accrual, board.Grain, calendar, tile.Format);
        var intervals = tile.Metric.Interval is null
            ? []
            : await reading.IntervalsAsync(
                catalog, Query(tile.Tile, tile.Metric, board.Grain, [.. history.Select(value => value.Period)]), cancellationToken);
        return Process.Of(subject, history, intervals, spans.ChoicesOf(tile.Tile));
    }

    private async Task<IReadOnlyList<ToDate>> ToDatesAsync(Tile tile, Metric metric, CancellationToken cancellationToken)
    {
        var answer = new List<ToDate>();
        foreach (var grain in spans.ToDateGrains)
        {
            try
            {
                var now = (await ReadAsync(tile, metric, grain, [calendar.ToDate(grain, spans.Shown.LastDay)], cancellationToken))[0];
                var before = (await ReadAsync(tile, metric, grain, [calendar.ToDateYearAgo(grain, spans.Shown.LastDay)], cancellationToken))[0];
                answer.Add(new ToDate(grain, now, Shown(before), spans.Ended ? Delta.Between(metric, before, now, board.IncompleteBase) : null));
            }
            catch (MetricQueryException) when (tile.Chart != TileChart.SixTwelve)
            {
                // A metric that is known by week alone has no months to date; only a chart of months needs them.
            }
        }

        return answer;
    }

    /// <summary>The mean of the four periods before the last one; undefined where one of them is.</summary>
    private static PeriodValue MeanBefore(IReadOnlyList<PeriodValue> history)
    {
        PeriodValue[] before = [.. history.SkipLast(1).TakeLast(Averaged)];
        return before[^1] with
        {
            Value = before.Length == Averaged && before.All(one => one.Value is not null) ? before.Average(one => one.Value!.Value) : null,
            Complete = before.All(one => one.Complete),
        };
    }

    private async Task<IReadOnlyList<PeriodValue>> ReadAsync(
        Tile tile, Metric metric, Grain grain, IReadOnlyList<Period> periods, CancellationToken cancellationToken) =>
        (await reading.ReadAsync(Query(tile, metric, grain, periods), cancellationToken))[0].Values;

    private static MetricQuery Query(Tile tile, Metric metric, Grain grain, IReadOnlyList<Period> periods) =>
        new() { Metric = metric, Grain = grain, Periods = periods, Filter = tile.Filter, OverTime = tile.OverTime };

    /// <summary>Plans speak of the total or of one segment; several values of a dimension together have none.</summary>
    private IReadOnlyList<Plan> PlansOf(Tile tile, Metric metric) =>
        tile.OverTime is not null || tile.Filter.Values.Any(values => values.Count != 1)
            ? []
            : targets.PlansOf(
                calendar, catalog, metric, board.Versions,
                Segment.Of(tile.Filter.Select(pair => KeyValuePair.Create(pair.Key, pair.Value[0]))));

    /// <summary>
    /// Where the metric stands, as of the end of the board's period, in the shortest longer period that has a target of its own; null where
    /// none has, or where days are missing.
    /// </summary>
    private async Task<TileLanding?> LandingAsync(Tile tile, Metric metric, IReadOnlyList<Plan> plans, CancellationToken cancellationToken)
    {
        foreach (var grain in plans.Count == 0 ? [] : BoardSpans.Longer(board.Grain))
        {
            var period = calendar.Containing(grain, spans.Shown.LastDay);
            if (plans.Select(plan => plan.Own(period)).FirstOrDefault(own => own is not null) is not { } target)
                continue;

            var end = spans.Ended || known[metric.Id] is not { } days || days.End > spans.Shown.End ? spans.Shown.End : days.End;
            if (end <= period.Start)
                return null;

            try
            {
                var toDate = (await ReadAsync(tile, metric, grain, [new Period(period.Start, end)], cancellationToken))[0];
                if (toDate is not { Value: { } actual } || toDate.CoveredDays < toDate.Period.Days)
                    return null;

                var standings = new StandingReader(calendar, catalog, reading, Query(tile, metric, grain, []));
                var standing = await standings.OfAsync(grain, period, target.Value, actual, toDate.Period.Days, cancellationToken);
                return new TileLanding(
                    period, calendar.Key(grain, period), calendar.Name(grain, period), target, catalog.AccrualOf(metric), standing,
                    Target.FormatOf(metric, calendar.Settings.Currency, [target]) with { Decimals = tile.Decimals });
            }
            catch (MetricQueryException)
            {
                // The metric is not known by the target's grain, so its target speaks of nothing that can be read.
                return null;
            }
        }

        return null;
    }

    /// <summary>A value as this board shows it beside others: without its figure where it is not complete and the board does not show such.</summary>
    private PeriodValue Shown(PeriodValue value) =>
        value.Complete || board.IncompleteBase == IncompleteBase.AsIs ? value : value with { Value = null };

    private TileState StateOf(PeriodValue value, Period? days) => value switch
    {
        { Complete: true } => TileState.Complete,
        _ when days is null || days.Start >= value.Period.End => TileState.NoData,
        _ when !spans.Ended => TileState.Running,
        _ when days.Start > value.Period.Start => TileState.Partial,
        _ => TileState.NotCurrent,
    };

    private static string? ReasonOf(TileState state, Period? days, PeriodValue value) => (state, days) switch
    {
        (TileState.NoData, null) => "No source has delivered it yet.",
        (TileState.NoData, { } known) => FormattableString.Invariant($"The data begin on {known.Start:d MMM yyyy}."),
        (TileState.Complete, _) when value.Value is null => "Undefined for this period.",
        _ => null,
    };
}
