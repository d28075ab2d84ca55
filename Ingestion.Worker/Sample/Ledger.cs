using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>
/// The books by month, as a German accounting program writes them: semicolons, decimal comma, thousands with a point.
/// Actuals are there for months that are over; the budget and the forecast run to the end of the year.
/// </summary>
internal static class Ledger
{
    private static readonly CultureInfo German = new("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };

    // What is won is budgeted at so much of a month's revenue, and goes up and down with demand.
    private const double BookingsShare = 0.165;

    // From two months before to the middle of the month, at the growth of the last years.
    private const double ForecastGrowth = 1.04;

    public static void Write(SampleFolder folder, Timeline timeline, SubscriptionBook book, IReadOnlyList<LedgerMonth> actuals)
    {
        var dice = new Dice("forecast");
        var budget = new Budget(timeline, book);
        using var csv = folder.Csv("data/ledger.csv", ["account", "channel", "period", "scenario", "amount", "currency"], ';');

        var whole = timeline.WholeMonths().Count();
        foreach (var month in actuals.Take(whole))
            Post(csv, month, "actual");

        foreach (var month in budget.Months())
        {
            Post(csv, month, "budget");
            Line(csv, month.Month, "budget", "bookings", "", (long)(month.Revenue * BookingsShare * Demand.Season(month.Month.AddDays(14))));
        }

        LedgerMonth? before = null;
        for (var month = actuals[0].Month; month.Year <= timeline.Last.Year; month = month.AddMonths(1))
        {
            // A forecast is made two months ahead, from what customers pay by then.
            var revenue = (long)(book.MrrOn(month.AddMonths(-2)) * ForecastGrowth * dice.Between(0.985, 1.01));
            before = LedgerMonth.After(before, month, revenue, (share, _) => share);
            Post(csv, before, "forecast");
        }
    }

    private static void Post(CsvFile csv, LedgerMonth month, string scenario)
    {
        Line(csv, month.Month, scenario, "revenue", "", month.Revenue);
        foreach (var (account, channel, cents) in month.Costs)
            Line(csv, month.Month, scenario, account, channel, cents);
        Line(csv, month.Month, scenario, "cash_in", "", month.CashIn);
        Line(csv, month.Month, scenario, "cash_out", "", month.CashOut);
        Line(csv, month.Month, scenario, "cash", "", month.Cash);
    }

    private static void Line(CsvFile csv, DateOnly month, string scenario, string account, string channel, long cents) =>
        csv.Row(account, channel, CsvFile.Month(month), scenario, (cents / 100m).ToString("N2", German), "USD");
}
