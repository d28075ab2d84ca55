using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>The targets of last year and of this one: within reach for signups, ambitious for customers and revenue.</summary>
internal static class BudgetTargets
{
    public static void Write(SampleFolder folder, Timeline timeline, SubscriptionBook book)
    {
        using var csv = folder.Csv("targets/budget.csv", ["metric", "version", "grain", "period", "value", "region", "note"]);
        void Target(string metric, string grain, string period, string value, string note = "") =>
            csv.Row(metric, "budget", grain, period, value, "", note);

        var budget = new Budget(timeline, book);
        for (var month = new DateOnly(timeline.Last.Year - 1, 1, 1); month.Year <= timeline.Last.Year; month = month.AddMonths(1))
            Target("mrr", "month", CsvFile.Month(month), CsvFile.Number(budget.MrrAtEndOf(month) / 100_000 * 1_000), "plan of December");

        var isoYear = ISOWeek.GetYear(timeline.Last);
        for (var year = isoYear - 1; year <= isoYear; year++)
        {
            for (var week = 1; week <= ISOWeek.GetWeeksInYear(year); week++)
            {
                var monday = ISOWeek.ToDateOnly(year, week, DayOfWeek.Monday);
                var demand = Enumerable.Range(0, 7).Sum(day => Demand.Buying(timeline, monday.AddDays(day))) / 7;
                var period = string.Create(CultureInfo.InvariantCulture, $"{year}-W{week:00}");
                Target("new_customers", "week", period, CsvFile.Number((int)(SubscriptionHistory.NewPerWeek * demand * 1.07)));
                Target("signups", "week", period, CsvFile.Number((int)(Signup.PerWeek * demand * 0.94)));
            }
        }

        foreach (var year in (int[])[timeline.Last.Year - 1, timeline.Last.Year])
            Target("nrr_12m", "year", CsvFile.Number(year), "1.00", "expansion pays for churn");
    }
}
