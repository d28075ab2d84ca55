using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>
/// The targets of last year and of this one: within reach for signups, ambitious for customers and revenue, and out of reach for
/// retention, which has suffered since the outage.
/// </summary>
internal static class BudgetTargets
{
    private const string Budget = "budget";
    private const string Reforecast = "reforecast-1";

    // The largest region, which has a sales team and so a target of its own.
    private const string Region = "DACH";

    // In July the second half of the year is looked at again, and the promise grows a little more with every month of it.
    private const int ReforecastFrom = 7;
    private const double ReforecastPerMonth = 0.004;

    // Rates and levels mean the same in every part of a year.
    private const string HighestChurn = "0.0165";
    private const string LeastRetained = "0.86";
    private const string LeastKeptAndGrown = "1.00";
    private const int LeastRevenuePerCustomer = 1_020;

    private const double VisitsPerSignup = 51;
    private const double TrialsPerSignup = 0.9;

    // Who uses the product in a week follows the growth alone: seasons bring new people, not the ones who are there.
    private const double UsersPerWeek = 925;

    private const long CentsPerThousand = 100_000;

    public static void Write(SampleFolder folder, Timeline timeline, SubscriptionBook book)
    {
        using var csv = folder.Csv("targets/budget.csv", ["metric", "version", "grain", "period", "value", "region", "note"]);
        void Target(string metric, string grain, string period, string value, string note = "", string version = Budget, string region = "") =>
            csv.Row(metric, version, grain, period, value, region, note);

        var budget = new Budget(timeline, book);
        for (var month = new DateOnly(timeline.Last.Year - 1, 1, 1); month.Year <= timeline.Last.Year; month = month.AddMonths(1))
        {
            var planned = budget.MrrAtEndOf(month);
            var share = book.ShareOn(new DateOnly(month.Year, 1, 1), Region);
            Target("mrr", "month", CsvFile.Month(month), Thousands(planned), "plan of December");
            Target("mrr", "month", CsvFile.Month(month), Thousands((long)(planned * share)), "the team in Munich", region: Region);
            Target("net_new_mrr", "month", CsvFile.Month(month), Thousands(budget.NetNewOf(month)));
            if (month.Month >= ReforecastFrom)
            {
                var more = 1 + ReforecastPerMonth * (month.Month - ReforecastFrom + 1);
                Target("mrr", "month", CsvFile.Month(month), Thousands((long)(planned * more)), "looked at again in July", Reforecast);
            }
        }

        var isoYear = ISOWeek.GetYear(timeline.Last);
        for (var year = isoYear - 1; year <= isoYear; year++)
        {
            for (var week = 1; week <= ISOWeek.GetWeeksInYear(year); week++)
            {
                var monday = ISOWeek.ToDateOnly(year, week, DayOfWeek.Monday);
                var demand = Enumerable.Range(0, 7).Sum(day => Demand.Buying(timeline, monday.AddDays(day))) / 7;
                var period = string.Create(CultureInfo.InvariantCulture, $"{year}-W{week:00}");
                var signups = Signup.PerWeek * demand * 0.94;
                Target("new_customers", "week", period, CsvFile.Number((int)(SubscriptionHistory.NewPerWeek * demand * 1.07)));
                Target("signups", "week", period, CsvFile.Number((int)signups));
                Target("website_visits", "week", period, CsvFile.Number((int)(signups * VisitsPerSignup)));
                Target("trial_starts", "week", period, CsvFile.Number((int)(signups * TrialsPerSignup)));
                Target("active_users", "week", period, CsvFile.Number((int)(UsersPerWeek * Demand.Growth(timeline, monday))));
                Target("logo_churn_rate_4w", "week", period, HighestChurn);
            }
        }

        foreach (var year in (int[])[timeline.Last.Year - 1, timeline.Last.Year])
        {
            Target("nrr_12m", "year", CsvFile.Number(year), LeastKeptAndGrown, "expansion pays for churn");
            Target("grr_12m", "year", CsvFile.Number(year), LeastRetained);
            Target("arpa", "year", CsvFile.Number(year), CsvFile.Number(LeastRevenuePerCustomer), "the new prices hold");
        }
    }

    private static string Thousands(long cents) => CsvFile.Number(cents / CentsPerThousand * 1_000);
}
