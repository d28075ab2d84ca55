using System.Globalization;
using System.Net;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>Cohorts by age as a table that leads on, and the tree of what drives a metric.</summary>
public sealed class CohortPageTests
{
    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync();
        var points = new List<SeriesPoints>();
        var first = new DateOnly(2026, 10, 19);
        for (var cohort = 0; cohort < 4; cohort++)
        {
            var start = first.AddDays(7 * cohort);
            var segment = Segment.Of([("cohort", start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]);
            Point[] Over(Func<int, double> value) => [.. Enumerable.Range(0, 5 - cohort).Select(age => new Point(start.AddDays(7 * age), value(age)))];
            points.Add(new SeriesPoints(new SeriesKey("cohort_users", Grain.Week, segment), Over(age => 100 - 20 * age - cohort)));
            points.Add(new SeriesPoints(new SeriesKey("cohort_size", Grain.Week, segment), Over(_ => 100)));
        }

        await _dashboard.Services.GetRequiredService<ISeriesStore>().WriteAsync(points, new WriteStamp(_dashboard.Clock.Now, "test"), CancellationToken.None);
        await _dashboard.Services.GetRequiredService<IWatermarkStore>().AdvanceAsync(
            [.. ((string[])["cohort_users", "cohort_size"]).Select(metric => new Watermark(metric, first, new DateOnly(2026, 11, 18), _dashboard.Clock.Now))],
            CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_first_metric_that_is_known_is_shown_with_its_curve_and_its_average()
    {
        var page = await _dashboard.PageAsync("/cohorts");

        Assert.That(page.QuerySelector(".tabs [aria-current]")!.TextContent, Is.EqualTo("Cohort retention"));
        Assert.That(page.QuerySelector(".message")!.TextContent, Is.EqualTo("Cohort retention: 40.0% after 3 weeks on average."));
        Assert.That(page.QuerySelectorAll("svg.curve"), Has.Length.EqualTo(2), "for wide and narrow screens");
        Assert.That(page.QuerySelector("svg.curve")!.GetAttribute("aria-label"), Does.Contain("40.0% after 3 weeks"));
        Assert.That(page.QuerySelector(".triangle tfoot tr")!.TextContent, Does.Contain("Average").And.Contain("40.0%"));
    }

    [Test]
    public async Task Each_cell_leads_to_its_records_and_one_that_is_not_over_is_marked()
    {
        var page = await _dashboard.PageAsync("/cohorts/cohort_retention");
        var cells = page.QuerySelector(".triangle tbody tr")!.QuerySelectorAll("td a");

        Assert.That(cells[0].GetAttribute("href"), Is.EqualTo("/metrics/cohort_users/working?grain=week&period=2026-W43&cohort=2026-10-19"));
        Assert.That(cells[^1].TextContent, Is.EqualTo("20.0%*"));
        Assert.That(cells[^1].ParentElement!.GetAttribute("title"), Does.EndWith("not over yet"));
        await _dashboard.PageAsync(cells[0].GetAttribute("href")!);
    }

    [Test]
    public async Task Cells_can_be_numbers_and_the_chart_can_have_other_cohorts()
    {
        var page = await _dashboard.PageAsync("/cohorts/cohort_retention?cells=number&cohort=2026-W43");

        Assert.That(page.QuerySelector(".triangle tbody td a")!.TextContent, Is.EqualTo("100"));
        Assert.That(page.QuerySelectorAll(".choose input[checked]").Select(box => box.GetAttribute("value")), Is.EqualTo((string[])["2026-W43"]));
        Assert.That(page.QuerySelector("svg.curve")!.QuerySelectorAll("g.line-of"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task The_file_has_every_cell_in_full()
    {
        var csv = await _dashboard.Http.GetStringAsync(new Uri("/cohorts/cohort_retention.csv?grain=week", UriKind.Relative));

        Assert.That(csv.Split('\n')[0].Trim(), Is.EqualTo("cohort,age,from,through,part,size,share,complete"));
        Assert.That(csv, Does.Contain("2026-10-19,1,2026-10-26,2026-11-01,80,100,0.8,true"));
    }

    [TestCase("/cohorts/visits", "There are no cohorts of 'visits'.")]
    [TestCase("/cohorts?grain=day", "'day' is no grain of cohorts. Use week, month or quarter.")]
    [TestCase("/tree/nope", "There is no metric 'nope'.")]
    [TestCase("/tree/per_visit?period=x", "'x' is no period of the calendar.")]
    public async Task What_cannot_be_is_a_404_that_says_so(string address, string sentence) =>
        Assert.That((await _dashboard.PageAsync(address, HttpStatusCode.NotFound)).QuerySelector(".empty p")!.TextContent, Is.EqualTo(sentence));

    [Test]
    public async Task The_tree_of_a_metric_says_what_each_driver_adds()
    {
        var page = await _dashboard.PageAsync("/tree/per_visit");
        var nodes = page.QuerySelectorAll(".tree-panel li .node");

        // From 14 of 70 to 7 of 84: 0.2 became 0.0833.
        Assert.That(nodes.Select(node => node.QuerySelector(".name a")!.TextContent), Is.EqualTo((string[])["Churned per visit", "Churned", "Visits"]));
        var added = nodes.Skip(1).Select(node => decimal.Parse(node.QuerySelector(".adds data")!.GetAttribute("value")!, CultureInfo.InvariantCulture)).ToArray();
        Assert.That(added.Sum(), Is.EqualTo(7m / 84 - 14m / 70).Within(1e-12m));
        Assert.That(added, Is.All.Negative);
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("What drives Churned per visit"));
        Assert.That(page.QuerySelectorAll(".tree-panel details[open] > summary").Single().TextContent, Is.EqualTo("Driven by 2"));
    }

    [Test]
    public async Task The_form_above_the_tree_leads_to_the_address_of_the_metric()
    {
        using var answer = await _dashboard.Http.GetAsync(new Uri("/tree?root=per_visit&grain=week&against=year", UriKind.Relative));

        Assert.That(answer.Headers.Location!.ToString(), Is.EqualTo("/tree/per_visit?grain=week&against=year"));
    }
}
