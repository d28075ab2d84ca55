using System.Globalization;
using System.Text.Json;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Models.Engagement;
using Metrics.Core.Models.Values;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Series;

/// <summary>Figures against those that were computed outside this product from the same data.</summary>
public sealed class FiguresReferenceTests
{
    private const string Weather = """
        metrics:
          - { id: precipitation, name: Rain, unit: count, over_time: sum }
          - { id: temperature, name: Highest temperature, unit: score, over_time: mean }
        """;

    private const string Shop = """
        metrics:
          - { id: revenue, name: Revenue, unit: currency, missing: zero, dimensions: [country] }
          - { id: orders, name: Orders, unit: count, missing: zero, dimensions: [country] }
          - { id: buyers, name: Buyers, unit: count, over_time: distinct, over_segments: none, missing: zero, model: engagement.active_users }
          - { id: aov, name: Average order value, unit: currency, formula: revenue / orders }
          - { id: revenue_per_buyer, name: Revenue per buyer, unit: currency, formula: revenue / buyers }
        """;

    private const string Records = """
        metrics:
          - { id: buyers, name: Buyers, unit: count, over_time: distinct, over_segments: none, missing: zero, model: engagement.active_users }
          - { id: orders, name: Orders, unit: count, missing: zero, model: engagement.events }
          - { id: revenue, name: Revenue, unit: currency, missing: zero, model: engagement.amount }
          - { id: aov, name: Average order value, unit: currency, formula: revenue / orders }
          - { id: orders_per_buyer, name: Orders per buyer, unit: ratio, formula: orders / buyers }
          - { id: revenue_per_buyer, name: Revenue per buyer, unit: currency, formula: revenue / buyers }
        """;

    [Test]
    public async Task Employment_by_month_changes_as_published()
    {
        using var company = await EmploymentAsync();
        var months = await company.TotalAsync("employment", Grain.Month, "2006-01-01..2015-12-31");
        var byStart = months.ToDictionary(month => month.Period.Start);
        var rows = Reference.Rows("growth/us_nonfarm_employment.expected.csv");

        Assert.That(months, Has.Count.EqualTo(rows.Count).And.All.Property(nameof(PeriodValue.Complete)).True);
        using (Assert.EnterMultipleScope())
        {
            foreach (var row in rows)
            {
                var month = byStart[Some.Day(row["month"])];
                var before = byStart.GetValueOrDefault(month.Period.Start.AddMonths(-1))?.Value;
                var yearAgo = byStart.GetValueOrDefault(company.Calendar.YearAgo(Grain.Month, month.Period).Start)?.Value;

                Assert.That(month.Value, Is.EqualTo(Number(row["value"])), row["month"]);
                Assert.That(Change.Absolute(month.Value, before), Is.EqualTo(Number(row["mom_abs"])), row["month"]);
                AssertNear(Change.Relative(month.Value, before), row["mom_pct"], row["month"]);
                AssertNear(Change.Relative(month.Value, yearAgo), row["yoy_pct"], row["month"]);
            }
        }
    }

