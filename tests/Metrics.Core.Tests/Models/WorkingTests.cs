using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Engagement;
using Metrics.Core.Models.Finance;
using Metrics.Core.Models.Growth;
using Metrics.Core.Models.Retention;
using Metrics.Core.Models.Market;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Models.Sales;
using Metrics.Core.Models.Satisfaction;
using Metrics.Core.Models.Support;
using Metrics.Core.Models.Values;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Metrics.Core.Tests.Models.Finance;
using Metrics.Core.Tests.Models.Market;
using Metrics.Core.Tests.Models.Sales;
using Metrics.Core.Tests.Models.Satisfaction;
using Metrics.Core.Tests.Models.Support;
using Metrics.Core.Tests.Models.Revenue;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Models;

/// <summary>The lines of a working come to the value that the model stores, whatever the records are.</summary>
public sealed class WorkingTests
{
    private const string Known = "2026-04-01";

    // Each try looks at every period of every grain in every segment, so a dozen are thousands of workings.
    private static readonly Config Tries = Config.QuickThrowOnFailure.WithMaxTest(12);

    private static readonly ReportingCalendar Calendar = Some.Calendar();

    private static readonly OverTime[] ThatRollUp = [OverTime.Sum, OverTime.Last, OverTime.First, OverTime.Mean, OverTime.Min, OverTime.Max];

    // Revenue has sixty measures, so a few tries are thousands of workings too.
    private static readonly Config FewTries = Config.QuickThrowOnFailure.WithMaxTest(4);

    [Test]
    public void Every_measure_of_revenue_adds_up() => Check.One(FewTries, Prop.ForAll(
        Arb.From(SomeRevenue.Bodies), Arb.From(SomeRevenue.Choices), (bodies, choices) =>
            AllAddUp(new RevenueModel(), RevenueMetrics, bodies, choices)));

    [Test]
    public void Every_measure_of_revenue_adds_up_however_it_is_declared() => Check.One(FewTries, Prop.ForAll(
        Arb.From(SomeRevenue.Bodies), Arb.From(Gen.Elements(ThatRollUp)), Arb.From(Gen.Elements(Enum.GetValues<OverSegments>())), (bodies, overTime, overSegments) =>
            AllAddUp(new RevenueModel(), [.. RevenueMetrics.Select(metric => metric with { OverTime = overTime, OverSegments = overSegments })], bodies)));

    [Test]
    public void Every_measure_of_engagement_adds_up() => Check.One(Tries, Prop.ForAll(Activities, bodies =>
        AllAddUp(new EngagementModel(),
        [
            Declared("active_users", "engagement.active_users", OverTime.Distinct, OverSegments.None, "region"),
            Declared("users_a_day", "engagement.active_users", OverTime.Mean, OverSegments.None, "region"),
            Declared("events", "engagement.events", OverTime.Sum, OverSegments.Sum, "event", "region"),
            Declared("amount", "engagement.amount", OverTime.Sum, OverSegments.Sum, "event", "region") with { Unit = Unit.Currency },
            Declared("best_day", "engagement.events", OverTime.Max, OverSegments.Sum, "region"),
        ], bodies)));

    [Test]
    public void Signups_activation_and_growth_accounting_add_up() => Check.One(Tries.WithMaxTest(10), Prop.ForAll(ActivitiesAndSignups, bodies =>
        AllAddUp(new GrowthModel(),
        [
            Declared("signups", "growth.signups", OverTime.Sum, OverSegments.Sum, "region"),
            Declared("a_day", "growth.signups", OverTime.Mean, OverSegments.Sum, "region") with { Missing = Missing.Zero },
            .. ActivityMetrics.Growth,
        ], bodies)));

    [Test]
    public void Rolling_users_days_active_and_sessions_add_up() => Check.One(Tries.WithMaxTest(10), Prop.ForAll(ActivitiesAndSignups, bodies =>
        AllAddUp(new EngagementModel(), ActivityMetrics.Engagement, bodies)));

    [Test]
    public void Cohorts_and_returning_users_add_up() => Check.One(Tries.WithMaxTest(3), Prop.ForAll(ActivitiesAndSignups, bodies =>
        AllAddUp(new RetentionModel(), ActivityMetrics.Retention, bodies)));

