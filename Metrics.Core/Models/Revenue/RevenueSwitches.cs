using System.Globalization;

namespace Metrics.Core.Models.Revenue;

/// <summary>What the definition of recurring revenue leaves to the workspace: the points on which vendors differ (KPIS §1.2).</summary>
internal static class RevenueSwitches
{
    public static readonly Choice Discounts = Options("discounts", "Which discounts lower MRR.",
        ("all", "Every discount lowers MRR as long as it holds; given is contraction, run out is expansion (ChartMogul, Chargebee, Baremetrics)."),
        ("recurring", "Only a discount without an end lowers MRR; once and repeating ones do not (Stripe)."),
        ("ignored", "Discounts leave MRR at the list price (Paddle)."));

    public static readonly Choice Tax = Options("tax", "Whether tax is revenue.",
        ("excluded", "Tax is not in MRR (every vendor)."),
        ("included", "The tax of an interval is added to its amount, for amounts that are compared with bank accounts."));

    public static readonly Choice Trials = Options("trials", "Whether trials are revenue.",
        ("excluded", "A subscription counts from the day after its trial; a trial that nobody pays for never does (Stripe, Baremetrics)."),
        ("included", "A subscription counts from its first day, trial or not."));

    public static readonly Choice Delinquent = Options("delinquent", "What becomes of a subscription whose payment is overdue.",
        ("counts", "It counts until it ends (Stripe until it is unpaid or canceled)."),
        ("churned", "It is churned after delinquent_days without payment (Baremetrics, ChartMogul's auto-churn)."));

    public static readonly Choice DelinquentDays = Choice.Number(
        "delinquent_days", "How many days a payment may be overdue where delinquent is churned.", 30);

    public static readonly Choice Refunds = Options("refunds", "What a refund in full does.",
        ("ignored", "A refund leaves MRR as it is (Chargify)."),
        ("churned", "The subscription ends on the day it is refunded."));

    public static readonly Choice ChurnDate = Options("churn_date", "On which day a canceled subscription ends.",
        ("end", "On its end date, the day on which the billing system ends it (ChartMogul's default)."),
        ("canceled", "On the day it was canceled, though it may run on (Stripe)."),
        ("paid_until", "At the end of the interval that is paid for, where the end lies inside of one."));

    public static readonly Choice FreeDowngrade = Options("free_downgrade", "What a customer is who paid and now has a free subscription alone.",
        ("churned", "Churned: who pays nothing is no customer (Baremetrics)."),
        ("active", "Still a customer: the loss is contraction, and they churn when the free subscription ends too (ChartMogul's default)."));

    public static readonly Choice ChurnBase = Options("churn_base", "Of whom a churn rate is the share.",
        ("start", "Of the customers at the start; who joins and leaves inside counts in neither (ChartMogul)."),
        ("start_and_new", "Of the customers at the start and those who joined since; who joins and leaves inside counts in both (Stripe, Baremetrics)."));

    public static readonly Choice FxRate = Options("fx_rate", "At which rate an amount in another currency is converted.",
        ("day", "At the rate of each day; at a period's end that is the period-end rate (Chargebee, Paddle)."),
        ("service_start", "At the rate of the day on which the running billing interval began (ChartMogul)."),
        ("fixed", "At the rate of fx_date, always: exchange rates never move MRR."));

    public static readonly Choice FxDate = new(
        "fx_date", "The day whose rates hold in constant currency, and for all amounts where fx_rate is fixed; first is each currency's first rate.", "first")
    {
        Pattern = "first|[0-9]{4}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])",
        PatternHint = "'first' or an ISO date such as 2026-01-01",
    };

    public static readonly Choice Factors = Options("factors", "How many weeks and days a month has.",
        ("exact", "52/12 weeks and 365/12 days."),
        ("rounded", "4 weeks and 30 days (Recurly, scripts for Stripe)."));

    public static IReadOnlyList<Choice> All { get; } =
        [Discounts, Tax, Trials, Delinquent, DelinquentDays, Refunds, ChurnDate, FreeDowngrade, ChurnBase, FxRate, FxDate, Factors];

    private static Choice Options(string name, string description, params (string Value, string Meaning)[] options) =>
        new(name, description, options[0].Value) { Options = options };
}

/// <summary>What was chosen of <see cref="RevenueSwitches"/>.</summary>
internal sealed class RevenueChoices(IReadOnlyDictionary<string, string> choices)
{
    public string Discounts { get; } = RevenueSwitches.Discounts.In(choices);

    public bool TaxIncluded { get; } = RevenueSwitches.Tax.In(choices) == "included";

    public bool TrialsIncluded { get; } = RevenueSwitches.Trials.In(choices) == "included";

    /// <summary>After how many days an overdue subscription is churned; null where it counts on.</summary>
    public int? DelinquentDays { get; } = RevenueSwitches.Delinquent.In(choices) == "churned"
        ? int.Parse(RevenueSwitches.DelinquentDays.In(choices), CultureInfo.InvariantCulture)
        : null;

    public bool RefundsChurn { get; } = RevenueSwitches.Refunds.In(choices) == "churned";

    public string ChurnDate { get; } = RevenueSwitches.ChurnDate.In(choices);

    public bool FreeIsActive { get; } = RevenueSwitches.FreeDowngrade.In(choices) == "active";

    public bool CountsJoiners { get; } = RevenueSwitches.ChurnBase.In(choices) == "start_and_new";

    public FxMode Fx { get; } = RevenueSwitches.FxRate.In(choices) switch
    {
        "service_start" => FxMode.ServiceStart,
        "fixed" => FxMode.Fixed,
        _ => FxMode.Day,
    };

    /// <summary>The day of the fixed rates; null for each currency's first. A day that no month has is the month's last.</summary>
    public DateOnly? FxDate { get; } = RevenueSwitches.FxDate.In(choices) is not "first" and var text
        ? new DateOnly(Part(text, 0, 4), Part(text, 5, 2), 1).AddMonths(1).AddDays(-1) is var last && Part(text, 8, 2) is var day && day >= last.Day
            ? last
            : new DateOnly(Part(text, 0, 4), Part(text, 5, 2), Math.Max(1, day))
        : null;

    public bool RoundedFactors { get; } = RevenueSwitches.Factors.In(choices) == "rounded";

    private static int Part(string text, int at, int length) => int.Parse(text.AsSpan(at, length), CultureInfo.InvariantCulture);
}

/// <summary>Which day's exchange rate an amount is converted at.</summary>
internal enum FxMode
{
    Day,
    ServiceStart,
    Fixed,
}
