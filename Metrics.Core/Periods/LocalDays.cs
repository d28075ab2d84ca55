using NodaTime;
using NodaTime.TimeZones;

namespace Metrics.Core.Periods;

/// <summary>
/// The days of one time zone as stretches of the UTC line: a day lasts from its first instant to that of the next day,
/// so the days follow each other without gap or overlap whatever the clocks do.
/// </summary>
internal sealed class LocalDays(DateTimeZone zone)
{
    // Clocks that go back over midnight land in the last hours of the old day; the furthest since 1900 are Labrador's of 1988,
    // which went from 00:01 to 22:01.
    private const int FirstDoubtfulHour = 22;

    /// <exception cref="ArgumentException">The tz database knows no zone called <paramref name="timeZone"/>.</exception>
    public LocalDays(string timeZone) : this(Find(timeZone)) { }

    // The provider would also accept made-up ids such as "UTC+02:30", which the engines we hand the id to do not know.
    public static bool IsKnown(string timeZone) => TzdbDateTimeZoneSource.Default.CanonicalIdMap.ContainsKey(timeZone);

    public DateOnly DayOf(DateTimeOffset instant)
    {
        var offset = zone.GetUtcOffset(Instant.FromDateTimeOffset(instant));
        var local = instant.UtcDateTime.AddTicks(offset.Ticks);
        var day = DateOnly.FromDateTime(local);

        // Newfoundland's clocks went back at 00:01: for 59 minutes they showed the old day again, after the new one had begun.
        return local.Hour >= FirstDoubtfulHour && StartOf(day.AddDays(1)) <= instant ? day.AddDays(1) : day;
    }

    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = zone.MapLocal(LocalDate.FromDateOnly(day).AtMidnight());

        // Clocks that skip midnight, or the whole day, show the first time after it at the moment of the skip.
        var first = midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant();
        return first.ToDateTimeOffset();
    }

    public DateTimeOffset InstantOf(DateTime local) =>
        zone.AtLeniently(LocalDateTime.FromDateTime(local)).ToInstant().ToDateTimeOffset();

    public DateTime LocalTimeOf(DateTimeOffset instant) =>
        Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeUnspecified();

    private static DateTimeZone Find(string timeZone) => IsKnown(timeZone)
        ? DateTimeZoneProviders.Tzdb[timeZone]
        : throw new ArgumentException(
            $"Unknown time zone '{timeZone}': expected an IANA id such as 'Europe/Berlin' or 'America/New_York'.", nameof(timeZone));
}
