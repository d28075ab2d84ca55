using System.Collections.Frozen;

namespace Metrics.Core.Periods;

/// <summary>
/// How many weeks the three months of a retail quarter have. <see cref="None"/>: months are calendar months.
/// </summary>
public enum RetailPattern
{
    None,
    FourFourFive,
    FourFiveFour,
    FiveFourFour,
}

/// <summary>The one spelling of a retail pattern in YAML: "none", "4-4-5", "4-5-4", "5-4-4".</summary>
public static class RetailPatternNames
{
    /// <summary>The pattern written as <paramref name="text"/>; null for any other text.</summary>
    public static RetailPattern? TryParse(string? text) => text switch
    {
        "none" => RetailPattern.None,
        "4-4-5" => RetailPattern.FourFourFive,
        "4-5-4" => RetailPattern.FourFiveFour,
        "5-4-4" => RetailPattern.FiveFourFour,
        _ => null,
    };

    /// <summary>The spelling that <see cref="TryParse"/> reads.</summary>
    public static string Name(this RetailPattern pattern) => pattern switch
    {
        RetailPattern.None => "none",
        RetailPattern.FourFourFive => "4-4-5",
        RetailPattern.FourFiveFour => "4-5-4",
        RetailPattern.FiveFourFour => "5-4-4",
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, message: null),
    };
}

/// <summary>What a workspace says about its calendar. The defaults are UTC, ISO weeks and calendar years.</summary>
public sealed record CalendarSettings
{
    /// <summary>The IANA id of the zone whose midnights separate the days, such as "Europe/Berlin". The default is "UTC".</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The first day of a week. The default is Monday, as in ISO 8601.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no day of the week.</exception>
    public DayOfWeek WeekStarts
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A week must start on one of the seven days.");
    } = DayOfWeek.Monday;

    /// <summary>
    /// The month, 1 to 12, on whose first day the fiscal year starts; with a retail pattern, the start of a week closest to it.
    /// The default is 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 1 and 12.</exception>
    public int FiscalYearStarts
    {
        get;
        init => field = value is >= 1 and <= 12
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A fiscal year must start in a month from 1 to 12.");
    } = 1;

    /// <summary>How months, quarters and years are made of whole weeks. The default is none: they follow calendar months.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no known pattern.</exception>
    public RetailPattern Retail
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A retail pattern must be none, 4-4-5, 4-5-4 or 5-4-4.");
    }

    /// <summary>The ISO 4217 code of the currency the workspace reports in. The default is "USD".</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Whether people type 1.234,5 and not 1,234.5. Files of the workspace have a decimal point either way. The default is no.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>When somebody works, for waits in business hours. The default is Monday to Friday from 9 to 17.</summary>
    public BusinessHours BusinessHours { get; init; } = BusinessHours.Default;

    /// <summary>Days that are not business days, besides weekends. The default is none.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = FrozenSet<DateOnly>.Empty;
}
