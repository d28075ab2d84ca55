using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using static System.Globalization.CultureInfo;

namespace Metrics.Core.Periods;

/// <content>What periods are called: keys for machines, labels for people, both in invariant culture.</content>
public sealed partial class ReportingCalendar
{
    // What can be typed into an address leaves every page room to step back and ahead from it without leaving the years 1 to 9999.
    private const int FirstReadableYear = 1000;
    private const int LastReadableYear = 8999;

    /// <summary>
    /// The one spelling of a period in addresses, files and stores. Keys of a grain sort as text in the order of time, and
    /// <see cref="TryParse(Grain, string?, out Period?)"/> reads them back.
    /// </summary>
    /// <remarks>
    /// Day "2026-11-09". Week "2026-W46": the ISO week of the last day of the week, for weeks that start on another day than Monday
    /// too, so a week has one name in all of them. Month "2026-11", or "2016-P01" in a retail calendar. Quarter "2026-Q4" and year
    /// "2026", of the fiscal or retail year.
    /// </remarks>
    public string Key(Grain grain, Period period)
    {
        var number = NumberOf(grain, period.Start);
        switch (grain)
        {
            case Grain.Day:
                return period.Start.ToString("O", InvariantCulture);
            case Grain.Week:
                var (year, week) = IsoWeek(period);
                return string.Create(InvariantCulture, $"{year:D4}-W{week:D2}");
            case Grain.Month:
                return _retail is null
                    ? string.Create(InvariantCulture, $"{number / 12:D4}-{number % 12 + 1:D2}")
                    : string.Create(InvariantCulture, $"{number / 12:D4}-P{number % 12 + 1:D2}");
            case Grain.Quarter:
                return string.Create(InvariantCulture, $"{number / 4:D4}-Q{number % 4 + 1}");
            default:
                return number.ToString("D4", InvariantCulture);
        }
    }

    /// <summary>
    /// Reads a key of <paramref name="grain"/>, or an ISO date ("2026-11-09") for the period that holds it. False for anything
    /// else, for a week, month or quarter that its year does not have, and for years before 1000 or after 8999.
    /// </summary>
    public bool TryParse(Grain grain, string? text, [NotNullWhen(true)] out Period? period)
    {
        period = ShapeOf(text) switch
        {
            Grain.Day => ParseDay(text) is { } day ? Containing(grain, day) : null,
            Grain shape when shape == grain => ParseKey(grain, text),
            _ => null,
        };
        return period is not null;
    }

    /// <summary>Reads a key of any grain, which shows by its form; a plain ISO date is a day. False as for one grain.</summary>
    public bool TryParse(string? text, out Grain grain, [NotNullWhen(true)] out Period? period)
    {
        grain = ShapeOf(text) ?? Grain.Day;
        return TryParse(grain, text, out period);
    }

    /// <summary>
    /// The name of a period for people: "9 Nov 2026", "W46 · 9–15 Nov 2026", "Nov 2026", "Q4 2026", "2026". Where the year is not the
    /// calendar's, "Q1 FY27" and "FY27"; retail months are "P11 FY26".
    /// </summary>
    public string Label(Grain grain, Period period)
    {
        var number = NumberOf(grain, period.Start);
        return grain switch
        {
            Grain.Day => string.Create(InvariantCulture, $"{period.Start:d MMM yyyy}"),
            Grain.Week => string.Create(InvariantCulture, $"W{IsoWeek(period).Week} · {Span(Containing(grain, period.Start))}"),
            Grain.Month when _retail is null => string.Create(InvariantCulture, $"{period.Start:MMM yyyy}"),
            Grain.Month => string.Create(InvariantCulture, $"P{number % 12 + 1} {YearLabel(number / 12)}"),
            Grain.Quarter => string.Create(InvariantCulture, $"Q{number % 4 + 1} {YearLabel(number / 4)}"),
            _ => YearLabel(number),
        };
    }

    /// <summary>
    /// The name of a period where space is short: "9 Nov", "W46", "Nov 26" or "P11", "Q4 26" or "Q1 FY27", "2026" or "FY27".
    /// Days, weeks and retail months do not say their year; whoever shows them does.
    /// </summary>
    public string ShortLabel(Grain grain, Period period)
    {
        var number = NumberOf(grain, period.Start);
        return grain switch
        {
            Grain.Day => string.Create(InvariantCulture, $"{period.Start:d MMM}"),
            Grain.Week => string.Create(InvariantCulture, $"W{IsoWeek(period).Week}"),
            Grain.Month when _retail is null => string.Create(InvariantCulture, $"{period.Start:MMM yy}"),
            Grain.Month => string.Create(InvariantCulture, $"P{number % 12 + 1}"),
            Grain.Quarter when IsCalendarYear => string.Create(InvariantCulture, $"Q{number % 4 + 1} {number / 4 % 100:D2}"),
            _ => Label(grain, period),
        };
    }

