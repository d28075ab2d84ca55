namespace Ingestion.Worker.Sample;

/// <summary>
/// A month of the books, in cents. The newest one may not be over: its figures are what it will come to, for those who count by day.
/// </summary>
internal sealed record LedgerMonth(
    DateOnly Month, long Revenue, IReadOnlyList<(string Account, string Channel, long Cents)> Costs, long Receivable, long Payable,
    long CashIn, long CashOut, long Cash)
{
    /// <summary>The account that costs nobody any money in the month: what was bought earlier is written off.</summary>
    public const string Depreciation = "depreciation";

    /// <summary>What lay in the bank before the first month, in cents.</summary>
    public const long OpeningCash = 750_000_000;

    /// <summary>Cost accounts with their share of revenue, and how far a month strays from it.</summary>
    private static readonly (string Account, string Channel, double Share, double Spread)[] Shares =
    [
        ("cost_of_revenue", "", 0.238, 0.02), ("research_development", "", 0.292, 0.02), ("sales_team", "", 0.252, 0.03),
        ("content", "organic", 0.022, 0.08), ("advertising", "paid_search", 0.061, 0.10), ("referral_program", "referral", 0.017, 0.12),
        ("partner_commissions", "partner", 0.024, 0.10), ("general_admin", "", 0.144, 0.04), (Depreciation, "", 0.014, 0),
    ];

    /// <summary>Actuals from the first month that the exports have as a whole to the one that the last day lies in.</summary>
    public static List<LedgerMonth> Simulate(Timeline timeline, SubscriptionBook book)
    {
        var dice = new Dice("ledger");
        var months = new List<LedgerMonth>();
        for (var month = timeline.WholeMonths().First(); month <= timeline.Last; month = month.AddMonths(1))
        {
            // Usage fees and credits make revenue differ from MRR by a percent or so.
            var revenue = (long)(AverageMrr(book, month) * dice.Between(0.992, 1.014));
            months.Add(After(months.LastOrDefault(), month, revenue, (share, spread) => share * (1 + spread * (2 * dice.Next() - 1))));
        }

        return months;
    }

    /// <summary>
    /// The month after another one, or the first. Three parts in ten of what is invoiced or owed are paid in the following month, so
    /// cash lags behind the profit and loss and never loses a cent of it.
    /// </summary>
    public static LedgerMonth After(LedgerMonth? before, DateOnly month, long revenue, Func<double, double, double> share)
    {
        (string Account, string Channel, long Cents)[] costs =
            [.. Shares.Select(cost => (cost.Account, cost.Channel, (long)(revenue * share(cost.Share, cost.Spread))))];
        var owed = costs.Where(cost => cost.Account != Depreciation).Sum(cost => cost.Cents);

        var (receivable, payable) = (revenue * 3 / 10, owed * 3 / 10);
        var cashIn = revenue - receivable + (before?.Receivable ?? receivable);
        var cashOut = owed - payable + (before?.Payable ?? payable);
        return new LedgerMonth(
            month, revenue, costs, receivable, payable, cashIn, cashOut, (before?.Cash ?? OpeningCash) + cashIn - cashOut);
    }

    public bool Contains(DateOnly day) => Month <= day && day < Month.AddMonths(1);

    public long CostOf(string account) => Costs.Where(cost => cost.Account == account).Sum(cost => cost.Cents);

    /// <summary>What a channel cost on a day; nothing where it has no account.</summary>
    public long SpendOn(DateOnly day, string channel) => Costs.Where(cost => cost.Channel == channel)
        .Sum(cost => cost.Cents * day.Day / DaysOf(day) - cost.Cents * (day.Day - 1) / DaysOf(day));

    private static int DaysOf(DateOnly day) => DateTime.DaysInMonth(day.Year, day.Month);

    private static long AverageMrr(SubscriptionBook book, DateOnly month)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        return Enumerable.Range(0, days).Sum(day => book.MrrOn(month.AddDays(day))) / days;
    }
}
