using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

public sealed class PlanTests
{
    private static readonly ReportingCalendar Calendar = Some.Calendar();

    [Test]
    public void A_target_for_exactly_the_period_wins_over_all_others()
    {
        foreach (var accrual in Enum.GetValues<Accrual>())
        {
            var plan = PlanOf(accrual, ("2026", 1200), ("2026-11", 90), ("2026-W46", 17));

            var planned = plan.For(PeriodOf("2026-W46"));

            Assert.That(planned!.Value, Is.EqualTo(17), accrual.ToString());
            Assert.That(planned.IsDerived, Is.False);
        }
    }

    [Test]
    public void A_week_over_the_end_of_a_month_takes_its_days_from_both()
    {
        // 26 October to 1 November: six days of October, one of November.
        var planned = PlanOf(Accrual.Flow, ("2026-10", 310), ("2026-11", 600)).For(PeriodOf("2026-W44"));

        Assert.That(planned!.Value, Is.EqualTo(6 * 10 + 20));
        Assert.That(planned.IsPartial, Is.False);
        Assert.That(planned.Target.Period, Is.EqualTo(PeriodOf("2026-11")), "the last of several is the one it follows from");
    }

    [Test]
    public void Days_add_up_to_weeks_and_months()
    {
        var days = Some.DaysFrom(Some.Day("2026-11-01"), Some.Day("2026-12-01")).Select((day, i) => (day.ToString("O", CultureInfo.InvariantCulture), (decimal)i + 1));
        var plan = PlanOf(Accrual.Flow, [.. days]);

        Assert.That(plan.For(PeriodOf("2026-W46"))!.Value, Is.EqualTo(Enumerable.Range(9, 7).Sum()));
        Assert.That(plan.For(PeriodOf("2026-11"))!.Value, Is.EqualTo(Enumerable.Range(1, 30).Sum()));
        Assert.That(plan.For(PeriodOf("2026-11"))!.IsPartial, Is.False);
        Assert.That(plan.For(PeriodOf("2026-Q4"))!.IsPartial, Is.True);
        Assert.That(plan.For(PeriodOf("2026-W44"))!.IsPartial, Is.True, "six of its days have no target");
    }

    [Test]
    public void What_the_shorter_target_says_of_a_day_counts()
    {
        // November has 600 of its own; the other days of the year keep a 365th of its target each.
        var plan = PlanOf(Accrual.Flow, ("2026", 3650), ("2026-11", 600));

        Assert.That(plan.For(PeriodOf("2026-W46"))!.Value, Is.EqualTo(140));
        Assert.That(plan.For(PeriodOf("2026-W43"))!.Value, Is.EqualTo(70));
        Assert.That(plan.For(PeriodOf("2026-Q4"))!.Value, Is.EqualTo(600 + 62 * 10));
    }

    [Test]
    public void A_plan_says_nothing_of_days_without_a_target()
    {
        foreach (var accrual in Enum.GetValues<Accrual>())
            Assert.That(PlanOf(accrual, ("2026-11", 90)).For(PeriodOf("2026-W40")), Is.Null, accrual.ToString());
    }

    [Test]
    public void A_stock_is_expected_along_the_path_from_its_last_figure_to_the_target()
    {
        var plan = PlanOf(Accrual.Stock, ("2026-11", 160));
        var week = PeriodOf("2026-W46");

        Assert.That(plan.PathStartOf(week), Is.EqualTo(new PathStart(Grain.Month, PeriodOf("2026-10"))));
        Assert.That(plan.For(week, start: 100)!.Value, Is.EqualTo(100 + 60 * 15 / 30m), "15 of 30 days are over with the week");
        Assert.That(plan.For(week, start: 100)!.IsDerived, Is.True);
        Assert.That(plan.For(week)!.Value, Is.EqualTo(160), "without a figure it is the target all along");
    }

    [Test]
    public void A_path_without_a_figure_begins_at_the_target_before()
    {
        var plan = PlanOf(Accrual.Stock, ("2026-10", 100), ("2026-11", 160));

        Assert.That(plan.For(PeriodOf("2026-W46"))!.Value, Is.EqualTo(130));
    }

    [Test]
    public void A_longer_period_of_a_stock_ends_where_its_last_month_does()
    {
        var plan = PlanOf(Accrual.Stock, ("2026-11", 150), ("2026-12", 160));

        Assert.That(plan.For(PeriodOf("2026-Q4"))!.Value, Is.EqualTo(160));
        Assert.That(plan.PathStartOf(PeriodOf("2026-Q4")), Is.Null, "no path is needed");
    }

    [Test]
    public void A_level_has_its_target_in_every_part_of_the_period_and_in_none_that_is_longer()
    {
        var plan = PlanOf(Accrual.Level, ("2026", 0.05m), ("2026-11", 0.04m));

        Assert.That(plan.For(PeriodOf("2026-W46"))!.Value, Is.EqualTo(0.04m));
        Assert.That(plan.For(PeriodOf("2026-W43"))!.Value, Is.EqualTo(0.05m));
        Assert.That(plan.For(PeriodOf("2026-Q4"))!.Value, Is.EqualTo(0.05m));
        Assert.That(PlanOf(Accrual.Level, ("2026-11", 0.04m)).For(PeriodOf("2026")), Is.Null);
        Assert.That(plan.PathStartOf(PeriodOf("2026-W46")), Is.Null);
    }

