using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>
/// The targets of last year and of this one: within reach for signups and support, ambitious for customers and revenue, and out of
/// reach for retention, which has suffered since the outage.
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
    private const int LeastRevenuePerCustomer = 1_020;

    private static readonly (string Metric, string Value, string Note)[] ForTheYear =
    [
        ("nrr_12m", "1.00", "expansion pays for churn"), ("grr_12m", "0.86", ""), ("arpa", CsvFile.Number(LeastRevenuePerCustomer), "the new prices hold"),
        ("first_response_time", "10800", "three hours"), ("resolution_time", "172800", "two days"), ("csat", "0.88", ""),
        ("ces", "5.7", ""), ("nps", "36", ""), ("nps_response_rate", "0.40", ""), ("lead_qualification", "0.32", ""),
        ("cost_per_lead", "180", ""), ("signup_rate", "0.02", ""), ("trial_conversion", "0.11", ""),
        ("activation_rate_7d", "0.45", "the new onboarding"), ("activation_rate_settled", "0.45", "the new onboarding"),
        ("project_adoption", "0.40", ""), ("sharing_adoption", "0.50", "sharing takes a click less"), ("stickiness", "0.15", ""),
        ("user_retention", "0.68", ""), ("logo_churn_rate", "0.02", ""), ("logo_retention_12m", "0.78", ""), ("quick_ratio", "2.5", ""),
        ("pipeline_cover", "3.5", ""), ("win_rate_13w", "0.25", ""), ("sales_cycle_13w", "5184000", "sixty days"),
        ("share_of_search", "0.10", "one search in ten"), ("review_rating", "4.4", ""), ("market_share", "0.065", ""),
        ("gross_margin", "0.765", ""), ("runway", "24", "two years"), ("cac", "10500", ""), ("cac_payback", "24", "two years"),
        ("ltv_to_cac", "3", ""), ("burn_multiple", "0.5", ""), ("revenue_growth", "0.25", ""), ("rule_of_40", "0.25", ""),
    ];

    // Of the MRR that is planned for the month.
    private const double HighestChurnedShare = 0.013;
    private const double LeastPipelineShare = 1.45;
    private const double LeastWonShare = 0.42;

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
            Target("mrr_churn", "month", CsvFile.Month(month), Thousands((long)(planned * HighestChurnedShare)), "at most");
            Target("customers", "month", CsvFile.Month(month), CsvFile.Number((int)(planned / 100 / LeastRevenuePerCustomer)));
            Target("pipeline", "month", CsvFile.Month(month), Thousands((long)(planned * LeastPipelineShare)));
            Target("won_amount_13w", "month", CsvFile.Month(month), Thousands((long)(planned * LeastWonShare)));
            if (month.Month >= ReforecastFrom)
            {
                var more = 1 + ReforecastPerMonth * (month.Month - ReforecastFrom + 1);
                Target("mrr", "month", CsvFile.Month(month), Thousands((long)(planned * more)), "looked at again in July", Reforecast);
            }
        }

        foreach (var month in budget.Months().Where(month => month.Month.Year >= timeline.Last.Year - 1))
        {
            var expenses = month.Costs.Sum(cost => cost.Cents) - month.CostOf("cost_of_revenue");
            Target("revenue_actual", "month", CsvFile.Month(month.Month), Thousands(month.Revenue));
            Target("cogs_actual", "month", CsvFile.Month(month.Month), Thousands(month.CostOf("cost_of_revenue")));
            Target("operating_expenses_actual", "month", CsvFile.Month(month.Month), Thousands(expenses));
            Target("bank_balance", "month", CsvFile.Month(month.Month), Thousands(month.Cash));
            Target("cash_balance", "month", CsvFile.Month(month.Month), Thousands(month.Cash));
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
                Target("leads", "week", period, CsvFile.Number((int)(Leads.PerWeek * demand)));
                Target("brand_searches", "week", period, CsvFile.Number((int)(7 * BrandWatch.BrandPerDay * demand)));
                Target("opportunities_created", "week", period, CsvFile.Number((int)(Opportunities.PerWeek * demand)));
                Target("active_users", "week", period, CsvFile.Number((int)(UsersPerWeek * Demand.Growth(timeline, monday))));
                Target("logo_churn_rate_4w", "week", period, HighestChurn);
            }
        }

        foreach (var year in (int[])[timeline.Last.Year - 1, timeline.Last.Year])
        {
            foreach (var (metric, value, note) in ForTheYear)
                Target(metric, "year", CsvFile.Number(year), value, note);
        }
    }

    private static string Thousands(long cents) => CsvFile.Number(cents / CentsPerThousand * 1_000);
}
