namespace Metrics.Core.Periods;

/// <summary>
/// Years of 52 or 53 whole weeks, divided into quarters of 13 weeks and these into months of 4 or 5 weeks.
/// </summary>
/// <remarks>
/// The rule is that of the National Retail Federation: a year ends on the last day of a week that is closest to the last day
/// of the month before <paramref name="yearStarts"/>; for weeks from Sunday and years from February, on the Saturday closest
/// to 31 January. When that makes a year 53 weeks long, the extra week belongs to its last month.
/// Months are numbered by <c>year × 12 + month - 1</c> and quarters by <c>year × 4 + quarter - 1</c>, so that stepping is addition.
/// </remarks>
internal sealed class RetailCalendar(RetailPattern pattern, DayOfWeek weekStarts, int yearStarts)
{
    private const int WeeksPerQuarter = 13;

    private readonly (int First, int Second) _weeks = pattern switch
    {
        RetailPattern.FourFourFive => (4, 4),
        RetailPattern.FourFiveFour => (4, 5),
        RetailPattern.FiveFourFour => (5, 4),
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "A retail calendar needs a pattern."),
    };

    // A year is named after the calendar year that holds most of its days: the first of its two up to a start in June. From July
    // it is the year in which it ends. In July itself the count would be decided by a day or two and differ from year to year,
    // so that two years could share a name.
    private readonly int _nameIsAhead = yearStarts >= 7 ? 1 : 0;

    public int YearOf(DateOnly day)
    {
        var year = day.Year + _nameIsAhead;
        return day < YearStart(year) ? year - 1 : day >= YearStart(year + 1) ? year + 1 : year;
    }

    public int QuarterOf(DateOnly day)
    {
        var year = YearOf(day);
        return year * 4 + QuarterIn(WeekIn(year, day));
    }

    public int MonthOf(DateOnly day)
    {
        var year = YearOf(day);
        var week = WeekIn(year, day);
        var quarter = QuarterIn(week);
        var weekOfQuarter = week - quarter * WeeksPerQuarter;
        var month = weekOfQuarter < _weeks.First ? 0 : weekOfQuarter < _weeks.First + _weeks.Second ? 1 : 2;

        return year * 12 + quarter * 3 + month;
    }

    public Period Year(int year) => new(YearStart(year), YearStart(year + 1));

    public Period Quarter(int number) => new(QuarterStart(number), QuarterStart(number + 1));

    public Period Month(int number) => new(MonthStart(number), MonthStart(number + 1));

    /// <summary>
    /// The first day of a week that is closest to the first of the month; the days before them are then as close to each other.
    /// A week has an odd number of days, so there is never a tie.
    /// </summary>
    private DateOnly YearStart(int year) =>
        StartOfWeek(new DateOnly(year - _nameIsAhead, yearStarts, 1).AddDays(3), weekStarts);

    private DateOnly QuarterStart(int number)
    {
        var (year, quarter) = Math.DivRem(number, 4);
        return YearStart(year).AddDays(quarter * WeeksPerQuarter * 7);
    }

    private DateOnly MonthStart(int number)
    {
        var (quarter, month) = Math.DivRem(number, 3);
        var weeks = month switch { 0 => 0, 1 => _weeks.First, _ => _weeks.First + _weeks.Second };

        return QuarterStart(quarter).AddDays(weeks * 7);
    }

    private int WeekIn(int year, DateOnly day) => (day.DayNumber - YearStart(year).DayNumber) / 7;

    private static int QuarterIn(int week) => Math.Min(week / WeeksPerQuarter, 3);

    /// <summary>The last day on or before <paramref name="day"/> that is a <paramref name="weekStarts"/>.</summary>
    public static DateOnly StartOfWeek(DateOnly day, DayOfWeek weekStarts) => day.AddDays(-((day.DayOfWeek - weekStarts + 7) % 7));
}
