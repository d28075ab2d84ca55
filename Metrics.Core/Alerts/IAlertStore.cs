using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>An evaluation as it is kept, so that "why did it not fire?" has an answer.</summary>
/// <param name="Version">The rule's version that was evaluated.</param>
/// <param name="Kind">met, not_met, no_data, stale, missing or failed.</param>
/// <param name="Value">The period's figure, where there is one; <paramref name="Measured"/> is what the condition looked at.</param>
/// <param name="Comparator">The condition's kind, such as "below", with its <paramref name="Threshold"/>.</param>
/// <param name="Before">What the alert's state was, and what it became.</param>
/// <param name="Sentence">What was found, for people.</param>
/// <param name="Error">Why a failed evaluation failed.</param>
public sealed record LoggedEvaluation(
    string Rule, string Version, Segment Segment, Grain Grain, Period Period, DateTimeOffset At, DateTimeOffset? AsOf, string Kind,
    decimal? Value, decimal? Base, decimal? Measured, string Comparator, string Threshold, AlertState Before, AlertState After,
    string Sentence, string? Error)
{
    public static LoggedEvaluation Of(AlertRule rule, Segment segment, Evaluation evaluation, AlertStatus before, AlertStatus after,
        string sentence)
    {
        var figure = evaluation switch { Evaluation.Met met => met.Figure, Evaluation.NotMet notMet => notMet.Figure, _ => null };
        return new LoggedEvaluation(
            rule.Id, rule.Version, segment, rule.Grain, evaluation.Period, evaluation.At, figure?.AsOf, evaluation.Kind, figure?.Value,
            figure?.Base, figure?.Measured,
            rule.When.Comparator, rule.When.Threshold, before.State, after.State, sentence, (evaluation as Evaluation.Failed)?.Error);
    }
}

/// <summary>What evaluating a rule gave, stored as a whole or not at all.</summary>
/// <param name="Instances">Where the rule's alerts stand now; those that are gone are forgotten.</param>
/// <param name="Transitions">The changes of state, oldest first; their numbers are given by the store.</param>
public sealed record AlertRecord(
    string Rule, IReadOnlyList<LoggedEvaluation> Evaluations, IReadOnlyList<AlertInstance> Instances,
    IReadOnlyList<Transition> Transitions);

/// <summary>What was decided about the transitions of one alert that nobody had looked at.</summary>
/// <param name="Transitions">All of them.</param>
/// <param name="Subject">The one that is told; null where nobody is told anything.</param>
/// <param name="Notification">What the mail says; null where nobody is told anything.</param>
/// <param name="Recipients">Who is told.</param>
public sealed record NotificationDecision(
    IReadOnlyList<Transition> Transitions, Transition? Subject, NotificationReason Reason, Notification? Notification,
    IReadOnlyList<Recipient> Recipients);

/// <summary>How a delivery stands.</summary>
public enum DeliveryState
{
    Waiting,

    /// <summary>Handed to the mail server, with no answer yet. After the end of the process that did it, it is sent again.</summary>
    Sending,
    Sent,

    /// <summary>It will not be tried again; <see cref="Delivery.LastError"/> says why.</summary>
    Failed,
}

/// <summary>One notification for one recipient.</summary>
/// <param name="Transition">The number of the transition that it tells.</param>
/// <param name="Recipient">The address, or what the rule said where it has none.</param>
/// <param name="Why">Why this recipient gets it, as a sentence.</param>
/// <param name="Attempts">How often it was handed to the mail server.</param>
/// <param name="NextAttempt">Before this it is not tried again.</param>
public sealed record Delivery(
    long Transition, string Rule, Segment Segment, string Recipient, string Why, DeliveryState State, int Attempts,
    DateTimeOffset NextAttempt,
    string? LastError, DateTimeOffset? SentAt, string Subject);

/// <summary>The newest thing that the recipients of an alert were told.</summary>
public sealed record LastNotice(Transition Transition, NotificationReason Reason);

/// <summary>Keeps where alerts stand, what was evaluated, and what of it was told to whom.</summary>
public interface IAlertStore
{
    /// <summary>Where the alerts of a rule stand, by segment text; empty before the first evaluation.</summary>
    Task<IReadOnlyList<AlertInstance>> InstancesAsync(string rule, CancellationToken cancellationToken);

    /// <summary>Where all alerts stand, also those of rules that are no longer in the workspace; by rule and segment text.</summary>
    Task<IReadOnlyList<AlertInstance>> InstancesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores evaluations, statuses and transitions in one transaction: a status never changes without the transition that tells of it.
    /// </summary>
    Task RecordAsync(AlertRecord record, CancellationToken cancellationToken);

    /// <summary>The newest evaluations of each alert of a rule, newest first, at most <paramref name="most"/> of each.</summary>
    Task<IReadOnlyList<LoggedEvaluation>> EvaluationsAsync(string rule, int most, CancellationToken cancellationToken);

    /// <summary>The transitions of a rule, newest first.</summary>
    Task<IReadOnlyList<Transition>> TransitionsAsync(string rule, int most, CancellationToken cancellationToken);

    /// <summary>How often an alert began to fire since a moment.</summary>
    Task<int> FiredCountAsync(string rule, Segment segment, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The outbox: transitions about which nothing was decided yet, oldest first.</summary>
    Task<IReadOnlyList<Transition>> OutboxAsync(CancellationToken cancellationToken);

    /// <summary>The newest notice of an alert; null where nobody was ever told of it.</summary>
    Task<LastNotice?> LastNoticeAsync(string rule, Segment segment, CancellationToken cancellationToken);

    /// <summary>
    /// Takes transitions out of the outbox and puts the deliveries of the decision in their place, in one transaction. There is one
    /// delivery for each transition and recipient, whatever happens twice.
    /// </summary>
    Task DecideAsync(NotificationDecision decision, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The deliveries that wait or were being sent, oldest transition first.</summary>
    Task<IReadOnlyList<Delivery>> OpenDeliveriesAsync(CancellationToken cancellationToken);

    /// <summary>The deliveries of a transition.</summary>
    Task<IReadOnlyList<Delivery>> DeliveriesOfAsync(long transition, CancellationToken cancellationToken);

    /// <summary>The newest deliveries of a rule, newest first.</summary>
    Task<IReadOnlyList<Delivery>> DeliveriesAsync(string rule, int most, CancellationToken cancellationToken);

    /// <summary>What a transition tells; null where nobody is told of it.</summary>
    Task<Notification?> NotificationAsync(long transition, CancellationToken cancellationToken);

    /// <summary>Notes how a delivery stands.</summary>
    Task UpdateAsync(Delivery delivery, CancellationToken cancellationToken);
}
