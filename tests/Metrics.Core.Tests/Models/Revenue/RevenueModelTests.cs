using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Periods;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Models.Revenue;

/// <summary>Recurring revenue row by row, and what must hold for any subscriptions.</summary>
public sealed class RevenueModelTests
{
    [Test]
    public void Subscriptions_of_a_customer_are_added_up_before_movements_are_told_apart()
    {
        var figures = Of(new("anna", "2026-01-05", null, 100), new("anna", "2026-01-10", "2026-01-20", 60));

        Assert.That(figures.At("mrr", "2026-01-05"), Is.EqualTo(100));
        Assert.That(figures.At("mrr", "2026-01-10"), Is.EqualTo(160));
        Assert.That(figures.At("mrr", "2026-01-20"), Is.EqualTo(100), "the end date does not belong to a subscription");
        Assert.That(figures.Movements(), Is.EqualTo((string[])["01-05 new 100", "01-05 new_customers 1", "01-10 expansion 60", "01-20 contraction 60"]));
        Assert.That(figures.At("customers", "2026-01-15"), Is.EqualTo(1));
    }

    [Test]
    public void A_change_of_plan_is_expansion_in_total_and_churn_and_new_by_plan()
    {
        var figures = Of(new("anna", "2026-01-05", "2026-02-01", 100, Plan: "Basic"), new("anna", "2026-02-01", null, 150, Plan: "Pro"));

        Assert.That(figures.Movements(), Is.EqualTo((string[])["01-05 new 100", "01-05 new_customers 1", "02-01 expansion 50"]));
        Assert.That(figures.Movements("Basic"), Is.EqualTo((string[])["01-05 new 100", "01-05 new_customers 1", "02-01 churn 100", "02-01 churned_customers 1"]));
        Assert.That(figures.Movements("Pro"), Is.EqualTo((string[])["02-01 new 150", "02-01 new_customers 1"]));
    }

    [Test]
    public void A_subscription_that_is_replaced_on_the_day_it_ends_is_no_churn()
    {
        var figures = Of(new("anna", "2026-01-05", "2026-02-01", 100), new("anna", "2026-02-01", "2026-03-01", 100), new("anna", "2026-03-01", null, 80));

        Assert.That(figures.Movements(), Is.EqualTo((string[])["01-05 new 100", "01-05 new_customers 1", "03-01 contraction 20"]));
    }

    [Test]
    public void Who_comes_back_is_reactivated_and_not_new()
    {
        var figures = Of(new("anna", "2026-01-05", "2026-02-01", 100), new("anna", "2026-02-02", null, 120));

        Assert.That(figures.Movements(), Is.EqualTo((string[])
        [
            "01-05 new 100", "01-05 new_customers 1", "02-01 churn 100", "02-01 churned_customers 1", "02-02 reactivated_customers 1", "02-02 reactivation 120",
        ]));
        Assert.That(figures.At("customers", "2026-02-01"), Is.Zero);
    }

    [Test]
    public void Who_pays_nothing_is_no_customer_and_starts_to_be_one_with_the_first_payment()
    {
        var figures = Of(new("anna", "2026-01-05", "2026-02-01", 0), new("anna", "2026-02-01", null, 90), new("bert", "2026-01-07", null, 0));

        Assert.That(figures.At("customers", "2026-01-20"), Is.Zero);
        Assert.That(figures.Movements(), Is.EqualTo((string[])["02-01 new 90", "02-01 new_customers 1"]));
        Assert.That(figures.Result.DataFrom, Is.EqualTo(Some.Day("2026-01-05")), "a free subscription is data all the same");
    }

    [Test]
    public void Subscriptions_that_overlap_or_stand_there_twice_are_added_up()
    {
        var figures = Of(new("anna", "2026-01-05", "2026-01-20", 100), new("anna", "2026-01-05", "2026-01-20", 100), new("anna", "2026-01-10", "2026-01-25", 1));

        Assert.That(figures.At("mrr", "2026-01-12"), Is.EqualTo(201));
        Assert.That(figures.Movements(), Is.EqualTo((string[])
        [
            "01-05 new 200", "01-05 new_customers 1", "01-10 expansion 1", "01-20 contraction 200", "01-25 churn 1", "01-25 churned_customers 1",
        ]));
    }

