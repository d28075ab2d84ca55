using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Targets;

/// <summary>How a pace is said.</summary>
internal static class PaceWords
{
    private const decimal LargestPrinted = 1_000_000;

    // A month of five retail weeks.
    private const int LongestMonth = 35;

    /// <summary>
    /// A share as a whole percentage, such as "70 %", rounded down, so that 100 % is met and 90 % is at risk; a dash for none.
    /// </summary>
    public static string Percent(decimal? share) => share switch
    {
        null => ValueFormat.None,
        > LargestPrinted or < -LargestPrinted => ValueFormat.None,
        { } part => (part < 0 ? "\u2212" : "") + Math.Abs(decimal.Floor(part * 100)).ToString("0", CultureInfo.InvariantCulture)
            + "\u00A0%",
    };

    /// <summary>How much of the period is over, and by what that is weighed: "15 of 30 days known, 52 % by the weekdays of eight weeks".</summary>
    public static string Elapsed(Standing standing)
    {
        var by = standing.Basis switch
        {
            PaceBasis.BusinessDays => " by business days",
            PaceBasis.Weekdays => " by the weekdays of the eight weeks before",
            PaceBasis.LastYear => " by the course of last year",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{standing.ElapsedDays} of {standing.Days} days known, {Percent(standing.ElapsedShare)}{by}");
    }

    /// <summary>From what the band of a landing is computed.</summary>
    public static string Band(Landing landing, int days) => landing.Basis == LandingBasis.EarlierPeriods
        ? string.Create(CultureInfo.InvariantCulture, $"80\u00A0% interval, from how {landing.Cases} earlier periods ended")
        : string.Create(CultureInfo.InvariantCulture, $"80\u00A0% interval, from how much {landing.Cases} {(days > 60 ? "weeks" : "days")} of it varied");

    /// <summary>
    /// What each remaining day, or week of what is longer than a month, has to bring, or may bring where less is better; null where there
    /// is nothing to say.
    /// </summary>
    public static (string Word, decimal Amount, string Unit)? Needed(Standing standing, Direction direction)
    {
        if (standing.RequiredPerDay is not (> 0 and var perDay) || direction == Direction.Range)
            return null;

        var word = direction == Direction.Up ? "Needed" : "Left";
        return standing.Days > LongestMonth ? (word, perDay * 7, "week") : (word, perDay, "day");
    }
}
