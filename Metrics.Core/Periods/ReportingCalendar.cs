namespace Metrics.Core.Periods;

/// <summary>
/// The calendar a workspace reports in: to which day an instant belongs, and to which week, month, quarter and year a day.
/// </summary>
/// <remarks>
/// <para>
/// Months are calendar months, quarters and years the fiscal ones; with a retail pattern all three are made of whole weeks.
/// A fiscal year is named after the calendar year in which it ends, a retail year after the one that holds most of its days
/// (the National Retail Federation's 1999 is 1999-01-31 to 2000-01-29); one that starts around 1 July, where that is a matter
/// of single days, after the one in which it ends.
/// </para>
/// <para>
/// Where a method takes a grain and a period, the period stands for the one of that grain that holds its first day, so the
/// elapsed part of a week has the name and the neighbors of the week. Instants that come out are in UTC. Immutable, and safe to
/// share between threads. Days that need a year before 1 or after 9999 throw <see cref="ArgumentOutOfRangeException"/>.
/// </para>
/// </remarks>
/// <exception cref="ArgumentException">The settings name a time zone that does not exist.</exception>
public sealed partial class ReportingCalendar(CalendarSettings settings)
{
    // 52 weeks: the same weekday a year before, and a whole number of weeks whichever day they start on.
    private const int DaysToSameWeekdayYearAgo = 364;

    private readonly LocalDays _days = new(settings.TimeZone);
    private readonly DayOfWeek _weekStarts = settings.WeekStarts;

    // 1 January of year 1, day number 0, was a Monday.
    private readonly int _firstWeekStart = (settings.WeekStarts - DayOfWeek.Monday + 7) % 7;

    private readonly int _yearStarts = settings.FiscalYearStarts;
    private readonly RetailCalendar? _retail = settings.Retail == RetailPattern.None
        ? null
        : new RetailCalendar(settings.Retail, settings.WeekStarts, settings.FiscalYearStarts);

    public CalendarSettings Settings { get; } = settings;

    /// <summary>Whether <paramref name="id"/> is an id of the IANA time zone database, old names included. Case matters.</summary>
    public static bool IsKnownTimeZone(string id) => LocalDays.IsKnown(id);

    /// <summary>The day, in the calendar's zone, to which an instant belongs: its start ≤ instant &lt; the start of the next.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => _days.DayOf(instant);

    /// <summary>
    /// The first instant of a day of the calendar's zone, in UTC. Where the clocks skip midnight that is later than 00:00;
    /// a day that the zone skipped as a whole (Samoa's 30 December 2011) starts where the next one does.
    /// </summary>
    public DateTimeOffset StartOf(DateOnly day) => _days.StartOf(day);

    /// <summary>How long a day of the calendar's zone lasts: mostly 24 hours, 23 or 25 when clocks change, 0 for a skipped day.</summary>
    public TimeSpan LengthOf(DateOnly day) => StartOf(day.AddDays(1)) - StartOf(day);

    /// <summary>
    /// The instant, in UTC, at which clocks in the calendar's zone show <paramref name="local"/>: the first of the two if they show
    /// it twice; if they skip it, the instant at which clocks that had not yet been changed would show it.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="local"/> says of itself that it is UTC or the machine's local time.</exception>
    public DateTimeOffset InstantOf(DateTime local)
    {
        if (local.Kind != DateTimeKind.Unspecified)
            throw new ArgumentException($"Expected a wall clock time without a zone but the kind is {local.Kind}.", nameof(local));

        return _days.InstantOf(local);
    }

    /// <summary>What clocks in the calendar's zone show at an instant.</summary>
    public DateTime LocalTimeOf(DateTimeOffset instant) => _days.LocalTimeOf(instant);

    public DateOnly Today(TimeProvider clock) => DayOf(clock.GetUtcNow());

    /// <summary>Whether the last day of <paramref name="period"/> was over in the calendar's zone at <paramref name="now"/>.</summary>
    public bool HasEnded(Period period, DateTimeOffset now) => StartOf(period.End) <= now;

    /// <summary>Whether somebody works on a day: it has business hours and is no holiday.</summary>
    public bool IsBusinessDay(DateOnly day) => Settings.BusinessHours.Of(day.DayOfWeek).Count > 0 && !Settings.Holidays.Contains(day);

    /// <summary>The period of a grain to which <paramref name="day"/> belongs; there is exactly one.</summary>
    public Period Containing(Grain grain, DateOnly day) => Numbered(grain, NumberOf(grain, day));

    /// <summary>The period that lies <paramref name="by"/> periods later, or earlier if negative.</summary>
    public Period Shift(Grain grain, Period period, int by) => Numbered(grain, NumberOf(grain, period.Start) + by);

    /// <summary>The period before.</summary>
    public Period Previous(Grain grain, Period period) => Shift(grain, period, -1);

    /// <summary>
    /// Every period that holds a day from <paramref name="from"/> up to but not including <paramref name="to"/>, oldest first.
    /// The first and last are whole periods and may reach beyond. Empty if <paramref name="to"/> is not after <paramref name="from"/>.
    /// </summary>
    public IReadOnlyList<Period> Covering(Grain grain, DateOnly from, DateOnly to)
    {
        if (to <= from)
            return [];

        var first = NumberOf(grain, from);
        var periods = new Period[NumberOf(grain, to.AddDays(-1)) - first + 1];
        for (var i = 0; i < periods.Length; i++)
            periods[i] = Numbered(grain, first + i);

        return periods;
    }

