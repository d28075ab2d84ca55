using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>
/// The books by month, as a German accounting program writes them: semicolons, decimal comma, thousands with a point.
/// Actuals are there for months that are over; the budget runs to the end of the year.
/// </summary>
internal static class Ledger
{
    private static readonly CultureInfo German = new("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };

    /// <summary>What lay in the bank before the first month, in cents.</summary>
    private const long OpeningCash = 450_000_000;

    /// <summary>Cost accounts with their share of revenue, and how far a month strays from it.</summary>
    private static readonly (string Account, double Share, double Spread)[] Costs =
    [
        ("cost_of_revenue", 0.238, 0.02), ("research_development", 0.285, 0.02),
        ("sales_marketing", 0.365, 0.06), ("general_admin", 0.138, 0.04),
    ];

    public static void Write(SampleFolder folder, Timeline timeline, SubscriptionBook book)
    {
        var dice = new Dice("ledger");
        var budget = new Budget(timeline, book);
        using var csv = folder.Csv("data/ledger.csv", ["account", "period", "scenario", "amount", "currency"], ';');

        var months = timeline.WholeMonths().ToList();
        (long Receivable, long Payable, long Cash)? before = null;
        foreach (var month in months)
        {
            // Usage fees and credits make revenue differ from MRR by a percent or so.
            var revenue = (long)(AverageMrr(book, month) * dice.Between(0.992, 1.014));
            before = Post(csv, month, "actual", revenue, before, (share, spread) => share * (1 + spread * (2 * dice.Next() - 1)));
        }

        before = null;
        for (var month = months[0]; month.Year <= timeline.Last.Year; month = month.AddMonths(1))
            before = Post(csv, month, "budget", budget.RevenueOf(month), before, (share, _) => share * 0.99);
    }

    /// <summary>
    /// Posts a month. Three parts in ten of what is invoiced or owed are paid in the following month, so cash lags behind
    /// the profit and loss and never loses a cent of it.
    /// </summary>
    private static (long Receivable, long Payable, long Cash) Post(
        CsvFile csv, DateOnly month, string scenario, long revenue, (long Receivable, long Payable, long Cash)? before,
        Func<double, double, double> share)
    {
        void Line(string account, long cents) =>
            csv.Row(account, CsvFile.Month(month), scenario, (cents / 100m).ToString("N2", German), "USD");

        Line("revenue", revenue);
        var costs = 0L;
        foreach (var (account, usual, spread) in Costs)
        {
            var cost = (long)(revenue * share(usual, spread));
            Line(account, cost);
            costs += cost;
        }

        var (receivable, payable) = (revenue * 3 / 10, costs * 3 / 10);
        var cashIn = revenue - receivable + (before?.Receivable ?? receivable);
        var cashOut = costs - payable + (before?.Payable ?? payable);
        var cash = (before?.Cash ?? OpeningCash) + cashIn - cashOut;
        Line("cash_in", cashIn);
        Line("cash_out", cashOut);
        Line("cash", cash);
        return (receivable, payable, cash);
    }

    private static long AverageMrr(SubscriptionBook book, DateOnly month)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        return Enumerable.Range(0, days).Sum(day => book.MrrOn(month.AddDays(day))) / days;
    }
}