    [TestCase("2026-01-20", "2026-01-20", Description = "ends on the day it starts")]
    [TestCase("2026-01-20", "2026-01-10", Description = "ends before it starts")]
    [TestCase("2026-06-01", null, Description = "starts after the days that are known")]
    public void A_subscription_without_a_day_is_none(string start, string? end)
    {
        var figures = Of(new("anna", "2026-01-05", null, 100), new("bert", start, end, 50));

        Assert.That(figures.At("mrr", "2026-03-31"), Is.EqualTo(100));
        Assert.That(figures.Movements(), Is.EqualTo((string[])["01-05 new 100", "01-05 new_customers 1"]));
    }

    [Test]
    public void Without_a_paid_subscription_there_are_no_points([Values] bool free)
    {
        var figures = free ? Of(new Sub("anna", "2026-01-05", null, 0)) : Of();

        Assert.That(figures.Result.DataFrom, Is.Null);
        Assert.That(figures.Result.Outputs.SelectMany(output => output.Series), Is.Empty);
        Assert.That(figures.Result.Outputs.Select(output => output.Metric).Distinct(), Is.EquivalentTo(Metrics.Select(metric => metric.Id)),
            "each metric is named, so that points which it had are removed");
    }

    [Test]
    public void The_29th_of_February_is_a_day_like_any_other()
    {
        var figures = Until("2024-04-01", new("anna", "2024-02-29", "2024-03-01", 100), new("bert", "2023-02-28", "2024-02-29", 40));

        Assert.That(figures.At("mrr", "2024-02-28"), Is.EqualTo(40));
        Assert.That(figures.At("mrr", "2024-02-29"), Is.EqualTo(100));
        Assert.That(figures.At("mrr", "2024-03-01"), Is.Zero);
        Assert.That(figures.At("opening_mrr_12m", "2024-02-01", Grain.Month), Is.EqualTo(40), "on 28 February 2023, twelve months before");
    }

    [TestCase("2016-02-22", "2015-02-28", Description = "a week that ends on 28 February of a leap year")]
    [TestCase("2026-02-23", "2025-03-01")]
    public void Twelve_months_before_the_end_of_a_week_is_the_same_date(string week, string yearBefore)
    {
        var day = Some.Day(yearBefore);
        var figures = Until("2026-04-01", new Sub("anna", $"{day:yyyy-MM-dd}", null, 100), new Sub("bert", $"{day:yyyy-MM-dd}", $"{day.AddDays(1):yyyy-MM-dd}", 30));

        Assert.That(figures.At("opening_mrr_12m", week, Grain.Week), Is.EqualTo(130));
    }

    [Test]
    public void Who_joins_and_leaves_within_a_period_counts_in_no_retention()
    {
        var figures = Of(
            new("anna", "2026-01-01", null, 100), new("bert", "2026-01-01", "2026-02-10", 50), new("carl", "2026-02-05", "2026-02-20", 70), new("dora", "2026-02-15", null, 30));

        Assert.That(figures.At("opening_mrr", "2026-02-01", Grain.Month), Is.EqualTo(150));
        Assert.That(figures.At("kept_mrr", "2026-02-01", Grain.Month), Is.EqualTo(100));
        Assert.That(figures.At("closing_mrr_of_opening", "2026-02-01", Grain.Month), Is.EqualTo(100));
        Assert.That(figures.At("opening_customers", "2026-02-01", Grain.Month), Is.EqualTo(2));
        Assert.That(figures.At("lost_customers", "2026-02-01", Grain.Month), Is.EqualTo(1));
    }

    [Test]
    public void Who_leaves_and_is_back_by_the_end_of_the_period_was_not_lost()
    {
        var figures = Of(new("anna", "2026-01-01", "2026-02-10", 100), new("anna", "2026-02-20", null, 130));

        Assert.That(figures.At("kept_mrr", "2026-02-01", Grain.Month), Is.EqualTo(100), "what is gained does not make up for anything");
        Assert.That(figures.At("closing_mrr_of_opening", "2026-02-01", Grain.Month), Is.EqualTo(130));
        Assert.That(figures.At("lost_customers", "2026-02-01", Grain.Month), Is.Zero);
    }

    [TestCase(100, "month", 100)]
    [TestCase(600, "year", 50)]
    [TestCase(90, "3-month", 30)]
    [TestCase(90, "quarter", 30)]
    [TestCase(1200, "2-year", 50)]
    [TestCase(12, "week", 52)]
    [TestCase(12, "2-week", 26)]
    [TestCase(12, "day", 365)]
    [TestCase(365, "30-day", 370.07)]
    [TestCase(2000, "year", 166.67)]
    [TestCase(0.06, "year", 0.01, Description = "half a cent is rounded away from zero")]
    [TestCase(0.05, "year", 0)]
    public void An_amount_becomes_an_amount_per_month(double amount, string interval, double perMonth) =>
        Assert.That(MrrPolicy.MonthlyMinorUnits((decimal)amount, BillingInterval.TryParse(interval)!, 2), Is.EqualTo((decimal)perMonth * 100));

