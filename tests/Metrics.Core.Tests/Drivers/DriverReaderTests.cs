using Metrics.Core.Drivers;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Drivers;

/// <summary>Why a metric changed, read from its points.</summary>
public sealed class DriverReaderTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, dimensions: [region], missing: zero }
          - { id: sold, name: Sold, unit: count, dimensions: [region], missing: zero }
          - { id: price, name: Price, unit: currency, over_time: mean }
          - { id: conversion, name: Conversion, unit: percent, formula: sold / visits }
          - { id: revenue, name: Revenue, unit: currency, dimensions: [region], drivers: sold * price }
          - { id: stock, name: Stock, unit: count, over_time: last, movements: added - sold }
          - { id: added, name: Added, unit: count, missing: zero }
          - { id: growth, name: Growth, unit: percent, formula: revenue / previous(revenue) - 1 }
          - { id: readers, name: Readers, unit: count, over_time: distinct, over_segments: none, dimensions: [region] }
          - { id: per_reader, name: Visits for each reader, unit: ratio, formula: visits / readers }
        """;

    private static readonly Period Week = Some.Days("2026-11-09..2026-11-15");

    private Company _company = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _company = new Company(Metrics, now: "2026-11-16");
        await _company.WriteAsync(
            Key("visits", ("region", "EU")).With(("2026-11-02", 90), ("2026-11-09", 50)), Key("visits", ("region", "US")).With(("2026-11-02", 10), ("2026-11-09", 50)),
            Key("sold", ("region", "EU")).With(("2026-11-02", 9), ("2026-11-09", 4)), Key("sold", ("region", "US")).With(("2026-11-02", 5), ("2026-11-09", 20)),
            Daily("price", 10, 11),
            Key("revenue", ("region", "EU")).With([.. Days("2026-10-26", 21).Select(day => (day, day == "2026-11-02" ? 90.0 : day == "2026-11-09" ? 44 : 0))]),
            Key("revenue", ("region", "US")).With([.. Days("2026-10-26", 21).Select(day => (day, day == "2026-11-02" ? 50.0 : day == "2026-11-09" ? 230 : 10))]),
            Daily("stock", 100, 80), Key("added").With(("2026-11-10", 6)));
        await _company.KnownAsync("2026-10-01", "2026-11-16", "visits", "sold", "added");
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task A_ratio_is_explained_by_its_operands_and_by_rate_and_mix_of_its_segments()
    {
        var found = (await ReadAsync("conversion"))!;

        Assert.That((found.Before.Value, found.After.Value), Is.EqualTo((0.14m, 0.24m)));
        Assert.That(found.Drivers!.Parts.Select(part => (part.Text, part.Before, part.After)), Is.EqualTo(((string, decimal?, decimal?)[])[("sold", 14, 24), ("visits", 100, 100)]));
        Assert.That(found.Drivers.Parts.Select(part => part.Amount), Is.EqualTo((decimal[])[0.1m, 0]).Within(1e-15m));
        var regions = found.Dimensions.Single();
        Assert.That(regions.Rows.Select(row => (row.Name, row.Before, row.After)), Is.EqualTo(((string, decimal?, decimal?)[])[("US", 0.5m, 0.4m), ("EU", 0.1m, 0.08m)]));
        Assert.That((regions.Rate < 0, regions.Mix > 0, regions.Reversed, regions.Residual), Is.EqualTo((true, true, true, 0m)));
        Assert.That(found.Movements, Is.Null);
    }

    [Test]
    public async Task Drivers_that_do_not_give_the_metric_exactly_leave_a_residual()
    {
        var found = (await ReadAsync("revenue"))!;

        // 14 sold at 10 became 24 at 11: 124 more. Of the 134 that the revenue rose, that leaves 10.
        Assert.That((found.Change, found.Drivers!.Parts.Sum(part => part.Amount), found.Drivers.Residual), Is.EqualTo((134m, 124m, 10m)));
        Assert.That(found.Dimensions.Single().Rows.Select(row => (row.Name, row.Amount)), Is.EqualTo(((string, decimal)[])[("US", 180), ("EU", -46)]));
        Assert.That(found.Sources["price"].Name, Is.EqualTo("Price"));
    }

    [Test]
    public async Task A_stock_is_explained_by_what_came_and_went()
    {
        var found = (await ReadAsync("stock"))!;

        Assert.That(found.Movements!.Parts, Is.EqualTo((Contribution[])[new("added", 0, 6, 6), new("sold", 14, 24, -24)]));
        Assert.That(found.Movements.Residual, Is.EqualTo(-2m));
        Assert.That((found.Drivers, found.Dimensions.Count), Is.EqualTo(((Decomposition?)null, 0)));
    }

    [Test]
    public async Task What_a_formula_reads_of_other_periods_is_a_driver_of_its_own()
    {
        var found = (await ReadAsync("growth"))!;

        Assert.That(found.Drivers!.Parts.Select(part => part.Text), Is.EqualTo((string[])["revenue", "previous(revenue)"]));
        Assert.That(found.Drivers.Parts.Sum(part => part.Amount), Is.EqualTo(found.Change));
        Assert.That(found.Sources["previous(revenue)"].Id, Is.EqualTo("revenue"));
    }

    [Test]
    public async Task A_period_after_one_that_is_not_complete_is_not_explained()
    {
        Assert.That(await ReadAsync("stock", "2026-11-02..2026-11-08"), Is.Null);
        Assert.That(await ReadAsync("growth", "2026-11-02..2026-11-08"), Is.Null);
    }

    [Test]
    public async Task Distinct_counts_of_segments_explain_no_total()
    {
        await _company.WriteAsync(
            new SeriesPoints(Key("readers") with { Grain = Grain.Week }, [new Point(Some.Day("2026-11-02"), 20), new Point(Some.Day("2026-11-09"), 25)]));
        await _company.KnownAsync("2026-10-01", "2026-11-16", "readers");

        var found = (await ReadAsync("per_reader"))!;

        Assert.That((found.Drivers!.Parts.Count, found.Dimensions.Count), Is.EqualTo((2, 0)));
    }

    private Task<MetricDrivers?> ReadAsync(string metric, string? days = null) =>
        new DriverReader(new MetricReader(_company.Store, _company.Watermarks, _company.Clock)).ReadAsync(
            _company.Calendar, _company.Catalog, new DriverQuery(_company.Catalog[metric], Grain.Week, days is null ? Week : Some.Days(days)), CancellationToken.None);

    private static IEnumerable<string> Days(string first, int count) => Enumerable.Range(0, count).Select(i => $"{Some.Day(first).AddDays(i):yyyy-MM-dd}");

    /// <summary>One value on every day of a week, and another on those of the next.</summary>
    private static SeriesPoints Daily(string metric, double before, double after) => Key(metric).With(
        [.. Days("2026-11-02", 7).Select(day => (day, before)), .. Days("2026-11-09", 7).Select(day => (day, after))]);
}
