using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>Decides for the transitions in the outbox who is told what; stores nothing.</summary>
public sealed class NotificationPlanner(IAlertStore store, RuleFigures figures, TimeProvider clock)
{
    private static readonly TimeSpan AYear = TimeSpan.FromDays(365);

    /// <summary>One decision for each alert that has transitions in the outbox, oldest first.</summary>
    public async Task<IReadOnlyList<NotificationDecision>> PlanAsync(
        IReadOnlyList<AlertRule> rules, People people, ReportingCalendar calendar, MetricCatalog catalog,
        CancellationToken cancellationToken)
    {
        var byId = rules.ToDictionary(rule => rule.Id);
        var decisions = new List<NotificationDecision>();
        foreach (var alert in (await store.OutboxAsync(cancellationToken)).GroupBy(transition => (transition.Rule, transition.Segment)))
        {
            Transition[] transitions = [.. alert];
            var last = await store.LastNoticeAsync(alert.Key.Rule, alert.Key.Segment, cancellationToken);
            var reason = NotificationPolicy.Decide(transitions[^1].ToJudged, last?.Reason ?? NotificationReason.None);
            var subject = reason switch
            {
                NotificationReason.StartedFiring => transitions.LastOrDefault(transition => transition.StartsFiring),
                NotificationReason.Resolved => transitions.LastOrDefault(transition => transition.StopsFiring),
                _ => null,
            };

            // A rule that was taken out of the workspace tells nobody anything any more.
            if (subject is null || !byId.TryGetValue(alert.Key.Rule, out var rule))
            {
                decisions.Add(new NotificationDecision(transitions, null, NotificationReason.None, null, []));
                continue;
            }

            var fired = reason == NotificationReason.Resolved ? last!.Transition : subject;
            var facts = await FactsAsync(rule, calendar, catalog, subject, fired, cancellationToken);
            var recipients = reason == NotificationReason.Resolved
                ? await ToldAsync(fired, cancellationToken)
                : Recipients.Of(rule, catalog[rule.Metric], people);
            decisions.Add(new NotificationDecision(transitions, subject, reason, NotificationWriter.Write(facts), recipients));
        }

        return decisions;
    }

    /// <summary>Only who was told that it fires is told that it does no longer.</summary>
    private async Task<IReadOnlyList<Recipient>> ToldAsync(Transition fired, CancellationToken cancellationToken) =>
        [.. (await store.DeliveriesOfAsync(fired.Id, cancellationToken))
            .Where(delivery => delivery.State != DeliveryState.Failed)
            .Select(delivery => new Recipient(delivery.Recipient, delivery.Recipient, delivery.Why, null))];

    private async Task<NotificationFacts> FactsAsync(
        AlertRule rule, ReportingCalendar calendar, MetricCatalog catalog, Transition subject, Transition fired,
        CancellationToken cancellationToken)
    {
        var firedCount = await store.FiredCountAsync(rule.Id, subject.Segment, clock.GetUtcNow() - AYear, cancellationToken);
        IReadOnlyList<Reading> history = [];
        PeriodValue? yearAgo = null;
        try
        {
            var first = calendar.Shift(rule.Grain, subject.Period, 1 - AlertEvaluator.LookBack).Start;
            var periods = calendar.Covering(rule.Grain, fired.Period.Start < first ? fired.Period.Start : first, subject.Period.End);
            var read = await figures.ReadAsync(rule, calendar, catalog, periods, cancellationToken);
            history = read.GetValueOrDefault(subject.Segment) ?? [];
            var before = await figures.ReadAsync(rule, calendar, catalog, [calendar.YearAgo(rule.Grain, subject.Period)],
                cancellationToken);
            yearAgo = before.GetValueOrDefault(subject.Segment)?[0].Value;
        }
        catch (MetricQueryException)
        {
            // What was judged can be told without the periods around it.
        }

        return new NotificationFacts(rule, catalog[rule.Metric], calendar, subject, fired, history, yearAgo, firedCount);
    }
}
