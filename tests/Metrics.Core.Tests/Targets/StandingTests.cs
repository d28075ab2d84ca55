using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

public sealed class StandingTests
{
    [Test]
    public void A_flow_is_expected_day_by_day()
    {
        var standing = Standing.Of(Accrual.Flow, Direction.Up, target: 300, actual: 90, start: null, elapsedDays: 10, days: 30);

        Assert.That(standing, Is.EqualTo(new Standing(300, 90, 10, 30, Expected: 100, Projection: 270, RequiredPerDay: 10.5m, TargetStatus.AtRisk)));
        Assert.That(standing.ElapsedShare, Is.EqualTo(1 / 3m));
    }

    [Test]
    public void A_stock_is_expected_along_its_path_and_goes_on_as_it_went()
    {
        var standing = Standing.Of(Accrual.Stock, Direction.Up, target: 160, actual: 115, start: 100, elapsedDays: 10, days: 30);

        Assert.That(standing, Is.EqualTo(new Standing(160, 115, 10, 30, Expected: 120, Projection: 145, RequiredPerDay: 2.25m, TargetStatus.AtRisk)));
    }

    [Test]
    public void A_stock_whose_beginning_is_not_known_is_held_against_the_target()
    {
        var standing = Standing.Of(Accrual.Stock, Direction.Up, target: 160, actual: 130, start: null, elapsedDays: 10, days: 30);

        Assert.That((standing.Expected, standing.Projection, standing.Status), Is.EqualTo((160m, (decimal?)null, TargetStatus.OffTrack)));
    }

    [TestCase(Direction.Up, 0.04, TargetStatus.OffTrack)]
    [TestCase(Direction.Down, 0.04, TargetStatus.OnTrack)]
    public void A_level_is_held_against_the_target_itself(Direction direction, double actual, TargetStatus status)
    {
        var standing = Standing.Of(Accrual.Level, direction, target: 0.05m, (decimal)actual, start: null, elapsedDays: 1, days: 365);

        Assert.That(standing, Is.EqualTo(new Standing(0.05m, (decimal)actual, 1, 365, 0.05m, null, null, status)));
    }

    [TestCase(2, false)]
    [TestCase(3, true)]
    public void A_projection_waits_for_a_tenth_of_the_period(int elapsedDays, bool shown)
    {
        foreach (var accrual in (Accrual[])[Accrual.Flow, Accrual.Stock])
            Assert.That(Standing.Of(accrual, Direction.Up, 300, 50, 10, elapsedDays, 30).Projection is not null, Is.EqualTo(shown), accrual.ToString());
    }

    [Test]
    public void The_last_day_leaves_nothing_to_do_and_the_first_nothing_to_judge()
    {
        foreach (var accrual in Enum.GetValues<Accrual>())
        {
            Assert.That(Standing.Of(accrual, Direction.Up, 300, 290, 10, 30, 30).RequiredPerDay, Is.Null, accrual.ToString());
            Assert.That(Standing.Of(accrual, Direction.Up, 300, 10, 10, 0, 30).Status, Is.EqualTo(TargetStatus.NoTarget), accrual.ToString());
        }
    }

    [Test]
    public void What_is_better_the_lower_it_is_is_held_against_the_whole_target()
    {
        var standing = Standing.Of(Accrual.Flow, Direction.Down, target: 300, actual: 120, start: null, elapsedDays: 10, days: 30);

        Assert.That((standing.Expected, standing.Projection, standing.Status), Is.EqualTo((300m, (decimal?)360m, TargetStatus.OnTrack)));
        Assert.That(Standing.Of(Accrual.Flow, Direction.Down, 300, 331, null, 10, 30).Status, Is.EqualTo(TargetStatus.OffTrack));
    }

    [Test]
    public void A_month_of_business_days_that_begins_on_a_sunday_has_not_started_on_monday()
    {
        var calendar = Some.Calendar();
        var month = calendar.Containing(Grain.Month, Some.Day("2026-11-01"));

        var standing = Standing.Of(
            new Metric { Id = "sales", Name = "Sales", Unit = Unit.Count }, Accrual.Flow, 210, 4, null, 1, 30, PaceShape.BusinessDays(calendar, month));

        Assert.That((standing.HasBegun, standing.Status, standing.Expected, standing.Projection), Is.EqualTo((false, TargetStatus.NoTarget, 0m, (decimal?)null)));
        Assert.That(standing.RequiredPerDay, Is.EqualTo(206 / 29m));
    }

    [TestCase(0.97, TargetStatus.OnTrack)]
    [TestCase(0.96, TargetStatus.AtRisk)]
    [TestCase(0.79, TargetStatus.OffTrack)]
    public void A_metric_may_say_itself_from_which_share_it_is_on_track(double share, TargetStatus status)
    {
        var metric = new Metric { Id = "sales", Name = "Sales", Unit = Unit.Count, OnTrackFrom = 0.97m, AtRiskFrom = 0.8m };

        Assert.That(Attainment.StatusOf(metric, (decimal)share), Is.EqualTo(status));
    }

    [Test]
    public void What_each_remaining_week_has_to_bring_is_what_remains_in_the_last_one()
    {
        Assert.That(Standing.Of(Accrual.Flow, Direction.Up, 300, 90, null, 10, 30).RequiredPerWeek, Is.EqualTo(73.5m));
        Assert.That(Standing.Of(Accrual.Flow, Direction.Up, 300, 240, null, 27, 30).RequiredPerWeek, Is.EqualTo(60));
    }
}