    [Test]
    public void The_largest_value_that_a_file_may_hold_can_be_spread()
    {
        var plan = PlanOf(Accrual.Flow, ("2026", 999_999_999_999_999_999_999_999m));

        Assert.That(() => plan.For(PeriodOf("2026-Q1")), Throws.Nothing);
    }

    [Test]
    public void The_days_of_a_flow_plan_add_up_to_the_target_in_every_calendar()
    {
        Prop.ForAll(Some.Looks, Cents, (look, cents) =>
        {
            var target = TargetOf(look.Grain, look.Period, cents);
            var plan = new Plan(Accrual.Flow, look.Calendar, [target]);

            var sum = look.Calendar.Covering(Grain.Day, look.Period.Start, look.Period.End).Sum(day => plan.For(day)!.Value);

            // A value that days do not divide has its last digits rounded, 28 places down.
            return Math.Abs(sum - target.Value) < 1e-12m;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_path_ends_at_the_target_in_every_calendar()
    {
        Prop.ForAll(Some.Looks, Cents, Cents, (look, cents, start) =>
        {
            var target = TargetOf(look.Grain, look.Period, cents);
            var plan = new Plan(Accrual.Stock, look.Calendar, [target]);
            var last = look.Calendar.Containing(Grain.Day, look.Period.LastDay);

            return plan.For(last, start / 100m)!.Value == target.Value && plan.PathStartOf(last) is null;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void The_order_in_which_targets_are_written_does_not_matter()
    {
        string[] periods = ["2026", "2026-Q4", "2026-10", "2026-11", "2026-W44", "2026-W46", "2026-11-12"];
        var shuffles = Gen.Shuffle(Enumerable.Range(0, periods.Length).ToArray()).ToArbitrary();
        var asked = Gen.Elements("2026-W44", "2026-W45", "2026-W46", "2026-11", "2026-Q4", "2026-11-11", "2026-11-12").ToArbitrary();
        Prop.ForAll(shuffles, Gen.Elements(Enum.GetValues<Accrual>()).ToArbitrary(), asked, (order, accrual, period) =>
        {
            (string, decimal)[] written = [.. periods.Select((key, i) => (key, 100m * i + 7))];

            return PlanOf(accrual, [.. order.Select(i => written[i])]).For(PeriodOf(period), 50) == PlanOf(accrual, written).For(PeriodOf(period), 50);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Of_several_versions_the_first_one_with_a_target_of_the_metric_comes_first()
    {
        var catalog = MetricCatalog.Read([("metrics/test.yaml", "metrics: [{ id: sales, name: Sales, unit: count, over_time: sum }]")], new List<Fault>());
        var book = new TargetBook(
        [
            Named("budget", "2026-10", 310), Named("budget", "2026-11", 300), Named("reforecast-1", "2026-11", 150),
        ]);

        var plans = book.PlansOf(Calendar, catalog, catalog["sales"], ["reforecast-1", "stretch", "budget"], Segment.Total);

        Assert.That(plans, Has.Count.EqualTo(2), "nobody set a stretch target");
        Assert.That(plans[0].For(PeriodOf("2026-W46"))!.Value, Is.EqualTo(35));
        Assert.That(plans[0].For(PeriodOf("2026-W42")), Is.Null);
        Assert.That(plans[1].For(PeriodOf("2026-W42"))!.Value, Is.EqualTo(70));
        Assert.That(book.Versions, Is.EqualTo(new[] { "budget", "reforecast-1" }));
        Assert.That(book.PlanOf(Calendar, catalog, catalog["sales"], "budget", Segment.Of([("region", "EU")])), Is.Null, "the total says nothing of a segment");
    }

    [Test]
    public void A_book_on_top_wins_period_by_period()
    {
        var book = new TargetBook([Named("budget", "2026-10", 310), Named("budget", "2026-11", 300)]).With([Named("budget", "2026-11", 90)]);

        Assert.That(book.Targets.Select(target => target.Value), Is.EquivalentTo(new[] { 310m, 90m }));
    }

    private static Arbitrary<int> Cents { get; } = Gen.Choose(-1_000_000, 1_000_000_000).ToArbitrary();

    private static Plan PlanOf(Accrual accrual, params (string Period, decimal Value)[] targets) =>
        new(accrual, Calendar, [.. targets.Select(target => Named("budget", target.Period, target.Value))]);

    private static Target Named(string version, string period, decimal value)
    {
        Assert.That(Calendar.TryParse(period, out var grain, out var days), Is.True, period);
        return TargetOf(grain, days!, 0) with { Version = version, Value = value };
    }

    private static Period PeriodOf(string key)
    {
        Assert.That(Calendar.TryParse(key, out _, out var period), Is.True, key);
        return period!;
    }

    private static Target TargetOf(Grain grain, Period period, int cents) =>
        new("sales", Target.DefaultVersion, grain, period, Segment.Total, cents / 100m, null, "targets/test.csv", 2);
}
