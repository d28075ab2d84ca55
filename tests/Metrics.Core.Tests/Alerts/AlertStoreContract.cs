using System.Data.Common;
using Metrics.Core.Alerts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Storage;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Alerts;

/// <summary>What every alert store promises. Derive from it, open a store, and the promises are checked.</summary>
public abstract class AlertStoreContract
{
    private protected static readonly DateTimeOffset Now = Some.Instant("2026-11-16T06:00:00Z");
    private protected static readonly Segment Eu = Segment.Of(("region", "EU"));

    private static readonly Period Week = Some.Days("2026-11-09..2026-11-15");

    private protected static CancellationToken None => CancellationToken.None;

    private protected IAlertStore Store { get; set; } = null!;

    [Test]
    public async Task What_was_recorded_is_read_as_it_was()
    {
        var status = new AlertStatus
        {
            State = AlertState.Stale,
            Judged = AlertState.Firing,
            Held = 3,
            Absent = 1,
            Since = Now,
            JudgedSince = Week,
            JudgedBefore = Week.End,
            AwaitedBefore = Week.End.AddDays(7),
            Value = 27_600.12m,
            ValueOf = Week,
        };
        var evaluation = Evaluation(Week);
        var transition = Firing();
        await Store.RecordAsync(new AlertRecord("r", [evaluation], [new AlertInstance("r", Eu, status)], [transition]), None);

        Assert.That((await Store.InstancesAsync("r", None)).Single(), Is.EqualTo(new AlertInstance("r", Eu, status)));
        Assert.That(await Store.InstancesAsync(None), Is.EqualTo(await Store.InstancesAsync("r", None)));
        Assert.That((await Store.EvaluationsAsync("r", 10, None)).Single(), Is.EqualTo(evaluation));
        Assert.That((await Store.OutboxAsync(None)).Single(), Is.EqualTo(transition with { Id = 1 }));
        Assert.That(await Store.InstancesAsync("other", None), Is.Empty);
    }

    [Test]
    public async Task A_status_is_replaced_and_one_that_is_gone_is_forgotten()
    {
        await RecordAsync(new AlertStatus { State = AlertState.Pending, Since = Now });
        await RecordAsync(new AlertStatus { State = AlertState.Firing, Since = Now });
        Assert.That((await Store.InstancesAsync("r", None)).Single().Status.State, Is.EqualTo(AlertState.Firing));

        await RecordAsync(new AlertStatus { Absent = AlertStatus.MostAbsent + 1, Since = Now });
        Assert.That(await Store.InstancesAsync("r", None), Is.Empty);
    }

    [Test]
    public async Task Of_each_alert_the_newest_evaluations_are_read_newest_first()
    {
        var weeks = Enumerable.Range(0, 5).Select(i => new Period(Week.Start.AddDays(7 * i), Week.End.AddDays(7 * i))).ToArray();
        await Store.RecordAsync(new AlertRecord("r", [.. weeks.Select(Evaluation), Evaluation(weeks[0]) with { Segment = Segment.Total }],
            [], []), None);

        var newest = await Store.EvaluationsAsync("r", 3, None);

        Assert.That(newest.Where(evaluation => evaluation.Segment.Equals(Eu)).Select(evaluation => evaluation.Period),
            Is.EqualTo((Period[])[weeks[4], weeks[3], weeks[2]]));
        Assert.That(newest.Count(evaluation => evaluation.Segment.IsTotal), Is.EqualTo(1));
    }

    [Test]
    public async Task A_decision_takes_transitions_out_of_the_outbox_and_leaves_one_delivery_a_recipient_however_often_it_is_stored()
    {
        await Store.RecordAsync(new AlertRecord("r", [], [], [Firing(),
            Firing() with { From = AlertState.Firing, To = AlertState.Stale, FromJudged = AlertState.Firing }]), None);
        var outbox = await Store.OutboxAsync(None);
        var decision = new NotificationDecision(outbox, outbox[0], NotificationReason.StartedFiring, Notification(), [
            new Recipient("a@example.com", "a@example.com", "because", null),
                new Recipient("owner", null, "because", "no address for owner 'x'; add it to people.yaml")]);

        await Store.DecideAsync(decision, Now, None);
        await Store.DecideAsync(decision, Now.AddDays(1), None);

        Assert.That(await Store.OutboxAsync(None), Is.Empty);
        Assert.That((await Store.OpenDeliveriesAsync(None)).Single(), Is.EqualTo(
            new Delivery(1, "r", Eu, "a@example.com", "because", DeliveryState.Waiting, 0, Now, null, null, "A subject")));
        var all = await Store.DeliveriesOfAsync(1, None);
        Assert.That(all.Select(delivery => (delivery.Recipient, delivery.State, delivery.LastError)), Is.EqualTo(
            ((string, DeliveryState, string?)[])[("a@example.com", DeliveryState.Waiting, null),
                ("owner", DeliveryState.Failed, "no address for owner 'x'; add it to people.yaml")]));
        Assert.That(await Store.DeliveriesAsync("r", 10, None), Is.EquivalentTo(all));
        var told = await Store.NotificationAsync(1, None);
        Assert.That((told!.Subject, told.Facts.Single(), told.Bars.Single()),
            Is.EqualTo(("A subject", new Fact("a", "b"), new ChartBar("W46", 1.5m, "1.5", true))));
        Assert.That(await Store.NotificationAsync(2, None), Is.Null);
    }

