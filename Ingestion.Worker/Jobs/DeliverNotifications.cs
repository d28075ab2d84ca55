using System.Globalization;
using Metrics.Core.Alerts;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Series;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Jobs;

/// <summary>What delivering once did.</summary>
/// <param name="Sent">Accepted by the mail server.</param>
/// <param name="Waiting">To be tried again, or waiting for a mail server to be named.</param>
/// <param name="Refused">Refused for good.</param>
/// <param name="Problems">A sentence for everything that did not go out.</param>
/// <param name="IsUnreachable">Whether something failed that trying again may mend.</param>
public sealed record DeliveryOutcome(int Sent, int Waiting, int Refused, IReadOnlyList<string> Problems, bool IsUnreachable);

/// <summary>
/// Empties the outbox: decides who is told what, and hands it to the channel. Every notification leaves once for each recipient; after
/// the end of a process in the middle at most the one that was being sent is sent again, with the same identity.
/// </summary>
public sealed partial class DeliverNotifications(
    LiveDefinition live, NotificationPlanner planner, IAlertStore store, INotificationChannel channel, IWorkLock locks,
    TimeProvider clock,
    ILogger<DeliverNotifications> log)
{
    private const string Lock = "_notifications";

    // A server that fails that often in a row is not there; the others wait for the next time.
    private const int MostFailuresInARow = 3;

    /// <summary>
    /// When a notification that could not be handed over is tried again. After the last of these it has failed: some five days.
    /// </summary>
    private static readonly TimeSpan[] BackOff =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4),
        TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1),
    ];

    /// <summary>Delivers what is due, unless another process is at it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var taken = await locks.TryTakeAsync(Lock, cancellationToken);
        if (taken is not null)
            await DeliverAsync(all: false, cancellationToken);
    }

    /// <summary>Delivers everything that waits, also what is not due yet; waits while another process is at it.</summary>
    public async Task<DeliveryOutcome> RunAllAsync(CancellationToken cancellationToken)
    {
        await using var taken = await locks.TakeAsync(Lock, cancellationToken);
        return await DeliverAsync(all: true, cancellationToken);
    }

    private async Task<DeliveryOutcome> DeliverAsync(bool all, CancellationToken cancellationToken)
    {
        var undecided = await DecideAsync(cancellationToken);
        var open = await store.OpenDeliveriesAsync(cancellationToken);
        if (channel.Missing is { } missing)
            return new DeliveryOutcome(0, open.Count + undecided, 0, open.Count + undecided > 0 ? [missing] : [], IsUnreachable: false);

        var (sent, refused, failuresInARow, problems, isUnreachable) = (0, 0, 0, new List<string>(), false);
        var behind = new HashSet<(string Rule, Segment Segment, string Recipient)>();
        foreach (var delivery in open)
        {
            // What is being sent while this process holds the lock was being sent by one that has ended.
            var isDue = all || delivery.State == DeliveryState.Sending || delivery.NextAttempt <= clock.GetUtcNow();

            // "Resolved" never overtakes "firing".
            var alert = (delivery.Rule, delivery.Segment, delivery.Recipient);
            if (!isDue || failuresInARow >= MostFailuresInARow || behind.Contains(alert))
            {
                behind.Add(alert);
                continue;
            }

            var after = await SendAsync(delivery, cancellationToken);
            failuresInARow = after.State == DeliveryState.Waiting ? failuresInARow + 1 : 0;
            isUnreachable |= after.State == DeliveryState.Waiting;
            if (after.State == DeliveryState.Sent)
                sent++;
            else
                problems.Add($"{delivery.Rule} to {delivery.Recipient}: {after.LastError}");
            if (after.State == DeliveryState.Failed)
                refused++;
            if (after.State == DeliveryState.Waiting)
                behind.Add(alert);
        }

        return new DeliveryOutcome(sent, open.Count - sent - refused, refused, problems, isUnreachable);
    }

    /// <summary>
    /// Moves the outbox on. Without a mail server what is to be told stays in it, so that nobody gets old news when there is one; how many
    /// mails that are.
    /// </summary>
    private async Task<int> DecideAsync(CancellationToken cancellationToken)
    {
        var company = live.Current;
        var waiting = 0;
        foreach (var decision in await planner.PlanAsync(company.Alerts, company.People, company.Calendar, company.Catalog,
            cancellationToken))
        {
            if (decision.Subject is not null && channel.Missing is not null)
            {
                waiting += decision.Recipients.Count(recipient => recipient.Address is not null);
                continue;
            }

            await store.DecideAsync(decision, clock.GetUtcNow(), cancellationToken);
            foreach (var unreachable in decision.Recipients.Where(recipient => recipient.Address is null))
                LogNoAddress(decision.Subject!.Rule, unreachable.Problem!);
        }

        return waiting;
    }

    private async Task<Delivery> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var notification = await store.NotificationAsync(delivery.Transition, cancellationToken)
            ?? throw new InvalidDataException($"Transition {delivery.Transition} has deliveries and nothing to tell.");
        var sending = delivery with { State = DeliveryState.Sending, Attempts = delivery.Attempts + 1 };
        await store.UpdateAsync(sending, cancellationToken);
        Delivery after;
        try
        {
            await channel.SendAsync(notification, sending, cancellationToken);
            after = sending with { State = DeliveryState.Sent, SentAt = clock.GetUtcNow(), LastError = null };
            LogSent(delivery.Rule, delivery.Recipient);
        }
        catch (ChannelException no)
        {
            after = AfterFailure(sending, no);
            LogNotSent(delivery.Rule, delivery.Recipient, after.LastError!);
        }

        // What the server has accepted is noted even when this process is being stopped.
        await store.UpdateAsync(after, CancellationToken.None);
        return after;
    }

    private Delivery AfterFailure(Delivery sending, ChannelException no)
    {
        if (no.IsPermanent)
            return sending with { State = DeliveryState.Failed, LastError = no.Message };
        return sending.Attempts > BackOff.Length
            ? sending with
            {
                State = DeliveryState.Failed,
                LastError = string.Create(CultureInfo.InvariantCulture, $"{no.Message} Given up after {sending.Attempts} attempts."),
            }
            : sending with
            {
                State = DeliveryState.Waiting,
                NextAttempt = clock.GetUtcNow() + BackOff[sending.Attempts - 1],
                LastError = no.Message
            };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Rule}: mail to {Recipient} sent")]
    private partial void LogSent(string rule, string recipient);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Rule}: mail to {Recipient} not sent: {Reason}")]
    private partial void LogNotSent(string rule, string recipient, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Rule}: {Problem}")]
    private partial void LogNoAddress(string rule, string problem);
}
