namespace Metrics.Core.Periods;

/// <summary>How long a period is. What a week, month, quarter or year is, is up to the <see cref="ReportingCalendar"/>.</summary>
public enum Grain
{
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>The one spelling of a grain in YAML, URLs, files and on the command line: its name in lower case.</summary>
public static class GrainNames
{
    /// <summary>The grain called <paramref name="text"/> ("day", "week", "month", "quarter", "year"); null for any other text.</summary>
    public static Grain? TryParse(string? text) => text switch
    {
        "day" => Grain.Day,
        "week" => Grain.Week,
        "month" => Grain.Month,
        "quarter" => Grain.Quarter,
        "year" => Grain.Year,
        _ => null,
    };

    /// <summary>"day", "week", "month", "quarter" or "year"; what <see cref="TryParse"/> reads.</summary>
    public static string Name(this Grain grain) => grain switch
    {
        Grain.Day => "day",
        Grain.Week => "week",
        Grain.Month => "month",
        Grain.Quarter => "quarter",
        Grain.Year => "year",
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, message: null),
    };
}