    /// <summary>The name of a period with its year and without its days: "W46 2026"; other grains as <see cref="Label"/>.</summary>
    public string Name(Grain grain, Period period)
    {
        if (grain != Grain.Week)
            return Label(grain, period);

        var (year, week) = IsoWeek(period);
        return string.Create(InvariantCulture, $"W{week} {year:D4}");
    }

    /// <summary>
    /// The name of a period where there is room for whole words: "Monday 9 November 2026", "Week 46 · 9 – 15 November 2026",
    /// "November 2026", "Q4 2026 · 1 October – 31 December 2026".
    /// </summary>
    public string Title(Grain grain, Period period) => grain switch
    {
        Grain.Day => string.Create(InvariantCulture, $"{period.Start:dddd d MMMM yyyy}"),
        Grain.Week => string.Create(InvariantCulture, $"Week {IsoWeek(period).Week} · {LongSpan(Containing(grain, period.Start))}"),
        Grain.Month when _retail is null => string.Create(InvariantCulture, $"{period.Start:MMMM yyyy}"),
        _ => $"{Label(grain, period)} · {LongSpan(Containing(grain, period.Start))}",
    };

    private bool IsCalendarYear => _retail is null && _yearStarts == 1;

    private string YearLabel(int year) => IsCalendarYear
        ? year.ToString("D4", InvariantCulture)
        : string.Create(InvariantCulture, $"FY{year % 100:D2}");

    private (int Year, int Week) IsoWeek(Period period)
    {
        var last = RetailCalendar.StartOfWeek(period.Start, _weekStarts).AddDays(6).ToDateTime(TimeOnly.MinValue);
        return (ISOWeek.GetYear(last), ISOWeek.GetWeekOfYear(last));
    }

    private static string Span(Period period) => (period.Start, period.LastDay) switch
    {
        var (first, last) when first.Year != last.Year => string.Create(InvariantCulture, $"{first:d MMM yyyy}–{last:d MMM yyyy}"),
        var (first, last) when first.Month != last.Month => string.Create(InvariantCulture, $"{first:d MMM}–{last:d MMM yyyy}"),
        var (first, last) => string.Create(InvariantCulture, $"{first.Day}–{last:d MMM yyyy}"),
    };

    private static string LongSpan(Period period) => (period.Start, period.LastDay) switch
    {
        var (first, last) when first.Year != last.Year => string.Create(InvariantCulture, $"{first:d MMMM yyyy} – {last:d MMMM yyyy}"),
        var (first, last) when first.Month != last.Month => string.Create(InvariantCulture, $"{first:d MMMM} – {last:d MMMM yyyy}"),
        var (first, last) => string.Create(InvariantCulture, $"{first.Day} – {last:d MMMM yyyy}"),
    };

    private static Grain? ShapeOf(string? text) => text switch
    {
        [_, _, _, _, '-', _, _, '-', _, _] => Grain.Day,
        [_, _, _, _, '-', 'W', _, _] => Grain.Week,
        [_, _, _, _, '-', 'P', _, _] => Grain.Month,
        [_, _, _, _, '-', 'Q', _] => Grain.Quarter,
        [_, _, _, _, '-', _, _] => Grain.Month,
        [_, _, _, _] => Grain.Year,
        _ => null,
    };

    private static DateOnly? ParseDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", InvariantCulture, DateTimeStyles.None, out var day) && IsReadable(day.Year)
            ? day
            : null;

    private Period? ParseKey(Grain grain, ReadOnlySpan<char> text)
    {
        var hasLetter = text is [_, _, _, _, '-', 'W' or 'P' or 'Q', ..];
        if (!TryNumber(text[..4], out var year) || !IsReadable(year))
            return null;
        if (grain is Grain.Year)
            return Numbered(grain, year);
        if (!TryNumber(text[(hasLetter ? 6 : 5)..], out var part) || part < 1)
            return null;

        return grain switch
        {
            Grain.Week when part <= ISOWeek.GetWeeksInYear(year) => Containing(grain, LastDayOfWeek(year, part)),
            Grain.Month when part <= 12 && hasLetter == _retail is not null => Numbered(grain, year * 12 + part - 1),
            Grain.Quarter when part <= 4 => Numbered(grain, year * 4 + part - 1),
            _ => null,
        };
    }

    private DateOnly LastDayOfWeek(int isoYear, int isoWeek)
    {
        var last = (DayOfWeek)(((int)_weekStarts + 6) % 7);
        return DateOnly.FromDateTime(ISOWeek.ToDateTime(isoYear, isoWeek, last));
    }

    private static bool IsReadable(int year) => year is >= FirstReadableYear and <= LastReadableYear;

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, InvariantCulture, out number);
}
