using Metrics.Core.Catalog;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Revenue;

/// <summary>How an amount becomes an amount per month. Vendors differ on weeks and days; these are the exact factors (KPIS §1.1).</summary>
public static class MrrPolicy
{
    /// <summary>The choices in words.</summary>
    public static IReadOnlyList<string> InWords { get; } =
    [
        "Amounts are normalised to a month: year ÷ 12, quarter ÷ 3, N months ÷ N, week × 52/12, day × 365/12 (switch factors).",
        "Each subscription's monthly amount is rounded to the currency's minor unit, half away from zero, before amounts are added.",
        "An amount in another currency is converted at the rate of the switch fx_rate and rounded again; a rate holds until the next one.",
        "What exchange rates alone change is the movement fx: what was there the day before, at today's rates less at that day's.",
        "A subscription counts from its first day up to, not including, its end date. Amounts of 0 are no paid subscription.",
        "All subscriptions of a customer are added up before movements are told apart: a second subscription is expansion, not new.",
        "Movements compare each day's end with the day before; retention compares the end of the period with the day before its start.",
        "Retention compares the amounts of two days as they are converted on each; in constant currency with fx_rate: fixed.",
        "Cut by plan or region, each segment is looked at by itself: who changes plan leaves one segment and joins another.",
    ];

    /// <summary>The amount per month in units of 1/10^<paramref name="digits"/> of the currency.</summary>
    /// <param name="rounded">Whether a month has 4 weeks and 30 days instead of the exact factors.</param>
    public static long MonthlyMinorUnits(decimal amount, BillingInterval interval, int digits, bool rounded = false)
    {
        var perMonth = interval.Unit switch
        {
            "week" when rounded => amount * 4 / interval.Count,
            "day" when rounded => amount * 30 / interval.Count,
            "month" => amount / interval.Count,
            "year" => amount / (12 * interval.Count),
            "quarter" => amount / (3 * interval.Count),
            "week" => amount * 52 / (12 * interval.Count),
            "day" => amount * 365 / (12 * interval.Count),
            _ => throw new ArgumentOutOfRangeException(nameof(interval), interval.Unit, "An interval without a factor."),
        };
        return (long)(decimal.Round(perMonth, digits, MidpointRounding.AwayFromZero) * PowerOfTen(digits));
    }

    /// <summary>The decimals of a currency's minor unit (ISO 4217).</summary>
    public static int MinorDigits(string currency) => Currencies.MinorDigits(currency);

    internal static decimal PowerOfTen(int digits) => digits switch { 0 => 1, 2 => 100, _ => 1000 };
}
