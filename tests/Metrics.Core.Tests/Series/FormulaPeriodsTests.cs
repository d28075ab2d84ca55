using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Series;

/// <summary>Formulas that read other periods than the one that is asked for.</summary>
public sealed class FormulaPeriodsTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, dimensions: [region], missing: zero }
          - { id: sold, name: Sold, unit: count, dimensions: [region], missing: zero }
          - { id: cash, name: Cash, unit: currency, over_time: last }
          - { id: readers, name: Readers, unit: count, over_time: distinct, over_segments: none }
          - { id: billed, name: Billed, unit: currency, native_grain: month }
          - { id: conversion, name: Conversion, unit: percent, formula: sold / visits }
          - { id: change, name: Change, unit: count, formula: visits - previous(visits) }
        """;

    private Company _company = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _company = new Company(Metrics, now: "2026-11-30");

        // One visit on the first day, two on the second and so on; every fourth visit buys; the cash is the number of the day.
        var days = Enumerable.Range(0, (Some.Day("2026-11-30").DayNumber - Some.Day("2025-01-01").DayNumber)).ToArray();
        var first = Some.Day("2025-01-01");
        await _company.WriteAsync(
            new SeriesPoints(Key("visits", ("region", "EU")), [.. days.Select(i => new Point(first.AddDays(i), i + 1))]),
            new SeriesPoints(Key("sold", ("region", "EU")), [.. days.Where(i => i % 4 == 0).Select(i => new Point(first.AddDays(i), i + 1))]),
            new SeriesPoints(Key("cash"), [.. days.Select(i => new Point(first.AddDays(i), i + 1))]));
        await _company.KnownAsync("2025-01-01", "2026-11-30", "visits", "sold", "cash", "readers", "billed");
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [TestCase("previous(visits)", Grain.Day, "2026-11-15", "683")]
    [TestCase("previous(visits, 3)", Grain.Day, "2026-11-15", "681")]
    [TestCase("previous(cash)", Grain.Week, "2026-11-15", "677", Description = "the last day of the week before")]
    [TestCase("previous(cash, 2)", Grain.Month, "2026-11-15", "638", Description = "30 September")]
    [TestCase("year_ago(cash)", Grain.Week, "2026-11-15", "320", Description = "364 days before")]
    [TestCase("year_ago(cash)", Grain.Month, "2026-10-15", "304", Description = "31 October of the year before")]
    [TestCase("rolling(visits, 7d)", Grain.Day, "2026-11-15", "4767")]
    [TestCase("rolling(visits, 1m)", Grain.Day, "2026-11-15", "20739", Description = "16 October to 15 November")]
    [TestCase("rolling(cash, 4w)", Grain.Week, "2026-11-15", "684", Description = "a stock over any run is its last day")]
    [TestCase("rolling(conversion, 12m)", Grain.Month, "2026-10-15", "0.2520547945205479452054794521", Description = "ratio of sums over the run")]
    [TestCase("to_date(visits)", Grain.Week, "2026-11-15", "167475", Description = "1 January to 15 November")]
    [TestCase("to_date(visits, month)", Grain.Week, "2026-11-15", "10155")]
    [TestCase("to_date(visits, quarter)", Grain.Day, "2026-10-02", "1279")]
    [TestCase("year_ago(to_date(cash, month))", Grain.Day, "2026-11-15", "319", Description = "to date is compared by date")]
    [TestCase("year_ago(rolling(cash, 7d))", Grain.Day, "2026-11-15", "320", Description = "days 364 days before")]
    [TestCase("average(visits, 3)", Grain.Day, "2026-11-15", "683")]
    [TestCase("average(previous(visits), 3)", Grain.Day, "2026-11-15", "682")]
    [TestCase("previous(visits + sold)", Grain.Day, "2026-11-15", "683")]
    [TestCase("rolling(previous(visits), 7d)", Grain.Day, "2026-11-15", "4760", Description = "the run ends with the day before")]
    [TestCase("rolling(rolling(visits, 7d), 28d)", Grain.Day, "2026-11-15", "4767", Description = "the inner run counts")]
    [TestCase("to_date(readers)", Grain.Week, "2026-11-15", null, Description = "distinct counts are of whole periods")]
    [TestCase("rolling(billed, 28d)", Grain.Month, "2026-10-15", null, Description = "days are no months")]
    [TestCase("rolling(billed, 2m)", Grain.Month, "2026-10-15", "300")]
    [TestCase("rolling(readers, 1m)", Grain.Month, "2026-10-15", "77", Description = "a run that is a stored period")]
    [TestCase("rolling(readers, 12m)", Grain.Month, "2025-12-15", "99", Description = "twelve months that are a year")]
    [TestCase("rolling(readers, 12m)", Grain.Month, "2026-01-15", null)]
    [TestCase("previous(readers)", Grain.Month, "2026-11-15", "77")]
    [TestCase("cmgr(cash, 1)", Grain.Day, "2025-01-02", "1")]
    [TestCase("previous(cash)", Grain.Day, "2025-01-01", null)]
    [TestCase("average(cash, 3)", Grain.Day, "2025-01-02", null, Description = "a mean of three needs three")]
    [TestCase("previous(change)", Grain.Day, "2026-11-15", "1")]
    [TestCase("previous(previous(cash, 120), 120)", Grain.Year, "2026-11-15", null, Description = "long before there was anything")]
    public async Task A_function_reads_the_period_that_it_names(string formula, Grain grain, string day, string? expected)
    {
        await _company.WriteAsync(
            new SeriesPoints(Key("billed") with { Grain = Grain.Month }, [new Point(Some.Day("2026-09-01"), 100), new Point(Some.Day("2026-10-01"), 200)]),
            new SeriesPoints(Key("readers") with { Grain = Grain.Month }, [new Point(Some.Day("2026-10-01"), 77)]),
            new SeriesPoints(Key("readers") with { Grain = Grain.Year }, [new Point(Some.Day("2025-01-01"), 99)]));

        var value = (await ReadAsync(formula, grain, [_company.Calendar.Containing(grain, Some.Day(day))]))[0];

        Assert.That(value.Value, Is.EqualTo(expected is null ? (decimal?)null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));
        if (expected is not null && value.Period.End <= Some.Day("2026-11-30"))
            Assert.That((value.Complete, value.CoveredDays), Is.EqualTo((true, value.Period.Days)));
    }

    [Test]
    public async Task An_operand_that_is_not_complete_leaves_the_result_incomplete()
    {
        var first = (await ReadAsync("visits - previous(visits)", Grain.Week, [Some.Days("2025-01-06..2025-01-12")]))[0];
        var running = (await ReadAsync("previous(visits)", Grain.Week, [Some.Days("2026-11-30..2026-12-06")]))[0];
        var second = (await ReadAsync("if(visits > 0, visits, previous(visits))", Grain.Week, [Some.Days("2025-01-06..2025-01-12")]))[0];

        Assert.That((first.Value, first.Complete, first.CoveredDays), Is.EqualTo(((decimal?)48, false, 5)), "the week before is known from its third day");
        Assert.That((running.Value, running.Complete), Is.EqualTo(((decimal?)4865, true)), "only the week before is read");
        Assert.That((second.Value, second.Complete), Is.EqualTo(((decimal?)63, true)), "the branch that is not taken does not count");
    }

    [TestCase("2026-11-01..2026-11-15", "previous(visits)", "2026-10-01..2026-10-15")]
    [TestCase("2026-03-01..2026-03-31", "previous(visits)", "2026-02-01..2026-02-28")]
    [TestCase("2026-03-01..2026-03-30", "previous(visits)", "2026-02-01..2026-02-28")]
    [TestCase("2026-11-01..2026-11-15", "year_ago(visits)", "2025-11-01..2025-11-15")]
    public async Task A_month_to_date_is_set_against_as_much_of_another_month(string days, string formula, string other)
    {
        var value = (await ReadAsync(formula, Grain.Month, [Some.Days(days)]))[0];
        var plain = (await ReadAsync("visits * 1", Grain.Month, [Some.Days(other)]))[0];

        Assert.That(value.Value, Is.EqualTo(plain.Value));
    }

    [Test]
    public async Task A_formula_finds_the_days_before_those_that_are_asked_for_in_one_read()
    {
        var noting = new NotingReads(_company.Store);
        var reading = new MetricReader(noting, _company.Watermarks, _company.Clock)
            .Over(_company.Calendar, _company.Catalog, Some.Days("2026-11-09..2026-11-15"));
        MetricQuery[] queries =
        [
            .. ((string[])["visits * 1", "previous(visits)", "rolling(visits, 12m)", "average(visits, 6)", "year_ago(visits)"]).Select(formula =>
                new MetricQuery { Metric = Metric(formula), Grain = Grain.Week, Periods = [Some.Days("2026-11-09..2026-11-15")] }),
            new MetricQuery { Metric = _company.Catalog["visits"], Grain = Grain.Day, Periods = [Some.Days("2026-11-10..2026-11-10")] },
        ];

        await reading.PrepareAsync(queries, CancellationToken.None);
        foreach (var query in queries)
            Assert.That((await reading.ReadAsync(query, CancellationToken.None))[0].Values[0].Complete, Is.True);

        Assert.That(noting.Reads, Is.EqualTo((string[])["2025-11-10..2026-11-15"]), "364 days before, of which the run of twelve months is a part");
    }

    [Test]
    public async Task A_reading_that_is_asked_for_more_later_reads_further_back_and_keeps_its_figures()
    {
        var noting = new NotingReads(_company.Store);
        var reading = new MetricReader(noting, _company.Watermarks, _company.Clock)
            .Over(_company.Calendar, _company.Catalog, Some.Days("2026-11-09..2026-11-15"));
        var query = new MetricQuery { Metric = _company.Catalog["visits"], Grain = Grain.Week, Periods = [Some.Days("2026-11-09..2026-11-15")] };

        var before = (await reading.ReadAsync(query, CancellationToken.None))[0].Values[0];
        var longer = (await reading.ReadAsync(query with { Metric = Metric("rolling(visits, 2w)") }, CancellationToken.None))[0].Values[0];
        var after = (await reading.ReadAsync(query, CancellationToken.None))[0].Values[0];

        Assert.That((longer.Value, after), Is.EqualTo(((decimal?)(4767 + 4718), before)));
        Assert.That(noting.Reads, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Segments_read_their_own_other_periods()
    {
        await _company.WriteAsync(Key("visits", ("region", "US")).With(("2026-11-02", 10), ("2026-11-09", 30)));

        var regions = await _company.ReadAsync(new MetricQuery
        {
            Metric = Metric("visits - previous(visits)"), Grain = Grain.Week, Periods = [Some.Days("2026-11-09..2026-11-15")], By = ["region"],
        });

        Assert.That(regions.Select(region => (region.Segment.ToString(), region.Values[0].Value)), Is.EqualTo(((string, decimal?)[])[("EU", 49), ("US", 20)]));
    }

    [Test]
    public void One_period_back_twice_is_two_back() => Check(
        from grain in Gen.Elements(Grain.Day, Grain.Week, Grain.Month, Grain.Quarter) from day in Gen.Choose(400, 690) select (grain, day),
        async (grain, day) =>
        {
            var period = _company.Calendar.Containing(grain, Some.Day("2025-01-01").AddDays(day));
            Assert.That(await ValueAsync("previous(previous(visits))", grain, period), Is.EqualTo(await ValueAsync("previous(visits, 2)", grain, period)));
        });

    [Test]
    public void A_run_as_long_as_the_grain_is_the_period_itself() => Check(
        from pair in Gen.Elements((Grain.Day, "1d"), (Grain.Week, "1w"), (Grain.Week, "7d"), (Grain.Month, "1m"), (Grain.Quarter, "1q"), (Grain.Year, "12m"))
        from day in Gen.Choose(0, 690)
        select (pair, day),
        async (pair, day) =>
        {
            var (grain, length) = pair;
            var period = _company.Calendar.Containing(grain, Some.Day("2025-01-01").AddDays(day));
            Assert.That(await ValueAsync($"rolling(visits, {length})", grain, period), Is.EqualTo(await ValueAsync("visits * 1", grain, period)));
            Assert.That(await ValueAsync($"rolling(conversion, {length})", grain, period), Is.EqualTo(await ValueAsync("conversion * 1", grain, period)));
        });

    [Test]
    public void The_growth_of_what_grows_steadily_is_its_rate() => Check(
        from rate in Gen.Choose(-90, 300) from count in Gen.Choose(1, 60) from start in Gen.Choose(1, 1_000_000) select ((rate, start), count),
        (growth, count) =>
        {
            var factor = 1 + growth.rate / 100m;
            var now = (decimal)growth.start;
            for (var i = 0; i < count && now is > 1e-9m and < 1e15m; i++)
                now *= factor;
            if (now is <= 1e-9m or >= 1e15m)
                return Task.CompletedTask;

            var calendar = _company.Calendar;
            var at = new FormulaPeriod(Grain.Month, calendar.Containing(Grain.Month, Some.Day("2026-11-15")));
            var value = Formula.Parse($"cmgr(x, {count})").Evaluate(calendar, at, (_, place) => place == at ? now : growth.start);
            Assert.That(value, Is.EqualTo(factor - 1).Within(1e-12m));
            return Task.CompletedTask;
        });

    [TestCase(0, 5)]
    [TestCase(5, 0)]
    [TestCase(-5, 5)]
    public void Growth_from_or_to_nothing_is_undefined(int now, int then)
    {
        var at = new FormulaPeriod(Grain.Month, Some.Days("2026-11-01..2026-11-30"));

        Assert.That(Formula.Parse("cmgr(x, 3)").Evaluate(_company.Calendar, at, (_, place) => place == at ? now : then), Is.Null);
    }

    private static void Check<TOne, TTwo>(Gen<(TOne, TTwo)> cases, Func<TOne, TTwo, Task> holds) =>
        Prop.ForAll(cases.ToArbitrary(), one => holds(one.Item1, one.Item2).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    private async Task<decimal?> ValueAsync(string formula, Grain grain, Period period) => (await ReadAsync(formula, grain, [period]))[0].Value;

    private async Task<IReadOnlyList<PeriodValue>> ReadAsync(string formula, Grain grain, IReadOnlyList<Period> periods) =>
        (await _company.ReadAsync(new MetricQuery { Metric = Metric(formula), Grain = grain, Periods = periods }))[0].Values;

    private static Metric Metric(string formula) => new() { Id = "asked", Name = "Asked", Unit = Unit.Count, Formula = Formula.Parse(formula) };

    /// <summary>A store that notes the days of every read.</summary>
    private sealed class NotingReads(ISeriesStore store) : ISeriesStore
    {
        public List<string> Reads { get; } = [];

        public Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken)
        {
            Reads.Add(query.Days.ToString());
            return store.ReadAsync(query, cancellationToken);
        }

        public Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken) =>
            store.RestatementsAsync(query, cancellationToken);

        public Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken) =>
            store.ExtentAsync(metric, grain, cancellationToken);

        public Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken) =>
            store.DimensionValuesAsync(metric, dimension, cancellationToken);

        public Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken) => store.LastAsync(key, cancellationToken);

        public Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
            store.WriteAsync(series, stamp, cancellationToken);

        public Task<WriteOutcome> ReplaceAsync(
            string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
            store.ReplaceAsync(metric, grain, within, series, stamp, cancellationToken);

        public Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken) =>
            store.DeleteAsync(metric, days, stamp, cancellationToken);
    }
}
