using System.Globalization;
using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>How often an amount is charged: <c>month</c>, <c>year</c>, <c>3-month</c> …</summary>
/// <param name="Count">How many units one interval has.</param>
/// <param name="Unit">day, week, month, quarter or year.</param>
public sealed record BillingInterval(int Count, string Unit)
{
    private static readonly string[] Units = ["day", "week", "month", "quarter", "year"];

    /// <summary>The interval of a text such as <c>year</c> or <c>6-month</c>; null where it is none.</summary>
    public static BillingInterval? TryParse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var unit = text[(dash + 1)..];
        if (!Units.Contains(unit))
            return null;
        if (dash < 0)
            return new BillingInterval(1, unit);
        return int.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? new BillingInterval(count, unit)
            : null;
    }
}

/// <summary>A run of days in which a customer pays an amount every interval.</summary>
/// <param name="Start">The first day on which it runs.</param>
/// <param name="End">The first day on which it no longer runs; null while it goes on.</param>
/// <param name="Amount">What is paid every interval, without tax, in major units of <paramref name="Currency"/>; never negative.</param>
/// <param name="Currency">ISO 4217 code, or null for the reporting currency.</param>
public sealed record SubscriptionPeriod(
    string Customer, DateOnly Start, DateOnly? End, decimal Amount, BillingInterval Interval, string? Currency, Segment Segment)
{
    public static RecordType Type { get; } = new("subscription_period",
        new RecordField("customer", FieldKind.Text, "Who pays.") { Required = true },
        new RecordField("start", FieldKind.Date, "The first day.") { Required = true },
        new RecordField("end", FieldKind.Date, "The first day that no longer belongs to it; empty while it runs."),
        new RecordField("amount", FieldKind.Number, "What is paid every interval, without tax.") { Required = true },
        new RecordField("interval", FieldKind.Text, "day, week, month, quarter, year or N-month. Default: month."),
        new RecordField("currency", FieldKind.Text, "ISO code. Default: the reporting currency."),
        new RecordField("subscription", FieldKind.Text, "The subscription's id."),
        new RecordField("plan", FieldKind.Text, "The plan's name."),
        new RecordField("region", FieldKind.Text, "The customer's region."))
    {
        FaultOf = row => row switch
        {
            _ when row.Date("end") < row.Date("start") => $"ends on {row.Date("end"):yyyy-MM-dd}, before it starts on {row.Date("start"):yyyy-MM-dd}",
            _ when row.Number("amount") < 0 => $"has the negative amount {row.Number("amount")}; a credit is not a subscription",
            _ when row.Text("interval") is { } interval && BillingInterval.TryParse(interval) is null =>
                $"has the interval '{interval}'; known are day, week, month, quarter, year and N-month",
            _ => null,
        },
    };

    public static SubscriptionPeriod From(RecordBody body) => new(
        body.Text("customer")!,
        body.Date("start")!.Value,
        body.Date("end"),
        body.Number("amount")!.Value,
        BillingInterval.TryParse(body.Text("interval") ?? "month")!,
        body.Text("currency"),
        body.Segment("plan", "region"));
}
