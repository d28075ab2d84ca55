using System.Net;
using Metrics.Core.Models;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

public sealed class PageTests
{
    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_board_shows_the_newest_week_with_its_values_and_changes()
    {
        var page = await _dashboard.PageAsync("/");

        Assert.That(page.QuerySelector(".head p")!.TextContent, Is.EqualTo("Week 46 · 9 – 15 November 2026 · Europe/Berlin · 2 of 4 metrics complete"));
        var visits = page.QuerySelector(".card:has(h3 a[href='/metrics/visits?grain=week'])")!;
        Assert.That(visits.QuerySelector(".value")!.TextContent, Is.EqualTo("84"));
        Assert.That(visits.QuerySelectorAll(".delta.good [aria-hidden]").Select(delta => delta.TextContent), Is.EqualTo(new[] { "▲ 20.0\u00A0% vs W45", "▲ 20.0\u00A0% vs last year" }));
        Assert.That(visits.QuerySelector(".delta .words")!.TextContent, Is.EqualTo("up 20.0 percent on last week, favourable"));
    }

    [Test]
    public async Task Falling_losses_point_down_and_are_good_news()
    {
        var delta = (await _dashboard.PageAsync("/")).QuerySelector(".card:has(h3 a[href^='/metrics/churned']) .delta")!;

        Assert.That(delta.ClassList, Does.Contain("good"));
        Assert.That(delta.TextContent, Does.Contain("▼ 50.0"));
    }

    [Test]
    public async Task A_late_metric_says_so_and_is_not_compared()
    {
        var late = (await _dashboard.PageAsync("/boards/weekly?week=2026-W46")).QuerySelector(".card:has(h3 a[href^='/metrics/late'])")!;

        Assert.That(late.QuerySelector(".card-foot")!.TextContent, Does.Contain("Data to Fri 13 Nov (5 of 7 days)"));
        Assert.That(late.QuerySelector(".deltas")!.TextContent, Does.Not.Contain("%"));
        Assert.That(late.QuerySelector(".dot.open"), Is.Not.Null);
    }

    [Test]
    public async Task The_stepper_leads_to_the_weeks_beside()
    {
        var links = (await _dashboard.PageAsync("/")).QuerySelectorAll(".stepper > a").Select(link => link.GetAttribute("href"));

        Assert.That(links, Is.EqualTo(new[] { "/boards/weekly?week=2026-W45", "/boards/weekly?week=2026-W47" }));
    }

    [Test]
    public async Task A_week_can_be_asked_for_by_any_of_its_days()
    {
        var page = await _dashboard.PageAsync("/boards/weekly?week=2026-11-05");

        Assert.That(page.QuerySelector(".stepper summary")!.TextContent, Is.EqualTo("W45 2026"));
    }

    [TestCase("/boards/nope", "There is no board 'nope'.")]
    [TestCase("/boards/weekly?week=2026-W54", "'2026-W54' is no week of the calendar. Use one such as 2026-W46, or a date.")]
    [TestCase("/boards/weekly?week=hello", "'hello' is no week of the calendar. Use one such as 2026-W46, or a date.")]
    [TestCase("/metrics/nope", "There is no metric 'nope'.")]
    [TestCase("/metrics/visits?grain=eon", "'eon' is no grain. Use day, week, month, quarter or year.")]
    [TestCase("/nothing/here", "There is nothing at this address.")]
    public async Task What_is_not_there_is_a_404_that_says_so(string address, string sentence)
    {
        var page = await _dashboard.PageAsync(address, HttpStatusCode.NotFound);

        Assert.That(page.QuerySelector(".empty p")!.TextContent, Is.EqualTo(sentence));
    }

    [Test]
    public async Task Hostile_names_are_text()
    {
        foreach (var address in new[] { "/", "/metrics?data=all", "/metrics/hostile" })
        {
            var page = await _dashboard.PageAsync(address);
            Assert.That(page.QuerySelectorAll("script:not([src^='/assets/']), img[onerror], b[onclick]"), Is.Empty, address);
            Assert.That(page.Body!.TextContent, Does.Contain("<script>alert(1)</script>"), address);
        }
    }

    [Test]
    public async Task A_metric_says_what_it_means_and_where_it_comes_from()
    {
        var page = await _dashboard.PageAsync("/metrics/visits?grain=week&by=region");

        Assert.That(page.QuerySelector(".sheet-side")!.TextContent, Does.Contain("Visits of the site.").And.Contain("A period is the sum of its days."));
        Assert.That(page.QuerySelector(".lineage a")!.GetAttribute("href"), Is.EqualTo("/sources#site"));
        Assert.That(page.QuerySelector("#periods tbody tr")!.TextContent, Does.Contain("W46").And.Contain("84").And.Contain("complete"));
        Assert.That(page.QuerySelector("#breakdown tbody tr")!.TextContent, Does.Contain("EU").And.Contain("84"));
        Assert.That(page.QuerySelector("svg[role=img]")!.GetAttribute("aria-label"), Does.StartWith("Visits: 84 in W46 · 9–15 Nov 2026, up 20.0 percent on the week before"));
    }

