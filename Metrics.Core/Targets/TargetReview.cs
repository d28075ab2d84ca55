using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>How far the period of a target has come.</summary>
public enum TargetPhase
{
    Over,
    Running,
    Ahead,
}

/// <summary>Which targets to look at; null asks for all of them.</summary>
/// <param name="Year">The fiscal year that holds the last day of the target's period.</param>
/// <param name="Segment">The <see cref="Segment.Text"/> of a segment.</param>
public sealed record TargetQuery(string? Version = null, string? Metric = null, Grain? Grain = null, int? Year = null, string? Segment = null)
{
    public bool Asks(Target target, ReportingCalendar calendar) =>
        (Version is null || Version == target.Version)
        && (Metric is null || Metric == target.Metric)
        && (Grain is null || Grain == target.Grain)
        && (Year is null || Year == calendar.FiscalYear(target.Period.LastDay))
        && (Segment is null || Segment == target.Segment.Text);
}

/// <summary>One target, and what came of it.</summary>
/// <param name="Key">The period as addresses and files spell it.</param>
/// <param name="Label">The period for people.</param>
/// <param name="Value">
/// The figure: of the whole period, or of its elapsed days where it is running; null ahead of it, and where the metric cannot be read.
/// </param>
/// <param name="Attainment">The share of the target that is reached; only of periods that are over and complete.</param>
/// <param name="Status">Of a period that is over against the target, of a running one against what should have been reached by now.</param>
/// <param name="Standing">Where the figure stands; only of running periods with days that are known.</param>
/// <param name="Reason">Why there is no figure or no judgment, in words; null where there is nothing to say.</param>
public sealed record ReviewedTarget(
    Target Target, string Key, string Label, TargetPhase Phase, PeriodValue? Value, decimal? Attainment, TargetStatus Status,
    Standing? Standing, string? Reason)
{
    /// <summary>Whether the target was met; null where the period is not over or nobody can say.</summary>
    public bool? IsMet => Phase == TargetPhase.Over && Attainment is { } share ? share >= 1 : null;

    /// <summary>The target for another period that this one follows from; null where it was promised as it is.</summary>
    public Target? FollowsFrom { get; init; }
}

/// <summary>Where a metric stands in its newest periods, shortest first.</summary>
public sealed record NewestStandings(Metric Metric, Accrual Accrual, ValueFormat Format, IReadOnlyList<ReviewedTarget> Targets);

/// <summary>The targets of one metric, version and segment with what came of them, by grain from the longest, oldest first.</summary>
/// <param name="More">How many of the targets that were asked for are left out.</param>
public sealed record ReviewedPlan(
    Metric Metric, Segment Segment, string Version, Accrual Accrual, ValueFormat Format, IReadOnlyList<ReviewedTarget> Targets, int More);

/// <summary>Computes what came of targets.</summary>
public sealed class TargetReviewBuilder(MetricReader reader, KnownDays knownDays, TimeProvider clock)
{
    // A long list shows the last month or so of weeks, and what is next; whoever wants all asks for the metric.
    private const int OverShown = 4;
    private const int AheadShown = 1;

