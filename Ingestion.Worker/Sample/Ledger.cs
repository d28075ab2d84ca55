using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>
/// The books by month, as a German accounting program writes them: semicolons, decimal comma, thousands with a point.
/// Actuals are there for months that are over; the budget runs to the end of the year.
/// </summary>
internal static class Ledger
{
    private static readonly CultureInfo German = new("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };

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
        (long In, long Out)? before = null;
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
    private static (long Receivable, long Payable) Post(
        CsvFile csv, DateOnly month, string scenario, long revenue, (long Receivable, long Payable)? before,
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

        var open = (Receivable: revenue * 3 / 10, Payable: costs * 3 / 10);
        Line("cash_in", revenue - open.Receivable + (before ?? open).Receivable);
        Line("cash_out", costs - open.Payable + (before ?? open).Payable);
        return open;
    }

    private static long AverageMrr(SubscriptionBook book, DateOnly month)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        return Enumerable.Range(0, days).Sum(day => book.MrrOn(month.AddDays(day))) / days;
    }
}
