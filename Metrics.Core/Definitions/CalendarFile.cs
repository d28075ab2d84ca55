using System.Globalization;
using Metrics.Core.Periods;
using Metrics.Core.Workspace;

namespace Metrics.Core.Definitions;

/// <summary>Reads <c>calendar.yaml</c>; every key has a default, and so has the file.</summary>
public static class CalendarFile
{
    private const string Name = "calendar.yaml";

    private static readonly string[] Months =
        [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Where(name => name.Length > 0).Select(name => name.ToLowerInvariant())];

    private static readonly Dictionary<string, RetailPattern> RetailPatterns = new()
    {
        ["none"] = RetailPattern.None,
        ["4-4-5"] = RetailPattern.FourFourFive,
        ["4-5-4"] = RetailPattern.FourFiveFour,
        ["5-4-4"] = RetailPattern.FiveFourFour,
    };

    /// <summary>The shape of <c>calendar.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("a calendar",
        new Key("time_zone", KeyKind.Text, "An IANA time zone such as Europe/Berlin. Default: UTC."),
        new Key("week_starts", KeyKind.Text, "The first day of a week. Default: monday (ISO weeks).") { Values = [.. Enum.GetNames<DayOfWeek>().Select(name => name.ToLowerInvariant())] },
        new Key("fiscal_year_starts", KeyKind.Text, "The first month of a fiscal year, which is named after the year in which it ends. Default: january.") { Values = Months },
        new Key("retail", KeyKind.Text, "Months of whole weeks. Default: none.") { Values = [.. RetailPatterns.Keys] },
        new Key("currency", KeyKind.Text, "The reporting currency. Default: USD.") { Pattern = "[A-Z]{3}", PatternHint = "a three-letter ISO code such as EUR" },
        new Key("decimal", KeyKind.Text, "How people type numbers into pages: point (1,234.5) or comma (1.234,5). Default: point.") { Values = ["point", "comma"] },
        new Key("business_hours", KeyKind.TextMap,
            "When somebody works: weekdays or single days with their hours, such as weekdays: 09:00-17:00. Default: Monday to Friday, 09:00-17:00."),
        new Key("holidays", KeyKind.Text, "A CSV file with the columns date and name."));

    /// <summary>The calendar of a workspace; what cannot be read takes its default and adds a fault.</summary>
    public static ReportingCalendar Read(WorkspaceFolder folder, ICollection<Fault> faults)
    {
        if (folder.ReadFile(Name) is not { } text || YamlFile.Read(Name, text, FileShape, faults) is not { } root)
            return new ReportingCalendar(new CalendarSettings());

        var zone = root.Text("time_zone", "UTC");
        if (!ReportingCalendar.IsKnownTimeZone(zone))
        {
            root.AddFault("time_zone", $"unknown time zone '{zone}'; use an IANA name such as Europe/Berlin.");
            zone = "UTC";
        }

        return new ReportingCalendar(new CalendarSettings
        {
            TimeZone = zone,
            WeekStarts = Enum.Parse<DayOfWeek>(root.Text("week_starts", "monday"), ignoreCase: true),
            FiscalYearStarts = Array.IndexOf(Months, root.Text("fiscal_year_starts", "january")) + 1,
            Retail = RetailPatterns[root.Text("retail", "none")],
            Currency = root.Text("currency", "USD"),
            DecimalComma = root.Text("decimal") == "comma",
            BusinessHours = ReadHours(root),
            Holidays = root.Text("holidays") is { } file ? ReadHolidays(folder, root, file, faults) : new HashSet<DateOnly>(),
        });
    }

    private static BusinessHours ReadHours(YamlMap root)
    {
        if (!root.Has("business_hours"))
            return BusinessHours.Default;
        if (BusinessHours.TryParse(root.TextMap("business_hours"), out var fault) is { } hours)
            return hours;

        root.AddFault("business_hours", fault);
        return BusinessHours.Default;
    }

    private static HashSet<DateOnly> ReadHolidays(WorkspaceFolder folder, YamlMap root, string file, ICollection<Fault> faults)
    {
        var holidays = new HashSet<DateOnly>();
        if (folder.ReadFile(file) is not { } text)
        {
            root.AddFault("holidays", $"there is no file '{file}'.");
            return holidays;
        }

        foreach (var row in TableFile.Read(file, text, ["date"], faults))
        {
            if (DateOnly.TryParseExact(row["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                holidays.Add(day);
            else
                faults.Add(new Fault(file, row.Line, $"'{row["date"]}' is no ISO date such as 2026-12-25."));
        }

        return holidays;
    }
}
