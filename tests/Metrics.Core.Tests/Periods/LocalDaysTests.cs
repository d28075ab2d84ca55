using Metrics.Core.Periods;
using NUnit.Framework;
using NodaTime;
using Tests.Support;

namespace Metrics.Core.Tests.Periods;

public sealed class LocalDaysTests
{
    [TestCase("Europe/Berlin", "2024-03-31", "2024-03-30T23:00Z", 23)]
    [TestCase("Europe/Berlin", "2024-10-27", "2024-10-26T22:00Z", 25)]
    [TestCase("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z", 23, Description = "clocks skip midnight: the day starts at 01:00")]
    [TestCase("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00Z", 25, Description = "the hour before midnight comes twice")]
    [TestCase("Asia/Beirut", "2022-03-27", "2022-03-26T22:00Z", 23)]
    [TestCase("Australia/Lord_Howe", "2024-10-06", "2024-10-05T13:30Z", 23.5)]
    [TestCase("America/Havana", "2024-11-03", "2024-11-03T04:00Z", 25, Description = "midnight comes twice: the day starts with the first")]
    [TestCase("Pacific/Apia", "2011-12-29", "2011-12-29T10:00Z", 24)]
    [TestCase("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z", 0, Description = "Samoa went to the other side of the date line")]
    [TestCase("Pacific/Apia", "2011-12-31", "2011-12-30T10:00Z", 24)]
    public void A_local_day_starts_at_its_first_instant_and_lasts_until_the_next(string zone, string day, string start, double hours)
    {
        var calendar = Some.Calendar(timeZone: zone);

        Assert.That(calendar.StartOf(Some.Day(day)), Is.EqualTo(Some.Instant(start)));
        Assert.That(calendar.StartOf(Some.Day(day)).Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(calendar.LengthOf(Some.Day(day)), Is.EqualTo(TimeSpan.FromHours(hours)));
    }

    [Test]
    public void No_instant_falls_on_a_day_that_does_not_exist()
    {
        var calendar = Some.Calendar(timeZone: "Pacific/Apia");
        var midnight = Some.Instant("2011-12-30T10:00Z");

        Assert.That(calendar.DayOf(midnight.AddTicks(-1)), Is.EqualTo(Some.Day("2011-12-29")));
        Assert.That(calendar.DayOf(midnight), Is.EqualTo(Some.Day("2011-12-31")));
    }

    [Test]
    public void A_day_that_has_begun_does_not_end_when_clocks_go_back_over_midnight()
    {
        // On 7 November 2010 Newfoundland's clocks went back from 00:01 to 23:01 of the day before.
        var calendar = Some.Calendar(timeZone: "America/St_Johns");
        var start = Some.Instant("2010-11-07T02:30Z");

        Assert.That(calendar.StartOf(Some.Day("2010-11-07")), Is.EqualTo(start));
        Assert.That(calendar.DayOf(start.AddMinutes(30)), Is.EqualTo(Some.Day("2010-11-07")));
        Assert.That(calendar.DayOf(start.AddTicks(-1)), Is.EqualTo(Some.Day("2010-11-06")));
    }

    [Test]
    public void In_every_zone_an_instant_around_a_clock_change_lies_in_exactly_its_day()
    {
        var from = NodaTime.Instant.FromUtc(1900, 1, 1, 0, 0);
        var to = NodaTime.Instant.FromUtc(2040, 1, 1, 0, 0);

        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id]))
        {
            var calendar = Some.Calendar(timeZone: zone.Id);
            foreach (var change in zone.GetZoneIntervals(from, to).Where(interval => interval.HasStart && interval.Start > from))
            {
                for (var minutes = -90; minutes <= 90; minutes += 15)
                {
                    var instant = change.Start.ToDateTimeOffset().AddMinutes(minutes);
                    var day = calendar.DayOf(instant);
                    if (calendar.StartOf(day) > instant || instant >= calendar.StartOf(day.AddDays(1)))
                        Assert.Fail($"{zone.Id}: {instant:u} is not within {day:O}");
                }
            }
        }
    }

    [TestCase("2024-03-31T02:30", "2024-03-31T01:30Z", Description = "skipped: as clocks without summer time would show it")]
    [TestCase("2024-10-27T02:30", "2024-10-27T00:30Z", Description = "shown twice: the first")]
    [TestCase("2024-06-01T12:00", "2024-06-01T10:00Z")]
    public void A_wall_clock_time_is_read_leniently(string local, string instant)
    {
        var calendar = Some.Calendar(timeZone: "Europe/Berlin");
        var wall = DateTime.ParseExact(local, "yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(calendar.InstantOf(wall), Is.EqualTo(Some.Instant(instant)));
    }

    [Test]
    public void A_wall_clock_time_has_no_zone_of_its_own() =>
        Assert.That(() => Some.Calendar().InstantOf(new DateTime(2026, 11, 9, 0, 0, 0, DateTimeKind.Utc)), Throws.ArgumentException);

    [Test]
    public void Today_and_the_end_of_a_week_come_at_midnight_of_the_calendars_zone()
    {
        var calendar = Some.Calendar(timeZone: "America/New_York");
        var week = Some.Days("2026-11-09..2026-11-15");
        var midnight = Some.Instant("2026-11-16T05:00Z");

        Assert.That(calendar.Today(new FakeClock(midnight.AddTicks(-1))), Is.EqualTo(Some.Day("2026-11-15")));
        Assert.That(calendar.Today(new FakeClock(midnight)), Is.EqualTo(Some.Day("2026-11-16")));
        Assert.That(calendar.HasEnded(week, midnight.AddTicks(-1)), Is.False);
        Assert.That(calendar.HasEnded(week, midnight), Is.True);
    }

    [TestCase("Europe/Berlin", true)]
    [TestCase("UTC", true)]
    [TestCase("US/Eastern", true)]
    [TestCase("Europe/Atlantis", false)]
    [TestCase("W. Europe Standard Time", false)]
    [TestCase("UTC+02:30", false)]
    [TestCase("", false)]
    public void Only_IANA_ids_are_time_zones(string id, bool known)
    {
        Assert.That(ReportingCalendar.IsKnownTimeZone(id), Is.EqualTo(known));
        if (!known)
            Assert.That(() => Some.Calendar(timeZone: id), Throws.ArgumentException.With.Message.Contains($"'{id}'"));
    }
}