    /// <summary>
    /// What a period is compared with year over year. Days and weeks: the same run of days 364 days earlier, which keeps the weekdays
    /// and gives week 53 a partner that comparing by week number would leave without one. Months, quarters and years:
    /// the one of the same name in the year before; in a retail calendar, of the retail year before, even if it has a week more or less.
    /// </summary>
    public Period YearAgo(Grain grain, Period period) => grain switch
    {
        Grain.Day or Grain.Week => Earlier(period),
        Grain.Month => Shift(grain, period, -12),
        Grain.Quarter => Shift(grain, period, -4),
        _ => Shift(grain, period, -1),
    };

    /// <summary>The days from the first of the period that holds <paramref name="lastDay"/> up to and including that day.</summary>
    public Period ToDate(Grain grain, DateOnly lastDay) => new(Containing(grain, lastDay).Start, lastDay.AddDays(1));

    /// <summary>
    /// What <see cref="ToDate"/> is compared with. Months, quarters and years: from the start of the one a year before to
    /// the same date a year before, included; 28 February for 29 February. Days and weeks: 364 days earlier.
    /// </summary>
    /// <remarks>
    /// In a retail calendar dates do not line up; there it is the same number of days from the start of the retail month, quarter or
    /// year a year before. In a 53rd week these run past the end of that period, so that equal spans are compared.
    /// </remarks>
    public Period ToDateYearAgo(Grain grain, DateOnly lastDay)
    {
        var toDate = ToDate(grain, lastDay);
        if (grain is Grain.Day or Grain.Week)
            return Earlier(toDate);

        var start = YearAgo(grain, toDate).Start;
        return new Period(start, _retail is null ? lastDay.AddYears(-1).AddDays(1) : start.AddDays(toDate.Days));
    }

    /// <summary>The fiscal or retail year of a day, by the number that names it.</summary>
    public int FiscalYear(DateOnly day) => NumberOf(Grain.Year, day);

    /// <summary>The quarter, 1 to 4, of the fiscal or retail year.</summary>
    public int FiscalQuarter(DateOnly day) => NumberOf(Grain.Quarter, day) % 4 + 1;

    /// <summary>The month, 1 to 12, of the fiscal or retail year: 1 is the month in which it starts.</summary>
    public int FiscalMonth(DateOnly day) => _retail is null ? MonthsIntoYear(day) + 1 : _retail.MonthOf(day) % 12 + 1;

    /// <summary>The days of the fiscal or retail year that is named <paramref name="fiscalYear"/>.</summary>
    public Period FiscalYearPeriod(int fiscalYear) => Numbered(Grain.Year, fiscalYear);

    /// <summary>
    /// A number for the period that holds a day, one higher than that of the period before. Stepping and counting are then integer
    /// arithmetic, and only <see cref="Numbered"/> makes objects. Days and weeks count from the first of January of year 1, months and
    /// quarters from year 0, years are their names.
    /// </summary>
    public int NumberOf(Grain grain, DateOnly day) => grain switch
    {
        Grain.Day => day.DayNumber,
        Grain.Week => RetailCalendar.StartOfWeek(day, _weekStarts).DayNumber / 7,
        Grain.Month => _retail?.MonthOf(day) ?? day.Year * 12 + day.Month - 1,
        Grain.Quarter => _retail?.QuarterOf(day) ?? CalendarFiscalYear(day) * 4 + MonthsIntoYear(day) / 3,
        Grain.Year => _retail?.YearOf(day) ?? CalendarFiscalYear(day),
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, message: null),
    };

    /// <summary>The period of a number that <see cref="NumberOf"/> gives.</summary>
    public Period Numbered(Grain grain, int number) => grain switch
    {
        Grain.Day => Days(DateOnly.FromDayNumber(number), 1),
        Grain.Week => Days(DateOnly.FromDayNumber(number * 7 + _firstWeekStart), 7),
        Grain.Month => _retail?.Month(number) ?? Months(number, 1),
        Grain.Quarter => _retail?.Quarter(number) ?? Months(FiscalYearStart(number / 4) + number % 4 * 3, 3),
        Grain.Year => _retail?.Year(number) ?? Months(FiscalYearStart(number), 12),
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, message: null),
    };

    private int MonthsIntoYear(DateOnly day) => (day.Month - _yearStarts + 12) % 12;

    private int CalendarFiscalYear(DateOnly day) => _yearStarts > 1 && day.Month >= _yearStarts ? day.Year + 1 : day.Year;

    private int FiscalYearStart(int fiscalYear) => (_yearStarts > 1 ? fiscalYear - 1 : fiscalYear) * 12 + _yearStarts - 1;

    private static Period Days(DateOnly start, int count) => new(start, start.AddDays(count));

    private static Period Months(int first, int count)
    {
        var start = new DateOnly(first / 12, first % 12 + 1, 1);
        return new Period(start, start.AddMonths(count));
    }

    private static Period Earlier(Period period) =>
        new(period.Start.AddDays(-DaysToSameWeekdayYearAgo), period.End.AddDays(-DaysToSameWeekdayYearAgo));
}