    [TestCase("JPY", 1000, 83)]
    [TestCase("USD", 1000, 83.33)]
    [TestCase("KWD", 1000, 83.333)]
    public void Amounts_are_rounded_to_the_minor_unit_of_their_currency(string currency, int year, double mrr)
    {
        var figures = Compute(new CalendarSettings { Currency = currency }, "2026-04-01", [new("anna", "2026-01-05", null, year, "year")]);

        Assert.That(figures.At("mrr", "2026-01-05"), Is.EqualTo(mrr));
    }

    [TestCase("")]
    [TestCase("month-3")]
    [TestCase("0-month")]
    [TestCase("-1-month")]
    [TestCase("fortnight")]
    public void An_interval_that_nobody_knows_is_none(string text) => Assert.That(BillingInterval.TryParse(text), Is.Null);

    [Test]
    public void Several_currencies_are_refused_by_name() => Assert.That(
        () => Of(new Sub("anna", "2026-01-05", null, 1), new Sub("bert", "2026-01-05", null, 1, Currency: "EUR")),
        Throws.TypeOf<ModelException>().With.Message.Contains("EUR, USD"));

    [Test]
    public void Another_currency_than_the_reporting_one_is_refused() => Assert.That(
        () => Of(new Sub("anna", "2026-01-05", null, 1, Currency: "EUR")),
        Throws.TypeOf<ModelException>().With.Message.Contains("the reporting currency is USD"));

    /// <summary>ChartMogul's published life of one customer.</summary>
    [Test]
    public void The_published_life_of_a_customer_moves_as_published()
    {
        var figures = Until(
            "2026-04-01",
            new("syncalytics", "2024-01-01", "2025-01-01", 2000, "year", "Gold"), new("syncalytics", "2024-03-01", "2024-06-01", 60, Plan: "Silver"),
            new("syncalytics", "2025-05-01", null, 150, Plan: "Gold"));

        Assert.That(figures.Movements().Where(line => !line.Contains("customers", StringComparison.Ordinal)), Is.EqualTo((string[])
        [
            "01-01 new 166.67", "03-01 expansion 60", "06-01 contraction 60", "01-01 churn 166.67", "05-01 reactivation 150",
        ]));
    }

    /// <summary>ChartMogul's example: of 100 at the start 10 are churned and 10 contracted, 10 expanded.</summary>
    [Test]
    public void Published_rates_come_out_of_opening_kept_and_closing_amounts()
    {
        var figures = Of(
            new("anna", "2026-01-01", null, 60), new("anna", "2026-02-10", null, 10), new("bert", "2026-01-01", "2026-02-10", 30), new("bert", "2026-02-10", null, 20),
            new("carl", "2026-01-01", "2026-02-10", 10));
        var opening = figures.At("opening_mrr", "2026-02-01", Grain.Month);

        Assert.That(opening, Is.EqualTo(100));
        Assert.That(figures.At("kept_mrr", "2026-02-01", Grain.Month) / opening, Is.EqualTo(0.8), "gross revenue retention");
        Assert.That(figures.At("closing_mrr_of_opening", "2026-02-01", Grain.Month) / opening, Is.EqualTo(0.9), "net revenue retention");
    }

    /// <summary>Stripe's glossary: 100 subscriptions of 100 a month and 50 of 600 a year.</summary>
    [Test]
    public void The_published_normalisation_comes_out()
    {
        var figures = Of([.. Enumerable.Range(0, 150).Select(i => i < 100 ? new Sub($"m{i}", "2026-01-01", null, 100) : new Sub($"y{i}", "2026-01-01", null, 600, "year"))]);

        Assert.That(figures.At("mrr", "2026-01-01"), Is.EqualTo(12_500));
    }