    [Test]
    public void Every_measure_of_satisfaction_adds_up() => Check.One(Tries, Prop.ForAll(Answers, bodies =>
        AllAddUp(new SatisfactionModel(),
        [
            .. new SatisfactionModel().Measures.Select(measure => Declared(measure.Name, "satisfaction." + measure, OverTime.Sum, OverSegments.Sum, "region") with
            {
                Missing = Missing.Zero, With = new Dictionary<string, string> { ["survey"] = "nps" },
            }),
        ], bodies)));

    [Test]
    public void Every_measure_of_support_adds_up() => Check.One(Tries, Prop.ForAll(Tickets, bodies =>
        AllAddUp(new SupportModel(),
        [
            .. new SupportModel().Measures.SelectMany(measure => new[] { "calendar", "business" }.Select(hours => Declared(
                measure.Name + hours, "support." + measure,
                measure.IsPerPeriod ? OverTime.None : measure.Name == "open" ? OverTime.Last : OverTime.Sum,
                measure.IsPerPeriod ? OverSegments.None : OverSegments.Sum, "priority") with
            {
                With = measure.With.Count > 0 ? new Dictionary<string, string> { ["hours"] = hours } : [],
            })),
            Declared("mean_open", "support.open", OverTime.Mean, OverSegments.Sum, "priority"),
        ], bodies)));

    [Test]
    public void Every_measure_of_finance_adds_up_however_it_is_declared() => Check.One(Tries, Prop.ForAll(
        Entries, Arb.From(Gen.Elements(ThatRollUp)), Arb.From(Gen.Elements(Grain.Day, Grain.Month)), (bodies, overTime, native) =>
            AllAddUp(new FinanceModel(),
            [
                .. new FinanceModel().Measures.SelectMany(measure => new[] { "revenue", "operating_expenses", "any" }.Select(group => Declared(
                    measure.Name + group, "finance." + measure, overTime, OverSegments.Sum) with
                {
                    NativeGrain = native, With = new Dictionary<string, string> { ["group"] = group },
                })),
            ], bodies)));

    [Test]
    public void Every_measure_of_sales_adds_up() => Check.One(Tries, Prop.ForAll(Deals, bodies =>
        AllAddUp(new SalesModel(),
        [
            .. new SalesModel().Measures.Select(measure => Declared(
                measure.Name, "sales." + measure,
                measure.IsPerPeriod ? OverTime.None : measure.Name is "open_deals" or "pipeline" ? OverTime.Last : OverTime.Sum,
                measure.IsPerPeriod ? OverSegments.None : OverSegments.Sum, "region")),
            Declared("lowest_pipeline", "sales.pipeline", OverTime.Min, OverSegments.Sum, "region"),
        ], bodies)));

    [Test]
    public void Every_measure_of_the_market_adds_up() => Check.One(Tries, Prop.ForAll(Estimates, bodies =>
        AllAddUp(new MarketModel(),
        [
            .. new MarketModel().Measures.SelectMany(measure => new[] { Grain.Month, Grain.Quarter }.Select(native => Declared(
                measure.Name + native, "market." + measure, measure.IsPerPeriod ? OverTime.None : OverTime.Sum,
                measure.IsPerPeriod ? OverSegments.None : OverSegments.Sum, measure.Name == "company" ? ["company"] : []) with
            {
                NativeGrain = native,
            })),
        ], bodies)));

    [Test]
    public void Delivered_values_add_up_however_they_are_declared() => Check.One(Tries, Prop.ForAll(
        Values, Arb.From(Gen.Elements(ThatRollUp)), Arb.From(Gen.Elements(Grain.Day, Grain.Week)), (bodies, overTime, native) =>
            AllAddUp(new ValuesModel(), [Declared("visits", null, overTime, OverSegments.Sum, "region") with { NativeGrain = native }], bodies)));