    /// <summary>The plans that a query asks for, in the order of the catalog, then by segment and version.</summary>
    /// <param name="book">The targets in force.</param>
    /// <param name="all">Whether every target is listed, or only those around today.</param>
    public async Task<IReadOnlyList<ReviewedPlan>> BuildAsync(
        ReportingCalendar calendar, MetricCatalog catalog, TargetBook book, TargetQuery query, bool all, CancellationToken cancellationToken)
    {
        Target[] asked = [.. book.Targets.Where(target => query.Asks(target, calendar))];
        if (asked.Length == 0)
            return [];

        var today = calendar.Today(clock);
        var plans = asked
            .GroupBy(target => (target.Metric, target.Segment, target.Version))
            .Select(group => (group.Key, Targets: group.OrderByDescending(target => target.Grain).ThenBy(target => target.Period.Start).ToArray()))
            .Select(plan => (plan.Key, plan.Targets, Shown: all ? plan.Targets : AroundToday(plan.Targets, today)))
            .ToArray();
        var shown = plans.SelectMany(plan => plan.Shown).ToArray();
        var days = new Period(
            shown.Min(target => target.Period.Contains(today)
                ? StandingReader.Reach(calendar, catalog, catalog[target.Metric], target.Grain, target.Period)
                : target.Period.Start),
            shown.Max(target => target.Period.End));
        Metric[] metrics = [.. catalog.Metrics.Where(metric => asked.Any(target => target.Metric == metric.Id))];
        var reading = reader.Over(calendar, catalog, days);
        await reading.PrepareAsync(metrics, cancellationToken);

        var answer = new List<ReviewedPlan>();
        foreach (var (key, targets, some) in plans
            .OrderBy(plan => Array.FindIndex(metrics, metric => metric.Id == plan.Key.Metric))
            .ThenBy(plan => !plan.Key.Segment.IsTotal)
            .ThenBy(plan => plan.Key.Segment.Text, StringComparer.Ordinal)
            .ThenBy(plan => plan.Key.Version != Target.DefaultVersion)
            .ThenBy(plan => plan.Key.Version, StringComparer.Ordinal))
        {
            var metric = catalog[key.Metric];
            var reviewed = new List<ReviewedTarget>();
            foreach (var byGrain in some.GroupBy(target => target.Grain))
            {
                var known = await knownDays.ReadAsync(calendar, catalog, metric, byGrain.Key, null, cancellationToken);
                foreach (var target in byGrain)
                    reviewed.Add(await ReviewAsync(calendar, catalog, metric, target, known, today, reading, cancellationToken));
            }

            answer.Add(new ReviewedPlan(
                metric, key.Segment, key.Version, catalog.AccrualOf(metric), Target.FormatOf(metric, calendar.Settings.Currency, targets),
                reviewed, targets.Length - some.Length));
        }

        return answer;
    }

