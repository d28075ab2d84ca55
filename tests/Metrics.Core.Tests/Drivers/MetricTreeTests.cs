using Metrics.Core.Catalog;
using Metrics.Core.Drivers;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Drivers;

/// <summary>A metric with what drives it, and what drives that.</summary>
public sealed class MetricTreeTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, missing: zero }
          - { id: sold, name: Sold, unit: count, missing: zero, drivers: visits * conversion }
          - { id: conversion, name: Conversion, unit: percent, formula: sold / visits }
          - { id: price, name: Price, unit: currency, over_time: mean }
          - { id: revenue_made, name: Revenue made, unit: currency, drivers: sold * price, missing: zero }
          - { id: stock, name: Stock, unit: count, over_time: last, movements: added - sold }
          - { id: added, name: Added, unit: count, missing: zero }
        """;

    private static readonly Period Week = Some.Days("2026-11-09..2026-11-15");

    private Company _company = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _company = new Company(Metrics, now: "2026-11-16");
        await _company.WriteAsync(
            Key("visits").With(("2026-11-02", 100), ("2026-11-09", 100)), Key("sold").With(("2026-11-02", 14), ("2026-11-09", 24)),
            Key("price").With(Daily(10, 11)),
            Key("revenue_made").With(("2026-11-02", 140), ("2026-11-09", 274)), Key("added").With(("2026-11-10", 6)),
            Key("stock").With(Daily(100, 82)));
        await _company.KnownAsync("2026-10-01", "2026-11-16", "visits", "sold", "added", "price", "revenue_made", "stock");
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task What_the_nodes_add_and_what_is_not_explained_is_the_change_of_the_one_above()
    {
        var root = (await ReadAsync("revenue_made"))!;
        var branch = root.Branches.Single();

        Assert.That(branch.Nodes.Select(node => node.Name), Is.EqualTo((string[])["Sold", "Price"]));
        Assert.That(branch.Nodes.Sum(node => node.Amount) + branch.Residual, Is.EqualTo(root.After - root.Before));
        Assert.That(branch.Residual, Is.EqualTo(10));
        var sold = branch.Nodes[0];
        Assert.That((sold.Before, sold.After), Is.EqualTo(((decimal?)14, (decimal?)24)));
        Assert.That(sold.Branches.Single().Nodes.Select(node => node.Name), Is.EqualTo((string[])["Visits", "Conversion"]));
        Assert.That(sold.Branches.Single().Nodes.Sum(node => node.Amount), Is.EqualTo(10));
    }

    [Test]
    public async Task A_metric_that_stands_above_or_elsewhere_already_is_not_taken_apart_again()
    {
        var root = (await ReadAsync("revenue_made"))!;
        var conversion = root.Branches[0].Nodes[0].Branches[0].Nodes[1];

        Assert.That(conversion.Branches.Single().Nodes.Select(node => (node.Name, node.Branches.Count)), Is.EqualTo(((string, int)[])[("Sold", 0), ("Visits", 0)]));
    }

    [Test]
    public async Task Flows_explain_a_stock_on_the_period_before_and_not_on_the_year()
    {
        Assert.That((await ReadAsync("stock"))!.Branches.Single().Kind, Is.EqualTo(TreeBranchKind.Movements));
        Assert.That(await ReadAsync("stock", Some.Days("2025-11-10..2025-11-16")), Is.Null, "nothing is known of the year before");
    }

    [Test]
    public void The_first_roots_are_results_with_the_most_under_them()
    {
        var roots = MetricTreeReader.Roots(MetricCatalog.Read([], []));

        Assert.That(roots[0].Kind, Is.EqualTo(MetricKind.Output));
        Assert.That(roots.Select(root => root.Id), Does.Contain("mrr").And.Contain("ebitda"));
    }

    private static (string, double)[] Daily(double before, double after) =>
        [.. Enumerable.Range(0, 14).Select(i => ($"{Some.Day("2026-11-02").AddDays(i):yyyy-MM-dd}", i < 7 ? before : after))];

    private Task<TreeNode?> ReadAsync(string metric, Period? against = null) =>
        new MetricTreeReader(new DriverReader(new MetricReader(_company.Store, _company.Watermarks, _company.Clock))).ReadAsync(
            _company.Calendar, _company.Catalog,
            new TreeQuery(_company.Catalog[metric], Grain.Week, Week, against ?? _company.Calendar.Previous(Grain.Week, Week)), CancellationToken.None);
}
