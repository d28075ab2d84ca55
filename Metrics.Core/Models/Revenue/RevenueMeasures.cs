using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Revenue;

/// <summary>The measures of recurring revenue by kind.</summary>
internal static class RevenueMeasures
{
    /// <summary>A figure for each day.</summary>
    public static readonly string[] Stocks = ["mrr", "customers", "mrr_constant", "committed_mrr", "trials_running"];

    /// <summary>What one customer's amount can do from a day to the next.</summary>
    public static readonly string[] Movements = ["new", "reactivation", "expansion", "contraction", "churn"];

    /// <summary>Movements of customers.</summary>
    public static readonly string[] CustomerMovements = ["new_customers", "reactivated_customers", "churned_customers"];

    public static readonly string[] ConstantMovements = [.. Movements.Select(measure => measure + Constant)];

    public static readonly string[] TrialFlows = ["trials_started", "trials_ended", "trials_converted"];

    public static readonly string[] PaymentFlows = ["failed_payments", "failed_payment_amount", "refunds", "refunded_amount"];

    public static readonly string[] Involuntary = ["involuntary_churn", "involuntary_churned_customers"];

    /// <summary>Dated on the day something happens.</summary>
    public static readonly string[] Flows =
        [.. Movements, "fx", .. CustomerMovements, .. ConstantMovements, .. TrialFlows, .. PaymentFlows, .. Involuntary];

    /// <summary>Measures that are dated by day: a figure for each day, or a movement on the day it happened.</summary>
    public static readonly string[] Daily = [.. Stocks, .. Flows];

    /// <summary>Point-to-point measures of the customers at the start of a period; with a suffix, of those a fixed time before its end.</summary>
    public static readonly string[] PointToPoint =
    [
        "opening_mrr", "kept_mrr", "closing_mrr_of_opening", "opening_customers", "lost_customers", "churn_base_customers", "churn_lost_customers",
    ];

    public static readonly string[] Windows = ["", "_4w", "_12m"];

    /// <summary>What became of the customers who first paid in the same period, at the end of each period since.</summary>
    public static readonly string[] Cohorts = ["cohort_mrr", "cohort_customers", "cohort_start_mrr", "cohort_size"];

    /// <summary>The dimension of the cohorts: the first day of the period in which a customer first paid.</summary>
    public const string CohortDimension = "cohort";

    public const string Constant = "_constant";

    public static readonly Choice InvoluntaryDays = Choice.Number("days", "How many days after a failed payment that was not made good a churn counts as involuntary.", 30);

    public static IReadOnlyList<Measure> All { get; } =
    [
        .. ((string[])[.. Stocks, .. Movements, "fx", .. CustomerMovements, .. ConstantMovements, .. TrialFlows, .. Windows.SelectMany(window => PointToPoint.Select(one => one + window)), .. Cohorts])
            .Select(name => new Measure(name) { RecordTypes = [SubscriptionPeriod.Type.Name, ExchangeRate.Type.Name] }),
        .. PaymentFlows.Select(name => new Measure(name) { RecordTypes = [Payment.Type.Name, ExchangeRate.Type.Name] }),
        .. Involuntary.Select(name => new Measure(name)
        {
            RecordTypes = [Payment.Type.Name, SubscriptionPeriod.Type.Name, ExchangeRate.Type.Name], With = [InvoluntaryDays],
        }),
    ];

    /// <summary>Whether a measure counts something rather than adding up money.</summary>
    public static bool Counts(string measure) =>
        measure.Contains("customers", StringComparison.Ordinal) || measure.StartsWith("trials_", StringComparison.Ordinal)
        || measure is "failed_payments" or "refunds" or "cohort_size";

    /// <summary>The window that a point-to-point measure ends with; empty for that of the period itself.</summary>
    public static string WindowOf(string measure) => Windows.Last(suffix => measure.EndsWith(suffix, StringComparison.Ordinal));
}
