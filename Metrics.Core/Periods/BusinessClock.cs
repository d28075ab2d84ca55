namespace Metrics.Core.Periods;

/// <summary>Measures how much of the time between two instants lies in the business hours of a calendar; holidays have none.</summary>
/// <remarks>
/// Adds the days up once and remembers them, so that a wait of a year costs as much as one of an hour. Not for several threads.
/// </remarks>
internal sealed class BusinessClock(ReportingCalendar calendar)
{
    // Waits of one table lie near each other; a first instant before all others moves the table back by this.
    private const int DaysAhead = 400;

    private readonly BusinessHours _hours = calendar.Settings.BusinessHours;
    private readonly DayMemory _memory = new(calendar);
    private readonly List<Day> _days = [];
    private int _first;

    /// <summary>The business time from one instant to another; zero where the second is not after the first.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to) =>
        to <= from ? TimeSpan.Zero
            : TimeSpan.FromTicks(Until(to, Math.Min(DayNumberOf(from), DayNumberOf(to))) - Until(from, DayNumberOf(from)));

    private int DayNumberOf(DateTimeOffset instant) => _memory.DayOf(instant).DayNumber;

    /// <summary>The business time from the first day of the table up to an instant.</summary>
    private long Until(DateTimeOffset instant, int earliest)
    {
        if (_days.Count == 0 || earliest < _first)
        {
            _days.Clear();
            _first = Math.Max(0, earliest - DaysAhead);
        }

        var number = DayNumberOf(instant);
        while (_first + _days.Count <= number)
            _days.Add(Next());
        var day = _days[number - _first];
        var ticks = day.Before;
        foreach (var (start, end) in day.Spans)
            ticks += Math.Max(0, Math.Min(instant.UtcTicks, end) - start);
        return ticks;
    }

    private Day Next()
    {
        var before = _days.Count == 0 ? 0 : _days[^1].Before + _days[^1].Spans.Sum(span => span.End - span.Start);
        var date = DateOnly.FromDayNumber(_first + _days.Count);
        if (calendar.Settings.Holidays.Contains(date))
            return new Day(before, []);

        var midnight = date.ToDateTime(TimeOnly.MinValue);
        return new Day(before,
        [
            .. _hours.Of(date.DayOfWeek)
                .Select(span =>
                    (Start: calendar.InstantOf(midnight + span.From).UtcTicks, End: calendar.InstantOf(midnight + span.To).UtcTicks))
                .Where(span => span.End > span.Start),
        ]);
    }

    private sealed record Day(long Before, (long Start, long End)[] Spans);
}
