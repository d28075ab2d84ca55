using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Periods;

/// <summary>Business time between two instants, over nights, weekends, holidays and changes of the clock.</summary>
public sealed class BusinessClockTests
{
    private static readonly BusinessHours Hours = BusinessHours.TryParse(
        new Dictionary<string, string> { ["weekdays"] = "09:00-12:00, 13:00-17:00", ["saturday"] = "10:00-14:00" }, out _)!;

    [TestCase("2026-03-02T10:00Z", "2026-03-02T11:30Z", "01:30:00")]
    [TestCase("2026-03-02T11:00Z", "2026-03-02T14:00Z", "02:00:00", Description = "over lunch")]
    [TestCase("2026-03-02T16:00Z", "2026-03-03T10:00Z", "02:00:00", Description = "over night")]
    [TestCase("2026-03-06T16:00Z", "2026-03-09T10:00Z", "06:00:00", Description = "over a weekend with a Saturday of four hours")]
    [TestCase("2026-03-03T12:00Z", "2026-03-05T10:00Z", "05:00:00", Description = "over the holiday on Wednesday")]
    [TestCase("2026-03-01T08:00Z", "2026-03-01T20:00Z", "00:00:00", Description = "a Sunday")]
    [TestCase("2026-03-02T11:00Z", "2026-03-02T10:00Z", "00:00:00", Description = "nothing lies between an instant and an earlier one")]
    public void Only_the_hours_in_which_somebody_works_count(string from, string to, string expected) =>
        Assert.That(Clock("UTC").Between(Some.Instant(from), Some.Instant(to)),
            Is.EqualTo(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("2026-03-27T16:00Z", "2026-03-30T08:00Z", "05:00:00",
        Description = "17 to 10 o'clock over the change to summer time, Saturday between")]
    [TestCase("2026-10-23T14:00Z", "2026-10-26T09:00Z", "06:00:00", Description = "16 to 10 o'clock over the change to winter time")]
    public void The_hours_are_those_that_clocks_of_the_workspace_show(string from, string to, string expected) =>
        Assert.That(
            Clock("Europe/Berlin").Between(Some.Instant(from), Some.Instant(to)),
            Is.EqualTo(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void Time_adds_up_over_any_instant_between_and_is_never_more_than_has_passed() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.Choose(0, 3_000_000).Three()), minutes =>
        {
            int[] order = [.. new[] { minutes.Item1, minutes.Item2, minutes.Item3 }.Order()];
            var (a, b, c) = (At(order[0]), At(order[1]), At(order[2]));
            var clock = Clock("Europe/Berlin");
            var (late, early) = (clock.Between(b, c), clock.Between(a, b));
            return early + late == clock.Between(a, c) && early <= b - a && late <= c - b;

            static DateTimeOffset At(int minutes) => Some.Instant("2024-01-01T00:00Z").AddMinutes(minutes);
        }));

    [TestCase("monday", "17:00-09:00")]
    [TestCase("monday", "09:00-12:00, 11:00-13:00")]
    [TestCase("monday", "nine to five")]
    [TestCase("mon", "09:00-17:00")]
    public void Hours_that_make_no_sense_are_refused_with_the_reason(string day, string hours)
    {
        Assert.That(BusinessHours.TryParse(new Dictionary<string, string> { [day] = hours }, out var fault), Is.Null);
        Assert.That(fault, Does.Contain(day));
    }

    private static BusinessClock Clock(string timeZone) => new(new ReportingCalendar(new CalendarSettings
    {
        TimeZone = timeZone, BusinessHours = Hours, Holidays = new HashSet<DateOnly> { Some.Day("2026-03-04") },
    }));
}