    [Test]
    public async Task What_was_told_last_is_known_and_what_nobody_was_told_is_no_notice()
    {
        Assert.That(await Store.LastNoticeAsync("r", Eu, None), Is.Null);
        await Store.RecordAsync(new AlertRecord("r", [], [], [Firing()]), None);
        var first = await Store.OutboxAsync(None);
        await Store.DecideAsync(new NotificationDecision(first, first[0], NotificationReason.StartedFiring, Notification(), []), Now, None);
        await Store.RecordAsync(new AlertRecord("r", [], [], [Firing() with { To = AlertState.Stale }]), None);
        await Store.DecideAsync(new NotificationDecision(await Store.OutboxAsync(None), null, NotificationReason.None, null, []), Now,
            None);

        var last = await Store.LastNoticeAsync("r", Eu, None);

        Assert.That((last!.Transition.Id, last.Reason), Is.EqualTo((1L, NotificationReason.StartedFiring)));
        Assert.That(await Store.LastNoticeAsync("r", Segment.Total, None), Is.Null);
    }

    [Test]
    public async Task A_delivery_is_open_until_it_is_sent_or_has_failed()
    {
        await Store.RecordAsync(new AlertRecord("r", [], [], [Firing()]), None);
        var outbox = await Store.OutboxAsync(None);
        await Store.DecideAsync(new NotificationDecision(outbox, outbox[0], NotificationReason.StartedFiring, Notification(),
            [new Recipient("a@example.com", "a@example.com", "because", null)]), Now, None);
        var delivery = (await Store.OpenDeliveriesAsync(None)).Single();

        foreach (var open in (Delivery[])[
            delivery with { State = DeliveryState.Sending, Attempts = 1 },
            delivery with { State = DeliveryState.Waiting, Attempts = 1, NextAttempt = Now.AddMinutes(1), LastError = "busy" }])
        {
            await Store.UpdateAsync(open, None);
            Assert.That((await Store.OpenDeliveriesAsync(None)).Single(), Is.EqualTo(open));
        }

        var sent = delivery with { State = DeliveryState.Sent, Attempts = 2, SentAt = Now };
        await Store.UpdateAsync(sent, None);
        Assert.That(await Store.OpenDeliveriesAsync(None), Is.Empty);
        Assert.That((await Store.DeliveriesOfAsync(1, None)).Single(), Is.EqualTo(sent));
    }

    [Test]
    public async Task It_is_counted_how_often_an_alert_began_to_fire()
    {
        await Store.RecordAsync(new AlertRecord("r", [], [], [
            Firing() with { At = Now.AddDays(-400) }, Firing(), Firing() with { FromJudged = AlertState.Firing },
            Firing() with { Segment = Segment.Total }]), None);

        Assert.That(await Store.FiredCountAsync("r", Eu, Now.AddDays(-365), None), Is.EqualTo(1));
        Assert.That(await Store.FiredCountAsync("r", Eu, Now.AddDays(-500), None), Is.EqualTo(2));
    }

    private protected static Transition Firing() => new(
        0, "r", Eu, Grain.Week, Week, Now, AlertState.Ok, AlertState.Firing, AlertState.Ok, AlertState.Firing,
        TransitionReason.ConditionMet, "A sentence", 27_600.12m);

    private protected static LoggedEvaluation Evaluation(Period period) => new(
        "r", "v1", Eu, Grain.Week, period, Now, Now.AddHours(-1), "met", 27_600.12m, 30_000, -0.08m, "below", "28900", AlertState.Ok,
        AlertState.Firing, "A sentence", null);

    private static Notification Notification() => new()
    {
        Id = "id",
        Reason = NotificationReason.StartedFiring,
        Severity = Severity.Warning,
        Subject = "A subject",
        Kicker = "k",
        Headline = "h",
        Sentences = ["s"],
        Facts = [new Fact("a", "b")],
        Bars = [new ChartBar("W46", 1.5m, "1.5", true)],
        Limits = [2],
        Path = "/metrics/m?grain=week",
        AsOf = "now",
    };

    private Task RecordAsync(AlertStatus status) =>
        Store.RecordAsync(new AlertRecord("r", [], [new AlertInstance("r", Eu, status)], []), None);
}

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class SqlAlertStoreTests(Engine engine) : AlertStoreContract
{
    private ScratchDatabase _database = null!;

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        Store = new SqlAlertStore(_database.Database);
    }

    [TearDown]
    public void Close() => _database.Dispose();

    [Test]
    public async Task A_status_and_its_transition_are_stored_together_or_not_at_all()
    {
        // The transition cannot be stored: its table takes no row without a sentence.
        var broken = Firing() with { Sentence = null! };
        var record = new AlertRecord("r", [Evaluation(broken.Period)],
            [new AlertInstance("r", Eu, new AlertStatus { State = AlertState.Firing, Since = Now })], [broken]);

        Assert.That(async () => await Store.RecordAsync(record, None), Throws.InstanceOf<DbException>());

        Assert.That(await Store.InstancesAsync("r", None), Is.Empty);
        Assert.That(await Store.EvaluationsAsync("r", 1, None), Is.Empty);
        Assert.That(await Store.OutboxAsync(None), Is.Empty);
    }
}