    [Test]
    public async Task A_formula_links_its_inputs()
    {
        var links = (await _dashboard.PageAsync("/metrics/per_visit")).QuerySelectorAll("code a").Select(link => link.GetAttribute("href"));

        Assert.That(links, Is.EqualTo(new[] { "/metrics/churned", "/metrics/visits" }));
    }

    [Test]
    public async Task The_catalog_lists_every_metric()
    {
        var page = await _dashboard.PageAsync("/metrics?data=all");
        var links = page.QuerySelectorAll(".entries h3 a").Select(link => link.GetAttribute("href")).ToArray();

        Assert.That(links, Does.Contain("/metrics/visits").And.Contain("/metrics/mrr"));
        Assert.That(links, Is.Unique);
    }

    [Test]
    public async Task A_source_shows_its_last_sync_and_what_it_rejected()
    {
        var source = (await _dashboard.PageAsync("/sources")).QuerySelector("#site")!;

        Assert.That(source.QuerySelector(".chip")!.TextContent, Does.Contain("Current"));
        Assert.That(source.QuerySelectorAll("tbody td").Select(cell => cell.TextContent), Is.EqualTo(new[] { "1,234", "12", "3", "2", "1", "Sun 15 Nov 2026" }));
        Assert.That(source.QuerySelector(".faults li")!.TextContent, Does.Contain("data/visits.csv:7:visits").And.Contain("is no number."));
    }

    [Test]
    public async Task The_csv_file_holds_the_period_values()
    {
        using var response = await _dashboard.Http.GetAsync(new Uri("/metrics/visits.csv?grain=week&by=region", UriKind.Relative));
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/csv"));
        Assert.That(lines[0], Is.EqualTo("metric,period_start,period_end,region,value,complete,as_of,restated"));
        Assert.That(lines, Does.Contain("visits,2026-11-02,2026-11-08,EU,70,true,2026-11-16T08:00:00Z,false"));
        Assert.That(lines, Does.Contain("visits,2026-11-09,2026-11-15,EU,84,true,2026-11-16T08:00:00Z,false"));
    }

    [TestCase("/metrics/nope.csv", HttpStatusCode.NotFound)]
    [TestCase("/metrics/visits.exe", HttpStatusCode.NotFound)]
    [TestCase("/metrics/visits.csv?grain=eon", HttpStatusCode.BadRequest)]
    [TestCase("/metrics/visits.csv?by=planet", HttpStatusCode.BadRequest)]
    public async Task A_file_that_cannot_be_is_refused(string address, HttpStatusCode expected)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));
        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Without_data_the_board_says_what_to_do()
    {
        await using var empty = await RunningDashboard.StartAsync(data: false);

        Assert.That((await empty.PageAsync("/")).QuerySelector(".empty")!.TextContent, Does.Contain("No data yet").And.Contain("Sources"));
        Assert.That((await empty.PageAsync("/metrics/visits")).QuerySelector("svg[role=img]"), Is.Null);
    }

    [Test]
    public async Task Faults_of_the_workspace_are_on_every_page_and_listed_on_one()
    {
        await using var faulty = await RunningDashboard.StartAsync("boards/other.yaml", "id: other\nname: Other\nsections:\n  - name: A\n    tiles: [{ metric: nope }]\n");

        Assert.That((await faulty.PageAsync("/")).QuerySelector(".banner")!.TextContent, Does.Contain("The workspace has a fault"));
        Assert.That((await faulty.PageAsync("/sources")).QuerySelector("#faults li")!.TextContent, Is.EqualTo("boards/other.yaml:5 unknown metric 'nope'."));
    }

    [Test]
    public async Task What_a_model_could_not_compute_is_said_with_its_reason()
    {
        await using var refused = await RunningDashboard.StartAsync();
        await refused.Services.GetRequiredService<IModelStateStore>().SetFaultAsync("revenue", "two <currencies>.", CancellationToken.None);

        Assert.That((await refused.PageAsync("/sources")).QuerySelector("#model-faults li")!.TextContent, Does.StartWith("revenue two <currencies>."));
        Assert.That((await _dashboard.PageAsync("/sources")).QuerySelector("#model-faults"), Is.Null);
    }
}
