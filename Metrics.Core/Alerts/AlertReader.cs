using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>One alert of a rule, for pages.</summary>
/// <param name="Since">The name of the period since which it is ok, pending or firing: "W46"; null before the first judgement.</param>
/// <param name="ValueText">The last judged figure and <paramref name="ValuePeriod"/> its period's name; null where there is none.</param>
/// <param name="LastTransition">The newest change of its state; null where there was none.</param>
/// <param name="Evaluations">The newest evaluations, oldest first, one a period: for a strip of cells.</param>
public sealed record AlertSheet(
    Segment Segment, AlertStatus Status, string? Since, string? ValueText, string? ValuePeriod, Transition? LastTransition,
    IReadOnlyList<LoggedEvaluation> Evaluations);

/// <summary>A rule and its alerts, for pages.</summary>
/// <param name="Condition">The condition in words: "below $28.9k".</param>
/// <param name="NextPeriod">The name of the next period to be judged.</param>
/// <param name="NextEvaluation">When that period is over; in the past where its data are still awaited.</param>
/// <param name="Recipients">Who is told, each with the problem that keeps them from being told, if there is one.</param>
/// <param name="Deliveries">The newest deliveries, newest first, each with its last error.</param>
public sealed record RuleSheet(
    AlertRule Rule, Metric Metric, string Condition, IReadOnlyList<AlertSheet> Alerts, string NextPeriod, DateTimeOffset NextEvaluation,
    IReadOnlyList<Recipient> Recipients, IReadOnlyList<Delivery> Deliveries)
{
    /// <summary>What the rule's page leads with: the state of the alert that matters most. Ok where nothing was evaluated yet.</summary>
    public AlertState State => Alerts.Count == 0 ? AlertState.Ok : Alerts.Select(alert => alert.Status.State).MaxBy(UrgencyOf);

    /// <summary>How much the rule asks to be looked at: more is more.</summary>
    public int Urgency => UrgencyOf(State) * 10 + (int)Rule.Severity;

    private static int UrgencyOf(AlertState state) => state switch
    {
        AlertState.Firing => 5,
        AlertState.Error => 4,
        AlertState.Stale => 3,
        AlertState.NoData => 2,
        AlertState.Pending => 1,
        _ => 0,
    };
}

/// <summary>An alert that fires, for marks on tiles and in the navigation.</summary>
/// <param name="Since">The name of the period with which it began to fire: "W46".</param>
/// <param name="State">Firing, or what hides it for now: stale, no data, error.</param>
/// <param name="Sentence">What happened when it began to fire.</param>
public sealed record FiringAlert(string Rule, string Metric, Grain Grain, Segment Segment, Severity Severity, string Since,
    AlertState State, string Sentence)
{
    /// <summary>
    /// Whether it is about a figure that is narrowed to some values of some dimensions: the total is told of alerts of its segments
    /// too, a segment only of its own.
    /// </summary>
    public bool IsAbout(Metric metric, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        Metric == metric.Id && filter.All(narrowed => Segment[narrowed.Key] is not { } value || narrowed.Value.Contains(value));

    /// <summary>Whether it is about what a tile shows; on a board of a segment about that segment, and not about the total.</summary>
    public bool IsAbout(BoardSnapshot board, TileSnapshot tile) =>
        IsAbout(tile.Metric, tile.Tile.Filter) && (tile.NotBy.Count > 0 || board.Segment.Values.All(pair => Segment[pair.Key] == pair.Value));
}

/// <summary>Puts together what pages show of alerts.</summary>
public sealed class AlertReader(IAlertStore store, TimeProvider clock)
{
    /// <summary>Half a year of weeks.</summary>
    public const int StripLength = 26;

    private const int DeliveriesShown = 20;
    private const int TransitionsLookedAt = 500;

    /// <summary>The rules with their alerts, in the order of the workspace.</summary>
    public async Task<IReadOnlyList<RuleSheet>> RulesAsync(
        IReadOnlyList<AlertRule> rules, People people, ReportingCalendar calendar, MetricCatalog catalog,
        CancellationToken cancellationToken)
    {
        var sheets = new List<RuleSheet>();
        foreach (var rule in rules)
            sheets.Add(await SheetAsync(rule, people, calendar, catalog, cancellationToken));
        return sheets;
    }

    /// <summary>The alerts of the workspace's rules that fire, also while their data are late or missing; the most severe first.</summary>
    public async Task<IReadOnlyList<FiringAlert>> FiringAsync(
        IReadOnlyList<AlertRule> rules, ReportingCalendar calendar, CancellationToken cancellationToken)
    {
        var byId = rules.ToDictionary(rule => rule.Id);
        var firing = new List<FiringAlert>();
        var transitions = new Dictionary<string, IReadOnlyList<Transition>>(StringComparer.Ordinal);
        foreach (var instance in await store.InstancesAsync(cancellationToken))
        {
            if (instance.Status.Judged != AlertState.Firing || !byId.TryGetValue(instance.Rule, out var rule))
                continue;

            if (!transitions.TryGetValue(rule.Id, out var changes))
                transitions[rule.Id] = changes = await store.TransitionsAsync(rule.Id, TransitionsLookedAt, cancellationToken);
            var started = changes.FirstOrDefault(transition => transition.StartsFiring && transition.Segment.Equals(instance.Segment));
            firing.Add(new FiringAlert(
                rule.Id, rule.Metric, rule.Grain, instance.Segment, rule.Severity,
                instance.Status.JudgedSince is { } since ? calendar.ShortLabel(rule.Grain, since) : "", instance.Status.State,
                started?.Sentence ?? ""));
        }

        return [.. firing.OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.Rule, StringComparer.Ordinal)];
    }

    private async Task<RuleSheet> SheetAsync(
        AlertRule rule, People people, ReportingCalendar calendar, MetricCatalog catalog, CancellationToken cancellationToken)
    {
        var metric = catalog[rule.Metric];
        var words = new RuleWords(rule, metric, calendar);
        var instances = await store.InstancesAsync(rule.Id, cancellationToken);
        var evaluations = (await store.EvaluationsAsync(rule.Id, 2 * StripLength, cancellationToken))
            .ToLookup(evaluation => evaluation.Segment);
        var transitions = await store.TransitionsAsync(rule.Id, TransitionsLookedAt, cancellationToken);
        var next = instances.Min(instance => instance.Status.JudgedBefore) is { } judged
            ? calendar.Containing(rule.Grain, judged)
            : calendar.Previous(rule.Grain, calendar.Containing(rule.Grain, calendar.Today(clock)));
        return new RuleSheet(
            rule, metric, words.InWords,
            [
                .. instances.Select(instance => new AlertSheet(
                    instance.Segment, instance.Status,
                    instance.Status.JudgedSince is { } since ? words.Name(since) : null,
                    instance.Status.Value is { } value ? words.Format.Compact(value) : null,
                    instance.Status.ValueOf is { } period ? words.Name(period) : null,
                    transitions.FirstOrDefault(transition => transition.Segment.Equals(instance.Segment)),
                    [.. evaluations[instance.Segment].DistinctBy(evaluation => evaluation.Period).Take(StripLength).Reverse()])),
            ],
            words.Name(next), calendar.StartOf(next.End), Recipients.Of(rule, metric, people),
            await store.DeliveriesAsync(rule.Id, DeliveriesShown, cancellationToken));
    }
}