    [Test]
    public void What_there_was_and_what_moved_is_what_there_is_at_every_grain_in_every_segment() => Check.QuickThrowOnFailure(Prop.ForAll(Subs, subs =>
    {
        var figures = Of(subs);
        var days = new Period(subs.Min(sub => Some.Day(sub.Start)), Some.Day(Known));
        foreach (var segment in figures.Segments("new"))
        {
            foreach (var grain in Some.Grains)
            {
                foreach (var period in Some.Calendar().Covering(grain, days.Start, days.End))
                {
                    var (start, end) = (period.Start.AddDays(-1), period.LastDay < days.LastDay ? period.LastDay : days.LastDay);
                    var mrr = figures.Mrr(segment, start) + figures.Sum(segment, "new", period) + figures.Sum(segment, "reactivation", period)
                        + figures.Sum(segment, "expansion", period) - figures.Sum(segment, "contraction", period) - figures.Sum(segment, "churn", period);
                    var customers = figures.On(segment, "customers", start) + figures.Sum(segment, "new_customers", period)
                        + figures.Sum(segment, "reactivated_customers", period) - figures.Sum(segment, "churned_customers", period);
                    if (mrr != figures.Mrr(segment, end) || customers != figures.On(segment, "customers", end))
                        return false;
                }
            }
        }

        return true;
    }));

    [Test]
    public void Every_days_MRR_is_the_sum_of_the_subscriptions_that_run_on_it() => Check.QuickThrowOnFailure(Prop.ForAll(Subs, subs =>
    {
        var figures = Of(subs);
        return Some.DaysFrom(Some.Day("2025-10-01"), Some.Day(Known)).All(day =>
        {
            var running = subs.Where(sub => sub.Amount > 0 && Some.Day(sub.Start) <= day && (sub.End is null || day < Some.Day(sub.End))).ToArray();
            return figures.Mrr(Segment.Total, day) == running.Sum(sub => sub.PerMonth)
                && figures.On(Segment.Total, "customers", day) == running.Select(sub => sub.Customer).Distinct().Count();
        });
    }));

    [Test]
    public void The_order_of_the_records_does_not_matter() => Check.QuickThrowOnFailure(Prop.ForAll(Subs, subs =>
        Of(subs).Lines().SequenceEqual(Of([.. subs.Reverse()]).Lines())));

    [Test]
    public void Gross_retention_is_at_most_one_and_at_most_net_retention() => Check.QuickThrowOnFailure(Prop.ForAll(Subs, subs =>
    {
        var figures = Of(subs);
        return ((string[])["", "_12m"]).All(window => figures.Series("opening_mrr" + window).All(series => series.Points.All(point =>
        {
            var (segment, grain) = (series.Key.Segment, series.Key.Grain);
            var kept = figures.On(segment, "kept_mrr" + window, point.Day, grain);
            var net = figures.On(segment, "closing_mrr_of_opening" + window, point.Day, grain);
            return kept >= 0 && (double)kept <= point.Value && kept <= net;
        })))
        && figures.Series("opening_customers").All(series => series.Points.All(point =>
            (double)figures.On(series.Key.Segment, "lost_customers", point.Day, series.Key.Grain) <= point.Value));
    }));

    [Test]
    public void Nothing_is_computed_from_the_first_day_on_that_is_not_known() => Check.QuickThrowOnFailure(Prop.ForAll(Subs, subs =>
        Of(subs).Result.Outputs.SelectMany(output => output.Series).All(series => series.Points.All(point => point.Day < Some.Day(Known)))));

    private const string Known = "2026-04-01";

    private static readonly IReadOnlyList<Metric> Metrics =
    [
        .. new RevenueModel().Measures.Select(one => one.Name).Select(measure => new Metric
        {
            Id = measure,
            Name = measure,
            Unit = RevenueMeasures.Counts(measure) ? Unit.Count : Unit.Currency,
            Model = "revenue." + measure,
            OverTime = RevenueMeasures.Stocks.Contains(measure) ? OverTime.Last : RevenueMeasures.Daily.Contains(measure) ? OverTime.Sum : OverTime.None,
            OverSegments = measure is "mrr" ? OverSegments.Sum : OverSegments.None,
            NativeGrain = RevenueMeasures.Daily.Contains(measure) ? Grain.Day : Grain.Week,
            Dimensions = RevenueMeasures.Cohorts.Contains(measure) ? [RevenueMeasures.CohortDimension] : ["plan", "region"],
        }),
    ];

    private static Arbitrary<Sub[]> Subs { get; } = Arb.From((
        from customer in Gen.Elements("anna", "bert", "carl", "dora")
        from start in Gen.Choose(0, 170)
        from days in Gen.Choose(0, 150)
        from runsOn in Gen.Elements(false, false, true)
        from amount in Gen.Choose(0, 4)
        from interval in Gen.Elements("month", "month", "year", "week", "5-month")
        from plan in Gen.Elements("Basic", "Pro")
        from region in Gen.Elements("EU", "US", "")
        let first = Some.Day("2025-10-01").AddDays(start)
        select new Sub(customer, $"{first:yyyy-MM-dd}", runsOn ? null : $"{first.AddDays(days):yyyy-MM-dd}", amount * 33.33m, interval, plan, region))
        .NonEmptyListOf().Select(list => list.Take(10).ToArray()));

