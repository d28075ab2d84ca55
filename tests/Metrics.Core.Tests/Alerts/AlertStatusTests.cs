using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Alerts;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using static Metrics.Core.Alerts.AlertState;

namespace Metrics.Core.Tests.Alerts;

/// <summary>What becomes of an alert, evaluation by evaluation. A letter is a week: see <see cref="Weeks"/>.</summary>
public sealed class AlertStatusTests
{
    private static readonly AlertRule Rule = new() { Id = "r", Metric = "m", Grain = Grain.Week, When = new Condition.Below(10) };

    [TestCase(1, "n", "Ok")]
    [TestCase(1, "m", "Firing")]
    [TestCase(1, "mn", "Firing Ok")]
    [TestCase(3, "mmm", "Pending Pending Firing")]
    [TestCase(3, "mmnm", "Pending Pending Ok Pending", Description = "a week between breaks the run")]
    [TestCase(3, "mmsm", "Pending Pending Stale Firing", Description = "a late week that comes is judged and counts")]
    [TestCase(3, "mudm", "Pending NoData NoData Pending", Description = "without data nothing counts, and nothing is broken")]
    [TestCase(1, "mhm", "Firing Firing Firing", Description = "between limit and recovery it goes on")]
    [TestCase(1, "hm", "Ok Firing", Description = "between limit and recovery nothing begins")]
    [TestCase(2, "mhm", "Pending Ok Pending")]
    [TestCase(1, "msn", "Firing Stale Ok")]
    [TestCase(1, "msudfm", "Firing Stale NoData NoData Error Firing")]
    [TestCase(1, "nfn", "Ok Error Ok")]
    [TestCase(1, "maam", "Firing Firing Firing Firing", Description = "a segment that is absent for two weeks keeps its alert")]
    [TestCase(1, "maaa", "Firing Firing Firing Ok")]
    [TestCase(1, "maama", "Firing Firing Firing Firing Firing", Description = "and who came back is counted anew")]
    public void An_alert_goes_from_state_to_state(int forPeriods, string weeks, string states)
    {
        Assert.That(string.Join(' ', After(weeks, forPeriods).Select(status => status.State)), Is.EqualTo(states));
    }

    [TestCase("m", "F")]
    [TestCase("msm", "F", Description = "late data are no second alert")]
    [TestCase("mdufsm", "F")]
    [TestCase("ms", "F", Description = "missing data are not good news")]
    [TestCase("maaa", "FR")]
    [TestCase("mhmhn", "FR")]
    [TestCase("mnmn", "FRFR")]
    [TestCase("nsdn", "")]
    public void Recipients_hear_once_that_it_fires_and_once_that_it_is_resolved(string weeks, string notices)
    {
        Assert.That(NoticesOf(weeks, 1), Is.EqualTo(notices));
    }

    [Test]
    public void A_status_knows_since_when_and_by_which_period()
    {
        var statuses = After("nmsm", 1);

        Assert.That(statuses.Select(status => status.Since.Day), Is.EqualTo((int[])[1, 2, 3, 4]), "the moment of the shown state");
        Assert.That(statuses[^1].JudgedSince, Is.EqualTo(PeriodOf(1)), "and the week since which it fires");
        Assert.That(statuses[2].JudgedBefore, Is.EqualTo(PeriodOf(1).End));
        Assert.That(statuses[2].AwaitedBefore, Is.EqualTo(PeriodOf(2).End));
        Assert.That(statuses[3].AwaitedBefore, Is.Null);
        Assert.That((statuses[3].Value, statuses[3].ValueOf), Is.EqualTo((5m, PeriodOf(3))));
    }