    /// <summary>
    /// Where the total of a metric stands in the newest period of some grains, which is the one that holds the last day that is over and
    /// known. What follows from targets for other periods is a target too; a period of which the plans say nothing is left out.
    /// </summary>
    /// <param name="plans">In the order in which they win.</param>
    public async Task<NewestStandings> NewestAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, IEnumerable<Grain> grains, IReadOnlyList<Plan> plans,
        CancellationToken cancellationToken)
    {
        var today = calendar.Today(clock);
        var newest = new List<(Grain Grain, Period Known, Period Period)>();
        foreach (var grain in grains.Where(_ => plans.Count > 0).Order())
        {
            if (await knownDays.ReadAsync(calendar, catalog, metric, grain, null, cancellationToken) is { } known && known.Start < today)
                newest.Add((grain, known, calendar.Containing(grain, (known.End < today ? known.End : today).AddDays(-1))));
        }

        var reviewed = new List<ReviewedTarget>();
        if (newest.Count > 0)
        {
            var yearBefore = calendar.Previous(Grain.Year, calendar.Containing(Grain.Year, newest.Min(one => one.Period.Start))).Start;
            var reach = newest.Min(one => StandingReader.Reach(calendar, catalog, metric, one.Grain, one.Period));
            var reading = reader.Over(calendar, catalog, new Period(reach < yearBefore ? reach : yearBefore, newest.Max(one => one.Period.End)));
            await reading.PrepareAsync([metric], cancellationToken);
            var figures = new MetricQuery { Metric = metric, Grain = newest[0].Grain, Periods = [] };
            var shapes = new PaceShapes(calendar, catalog, reading, figures);
            var planned = new PlannedValues(plans, reading, figures, shapes, withPartial: false);
            foreach (var (grain, known, period) in newest)
            {
                if (await planned.OfAsync(period, cancellationToken) is not { } value)
                    continue;

                var target = value.Target with { Grain = grain, Period = period, Value = value.Value };
                var row = await ReviewAsync(calendar, catalog, metric, target, known, today, reading, cancellationToken);
                reviewed.Add(row with { FollowsFrom = value.IsDerived ? value.Target : null });
            }
        }

        var format = Target.FormatOf(metric, calendar.Settings.Currency, reviewed.Select(row => row.Target));
        return new NewestStandings(metric, catalog.AccrualOf(metric), format, reviewed);
    }

    private static Target[] AroundToday(IEnumerable<Target> targets, DateOnly today) =>
    [
        .. targets.GroupBy(target => target.Grain).SelectMany(byGrain => (IEnumerable<Target>)
        [
            .. byGrain.Where(target => target.Period.End <= today).TakeLast(OverShown),
            .. byGrain.Where(target => target.Period.Contains(today)),
            .. byGrain.Where(target => target.Period.Start > today).Take(AheadShown),
        ]),
    ];

    private static async Task<ReviewedTarget> ReviewAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Target target, Period? known, DateOnly today, MetricReading reading,
        CancellationToken cancellationToken)
    {
        var phase = target.Period.Start > today ? TargetPhase.Ahead : target.Period.End > today ? TargetPhase.Running : TargetPhase.Over;
        var row = new ReviewedTarget(
            target, calendar.Key(target.Grain, target.Period), calendar.Label(target.Grain, target.Period), phase,
            Value: null, Attainment: null, TargetStatus.NotCurrent, Standing: null, Reason: null);
        if (phase == TargetPhase.Ahead)
            return row with { Status = TargetStatus.NoTarget };

        try
        {
            return phase == TargetPhase.Over ? await OverAsync() : await RunningAsync();
        }
        catch (MetricQueryException cannot)
        {
            return row with { Reason = cannot.Message };
        }

        async Task<ReviewedTarget> OverAsync()
        {
            var value = await ValueAsync(target.Period);
            if (value is not { Complete: true, Value: { } figure })
                return row with { Value = value, Reason = ReasonOf(value) };

            var attainment = Attainment.Of(metric.Direction, figure, target.Value);
            return row with { Value = value, Attainment = attainment, Status = Attainment.StatusOf(metric, attainment) };
        }

        async Task<ReviewedTarget> RunningAsync()
        {
            var over = known is not null && known.Start <= target.Period.Start
                ? target.Period.ElapsedBefore(known.End < today ? known.End : today)
                : null;
            if (over is null)
            {
                return target.Period.Start == today
                    ? row with { Status = TargetStatus.NoTarget, Reason = "Begins today." }
                    : row with { Reason = "No day of it is known yet." };
            }

            // A figure that is counted anew for each period has no parts; then the period's own is the one to date.
            var value = await ValueAsync(over);
            if (value.Value is null)
                value = await ValueAsync(target.Period);
            if (value.Value is not { } figure || value.CoveredDays < over.Days)
                return row with { Value = value, Reason = ReasonOf(value) };

            var standings = new StandingReader(calendar, catalog, reading, Query(over));
            var standing = await standings.OfAsync(target.Grain, target.Period, target.Value, figure, over.Days, cancellationToken);
            return row with
            {
                Value = value, Standing = standing, Status = standing.Status,
                Reason = standing.HasBegun ? null : "Not started: no business day is over yet.",
            };
        }

        async Task<PeriodValue> ValueAsync(Period span) => (await reading.ReadAsync(Query(span), cancellationToken))[0].Values[0];

        MetricQuery Query(Period span) => new()
        {
            Metric = metric,
            Grain = target.Grain,
            Periods = [span],
            Filter = target.Segment.Values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[pair.Value]),
        };
    }

    private static string ReasonOf(PeriodValue value) => value switch
    {
        { Complete: true } => "Undefined for this period.",
        { CoveredDays: 0 } => "No data.",
        _ => FormattableString.Invariant($"{value.CoveredDays} of {value.Period.Days} days known."),
    };
}
