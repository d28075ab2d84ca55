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

    /// <summary>The day on which an interval begins, counted from the one that begins on <paramref name="anchor"/>.</summary>
    public DateOnly Begins(DateOnly anchor, int number) => Unit switch
    {
        "day" => anchor.AddDays(number * Count),
        "week" => anchor.AddDays(7 * number * Count),
        "month" => anchor.AddMonths(number * Count),
        "quarter" => anchor.AddMonths(3 * number * Count),
        _ => anchor.AddYears(number * Count),
    };
}

/// <summary>A run of days in which a customer pays an amount every interval.</summary>
/// <param name="Start">The first day on which it runs.</param>
/// <param name="End">The first day on which it no longer runs; null while it goes on.</param>
/// <param name="Amount">What is paid every interval, without tax, in major units of <paramref name="Currency"/>; never negative.</param>
/// <param name="Currency">ISO 4217 code, or null for the reporting currency.</param>
public sealed record SubscriptionPeriod(
    string Customer, DateOnly Start, DateOnly? End, decimal Amount, BillingInterval Interval, string? Currency, Segment Segment)
{
    private static readonly string[] DiscountDurations = ["once", "repeating", "forever"];

    /// <summary>The subscription's id, by which several rows are one; null where the source gives none.</summary>
    public string? Subscription { get; init; }

    /// <summary>What is taken off the amount of an interval while the discount holds, in the same currency.</summary>
    public decimal Discount { get; init; }

    /// <summary>once (the first paid interval), repeating (up to <see cref="DiscountEnd"/>) or forever.</summary>
    public string DiscountDuration { get; init; } = "forever";

    /// <summary>The first day without the discount; null where it lasts as long as the row.</summary>
    public DateOnly? DiscountEnd { get; init; }

    /// <summary>The tax of an interval, which is not in the amount.</summary>
    public decimal Tax { get; init; }

    /// <summary>Whether the row is a trial as a whole; null where the source does not say.</summary>
    public bool? Trial { get; init; }

    /// <summary>The first day after the trial that the row begins with; null where it begins with none.</summary>
    public DateOnly? TrialEnd { get; init; }

    /// <summary>Since when payment is overdue; null while it is not.</summary>
    public DateOnly? DelinquentSince { get; init; }

    /// <summary>When the money was given back in full; null where it was not.</summary>
    public DateOnly? RefundedAt { get; init; }

    /// <summary>Whether it was canceled; null where the source does not say.</summary>
    public bool? Canceled { get; init; }

    /// <summary>When it was canceled, which may be long before it ends; null where it was not or nobody knows.</summary>
    public DateOnly? CanceledAt { get; init; }

    /// <summary>When it was signed, which may be long before it starts; null where nobody knows.</summary>
    public DateOnly? CommittedFrom { get; init; }

    public static RecordType Type { get; } = new("subscription_period",
        new RecordField("customer", FieldKind.Text, "Who pays.") { Required = true },
        new RecordField("start", FieldKind.Date, "The first day.") { Required = true },
        new RecordField("end", FieldKind.Date, "The first day that no longer belongs to it; empty while it runs."),
        new RecordField("amount", FieldKind.Number, "What is paid every interval, without tax.") { Required = true },
        new RecordField("interval", FieldKind.Text, "day, week, month, quarter, year or N-month. Default: month."),
        new RecordField("currency", FieldKind.Text, "ISO code. Default: the reporting currency."),
        new RecordField("subscription", FieldKind.Text, "The subscription's id."),
        new RecordField("plan", FieldKind.Text, "The plan's name."),
        new RecordField("region", FieldKind.Text, "The customer's region."),
        new RecordField("discount", FieldKind.Number, "What is taken off the amount of an interval."),
        new RecordField("discount_duration", FieldKind.Text, "once (the first paid interval), repeating or forever. Default: forever."),
        new RecordField("discount_end", FieldKind.Date, "The first day without the discount; empty where it lasts as long as the row."),
        new RecordField("tax", FieldKind.Number, "The tax of an interval, beside the amount."),
        new RecordField("is_trial", FieldKind.Flag, "Whether the row is a trial as a whole."),
        new RecordField("trial_end", FieldKind.Date, "The first day after the trial that the row begins with."),
        new RecordField("delinquent_since", FieldKind.Date, "Since when payment is overdue; empty while it is not."),
        new RecordField("refunded_at", FieldKind.Date, "When the money was given back in full."),
        new RecordField("canceled", FieldKind.Flag, "Whether it was canceled."),
        new RecordField("canceled_at", FieldKind.Date, "When it was canceled, which may be before it ends."),
        new RecordField("committed_from", FieldKind.Date, "When it was signed, which may be before it starts."))
    {
        FaultOf = row => row switch
        {
            _ when row.Date("end") < row.Date("start") => $"ends on {row.Date("end"):yyyy-MM-dd}, before it starts on {row.Date("start"):yyyy-MM-dd}",
            _ when row.Number("amount") < 0 => $"has the negative amount {row.Number("amount")}; a credit is not a subscription",
            _ when row.Text("interval") is { } interval && BillingInterval.TryParse(interval) is null =>
                $"has the interval '{interval}'; known are day, week, month, quarter, year and N-month",
            _ when row.Number("discount") < 0 => $"has the negative discount {row.Number("discount")}; a discount is what is taken off",
            _ when row.Number("tax") < 0 => $"has the negative tax {row.Number("tax")}",
            _ when row.Text("discount_duration") is { } duration && !DiscountDurations.Contains(duration) =>
                $"has the discount_duration '{duration}'; known are {string.Join(", ", DiscountDurations)}",
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
        body.Segment("plan", "region"))
    {
        Subscription = body.Text("subscription"),
        Discount = body.Number("discount") ?? 0,
        DiscountDuration = body.Text("discount_duration") ?? "forever",
        DiscountEnd = body.Date("discount_end"),
        Tax = body.Number("tax") ?? 0,
        Trial = body.Flag("is_trial"),
        TrialEnd = body.Date("trial_end"),
        DelinquentSince = body.Date("delinquent_since"),
        RefundedAt = body.Date("refunded_at"),
        Canceled = body.Flag("canceled"),
        CanceledAt = body.Date("canceled_at"),
        CommittedFrom = body.Date("committed_from"),
    };
}
