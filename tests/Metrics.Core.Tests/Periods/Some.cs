using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Periods;

namespace Metrics.Core.Tests.Periods;

/// <summary>A day looked at through a grain of some calendar; prints the settings when a property fails.</summary>
internal sealed record Look(CalendarSettings Settings, Grain Grain, DateOnly Day)
{
    public ReportingCalendar Calendar { get; } = new(Settings);
    public Period Period => Calendar.Containing(Grain, Day);
}

internal static class Some
{
    public static readonly Grain[] Grains = Enum.GetValues<Grain>();

    /// <summary>Every week start with every fiscal start and every retail pattern, in UTC.</summary>
    public static readonly CalendarSettings[] Settings =
    [
        .. from weekStarts in Enum.GetValues<DayOfWeek>()
           from fiscalYearStarts in Enumerable.Range(1, 12)
           from retail in Enum.GetValues<RetailPattern>()
           select new CalendarSettings { WeekStarts = weekStarts, FiscalYearStarts = fiscalYearStarts, Retail = retail },
    ];

    public static Arbitrary<Look> Looks { get; } = Arb.From(
        from settings in Gen.Elements(Settings)
        from grain in Gen.Elements(Grains)
        from day in Gen.Choose(Day("1950-01-01").DayNumber, Day("2099-12-31").DayNumber)
        select new Look(settings, grain, DateOnly.FromDayNumber(day)));

    public static Arbitrary<(Look Look, int Steps)> Steps { get; } = Arb.From(
        from look in Looks.Generator
        from steps in Gen.Choose(-500, 500)
        select (look, steps));

    /// <summary>The calendar of the National Retail Federation.</summary>
    public static ReportingCalendar Nrf { get; } = Retail(RetailPattern.FourFiveFour);

    public static ReportingCalendar Retail(RetailPattern pattern) =>
        new(new CalendarSettings { WeekStarts = DayOfWeek.Sunday, FiscalYearStarts = 2, Retail = pattern });

    public static ReportingCalendar Calendar(int fiscalYearStarts = 1, DayOfWeek weekStarts = DayOfWeek.Monday, string timeZone = "UTC") =>
        new(new CalendarSettings { FiscalYearStarts = fiscalYearStarts, WeekStarts = weekStarts, TimeZone = timeZone });

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(string iso) => DateTimeOffset.Parse(iso, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The period written as <see cref="Period.ToString"/> writes it: first and last day, both included.</summary>
    public static Period Days(string text) => new(Day(text[..10]), Day(text[12..]).AddDays(1));

    public static IEnumerable<DateOnly> DaysFrom(DateOnly first, DateOnly end)
    {
        for (var day = first; day < end; day = day.AddDays(1))
            yield return day;
    }
}