    [Test]
    public void A_value_of_many_records_keeps_the_largest_lines_and_the_sum_of_the_others()
    {
        var metric = Declared("amount", "engagement.amount", OverTime.Sum, OverSegments.Sum) with { Unit = Unit.Currency };
        var bodies = Enumerable.Range(1, 5_000).Select(i => (object)new { user = $"u{i}", at = "2026-03-10", @event = "order", amount = i });
        var working = Explain(new EngagementModel(), metric, bodies, Grain.Month, Some.Day("2026-03-01"), [], most: 3);

        Assert.That(working.Lines.Select(line => line.Amount), Is.EqualTo(new[] { 5_000m, 4_999m, 4_998m }));
        Assert.That((working.Count, working.Total, working.Unlisted), Is.EqualTo((5_000L, 12_502_500m, 12_502_500m - 14_997m)));
    }

    [Test]
    public void A_movement_shows_whose_it_is_when_and_from_which_amount_to_which()
    {
        var working = Explain(new RevenueModel(), RevenueMetrics.Single(metric => metric.Id == "expansion"),
        [
            Subscription("anna", "2026-01-05", "2026-03-10", 100, "Basic"), Subscription("anna", "2026-03-10", null, 150, "Pro"),
            Subscription("bert", "2026-01-05", null, 70, "Pro"),
        ], Grain.Month, Some.Day("2026-03-01"), []);

        Assert.That(working.Columns.Select(column => column.Name), Is.EqualTo((string[])["day", "customer", "plan", "region", "from", "to"]));
        Assert.That(working.Lines.Single().Cells, Is.EqualTo((object[])[Some.Day("2026-03-10"), "anna", "Basic, Pro", "EU", 100m, 150m]));
        Assert.That(working.Total, Is.EqualTo(50));
    }

    [Test]
    public void An_event_shows_the_record_that_it_is()
    {
        var working = Explain(new EngagementModel(), Declared("events", "engagement.events", OverTime.Sum, OverSegments.Sum, "region"),
            [Activity("anna", "2026-03-03", "login", "EU")], Grain.Week, Some.Day("2026-03-02"), []);

        Assert.That(working.Lines.Single().Cells, Is.EqualTo((object[])[Some.Day("2026-03-03"), "anna", "login", "EU", "test/test", "0"]));
    }

    [Test]
    public void Subscriptions_in_several_currencies_have_no_working() => Assert.That(
        () => Explain(new RevenueModel(), RevenueMetrics[0],
            [Subscription("anna", "2026-01-05", null, 1, "Pro"), new { customer = "bert", start = "2026-01-05", amount = 1, currency = "EUR" }],
            Grain.Month, Some.Day("2026-03-01"), []),
        Throws.TypeOf<ModelException>().With.Message.Contains("EUR, USD"));

    /// <summary>Every period of every grain, in total and in every segment of every cut.</summary>
    private static bool AllAddUp(
        IModel model, IReadOnlyList<Metric> metrics, IReadOnlyList<object> bodies, IReadOnlyDictionary<string, string>? choices = null)
    {
        var result = Computed.From(model, Calendar, metrics, Some.Day(Known), Company.Records(bodies), choices);
        if (result.DataFrom is not { } from || from >= Some.Day(Known))
            return true;

        foreach (var metric in metrics)
        {
            if (Computed.Through(model, Calendar, metric, Some.Day(Known)) is var through && through <= from)
                continue;

            var known = new Period(from, through);
            var series = result.Outputs.Where(output => output.Metric == metric.Id).SelectMany(output => output.Series).ToArray();
            var cuts = series.Select(one => one.Key.Segment).Distinct().SelectMany(CutsOf).Distinct().ToArray();
            foreach (var grain in Some.Grains.Where(grain => grain >= metric.NativeGrain && (metric.NativeGrain != Grain.Week || !metric.RollsUp || grain == Grain.Week)))
            {
                foreach (var period in Calendar.Covering(grain, from, through))
                {
                    foreach (var segment in cuts)
                    {
                        var stored = Stored(metric, series, grain, period, segment, known);
                        var working = Explain(
                            (IModelWorking)model, metric, Company.Records(bodies), grain, period, segment, known, int.MaxValue, choices);
                        if (!Same(stored, working) || working.Count != working.Lines.Count)
                        {
                            Assert.Fail(string.Create(CultureInfo.InvariantCulture,
                                $"{metric.Id} ({metric.OverTime}, {metric.OverSegments}) {grain} {period} {segment.Text}: stored {stored}, working {working.Total} of {working.Count} lines"));
                        }
                    }
                }
            }
        }

        return true;
    }