    [Test]
    public async Task Employment_by_year_is_the_last_month_of_a_stock_the_sum_of_a_flow_and_the_mean_of_the_months()
    {
        using var company = await EmploymentAsync();
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Reference.File("growth/us_nonfarm_employment.summary.json")));
        foreach (var (overTime, key) in (IEnumerable<(OverTime, string)>)[(OverTime.Last, "stock_last"), (OverTime.Sum, "flow_sum"), (OverTime.Mean, "mean")])
        {
            foreach (var year in await company.TotalAsync("employment", Grain.Year, "2006-01-01..2015-12-31", overTime))
            {
                var expected = summary.RootElement.GetProperty("year_rollup").GetProperty(year.Period.Start.ToString("yyyy", CultureInfo.InvariantCulture));

                Assert.That(decimal.Round(year.Value!.Value, 6), Is.EqualTo(Number(expected.GetProperty(key).GetString()!)), $"{key} {year.Period}");
                Assert.That(year.Complete, Is.EqualTo(expected.GetProperty("complete").GetBoolean()));
            }
        }
    }

    [Test]
    public async Task Weeks_of_rain_are_complete_and_compared_as_the_reference_says()
    {
        using var company = await WeatherAsync(Some.Calendar());
        var rain = (await company.TotalAsync("precipitation", Grain.Week, "2010-12-27..2016-01-03")).ToDictionary(week => week.Period.Start);
        var warmth = (await company.TotalAsync("temperature", Grain.Week, "2010-12-27..2016-01-03")).ToDictionary(week => week.Period.Start);
        using (Assert.EnterMultipleScope())
        {
            foreach (var row in Reference.Rows("growth/seattle_precip_isoweek.expected.csv"))
            {
                var week = rain[Some.Day(row["monday"])];
                var before = rain[week.Period.Start.AddDays(-7)];
                var yearAgo = rain[company.Calendar.YearAgo(Grain.Week, week.Period).Start];

                Assert.That(company.Calendar.Key(Grain.Week, week.Period), Is.EqualTo(row["iso_week"]));
                Assert.That(week.Value, Is.EqualTo(Number(row["sum_precip"])), row["iso_week"]);
                Assert.That(week.CoveredDays, Is.EqualTo(Number(row["days"])), row["iso_week"]);
                Assert.That(week.Complete, Is.EqualTo(row["complete"] == "1"), row["iso_week"]);
                AssertNear(warmth[week.Period.Start].Value, row["mean_temp_max"], row["iso_week"], 6);
                AssertNear(Compared(week, before), row["wow_pct"], row["iso_week"] + " on the week before");
                AssertNear(Compared(week, yearAgo), row["yoy_364_pct"], row["iso_week"] + " on the week 364 days before");
                Assert.That(company.Calendar.Key(Grain.Week, yearAgo.Period), Is.EqualTo(row["week_364_days_ago"]), row["iso_week"]);
                Assert.That(yearAgo.Complete ? yearAgo.Value : null, Is.EqualTo(Number(row["ly_364_sum"])), row["iso_week"]);
                Assert.That(week.Period.LastDay, Is.EqualTo(Some.Day(row["sunday"])), row["iso_week"]);
            }
        }
    }

    [Test]
    public async Task Weeks_from_Sunday_hold_the_rain_of_their_own_days()
    {
        using var company = await WeatherAsync(Some.Calendar(weekStarts: DayOfWeek.Sunday));
        foreach (var row in Reference.Rows("growth/seattle_precip_sundayweek.expected.csv"))
        {
            var week = (await company.TotalAsync("precipitation", Grain.Week, $"{row["sunday"]}..{row["saturday"]}")).Single();

            Assert.That(week.Period, Is.EqualTo(Some.Days($"{row["sunday"]}..{row["saturday"]}")));
            Assert.That(week.Value, Is.EqualTo(Number(row["sum_precip"])), row["sunday"]);
            Assert.That(week.CoveredDays, Is.EqualTo(Number(row["days"])), row["sunday"]);
            Assert.That(week.Complete, Is.EqualTo(row["days"] == "7"), row["sunday"]);
            AssertNear((await company.TotalAsync("temperature", Grain.Week, $"{row["sunday"]}..{row["saturday"]}")).Single().Value, row["mean_temp_max"], row["sunday"], 6);
        }
    }

    [Test]
    public async Task Spans_to_date_are_compared_like_for_like()
    {
        foreach (var row in Reference.Rows("growth/seattle_precip_todate.expected.csv"))
        {
            var (grain, yearStarts) = row["period"] switch
            {
                "MTD" => (Grain.Month, 1),
                "QTD" => (Grain.Quarter, 1),
                "YTD" => (Grain.Year, 1),
                "FYTD_Apr" => (Grain.Year, 4),
                _ => (Grain.Year, 10),
            };
            using var company = await WeatherAsync(Some.Calendar(yearStarts), now: Some.Day(row["as_of"]).AddDays(1));
            var lastDay = Some.Day(row["as_of"]);
            Period[] spans = [company.Calendar.ToDateYearAgo(grain, lastDay), company.Calendar.ToDate(grain, lastDay)];
            var values = await company.TotalAsync("precipitation", grain, spans);
            var name = $"{row["period"]} {row["as_of"]}";

            Assert.That(spans[1].Start, Is.EqualTo(Some.Day(row["start"])), name);
            Assert.That(spans[0], Is.EqualTo(Some.Days($"{row["ly_start"]}..{row["ly_end"]}")), name);
            Assert.That(values[1].Value, Is.EqualTo(Number(row["sum"])), name);
            Assert.That(values[1].CoveredDays, Is.EqualTo(Number(row["days"])), name);
            Assert.That(values[1].Complete, Is.True, name);
            Assert.That(values[0].Complete ? values[0].Value : null, Is.EqualTo(Number(row["ly_sum"])), name);
            AssertNear(Compared(values[1], values[0]), row["yoy_pct"], name);
        }
    }

    [Test]
    public async Task A_weekly_board_shows_every_week_of_rain_with_its_changes()
    {
        using var company = await WeatherAsync(Some.Calendar());
        var rows = Reference.Rows("growth/seattle_precip_isoweek.expected.csv").ToDictionary(row => row["iso_week"]);
        var shown = new HashSet<string>();
        foreach (var last in rows.Keys.Where((_, i) => i % 6 == 5).Append(rows.Keys.Last()))
        {
            var tile = (await BoardAsync(company, Grain.Week, last)).Tiles.Single();
            using (Assert.EnterMultipleScope())
            {
                foreach (var week in tile.Periods.Where(week => rows.ContainsKey(week.Key)))
                {
                    var row = rows[week.Key];
                    shown.Add(week.Key);
                    Assert.That(week.Value.Value, Is.EqualTo(Number(row["sum_precip"])), week.Key);
                    Assert.That(week.Value.Complete, Is.EqualTo(row["complete"] == "1"), week.Key);
                    Assert.That(week.PreviousYear.Value, Is.EqualTo(Number(row["ly_364_sum"])), week.Key);
                    AssertNear(FractionOf(week.Change), row["wow_pct"], week.Key + " on the week before");
                    AssertNear(FractionOf(week.YearChange), row["yoy_364_pct"], week.Key + " on the week 364 days before");
                }
            }
        }

        Assert.That(shown, Is.EquivalentTo(rows.Keys));
    }

    [Test]
    public async Task The_box_of_a_board_shows_the_spans_to_date()
    {
        foreach (var row in Reference.Rows("growth/seattle_precip_todate.expected.csv"))
        {
            var (label, yearStarts) = row["period"] switch { "FYTD_Apr" => ("YTD", 4), ['F', ..] => ("YTD", 10), var plain => (plain, 1) };
            using var company = await WeatherAsync(Some.Calendar(yearStarts));
            var span = (await BoardAsync(company, Grain.Day, row["as_of"])).Tiles.Single().ToDates.Single(one => one.Label == label);
            var name = $"{row["period"]} {row["as_of"]}";

            Assert.That(span.Value.Value, Is.EqualTo(Number(row["sum"])), name);
            Assert.That(span.Value.Period.Days, Is.EqualTo(Number(row["days"])), name);
            Assert.That(span.PreviousYear.Value, Is.EqualTo(Number(row["ly_sum"])), name);
            AssertNear(FractionOf(span.YearChange), row["yoy_pct"], name);
        }
    }

    [TestCase(Grain.Month, "month", "mom")]
    [TestCase(Grain.Quarter, "quarter", "qoq")]
    [TestCase(Grain.Year, "year", null)]
    public async Task A_shops_revenue_orders_and_buyers_add_up_by_every_grain(Grain grain, string file, string? change)
    {
        using var company = await ShopAsync();
        const string days = "2021-01-01..2025-12-31";
        var revenue = await company.TotalAsync("revenue", grain, days);
        var orders = await company.TotalAsync("orders", grain, days);
        var buyers = await company.TotalAsync("buyers", grain, days);
        var aov = await company.TotalAsync("aov", grain, days);
        var perBuyer = await company.TotalAsync("revenue_per_buyer", grain, days);
        var rows = Reference.Rows($"chinook/expected_{file}.csv");
        Assert.That(revenue, Has.Count.EqualTo(rows.Count).And.All.Property(nameof(PeriodValue.Complete)).True);

        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < rows.Count; i++)
            {
                var row = rows[i];
                Assert.That(company.Calendar.Key(grain, revenue[i].Period), Is.EqualTo(row[file]));
                Assert.That(revenue[i].Value, Is.EqualTo(Number(row["revenue"])), row[file]);
                Assert.That(orders[i].Value, Is.EqualTo(Number(row["orders"])), row[file]);
                Assert.That(buyers[i].Value, Is.EqualTo(Number(row["customers"])), row[file]);
                if (row.TryGetValue("aov", out var perOrder))
                    AssertNear(aov[i].Value, perOrder, row[file], 6);
                if (row.TryGetValue("revenue_per_customer", out var perCustomer))
                    AssertNear(perBuyer[i].Value, perCustomer, row[file], 6);
                if (change is not null)
                    AssertNear(i == 0 ? null : Compared(revenue[i], revenue[i - 1]), row[change], row[file]);
                var ago = revenue.FirstOrDefault(value => value.Period == company.Calendar.YearAgo(grain, revenue[i].Period));
                AssertNear(ago is null ? null : Compared(revenue[i], ago), row["yoy"], row[file] + " on the year before");
            }
        }
    }

    [Test]
    public async Task A_shops_countries_add_up_to_its_total()
    {
        using var company = await ShopAsync();
        var all = company.Calendar.Covering(Grain.Year, Some.Day("2021-01-01"), Some.Day("2026-01-01"));
        foreach (var metric in (string[])["revenue", "orders"])
        {
            var countries = (await company.ReadAsync(new MetricQuery { Metric = company.Catalog[metric], Grain = Grain.Year, Periods = all, By = ["country"] }))
                .ToDictionary(series => series.Segment["country"]!, series => series.Values.Sum(value => value.Value));
            var rows = Reference.Rows("chinook/expected_country_share.csv");

            Assert.That(countries, Has.Count.EqualTo(rows.Count));
            foreach (var row in rows)
                Assert.That(countries[row["country"]], Is.EqualTo(Number(row[metric])), row["country"]);
        }
    }

    [TestCase(Grain.Year)]
    [TestCase(Grain.Quarter)]
    [TestCase(Grain.Month)]
    public async Task Distinct_customers_are_counted_anew_for_every_grain(Grain grain)
    {
        using var company = new Company(Records);
        var activity = File.ReadLines(Reference.File("cdnow-sample/CDNOW_sample.txt"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length == 5)
            .Select(object (cells) => new
            {
                user = cells[0],
                at = $"{cells[2][..4]}-{cells[2][4..6]}-{cells[2][6..]}",
                @event = "order",
                amount = Number(cells[4]),
            });
        await company.ComputeAsync(new EngagementModel(), "1998-07-01", Company.Records(activity));

        var columns = new Dictionary<string, string>
        {
            ["buyers"] = "distinct_customers",
            ["orders"] = "orders",
            ["revenue"] = "revenue",
            ["revenue_per_buyer"] = "revenue_per_customer",
            ["orders_per_buyer"] = "orders_per_customer",
            ["aov"] = "average_order_value",
        };
        var values = new Dictionary<string, IReadOnlyList<PeriodValue>>();
        foreach (var metric in columns.Keys)
            values[metric] = await company.TotalAsync(metric, grain, "1997-01-01..1998-06-30");

        var rows = Reference.Rows("cdnow-sample/expected_rollup.csv")
            .Where(row => company.Calendar.TryParse(grain, row["period"], out _)).ToArray();
        Assert.That(rows, Is.Not.Empty);
        foreach (var row in rows)
        {
            foreach (var (metric, column) in columns)
            {
                var value = values[metric].Single(one => company.Calendar.Key(grain, one.Period) == row["period"]);
                AssertNear(value.Value, row[column], $"{metric} {row["period"]}");
            }
        }
    }

    private static async Task<Company> EmploymentAsync()
    {
        var company = new Company("metrics: [{ id: employment, name: Employees, unit: count, over_time: last, native_grain: month }]");
        var points = Reference.Rows("growth/us_nonfarm_employment.csv")
            .Select(row => new Point(Some.Day(row["month"]), double.Parse(row["value"], CultureInfo.InvariantCulture)));
        await company.WriteAsync(new SeriesPoints(new SeriesKey("employment", Grain.Month, Segment.Total), [.. points]));
        return company;
    }

    private static async Task<Company> WeatherAsync(ReportingCalendar calendar, DateOnly? now = null)
    {
        var company = new Company(Weather, now is { } day ? $"{day:yyyy-MM-dd}" : "2030-01-01", calendar);
        var rows = Reference.Rows("growth/seattle_weather.csv").Where(row => now is null || Some.Day(row["date"]) < now).ToArray();
        foreach (var (metric, column) in (IEnumerable<(string, string)>)[("precipitation", "precipitation_mm"), ("temperature", "temp_max_c")])
        {
            await company.WriteAsync(new SeriesPoints(
                SomeSeries.Key(metric), [.. rows.Select(row => new Point(Some.Day(row["date"]), double.Parse(row[column], CultureInfo.InvariantCulture)))]));
        }

        return company;
    }

    private static async Task<Company> ShopAsync()
    {
        var company = new Company(Shop);
        var invoices = Reference.Rows("chinook/invoice.csv");
        var values = invoices.SelectMany(invoice => (object[])
        [
            new { metric = "revenue", at = invoice["InvoiceDate"], value = Number(invoice["Total"]), dims = new { country = invoice["BillingCountry"] } },
            new { metric = "orders", at = invoice["InvoiceDate"], value = 1, dims = new { country = invoice["BillingCountry"] } },
        ]);
        var activity = invoices.Select(object (invoice) => new { user = invoice["CustomerId"], at = invoice["InvoiceDate"], @event = "order" });
        await company.ComputeAsync(new ValuesModel(), "2026-01-01", Company.Records(values));
        await company.ComputeAsync(new EngagementModel(), "2026-01-01", Company.Records(activity));
        return company;
    }

    private static Task<BoardSnapshot> BoardAsync(Company company, Grain grain, string key)
    {
        Assert.That(company.Calendar.TryParse(grain, key, out var period), Is.True, key);
        var board = new Board("rain", "Rain", grain, [new BoardSection("All", [new Tile { Metric = "precipitation" }])], "boards/rain.yaml", 1);
        var reader = new MetricReader(company.Store, company.Watermarks, company.Clock);
        return new BoardBuilder(reader, new KnownDays(company.Store, company.Watermarks), company.ModelStates, company.Processes, company.Clock)
            .BuildAsync(board, company.Calendar, company.Catalog, TargetBook.Empty, new BoardQuery { Period = period }, CancellationToken.None);
    }

    // A change from a week without rain is not a fraction, and the reference has none there either.
    private static decimal? FractionOf(Delta? change) => change is { Kind: DeltaKind.Relative } ? change.Amount : null;

    private static decimal? Compared(PeriodValue current, PeriodValue basis) =>
        current.Complete && basis.Complete ? Change.Relative(current.Value, basis.Value) : null;

    private static decimal? Number(string text) => text.Length == 0 ? null : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static void AssertNear(decimal? actual, string expected, string name, int digits = 8)
    {
        if (Number(expected) is not { } number)
            Assert.That(actual, Is.Null, name);
        else
            Assert.That(actual, Is.EqualTo(number).Within((decimal)Math.Pow(10, -digits)), name);
    }
}
