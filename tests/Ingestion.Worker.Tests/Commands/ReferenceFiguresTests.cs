using System.Globalization;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Commands;

/// <summary>The command on published data gives the published figures: source, sync, model, rollup and export in one go.</summary>
public sealed class ReferenceFiguresTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeRoom() => _folder = new TempFolder();

    [TearDown]
    public void TidyUp() => _folder.Dispose();

    [Test]
    public async Task The_movements_of_the_MRR_playbook_are_the_published_ones()
    {
        var expected = Reference.Rows("mrr-playbook/expected_movements.csv");
        await SyncAsync("mrr-playbook", 121);
        (string Metric, string Column)[] figures =
        [
            ("mrr", "end_mrr"), ("mrr_new", "new"), ("mrr_reactivation", "reactivation"), ("mrr_expansion", "expansion"),
            ("mrr_contraction", "contraction"), ("mrr_churn", "churn"), ("customers", "end_customers"), ("new_customers", "n_new"),
            ("reactivated_customers", "n_reactivation"), ("churned_customers", "n_churn"),
        ];

        // A month that ends the data is known like any other: nobody says that the story goes on.
        var months = await ExportAsync("mrr-playbook", "month", "2017-09-01", "2020-03-01", figures.Select(figure => figure.Metric));

        Assert.That(expected, Has.Count.EqualTo(30));
        AssertFigures(expected, "month", figures, months, (value, published) => value == Math.Abs(published));
    }

    [Test]
    public async Task The_ratios_of_the_MRR_playbook_are_the_published_ones()
    {
        var expected = Reference.Rows("mrr-playbook/expected_ratios.csv");
        await SyncAsync("mrr-playbook", 121);
        (string Metric, string Column)[] figures =
        [
            ("arr", "arr"), ("arpa", "arpa"), ("asp", "asp"), ("net_new_mrr", "net_new_mrr"), ("mrr_growth", "mom_growth"),
            ("logo_churn_rate", "logo_churn_rate"), ("gross_mrr_churn_rate", "gross_mrr_churn_rate"), ("mrr_churn_rate", "churned_only_mrr_rate"),
            ("net_mrr_churn_rate", "net_mrr_churn_rate_chartmogul"), ("grr", "grr_monthly"), ("nrr", "nrr_monthly_excl_reactivation"),
            ("quick_ratio", "quick_ratio"), ("quick_ratio_no_reactivation", "quick_ratio_baremetrics_no_reactivation"), ("nrr_12m", "nrr_12m_cohort"),
            ("grr_12m", "grr_12m_cohort"), ("logo_retention_12m", "logo_retention_12m"), ("mrr_growth_12m", "yoy_growth"),
        ];

        var months = await ExportAsync("mrr-playbook", "month", "2017-09-01", "2020-03-01", figures.Select(figure => figure.Metric));

        Assert.That(expected, Has.Count.EqualTo(30));
        Assert.That(expected[0].Keys.Except(figures.Select(figure => figure.Column)), Is.EqualTo((string[])["month"]), "every column");
        AssertFigures(expected, "month", figures, months, (value, published) => Math.Abs(value - published) <= 1e-9m);
    }

    [Test]
    public async Task The_cohorts_of_the_MRR_playbook_are_the_published_ones()
    {
        var expected = Reference.Rows("mrr-playbook/expected_cohort_triangle.csv");
        await SyncAsync("mrr-playbook", 121);
        (string Metric, string Column)[] figures =
        [
            ("customer_cohort_size", "cohort_size"), ("cohort_customers", "active_customers"), ("customer_cohort_retention", "logo_retention"), ("cohort_mrr", "mrr"),
            ("cohort_mrr_retention", "mrr_retention"),
        ];

        var rows = await ExportAsync("mrr-playbook", "month", "2017-09-01", "2020-03-01", figures.Select(figure => figure.Metric), "--by", "cohort");
        var values = rows.ToDictionary(row => (row["metric"], row["cohort"], row["period_start"]), row => row["value"]);

        Assert.That(expected, Has.Count.EqualTo(282));
        foreach (var row in expected)
        {
            var month = DateOnly.ParseExact(row["cohort_month"], "yyyy-MM-dd", CultureInfo.InvariantCulture)
                .AddMonths(int.Parse(row["month_offset"], CultureInfo.InvariantCulture)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            foreach (var (metric, column) in figures)
            {
                Assert.That(Number(values[(metric, row["cohort_month"], month)]), Is.EqualTo(Number(row[column])).Within(1e-9m),
                    $"{metric} of {row["cohort_month"]} in {month}");
            }
        }
    }

    [TestCase("month", "2021-01-01", 60)]
    [TestCase("quarter", "2021-01-01", 20)]
    [TestCase("year", "2021-01-01", 5)]
    public async Task The_orders_and_the_revenue_of_the_Chinook_store_are_the_published_ones(string grain, string from, int periods)
    {
        var expected = Reference.Rows($"chinook/expected_{grain}.csv");
        await SyncAsync("chinook", 412);

        var figures = await ExportAsync("chinook", grain, from, "2026-01-01", ["orders", "revenue"]);

        Assert.That(expected, Has.Count.EqualTo(periods));
        AssertFigures(expected, grain, [("orders", "orders"), ("revenue", "revenue")], figures, (value, published) => value == published);
    }

    [Test]
    public async Task The_countries_of_the_Chinook_store_have_their_published_revenue()
    {
        var expected = Reference.Rows("chinook/expected_country_share.csv");
        await SyncAsync("chinook", 412);

        var figures = await ExportAsync("chinook", "year", "2021-01-01", "2026-01-01", ["revenue"], "--by", "country");

        var byCountry = figures.GroupBy(row => row["country"]).ToDictionary(group => group.Key,
            group => group.Sum(row => Number(row["value"])));
        Assert.That(byCountry, Is.EquivalentTo(expected.ToDictionary(row => row["country"].Trim('"'), row => Number(row["revenue"]))));
        Assert.That(byCountry.Values.Sum(), Is.EqualTo(2328.60m));
    }

    [TestCase("country", "market_share", "revenue_all_time", "expected_country_share.csv")]
    [TestCase("genre", "revenue_share", "genre_revenue", "expected_genre_share.csv")]
    [TestCase("genre", "unit_share", "genre_units", "expected_genre_share.csv")]
    public async Task The_shares_of_the_Chinook_store_are_the_published_ones(string dimension, string column, string metric, string file)
    {
        var expected = Reference.Rows("chinook/" + file);
        await SyncAsync("chinook", 412);

        var segments = await ExportAsync("chinook", "year", "2025-01-01", "2026-01-01", [metric], "--by", dimension);
        var whole = Number((await ExportAsync("chinook", "year", "2025-01-01", "2026-01-01", [metric])).Single()["value"]);

        var values = segments.ToDictionary(row => row[dimension], row => Number(row["value"]));
        Assert.That(values.Keys, Is.EquivalentTo(expected.Select(row => row[dimension].Trim('"'))));
        foreach (var row in expected)
        {
            var (name, own) = (row[dimension].Trim('"'), values[row[dimension].Trim('"')]);
            Assert.That(own / whole, Is.EqualTo(Number(row[column])).Within(1e-8m), name);
            if (row.TryGetValue("relative_share_vs_largest_rival", out var relative))
                Assert.That(own / values.Where(other => other.Key != name).Max(other => other.Value), Is.EqualTo(Number(relative)).Within(1e-8m), name);
        }
    }

    [TestCase("month", 7)]
    [TestCase("year", 4)]
    public async Task The_customers_of_CDNOW_are_counted_anew_for_each_period(string grain, int nameLength)
    {
        var expected = Reference.Rows("cdnow-sample/expected_rollup.csv")
            .Where(row => row["period"].Length == nameLength && !row["period"].Contains('Q', StringComparison.Ordinal)).ToArray();
        await SyncAsync("cdnow-sample", 6919);

        var figures = await ExportAsync("cdnow-sample", grain, "1997-01-01", "1998-07-01", ["active_users"]);

        Assert.That(expected, Is.Not.Empty);
        AssertFigures(expected, "period", [("active_users", "distinct_customers")], figures, (value, published) => value == published);
    }

    [Test]
    public async Task The_growth_accounting_of_CDNOW_is_the_published_one_by_month_and_by_week()
    {
        await SyncAsync("cdnow-sample", 6919);
        (string Metric, string Column)[] users =
        [
            ("active_users", "active"), ("new_users", "new"), ("retained_users", "retained"), ("resurrected_users", "resurrected"),
            ("churned_users", "churned"), ("orders", "orders"), ("revenue", "revenue"),
        ];
        (string Metric, string Column)[] ratios =
        [
            ("user_quick_ratio", "quick_ratio"), ("user_retention", "retention_from_previous"), ("average_order_value", "average_order_value"),
        ];

        var months = await ExportAsync(
            "cdnow-sample", "month", "1997-01-01", "1998-07-01", users.Concat(ratios).Select(figure => figure.Metric));
        var weeks = await ExportAsync("cdnow-sample", "week", "1996-12-30", "1998-07-06", users.Select(figure => figure.Metric));

        AssertFigures(Reference.Rows("cdnow-sample/expected_monthly_growth_accounting.csv"), "month", users, months, Equal);
        AssertFigures(Reference.Rows("cdnow-sample/expected_monthly_growth_accounting.csv"), "month", ratios, months, Close);
        AssertFigures(Reference.Rows("cdnow-sample/expected_weekly_growth_accounting.csv"), "monday", users, weeks, Equal);
    }

    [Test]
    public async Task The_rolling_users_of_CDNOW_are_the_published_ones_on_every_day()
    {
        await SyncAsync("cdnow-sample", 6919);
        (string Metric, string Column)[] counts = [("dau", "dau"), ("wau", "wau_7d"), ("mau_28d", "mau_28d"), ("mau_30d", "mau_30d")];

        var days = await ExportAsync("cdnow-sample", "day", "1997-02-28", "1998-07-01", counts.Select(count => count.Metric));

        var expected = Reference.Rows("cdnow-sample/expected_rolling_actives.csv");
        Assert.That(expected, Has.Count.EqualTo(488));
        AssertFigures(expected, "date", counts, days, Equal);
    }

    [Test]
    public async Task The_histogram_of_active_days_of_CDNOW_is_the_published_one()
    {
        await SyncAsync("cdnow-sample", 6919);

        var rows = await ExportAsync("cdnow-sample", "month", "1997-02-01", "1998-07-01", ["users_by_days_active"], "--by", "days");

        var given = rows.Where(row => Number(row["value"]) > 0).ToDictionary(row => (row["period_end"], int.Parse(row["days"], CultureInfo.InvariantCulture)), row => Number(row["value"]));
        var expected = Reference.Rows("cdnow-sample/expected_l28.csv")
            .ToDictionary(row => (row["month_end"], int.Parse(row["days_active_in_28"], CultureInfo.InvariantCulture)), row => Number(row["customers"]));
        Assert.That(given, Is.EquivalentTo(expected));
    }

    [TestCase("month", "1997-01-01", "expected_cohort_month.csv")]
    [TestCase("week", "1996-12-30", "expected_cohort_isoweek.csv")]
    public async Task The_cohorts_of_CDNOW_are_the_published_ones(string grain, string from, string file)
    {
        var expected = Reference.Rows($"cdnow-sample/{file}");
        await SyncAsync("cdnow-sample", 6919);
        (string Metric, string Column)[] figures = grain == "week"
            ? [("cohort_users", "active"), ("cohort_size", "cohort_size"), ("cohort_retention", "retention")]
            :
            [
                ("cohort_users", "active"), ("cohort_size", "cohort_size"), ("cohort_retention", "retention"),
                ("cohort_users_on_or_after", "active_on_or_after"), ("cohort_retention_unbounded", "unbounded_retention"), ("cohort_revenue", "revenue"),
            ];

        var rows = await ExportAsync("cdnow-sample", grain, from, "1998-07-06", figures.Select(figure => figure.Metric), "--by", "cohort");

        var cells = rows.ToDictionary(row => (row["metric"], row["cohort"], row["period_start"]), row => row["value"]);
        var faults = new List<string>();
        foreach (var cell in expected)
        {
            var cohort = grain == "week" ? Monday(cell["cohort"]) : Day(cell["cohort"] + "-01");
            var offset = int.Parse(cell["offset"], CultureInfo.InvariantCulture);
            var period = grain == "week" ? cohort.AddDays(7 * offset) : cohort.AddMonths(offset);
            foreach (var (metric, column) in figures)
            {
                var value = cells.GetValueOrDefault((metric, Text(cohort), Text(period)), "no row");
                if (value is "no row" or "" || !Close(Number(value), Number(cell[column])))
                    faults.Add($"{metric} of {cell["cohort"]} after {offset}: {value}, published {cell[column]}");
            }
        }

        Assert.That(expected, Is.Not.Empty);
        Assert.That(faults, Is.Empty);
        Assert.That(cells.Where(cell => string.CompareOrdinal(cell.Key.Item3, cell.Key.Item2) < 0).Select(cell => cell.Value), Is.All.Empty, "nothing before a cohort begins");
    }

    [Test]
    public async Task The_customers_of_CDNOW_come_back_in_the_published_windows()
    {
        var expected = Reference.Rows("cdnow-sample/expected_nday_retention.csv");
        await SyncAsync("cdnow-sample", 6919);
        var windows = expected.Select(row => row["from_day"] == row["to_day"] ? $"d{row["from_day"]}" : $"d{row["from_day"]}_{row["to_day"]}").ToArray();

        var rows = await ExportAsync("cdnow-sample", "day", "1997-01-01", "1998-07-01",
            windows.SelectMany(window => (string[])[$"returned_{window}", $"returned_from_{window}", $"eligible_{window}"]));

        var sums = rows.GroupBy(row => row["metric"]).ToDictionary(group => group.Key, group => group.Sum(row => Number(row["value"])));
        Assert.That(
            windows.Select(window => (sums[$"eligible_{window}"], sums[$"returned_{window}"], sums[$"returned_from_{window}"])),
            Is.EqualTo(expected.Select(row => (Number(row["eligible"]), Number(row["returned_in_window"]), Number(row["returned_on_or_after_from_day"])))));
    }

    private static bool Equal(decimal value, decimal published) => value == published;

    private static bool Close(decimal value, decimal published) => Math.Abs(value - published) <= 1e-9m;

    private static DateOnly Monday(string week) => DateOnly.FromDateTime(ISOWeek.ToDateTime(
        int.Parse(week.AsSpan(0, 4), CultureInfo.InvariantCulture), int.Parse(week.AsSpan(6), CultureInfo.InvariantCulture), DayOfWeek.Monday));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Test]
    public async Task The_growth_of_employment_is_the_published_one()
    {
        var expected = Reference.Rows("growth/us_nonfarm_employment.expected.csv");
        await SyncAsync("growth", 1461);
        string[] columns = ["mom_abs", "mom_pct", "yoy_pct", "rolling3_mean", "rolling12_mean", "cmgr_12m", "cmgr_3m"];

        var months = await ExportAsync("growth", "month", "2006-01-01", "2016-01-01", columns);

        // The published figures have six to ten decimals.
        Assert.That(expected, Has.Count.EqualTo(120));
        AssertFigures(expected, "month", [.. columns.Select(column => (column, column))], months,
            (value, published) => Math.Abs(value - published) <= Math.Max(1e-9m, Math.Abs(published) * 1e-10m));
    }

    [Test]
    public async Task The_rain_of_weeks_is_compared_with_the_week_before_and_the_week_a_year_ago()
    {
        // A week that is only partly known is compared with nothing, in the reference as on a board.
        var expected = Reference.Rows("growth/seattle_precip_isoweek.expected.csv").Where(row => row["complete"] == "1").ToArray();
        await SyncAsync("growth", 1461);

        var weeks = await ExportAsync("growth", "week", "2012-01-02", "2016-01-01", ["precipitation", "temperature", "rain_wow", "rain_yoy", "rain_7d"]);

        Assert.That(expected, Has.Length.EqualTo(208));
        AssertFigures(expected, "monday",
            [("precipitation", "sum_precip"), ("rain_7d", "sum_precip"), ("temperature", "mean_temp_max"), ("rain_wow", "wow_pct"), ("rain_yoy", "yoy_364_pct")],
            Complete(weeks), (value, published) => Math.Abs(value - published) <= 1e-6m);
    }

    [Test]
    public async Task The_rain_of_weeks_from_Sunday_is_that_of_their_days()
    {
        var expected = Reference.Rows("growth/seattle_precip_sundayweek.expected.csv").Where(row => row["days"] == "7").ToArray();
        var workspace = Variant("week_starts: monday", "week_starts: sunday");
        await SyncAsync(workspace, 1461);

        var weeks = await ExportAsync(workspace, "week", "2012-01-01", "2016-01-01", ["rain_7d"]);

        AssertFigures(expected, "sunday", [("rain_7d", "sum_precip")], weeks, (value, published) => value == published);
    }

    [TestCase("january", "MTD", "rain_mtd")]
    [TestCase("january", "QTD", "rain_qtd")]
    [TestCase("january", "YTD", "rain_ytd")]
    [TestCase("april", "FYTD_Apr", "rain_ytd")]
    [TestCase("october", "FYTD_Oct", "rain_ytd")]
    public async Task The_rain_to_date_is_compared_with_the_same_dates_of_the_year_before(string yearStarts, string span, string metric)
    {
        var expected = Reference.Rows("growth/seattle_precip_todate.expected.csv").Where(row => row["period"] == span).ToArray();
        var workspace = Variant("fiscal_year_starts: january", "fiscal_year_starts: " + yearStarts);
        await SyncAsync(workspace, 1461);

        var days = await ExportAsync(workspace, "day", "2012-01-01", "2016-01-01", [metric, metric + "_yoy"]);

        Assert.That(expected, Is.Not.Empty);
        AssertFigures(expected, "as_of", [(metric, "sum"), (metric + "_yoy", "yoy_pct")],
            Complete(days), (value, published) => Math.Abs(value - published) <= 1e-9m);
    }

    [TestCase("nps", "-35.8974358974359")]
    [TestCase("nps_promoters", "8")]
    [TestCase("nps_passives", "9")]
    [TestCase("nps_detractors", "22")]
    [TestCase("nps_answers", "39")]
    public async Task The_scores_of_the_Sudzilla_survey_are_the_published_ones(string metric, string published)
    {
        Reference.File("nps-csat/expected.json");
        await SyncAsync("nps-csat", 39);

        var figures = await ExportAsync("nps-csat", "month", "2019-06-01", "2019-07-01", [metric]);

        Assert.That(Number(figures.Single()["value"]), Is.EqualTo(Number(published)).Within(1e-9m));
    }

    /// <summary>Every published figure of a column stands in the export under its metric; an empty one is undefined there too.</summary>
    private static void AssertFigures(
        IReadOnlyList<IReadOnlyDictionary<string, string>> expected, string period, (string Metric, string Column)[] figures,
        IReadOnlyList<IReadOnlyDictionary<string, string>> rows, Func<decimal, decimal, bool> same)
    {
        var faults = new List<string>();
        foreach (var (metric, column) in figures)
        {
            var values = rows.Where(row => row["metric"] == metric).ToDictionary(row => row["period_start"], row => row["value"]);
            foreach (var published in expected)
            {
                var value = values.GetValueOrDefault(StartOf(published[period]), "no row");
                var (given, wanted) = (value, published[column]);
                if (given == wanted || (given.Length > 0 && wanted.Length > 0 && given != "no row" && same(Number(given), Number(wanted))))
                    continue;
                faults.Add($"{metric} {published[period]}: {given}, published {wanted}");
            }
        }

        Assert.That(faults, Is.Empty);
    }

    /// <summary>The first day of a period that is written as 2021, 2021-Q3, 2021-07 or 2021-07-01.</summary>
    private static string StartOf(string period) => period.Length switch
    {
        4 => period + "-01-01",
        7 when period[5] == 'Q' => string.Create(CultureInfo.InvariantCulture, $"{period[..4]}-{3 * (period[6] - '1') + 1:00}-01"),
        7 => period + "-01",
        _ => period,
    };

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Workspace(string name) => Path.Combine(Repository.Root, "tests", "workspaces", name);

    /// <summary>The rows, undefined where they are not complete.</summary>
    private static IReadOnlyList<IReadOnlyDictionary<string, string>> Complete(IReadOnlyList<IReadOnlyDictionary<string, string>> rows) =>
        [.. rows.Select(row => row["complete"] == "true" ? row : new Dictionary<string, string>(row) { ["value"] = "" })];

    /// <summary>The workspace of growth with another calendar.</summary>
    private string Variant(string setting, string other)
    {
        foreach (var file in Directory.EnumerateFiles(Workspace("growth"), "*.yaml", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file).Replace(setting, other, StringComparison.Ordinal)
                .Replace("../../../../shared/reference", Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "reference")), StringComparison.Ordinal);
            _folder.Write(Path.Combine("variant", Path.GetRelativePath(Workspace("growth"), file)), text);
        }

        return _folder["variant"];
    }

    private async Task SyncAsync(string workspace, int rows)
    {
        var sync = await KpiProcess.RunAsync("sync", "--workspace", Workspace(workspace), "--data", _folder["store"]);
        Assert.That(sync.ExitCode, Is.Zero, sync.ToString());
        Assert.That(sync.Output, Does.Contain($": {rows} read, ").And.Contain(" 0 rejected"));
    }

    private async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ExportAsync(
        string workspace, string grain, string from, string to, IEnumerable<string> metrics, params string[] more)
    {
        var export = await KpiProcess.RunAsync(
        [
            "export", "--workspace", Workspace(workspace), "--data", _folder["store"], "--metric", string.Join(',', metrics),
            "--grain", grain, "--from", from, "--to", to, .. more,
        ]);
        Assert.That(export.ExitCode, Is.Zero, export.ToString());
        var lines = export.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToArray();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
