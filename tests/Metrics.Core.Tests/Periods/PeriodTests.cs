using Metrics.Core.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Periods;

public sealed class PeriodTests
{
    private static readonly Period Week = Some.Days("2026-11-09..2026-11-15");

    [Test]
    public void A_period_holds_its_first_and_last_day_and_not_the_days_around_it()
    {
        Assert.That(
            Some.DaysFrom(Some.Day("2026-11-01"), Some.Day("2026-12-01")).Where(Week.Contains),
            Is.EqualTo(Some.DaysFrom(Some.Day("2026-11-09"), Some.Day("2026-11-16"))));
        Assert.That(Week.Days, Is.EqualTo(7));
        Assert.That(Week.LastDay, Is.EqualTo(Some.Day("2026-11-15")));
    }

    [TestCase("2026-11-09")]
    [TestCase("2026-11-08")]
    public void A_period_without_a_day_cannot_be_made(string end) =>
        Assert.That(() => new Period(Some.Day("2026-11-09"), Some.Day(end)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("2026-11-08", null)]
    [TestCase("2026-11-09", null, Description = "the first day has only begun")]
    [TestCase("2026-11-10", "2026-11-09..2026-11-09")]
    [TestCase("2026-11-15", "2026-11-09..2026-11-14")]
    [TestCase("2026-11-16", "2026-11-09..2026-11-15")]
    [TestCase("2027-01-01", "2026-11-09..2026-11-15")]
    public void Today_is_not_yet_among_the_elapsed_days(string today, string? elapsed) =>
        Assert.That(Week.ElapsedBefore(Some.Day(today))?.ToString(), Is.EqualTo(elapsed));

    [Test]
    public void Periods_of_the_same_days_are_equal_and_print_both_ends()
    {
        Assert.That(Some.Days("2026-11-09..2026-11-15"), Is.EqualTo(Week));
        Assert.That(Week.ToString(), Is.EqualTo("2026-11-09..2026-11-15"));
    }

    [Test]
    public void Every_grain_reads_its_own_name([Values] Grain grain)
    {
        Assert.That(GrainNames.TryParse(grain.Name()), Is.EqualTo(grain));
        Assert.That(grain.Name(), Is.EqualTo(grain.ToString().ToLowerInvariant()));
    }

    [TestCase(RetailPattern.None, "none")]
    [TestCase(RetailPattern.FourFourFive, "4-4-5")]
    [TestCase(RetailPattern.FourFiveFour, "4-5-4")]
    [TestCase(RetailPattern.FiveFourFour, "5-4-4")]
    public void A_retail_pattern_is_written_as_its_weeks(RetailPattern pattern, string name)
    {
        Assert.That(pattern.Name(), Is.EqualTo(name));
        Assert.That(RetailPatternNames.TryParse(name), Is.EqualTo(pattern));
    }

    [TestCase("hour")]
    [TestCase("")]
    [TestCase(null)]
    public void An_unknown_name_is_no_grain_and_no_pattern(string? name)
    {
        Assert.That(GrainNames.TryParse(name), Is.Null);
        Assert.That(RetailPatternNames.TryParse(name), Is.Null);
    }

    [TestCase(0)]
    [TestCase(13)]
    public void A_fiscal_year_starts_in_one_of_twelve_months(int month) =>
        Assert.That(() => new CalendarSettings { FiscalYearStarts = month }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_week_starts_on_one_of_seven_days() =>
        Assert.That(() => new CalendarSettings { WeekStarts = (DayOfWeek)7 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
}