    private static bool Same(decimal? stored, ModelWorking working) => stored is null
        ? working.Count == 0
        : working.Total is { } total && Math.Abs(stored.Value - total) <= 1e-12m
            && (working.AddsUp is not (AddsUp.Sum or AddsUp.Count) || working.Lines.Sum(line => line.Amount) == total);

    /// <summary>The value as the reader of metrics puts it together from points.</summary>
    private static decimal? Stored(Metric metric, SeriesPoints[] all, Grain grain, Period period, Segment filter, Period known)
    {
        var stored = metric.RollsUp ? metric.NativeGrain : grain;
        var series = all.Where(one => one.Key.Grain == stored
                && one.Key.Segment.Cut == (metric is { OverSegments: OverSegments.Sum, RollsUp: true } ? string.Join(',', metric.Dimensions) : filter.Cut)
                && filter.Values.All(pair => one.Key.Segment[pair.Key] == pair.Value))
            .Where(one => one.Points.Count > 0)
            .Select(one => new StoredSeries(one.Key, [.. one.Points.Select(point => new StoredPoint(point.Day, point.Value, default))]))
            .ToArray();
        if (metric.RollsUp)
            return new Rollup(series).Value(metric.OverTime, period, metric.Missing == Missing.Zero ? known : null);

        var points = series.SelectMany(one => one.Points).Where(point => point.Day == period.Start).ToArray();
        return points.Length == 0 ? null : points.Sum(point => Rollup.Exact(point.Value));
    }

    private static ModelWorking Explain(
        IModelWorking model, Metric metric, IEnumerable<object> bodies, Grain grain, DateOnly day, (string, string)[] filter, int most = 100) =>
        Explain(model, metric, Company.Records(bodies), grain, Calendar.Containing(grain, day), Segment.Of(filter), new Period(Some.Day("2026-01-01"), Some.Day(Known)), most);

    private static ModelWorking Explain(
        IModelWorking model, Metric metric, IEnumerable<StoredRecord> records, Grain grain, Period period, Segment filter, Period known, int most,
        IReadOnlyDictionary<string, string>? choices = null)
    {
        var run = model.Explain(new WorkingQuestion(metric, Calendar, grain, period, filter.Values.ToDictionary(), known, most)
        {
            Accounts = FinanceModelTests.Accounts, Choices = choices ?? new Dictionary<string, string>(),
        });
        foreach (var record in records)
            run.Add(record);
        return run.Finish();
    }

    private static IEnumerable<Segment> CutsOf(Segment segment) =>
        Enumerable.Range(0, 1 << segment.Values.Count).Select(bits => Segment.Of(segment.Values.Where((_, i) => (bits >> i & 1) == 1)));

    private static readonly IReadOnlyList<Metric> RevenueMetrics =
    [
        .. new RevenueModel().Measures.Select(one => one.Name).Select(measure => Declared(
            measure, "revenue." + measure,
            RevenueMeasures.Stocks.Contains(measure) ? OverTime.Last : RevenueMeasures.Daily.Contains(measure) ? OverTime.Sum : OverTime.None,
            measure is "mrr" ? OverSegments.Sum : OverSegments.None,
            RevenueMeasures.Cohorts.Contains(measure) ? [RevenueMeasures.CohortDimension] : ["plan", "region"]) with
        {
            NativeGrain = RevenueMeasures.Daily.Contains(measure) ? Grain.Day : Grain.Week,
        }),
    ];

    private static Metric Declared(string id, string? model, OverTime overTime, OverSegments overSegments, params string[] dimensions) =>
        new() { Id = id, Name = id, Unit = Unit.Count, Model = model, OverTime = overTime, OverSegments = overSegments, Dimensions = dimensions };

    private static Arbitrary<IReadOnlyList<object>> Activities { get; } = ListOf(
        from user in Gen.Elements("anna", "bert", "carl")
        from day in Gen.Choose(0, 80)
        from name in Gen.Elements("login", "order")
        from region in Gen.Elements("EU", "US", "")
        select Activity(user, $"{Some.Day("2026-01-20").AddDays(day):yyyy-MM-dd}", name, region));

