using System.Diagnostics;
using AngleSharp.Dom;
using Metrics.Core.Models;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The catalog: what is measured, where it stands, and how to find it.</summary>
public sealed class CatalogTests
{
    private const string More = """
        metrics:
          - { id: deals, name: Deals, description: "Deals won.", category: customer, kind: input, unit: count, owner: Sales, certified: true }
          - { id: share, name: Market share, category: market, unit: percent, native_grain: month, over_time: last, owner: Sales }
        """;

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync("metrics/more.yaml", More);

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task Metrics_with_data_show_their_newest_complete_week_and_where_it_comes_from()
    {
        var page = await _dashboard.PageAsync("/metrics");

        Assert.That(Ids(page), Is.EqualTo(new[] { "visits", "late", "churned", "per_visit" }), "the others have no data");
        const string week46 = "W46 · 9–15 Nov 2026";
        Assert.That(page.QuerySelectorAll(".newest").Select(Text),
            Is.EqualTo(new[] { "84 " + week46, "21 W45 · 2–8 Nov 2026", "7 " + week46, "0.1× " + week46 }));
        Assert.That(Text(page.QuerySelector(".standing-of")!), Is.EqualTo("as of Mon 16 Nov 09:00"));
        Assert.That(Text(page.QuerySelector(".properties")!), Is.EqualTo("Output A count More is better Marketing"));
    }

    [Test]
    public async Task Metrics_without_data_are_hidden_until_they_are_asked_for_and_come_last()
    {
        var page = await _dashboard.PageAsync("/metrics");
        Assert.That(Text(page.QuerySelector(".found")!), Does.StartWith("4 of ").And.Contain(" more without data."));

        var all = await _dashboard.PageAsync(page.QuerySelector(".found a")!.GetAttribute("href")!);
        Assert.That(Ids(all), Does.Contain("mrr").And.Contain("hostile"));
        Assert.That(Text(all.QuerySelector("li.without .standing-of")!), Is.EqualTo("○ No source"));
        foreach (var group in all.QuerySelectorAll(".entries"))
        {
            var without = group.Children.Select(entry => entry.ClassList.Contains("without")).ToArray();
            Assert.That(without, Is.Ordered, Ids(group)[0]);
        }
    }

    [Test]
    public async Task Categories_are_listed_from_customers_to_the_books()
    {
        var page = await _dashboard.PageAsync("/metrics?data=all");
        var headings = page.QuerySelectorAll(".group > h2").Select(heading => heading.FirstChild!.TextContent.Trim()).ToArray();

        string[] order = ["customer", "growth", "engagement", "retention", "revenue", "sales", "market", "financials", "product"];
        Assert.That(headings, Is.EqualTo(order.Intersect(headings)));
    }

    [TestCase("q=visit", "visits per_visit")]
    [TestCase("q=PER+churned", "per_visit")]
    [TestCase("q=marketing", "visits")]
    [TestCase("q=of+the+site", "visits")]
    [TestCase("category=retention", "churned per_visit")]
    [TestCase("category=retention&q=visits", "")]
    [TestCase("owner=Product", "late")]
    [TestCase("kind=input", "")]
    [TestCase("kind=input&certified=yes&data=all&owner=Sales", "deals")]
    [TestCase("certified=yes&data=all&category=customer", "deals")]
    [TestCase("certified=no", "visits late churned per_visit")]
    public async Task What_the_address_asks_for_is_shown(string query, string ids)
    {
        var page = await _dashboard.PageAsync("/metrics?" + query);

        Assert.That(string.Join(' ', Ids(page)), Is.EqualTo(ids));
        Assert.That(page.QuerySelector(".empty"), ids.Length == 0 ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task The_form_holds_what_the_address_says()
    {
        var page = await _dashboard.PageAsync("/metrics?q=%22%3E%3Cscript%3E&category=retention&owner=Product&kind=output&certified=no&data=all");

        Assert.That(page.QuerySelector("#q")!.GetAttribute("value"), Is.EqualTo("\"><script>"));
        Assert.That(page.QuerySelectorAll("option[selected]").Select(option => option.GetAttribute("value")),
            Is.EqualTo(new[] { "retention", "Product", "output", "no", "all" }));
        Assert.That(page.QuerySelectorAll("main script"), Is.Empty);
        Assert.That(page.QuerySelector(".found a")!.GetAttribute("href"), Is.EqualTo("/metrics?data=all"));
    }

    [Test]
    public async Task Where_only_metrics_without_data_fit_the_page_says_so_and_leads_to_them()
    {
        var empty = (await _dashboard.PageAsync("/metrics?q=deals")).QuerySelector(".empty")!;

        Assert.That(empty.TextContent, Does.Contain("but has no data yet").Or.Contain("but have no data yet"));
        Assert.That(empty.QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("/metrics?q=deals&data=all"));
        Assert.That((await _dashboard.PageAsync("/metrics?q=zebra")).QuerySelector(".empty")!.TextContent, Does.Contain("Try fewer words"));
    }

    [Test]
    public async Task Without_any_data_all_metrics_are_shown()
    {
        await using var empty = await RunningDashboard.StartAsync(data: false);
        var page = await empty.PageAsync("/metrics");

        Assert.That(Ids(page), Does.Contain("visits").And.Contain("mrr"));
        Assert.That(page.QuerySelector("#data"), Is.Null);
        Assert.That(Text(page.QuerySelector("li:has(a[href='/metrics/visits']) .standing-of")!), Is.EqualTo("○ No data yet"));
    }

    [Test]
    public async Task What_comes_in_and_what_is_left_out_is_seen_at_the_next_look()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        Assert.That(Ids(await dashboard.PageAsync("/metrics")), Does.Not.Contain("hostile"));

        var point = new Point(new DateOnly(2026, 11, 15), 5);
        await dashboard.Services.GetRequiredService<ISeriesStore>().WriteAsync(
            [new SeriesPoints(new SeriesKey("hostile", Metrics.Core.Periods.Grain.Day, Segment.Total), [point])],
            new WriteStamp(dashboard.Clock.Now, "push"), CancellationToken.None);
        await dashboard.Services.GetRequiredService<IModelStateStore>().SetWarningsAsync(
            "crm", [new DataWarning("no_day", "2 have no day.", 2, true, []) { Metrics = ["churned"] }], CancellationToken.None);

        var page = await dashboard.PageAsync("/metrics");
        Assert.That(Text(page.QuerySelector("li:has(a[href='/metrics/hostile']) .standing-of")!), Is.EqualTo("pushed"));
        Assert.That(Text(page.QuerySelector("li:has(a[href='/metrics/per_visit']) .standing-of")!), Does.EndWith("◐ Incomplete: 2 rows left out"));
    }

    /// <summary>The limit is far above what it takes, and far below what one query a metric would.</summary>
    [Test]
    public async Task A_catalog_that_nothing_changed_in_is_quick()
    {
        await _dashboard.PageAsync("/metrics?data=all");

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
            await _dashboard.PageAsync("/metrics?data=all");
        Assert.That(watch.Elapsed / 10, Is.LessThan(TimeSpan.FromMilliseconds(500)));
    }

    private static string[] Ids(IParentNode page) => [.. page.QuerySelectorAll(".entries h3 code").Select(id => id.TextContent)];

    private static string Text(IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