    [Test]
    public void Times_without_data_change_neither_what_is_judged_nor_what_is_told() =>
        Prop.ForAll(Weeks("mnhsudf"), Gen.Choose(1, 4).ToArbitrary(), (weeks, forPeriods) =>
        {
            var judged = string.Concat(weeks.Where(week => week is 'm' or 'n' or 'h'));
            var (with, without) = (After(weeks, forPeriods).LastOrDefault(), After(judged, forPeriods).LastOrDefault());
            return (with?.Judged ?? Ok) == (without?.Judged ?? Ok) && (with?.Held ?? 0) == (without?.Held ?? 0)
                && NoticesOf(weeks, forPeriods) == NoticesOf(judged, forPeriods);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Firing_and_resolved_take_turns() =>
        Prop.ForAll(Weeks("mnhsudfa"), Gen.Choose(1, 4).ToArbitrary(), (weeks, forPeriods) =>
            NoticesOf(weeks, forPeriods).Replace("FR", "", StringComparison.Ordinal) is "" or "F").QuickCheckThrowOnFailure();

    [Test]
    public void It_fires_exactly_when_the_condition_held_long_enough_and_no_recovery_came_since() =>
        Prop.ForAll(Weeks("mnh"), Gen.Choose(1, 4).ToArbitrary(), (weeks, forPeriods) =>
        {
            var run = new string('m', forPeriods);
            var sinceRecovery = weeks[(weeks.LastIndexOf('n') + 1)..];
            return (After(weeks, forPeriods).LastOrDefault()?.Judged == Firing) == sinceRecovery.Contains(run, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [TestCase(Firing, NotificationReason.None, NotificationReason.StartedFiring)]
    [TestCase(Firing, NotificationReason.Resolved, NotificationReason.StartedFiring)]
    [TestCase(Firing, NotificationReason.StartedFiring, NotificationReason.None)]
    [TestCase(Ok, NotificationReason.StartedFiring, NotificationReason.Resolved)]
    [TestCase(Pending, NotificationReason.StartedFiring, NotificationReason.Resolved,
        Description = "resolved and met again between two looks")]
    [TestCase(Ok, NotificationReason.None, NotificationReason.None, Description = "it came and went between two looks")]
    [TestCase(Ok, NotificationReason.Resolved, NotificationReason.None)]
    [TestCase(Pending, NotificationReason.None, NotificationReason.None)]
    public void The_policy_gives_its_reason(AlertState judged, NotificationReason last, NotificationReason reason)
    {
        Assert.That(NotificationPolicy.Decide(judged, last), Is.EqualTo(reason));
    }

    /// <summary>
    /// m(et), n(ot met), h: not met and not recovered, s(tale), u(ndefined, complete), d: no data yet, f(ailed), a(bsent).
    /// </summary>
    private static Arbitrary<string> Weeks(string letters) =>
        Gen.Elements(letters.ToCharArray()).ArrayOf().Select(weeks => new string(weeks)).ToArbitrary();

    private static AlertStatus[] After(string weeks, int forPeriods)
    {
        var (rule, status) = (Rule with { For = forPeriods }, AlertStatus.Start);
        return [.. weeks.Select((week, i) => status = status.After(Evaluation(week, i), rule))];
    }

    private static string NoticesOf(string weeks, int forPeriods)
    {
        var (notices, last) = ("", NotificationReason.None);
        foreach (var status in After(weeks, forPeriods))
        {
            var reason = NotificationPolicy.Decide(status.Judged, last);
            notices += reason switch { NotificationReason.StartedFiring => "F", NotificationReason.Resolved => "R", _ => "" };
            last = reason == NotificationReason.None ? last : reason;
        }

        return notices;
    }

    private static Evaluation Evaluation(char week, int number)
    {
        var (period, at) = (PeriodOf(number), Some.Instant("2026-03-01T06:00:00Z").AddDays(number));
        return week switch
        {
            'm' => new Evaluation.Met(period, at, new Figure(5, null, 5, at)),
            'n' => new Evaluation.NotMet(period, at, new Figure(20, null, 20, at), Recovered: true),
            'h' => new Evaluation.NotMet(period, at, new Figure(11, null, 11, at), Recovered: false),
            's' => new Evaluation.Stale(period, at, period.Start),
            'u' => new Evaluation.NoData(period, at, Complete: true, "undefined"),
            'd' => new Evaluation.NoData(period, at, Complete: false, "nothing there"),
            'f' => new Evaluation.Failed(period, at, "cannot"),
            'a' => new Evaluation.Missing(period, at),
            _ => throw new ArgumentOutOfRangeException(nameof(week), week, message: null),
        };
    }

    private static Period PeriodOf(int number) =>
        new(Some.Day("2026-03-02").AddDays(7 * number), Some.Day("2026-03-09").AddDays(7 * number));
}