    private static Arbitrary<IReadOnlyList<object>> ActivitiesAndSignups { get; } = ListOf(ActivityMetrics.Records);

    private static Arbitrary<IReadOnlyList<object>> Answers { get; } = ListOf(
        from respondent in Gen.Elements("anna", "bert", null)
        from day in Gen.Choose(0, 5)
        from score in Gen.Choose(-1, 11)
        from scale in Gen.Elements("0-10", "1-5", "?", null)
        from region in Gen.Elements("EU", "US", "")
        select SatisfactionModelTests.Answer(
            "nps", score < 0 ? null : score, respondent, $"{Some.Day("2026-01-29").AddDays(day):yyyy-MM-dd}", scale, region: region));

    private static Arbitrary<IReadOnlyList<object>> Tickets { get; } = ListOf(
        from created in Gen.Choose(0, 80_000)
        from response in Gen.Choose(-900, 5_000)
        from resolution in Gen.Choose(-900, 50_000)
        from priority in Gen.Elements("high", "low", null)
        let at = Some.Instant("2026-01-29T00:00Z").AddMinutes(created)
        select SupportModelTests.Ticket(
            "t", SupportModelTests.At(at), response % 3 == 0 ? null : SupportModelTests.At(at.AddMinutes(response)),
            resolution % 3 == 0 ? null : SupportModelTests.At(at.AddMinutes(resolution)), priority));

    private static Arbitrary<IReadOnlyList<object>> Entries { get; } = ListOf(
        from account in Gen.Elements("4000", "4100", "6100", "6200", "9999")
        from month in Gen.Choose(1, 3)
        from amount in Gen.Choose(-50, 99)
        from scenario in Gen.Elements("actual", "budget", null)
        from currency in Gen.Elements("USD", "GBP", null, null)
        select FinanceModelTests.Entry(account, $"2026-{month:00}-01", amount, scenario, currency));

    private static Arbitrary<IReadOnlyList<object>> Deals { get; } = ListOf(
        from created in Gen.Choose(0, 70)
        from open in Gen.Choose(-20, 60)
        from expected in Gen.Choose(-20, 60)
        from amount in Gen.Elements(100, 33.3m, (decimal?)null)
        from won in Gen.Elements(true, false, (bool?)null)
        from region in Gen.Elements("EU", "US", "")
        let day = Some.Day("2026-01-10").AddDays(created)
        select SalesModelTests.Deal(
            "d", $"{day:yyyy-MM-dd}", amount, expected % 3 == 0 ? null : $"{day.AddDays(expected):yyyy-MM-dd}",
            open % 3 == 0 ? null : $"{day.AddDays(open):yyyy-MM-dd}", won, region: region));

    private static Arbitrary<IReadOnlyList<object>> Estimates { get; } = ListOf(
        from month in Gen.Choose(1, 4)
        from value in Gen.Choose(1, 99)
        from publisher in Gen.Elements("A", "B")
        from company in Gen.Elements("X", "Y", null)
        from published in Gen.Elements("2026-05-01", "2026-06-01", null)
        select MarketModelTests.Estimate($"2026-{month:00}-01", value, publisher, company, published));

    private static Arbitrary<IReadOnlyList<object>> Values { get; } = ListOf(
        from value in Gen.Choose(-3, 9)
        from day in Gen.Choose(0, 80)
        from region in Gen.Elements("EU", "US", "")
        select (object)new { metric = "visits", at = $"{Some.Day("2026-01-20").AddDays(day):yyyy-MM-dd}", value, dims = new { region } });

    private static Arbitrary<IReadOnlyList<object>> ListOf(Gen<object> one) =>
        Arb.From(one.NonEmptyListOf().Select(list => (IReadOnlyList<object>)[.. list.Take(7)]));

    private static object Activity(string user, string day, string name, string region) =>
        new { user, at = day, @event = name, amount = 12.5m, dims = new { region } };

    private static object Subscription(string customer, string start, string? end, decimal amount, string plan)
    {
        var body = new Dictionary<string, object> { ["customer"] = customer, ["start"] = start, ["amount"] = amount, ["plan"] = plan, ["region"] = "EU" };
        if (end is not null)
            body["end"] = end;
        return body;
    }
}
