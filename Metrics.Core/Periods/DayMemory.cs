namespace Metrics.Core.Periods;

/// <summary>Remembers to which day instants belong: asking the time zone for each of a million takes longer than all the rest.</summary>
/// <remarks>
/// Days begin on quarters of an hour of UTC, so every instant of a quarter has the day of the others. Not for several threads.
/// </remarks>
internal sealed class DayMemory(ReportingCalendar calendar)
{
    private const long Quarter = TimeSpan.TicksPerHour / 4;

    private readonly Dictionary<long, DateOnly> _days = [];

    public DateOnly DayOf(DateTimeOffset instant)
    {
        var quarter = instant.UtcTicks / Quarter;
        if (!_days.TryGetValue(quarter, out var day))
            _days[quarter] = day = calendar.DayOf(new DateTimeOffset(quarter * Quarter, TimeSpan.Zero));
        return day;
    }
}
