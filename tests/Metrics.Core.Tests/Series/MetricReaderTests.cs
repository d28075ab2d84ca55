using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Models.Engagement;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Series;

public sealed class MetricReaderTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, dimensions: [region], missing: zero }
          - { id: cash, name: Cash, unit: currency, over_time: last, dimensions: [region] }
          - { id: readers, name: Readers, unit: count, over_time: distinct, over_segments: none, dimensions: [region] }
          - { id: sold, name: Sold, unit: count, dimensions: [region], missing: zero }
          - { id: conversion, name: Conversion, unit: percent, formula: sold / visits }
          - { id: weekly, name: Weekly, unit: count, native_grain: week }
          - { id: plain, name: Plain, unit: count }
        """;

    private Company _company = null!;

    [SetUp]
    public void Open() => _company = new Company(Metrics, now: "2026-11-16");

    [TearDown]
    public void Close() => _company.Dispose();

    [TestCase(OverTime.Sum, 12)]
    [TestCase(OverTime.Last, 4)]
    [TestCase(OverTime.First, 5)]
    [TestCase(OverTime.Mean, 4)]
    [TestCase(OverTime.Min, 3)]
    [TestCase(OverTime.Max, 5)]
    public async Task The_points_of_a_period_become_its_figure(OverTime overTime, int figure)
    {
        await _company.WriteAsync(Key("plain").With(("2026-11-08", 99), ("2026-11-09", 5), ("2026-11-11", 3), ("2026-11-14", 4), ("2026-11-16", 99)));

        var week = (await _company.TotalAsync("plain", Grain.Week, "2026-11-09..2026-11-15", overTime)).Single();

        Assert.That(week.Value, Is.EqualTo(figure));
        Assert.That((week.CoveredDays, week.Complete), Is.EqualTo((3, false)), "a day that is missing is unknown");
    }

    [TestCase(OverTime.Mean, "1.4285714285714285714285714286")]
    [TestCase(OverTime.Min, "0")]
    public async Task Days_of_nothing_count_as_zero_where_the_metric_says_so(OverTime overTime, string figure)
    {
        await _company.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-09", 6), ("2026-11-12", 4)));
        await _company.KnownAsync("2026-11-01", "2026-11-16", "visits");

        var week = (await _company.TotalAsync("visits", Grain.Week, "2026-11-09..2026-11-15", overTime)).Single();

        Assert.That(week.Value, Is.EqualTo(decimal.Parse(figure, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That((week.CoveredDays, week.Complete), Is.EqualTo((7, true)));
    }

    [Test]
    public async Task Cents_stay_cents()
    {
        await _company.WriteAsync(Key("plain").With(("2026-11-09", 0.1), ("2026-11-10", 0.2), ("2026-11-11", 9_999_999_999_999.99)));

        Assert.That((await _company.TotalAsync("plain", Grain.Week, "2026-11-09..2026-11-15")).Single().Value, Is.EqualTo(10_000_000_000_000.29m));
    }

    [Test]
    public async Task A_ratio_divides_the_sums_and_is_undefined_without_a_denominator()
    {
        await _company.WriteAsync(
            Key("visits", ("region", "EU")).With(("2026-11-02", 10), ("2026-11-09", 30)), Key("visits", ("region", "US")).With(("2026-11-02", 90)),
            Key("sold", ("region", "EU")).With(("2026-11-02", 5)), Key("sold", ("region", "US")).With(("2026-11-02", 5)));
        await _company.KnownAsync("2026-11-02", "2026-11-16", "visits", "sold");

        var weeks = await _company.TotalAsync("conversion", Grain.Week, "2026-11-02..2026-11-22");
        Assert.That(weeks.Select(week => week.Value), Is.EqualTo((decimal?[])[0.1m, 0, null]));
        Assert.That(weeks.Select(week => week.Complete), Is.EqualTo((bool[])[true, true, false]));

        var regions = await _company.ReadAsync(Query("conversion", "2026-11-02..2026-11-08") with { By = ["region"] });
        Assert.That(regions.Select(region => (region.Segment.ToString(), region.Values[0].Value)), Is.EqualTo(((string, decimal?)[])[("EU", 0.5m), ("US", 5 / 90m)]));
    }

    [TestCase("2026-11-15T23:59:59Z", "2026-11-16", false, Description = "it has not ended")]
    [TestCase("2026-11-16T00:00:00Z", "2026-11-15", false, Description = "a source has not passed its end")]
    [TestCase("2026-11-16T00:00:00Z", "2026-11-16", true)]
    public async Task A_week_is_complete_when_it_has_ended_and_every_source_has_passed_its_end(string now, string completeThrough, bool complete)
    {
        await _company.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-09", 6)));
        await _company.KnownAsync("2026-11-01", completeThrough, "visits");
        _company.Clock.Now = Some.Instant(now);

        Assert.That((await _company.TotalAsync("visits", Grain.Week, "2026-11-09..2026-11-15")).Single().Complete, Is.EqualTo(complete));
    }

    [Test]
    public async Task A_week_ends_at_midnight_of_the_calendars_zone()
    {
        using var berlin = new Company(Metrics, now: "2026-11-15T22:59:59Z", Some.Calendar(timeZone: "Europe/Berlin"));
        await berlin.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-09", 6)));
        await berlin.KnownAsync("2026-11-01", "2026-11-16", "visits");

        Assert.That((await berlin.TotalAsync("visits", Grain.Week, "2026-11-09..2026-11-15")).Single().Complete, Is.False);
        berlin.Clock.Now = Some.Instant("2026-11-15T23:00:00Z");
        Assert.That((await berlin.TotalAsync("visits", Grain.Week, "2026-11-09..2026-11-15")).Single().Complete, Is.True);
    }

    [Test]
    public async Task A_period_before_the_first_data_is_partial_or_unknown_and_never_zero()
    {
        await _company.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-09", 6)));
        await _company.KnownAsync("2026-11-05", "2026-11-16", "visits");

        var weeks = await _company.TotalAsync("visits", Grain.Week, "2026-10-26..2026-11-15");

        Assert.That(weeks.Select(week => week.Value), Is.EqualTo((decimal?[])[null, 0, 6]));
        Assert.That(weeks.Select(week => week.CoveredDays), Is.EqualTo((int[])[0, 4, 7]));
        Assert.That(weeks.Select(week => week.Complete), Is.EqualTo((bool[])[false, false, true]));
    }

    [Test]
    public async Task A_change_after_a_week_was_complete_makes_it_restated_and_one_before_does_not()
    {
        _company.Clock.Now = Some.Instant("2026-11-12");
        await _company.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-09", 6)));
        await _company.KnownAsync("2026-11-01", "2026-11-12", "visits");
        _company.Clock.Now = Some.Instant("2026-11-16");
        await _company.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-09", 7)));
        await _company.KnownAsync("2026-11-01", "2026-11-16", "visits");
        var before = (await _company.TotalAsync("visits", Grain.Week, "2026-11-09..2026-11-15")).Single();

        _company.Clock.Now = Some.Instant("2026-11-17");
        await _company.WriteAsync(Key("visits", ("region", "EU")).With(("2026-11-10", 1)));
        await _company.KnownAsync("2026-11-01", "2026-11-17", "visits");
        var after = (await _company.TotalAsync("visits", Grain.Week, "2026-11-09..2026-11-15")).Single();
        var asOf = (await _company.ReadAsync(Query("visits", "2026-11-09..2026-11-15") with { AsOf = Some.Instant("2026-11-16T12:00:00Z") })).Single().Values[0];

        Assert.That((before.Value, before.Restated), Is.EqualTo((7m, false)));
        Assert.That((after.Value, after.Restated, after.AsOf), Is.EqualTo((8m, true, Some.Instant("2026-11-17"))));
        Assert.That((asOf.Value, asOf.Restated, asOf.AsOf), Is.EqualTo((7m, false, Some.Instant("2026-11-16"))), "on Monday the board said so");
    }

    [Test]
    public async Task A_filter_leaves_other_segments_out_of_the_total()
    {
        await _company.WriteAsync(
            Key("visits", ("region", "EU")).With(("2026-11-09", 1)), Key("visits", ("region", "US")).With(("2026-11-09", 2)), Key("visits", ("region", "")).With(("2026-11-09", 4)));

        Assert.That(await TotalOfAsync("EU"), Is.EqualTo(1));
        Assert.That(await TotalOfAsync("EU", "(none)"), Is.EqualTo(5));

        async Task<decimal?> TotalOfAsync(params string[] regions) => (await _company.ReadAsync(Query("visits", "2026-11-09..2026-11-15") with
        {
            Filter = new Dictionary<string, IReadOnlyList<string>> { ["region"] = regions },
        })).Single().Values[0].Value;
    }

    [Test]
    public void A_cut_or_grain_that_is_not_stored_is_an_error_and_no_sum()
    {
        Assert.That(() => _company.ReadAsync(Query("visits", "2026-11-09..2026-11-15") with { By = ["plan"] }), Throws.TypeOf<MetricQueryException>().With.Message.Contains("'plan'").And.Message.Contains("region"));
        Assert.That(() => _company.ReadAsync(Query("plain", "2026-11-09..2026-11-15") with { By = ["region"] }), Throws.TypeOf<MetricQueryException>().With.Message.Contains("no dimensions"));
        Assert.That(() => _company.TotalAsync("weekly", Grain.Day, "2026-11-09..2026-11-15"), Throws.TypeOf<MetricQueryException>());
        Assert.That(() => _company.TotalAsync("weekly", Grain.Month, "2026-11-01..2026-11-30"), Throws.TypeOf<MetricQueryException>().With.Message.Contains("weeks do not fill a month"));
        Assert.That(
            () => _company.ReadAsync(Query("readers", "2026-11-09..2026-11-15") with { Filter = new Dictionary<string, IReadOnlyList<string>> { ["region"] = ["EU", "US"] } }),
            Throws.TypeOf<MetricQueryException>().With.Message.Contains("cannot be added up"));
    }

    [Test]
    public async Task A_distinct_count_is_read_as_stored_for_its_grain_and_cut()
    {
        var (days, weeks) = (Key("readers"), Key("readers") with { Grain = Grain.Week });
        await _company.WriteAsync(days.With(("2026-11-09", 2), ("2026-11-10", 2)), weeks.With(("2026-11-09", 3)), (weeks with { Segment = Segment.Of(("region", "EU")) }).With(("2026-11-09", 1)));

        Assert.That((await _company.TotalAsync("readers", Grain.Week, "2026-11-09..2026-11-15")).Single().Value, Is.EqualTo(3));
        Assert.That((await _company.TotalAsync("readers", Grain.Month, "2026-11-09..2026-11-15")).Single().Value, Is.Null, "nothing is added up");
        Assert.That((await _company.ReadAsync(Query("readers", "2026-11-09..2026-11-15") with { By = ["region"] })).Single().Values[0].Value, Is.EqualTo(1));
    }

    [Test]
    public void The_last_of_a_total_is_the_sum_of_its_segments_lasts() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Parts, parts =>
    {
        var (total, segments) = Read(parts, "cash", "cash");
        return total.Value == segments.Sum(segment => segment.Value) && total.Value is not null == segments.Any(segment => segment.Value is not null);
    }));

    [Test]
    public void A_ratio_of_the_total_lies_between_the_smallest_and_the_largest_of_its_parts() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Parts, parts =>
    {
        var (total, segments) = Read(parts, "conversion", "sold", "visits");
        var rates = segments.Where(segment => segment.Value is not null).Select(segment => segment.Value!.Value).ToArray();
        return rates.Length == 0 ? total.Value is null : rates.Min() - 1e-20m <= total.Value && total.Value <= rates.Max() + 1e-20m;
    }));

    [Test]
    public void A_distinct_count_is_at_most_the_sum_of_its_days_or_segments_and_at_least_the_largest() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Parts, parts =>
    {
        using var company = new Company(Metrics.Replace("over_time: distinct,", "over_time: distinct, model: engagement.active_users,", StringComparison.Ordinal));
        var activity = parts.Select(object (part) => new { user = $"u{part.Value}", at = $"2026-11-0{part.Day}", @event = "read", dims = new { region = part.Region } });
        company.ComputeAsync(new EngagementModel(), "2026-11-16", Company.Records(activity)).GetAwaiter().GetResult();

        const string week = "2026-11-02..2026-11-08";
        var total = company.TotalAsync("readers", Grain.Week, week).GetAwaiter().GetResult().Single().Value;
        var days = company.TotalAsync("readers", Grain.Day, week).GetAwaiter().GetResult().Select(day => day.Value ?? 0).ToArray();
        var regions = company.ReadAsync(new MetricQuery { Metric = company.Catalog["readers"], Grain = Grain.Week, Periods = [Some.Days(week)], By = ["region"] })
            .GetAwaiter().GetResult().Select(region => region.Values[0].Value ?? 0).ToArray();
        return total == parts.Select(part => part.Value).Distinct().Count()
            && days.Max() <= total && total <= days.Sum() && regions.Max() <= total && total <= regions.Sum();
    }));

    private static Arbitrary<(string Region, int Day, int Value)[]> Parts { get; } = Arb.From((
        from region in Gen.Elements("EU", "US", "Asia")
        from day in Gen.Choose(2, 8)
        from value in Gen.Choose(1, 9)
        select (region, day, value)).NonEmptyListOf().Select(list => list.ToArray()));

    /// <summary>The week's total and segments of a metric; each part has points of the given metrics, the first one's being smaller.</summary>
    private static (PeriodValue Total, PeriodValue[] Segments) Read((string Region, int Day, int Value)[] parts, string metric, params string[] filled)
    {
        using var company = new Company(Metrics, now: "2026-11-16");
        for (var i = 0; i < filled.Length; i++)
        {
            company.WriteAsync([.. parts.GroupBy(part => part.Region).Select(own => new SeriesPoints(
                Key(filled[i], ("region", own.Key)),
                [.. own.Select((part, at) => new Point(new DateOnly(2026, 11, part.Day), i == 0 ? part.Value : part.Value + at + 1))]))]).GetAwaiter().GetResult();
        }

        var query = new MetricQuery { Metric = company.Catalog[metric], Grain = Grain.Week, Periods = [Some.Days("2026-11-02..2026-11-08")] };
        var total = company.ReadAsync(query).GetAwaiter().GetResult().Single().Values[0];
        return (total, [.. company.ReadAsync(query with { By = ["region"] }).GetAwaiter().GetResult().Select(segment => segment.Values[0])]);
    }

    private MetricQuery Query(string metric, string week) => new() { Metric = _company.Catalog[metric], Grain = Grain.Week, Periods = [Some.Days(week)] };
}