    private static Figures Of(params Sub[] subs) => Until(Known, subs);

    private static Figures Until(string completeThrough, params Sub[] subs) => Compute(new CalendarSettings(), completeThrough, subs);

    private static Figures Compute(CalendarSettings settings, string completeThrough, Sub[] subs)
    {
        var run = new RevenueModel().Start(new ModelContext(new ReportingCalendar(settings), Metrics, Some.Day(completeThrough)));
        foreach (var record in Company.Records(subs.Select(sub => sub.Body())))
            run.Add(record);
        return new Figures(run.Finish());
    }

    private sealed record Sub(
        string Customer, string Start, string? End, decimal Amount, string Interval = "month", string Plan = "Pro", string Region = "EU", string? Currency = null)
    {
        public decimal PerMonth => MrrPolicy.MonthlyMinorUnits(Amount, BillingInterval.TryParse(Interval)!, 2) / 100m;

        public object Body()
        {
            var body = new Dictionary<string, object>
            {
                ["customer"] = Customer, ["start"] = Start, ["amount"] = Amount, ["interval"] = Interval, ["plan"] = Plan, ["region"] = Region,
            };
            if (End is not null)
                body["end"] = End;
            if (Currency is not null)
                body["currency"] = Currency;
            return body;
        }
    }

    private sealed class Figures(ModelResult result)
    {
        private readonly Dictionary<SeriesKey, Dictionary<DateOnly, double>> _points = result.Outputs
            .SelectMany(output => output.Series)
            .ToDictionary(series => series.Key, series => series.Points.ToDictionary(point => point.Day, point => point.Value));

        public ModelResult Result => result;

        /// <summary>The total on a day, or for the period of a grain that starts on it.</summary>
        public double At(string measure, string day, Grain grain = Grain.Day) =>
            measure == "mrr" ? (double)Mrr(Segment.Total, Some.Day(day)) : (double)On(Segment.Total, measure, Some.Day(day), grain);

        public decimal On(Segment segment, string measure, DateOnly day, Grain grain = Grain.Day) =>
            _points.TryGetValue(new SeriesKey(measure, grain, segment), out var days) && days.TryGetValue(day, out var value) ? (decimal)value : 0;

        public decimal Sum(Segment segment, string measure, Period period) =>
            _points.TryGetValue(new SeriesKey(measure, Grain.Day, segment), out var days) ? days.Where(day => period.Contains(day.Key)).Sum(day => (decimal)day.Value) : 0;

        /// <summary>The MRR of a segment of any cut, added up from the finest segments, which alone are stored.</summary>
        public decimal Mrr(Segment segment, DateOnly day) => _points
            .Where(series => series.Key.Metric == "mrr" && segment.Values.All(pair => series.Key.Segment[pair.Key] == pair.Value))
            .Sum(series => series.Value.TryGetValue(day, out var value) ? (decimal)value : 0);

        public IEnumerable<Segment> Segments(string measure) => _points.Keys.Where(key => key.Metric == measure).Select(key => key.Segment).Distinct();

        public IEnumerable<SeriesPoints> Series(string measure) => result.Outputs.Where(output => output.Metric == measure).SelectMany(output => output.Series);

        /// <summary>All movements of the total or of a plan as lines such as <c>01-05 new 100</c>, by day and name.</summary>
        public string[] Movements(string? plan = null) =>
        [
            .. _points
                .Where(series => (RevenueMeasures.Movements.Contains(series.Key.Metric) || RevenueMeasures.CustomerMovements.Contains(series.Key.Metric))
                    && series.Key.Segment.Equals(plan is null ? Segment.Total : Segment.Of(("plan", plan))))
                .SelectMany(series => series.Value, (series, point) => (point.Key, series.Key.Metric, point.Value))
                .OrderBy(line => line.Key).ThenBy(line => line.Metric, StringComparer.Ordinal)
                .Select(line => FormattableString.Invariant($"{line.Key:MM-dd} {line.Metric} {line.Value}")),
        ];

        public string[] Lines() =>
        [
            .. _points.SelectMany(series => series.Value, (series, point) => FormattableString.Invariant($"{series.Key} {point.Key:yyyy-MM-dd} {point.Value:R}"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
