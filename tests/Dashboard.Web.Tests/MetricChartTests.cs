using System.Globalization;
using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Metrics.Core.Annotations;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The large chart of a metric, its parts over time, how it is spread and who changed what: all of it without a script.</summary>
public sealed class MetricChartTests
{
    private const string Events = "annotations: [{ id: fair, first: 2026-11-10, last: 2026-11-12, title: The fair, kind: market, metrics: [visits] }]";

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync("annotations/2026.yaml", Events);

        // A region that grows by one a day every week, with a ripple, and several small ones.
        var first = DateOnly.Parse("2025-10-06", CultureInfo.InvariantCulture);
        await _dashboard.Services.GetRequiredService<ISeriesStore>().WriteAsync(
            [
                Series("US", i => 20 + i / 7 + i / 7 * 7 % 3),
                .. Enumerable.Range(1, 9).Select(region => Series($"Region {region}", _ => region % 3 + 1)),
            ],
            new WriteStamp(_dashboard.Clock.Now, "test"), CancellationToken.None);

        SeriesPoints Series(string region, Func<int, int> value) => new(
            new SeriesKey("visits", Grain.Day, Segment.Of(("region", region))), [.. Enumerable.Range(0, 406).Select(i => new Point(first.AddDays(i), value(i)))]);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_picture_has_limits_a_forecast_the_year_before_and_events()
    {
        var page = await _dashboard.PageAsync("/metrics/visits");
        var picture = page.QuerySelector("svg.trend.wide")!;

        Assert.That(picture.QuerySelectorAll(".limit-band"), Is.Not.Empty);
        Assert.That(picture.QuerySelectorAll(".forecast-band"), Has.Length.EqualTo(2), "80 and 95 percent");
        Assert.That(picture.QuerySelectorAll(".forecast-dot"), Has.Length.EqualTo(13));
        Assert.That(picture.QuerySelector(".note-flag title")!.TextContent, Does.StartWith("The fair, W46"));
        Assert.That(picture.GetAttribute("aria-label"), Does.Contain("Forecast: About ").And.Contain("Natural limits "));
        Assert.That(page.QuerySelectorAll("#trend-keys .layer").Select(key => key.GetAttribute("data-layer")), Is.EqualTo(new[] { "year", "limits", "forecast", "events" }));
        Assert.That(page.QuerySelector("[data-key=l]")!.GetAttribute("data-layer"), Is.EqualTo("limits"));
        Assert.That(page.QuerySelectorAll("#events .event"), Is.Not.Empty);
    }

    [Test]
    public async Task The_address_hides_layers_and_keeps_what_else_was_asked_for()
    {
        var page = await _dashboard.PageAsync("/metrics/visits?grain=week&by=region&kind=lines&hide=limits,forecast,year,events");

        Assert.That(page.QuerySelectorAll("svg.trend :is(.limits, .forecast, .forecast-band, .line-before, .note-flag)"), Is.Empty);
        Assert.That(page.QuerySelector("[data-layer=limits]")!.GetAttribute("href"), Is.EqualTo("/metrics/visits?grain=week&by=region&kind=lines&hide=forecast,year,events#trend"));
        Assert.That(page.QuerySelector("[data-layer=limits]")!.TextContent, Is.EqualTo("Show: Natural limits"));
        Assert.That(page.QuerySelectorAll("nav[aria-label=Grain] a, nav[aria-label=Kind] a, nav[aria-label=Dimension] a").Select(link => link.GetAttribute("href")),
            Is.All.Contains("hide=limits,forecast,year,events"));
        Assert.That(page.QuerySelectorAll(".as-of input[type=hidden]").Select(input => input.GetAttribute("value")),
            Is.EqualTo(new[] { "week", "region", "lines", "limits,forecast,year,events" }));
        Assert.That(page.QuerySelector("a[download]")!.GetAttribute("href"), Is.EqualTo("/metrics/visits.csv?grain=week&by=region"));
    }

    [Test]
    public async Task The_script_gets_the_figures_of_the_picture()
    {
        var page = await _dashboard.PageAsync("/metrics/visits?hide=limits");

        using var data = JsonDocument.Parse(((IHtmlTemplateElement)page.QuerySelector("#trend-data")!).Content.TextContent);
        var points = data.RootElement.GetProperty("points").EnumerateArray().ToArray();
        Assert.That(points, Has.Length.EqualTo(page.QuerySelectorAll("#periods tbody tr").Length));
        Assert.That(points[^1].GetProperty("name").GetString(), Does.StartWith("W46"));
        Assert.That(points[^1].GetProperty("upper").GetDecimal(), Is.GreaterThan(points[^1].GetProperty("lower").GetDecimal()));
        Assert.That(data.RootElement.GetProperty("hidden").EnumerateArray().Select(one => one.GetString()), Is.EqualTo(new[] { "limits" }));
        Assert.That(data.RootElement.GetProperty("forecast").GetArrayLength(), Is.EqualTo(13));
        Assert.That(data.RootElement.GetProperty("from").GetInt32(), Is.EqualTo(points.Length));
    }

    [TestCase("stacked", "svg.plot.stack")]
    [TestCase("share", "svg.plot.stack")]
    [TestCase("lines", "svg.plot.lines")]
    public async Task Segments_over_time_are_a_picture_and_a_table_of_the_largest_and_the_others(string kind, string picture)
    {
        var part = (await _dashboard.PageAsync($"/metrics/visits?by=region&kind={kind}")).QuerySelector("#breakdown")!;

        Assert.That(part.QuerySelector("nav[aria-label=Kind] [aria-current]")!.TextContent, Is.EqualTo(kind));
        Assert.That(part.QuerySelector(picture)!.GetAttribute("aria-label"), Does.StartWith("Visits by region, W21 to W46: US "));
        var head = part.QuerySelectorAll(".segment-history thead th").Select(cell => cell.TextContent).ToArray();
        Assert.That(head[..3], Is.EqualTo(new[] { "week", "US", "EU" }));
        Assert.That(head, Does.Contain("Other 4"));
        Assert.That(part.QuerySelectorAll(".segment-history tbody tr"), Has.Length.EqualTo(26));
        if (kind == "share")
            Assert.That(part.QuerySelectorAll(".segment-history tbody tr:first-child td").Sum(cell => decimal.Parse(cell.TextContent.TrimEnd('%', ' ', '\u00A0'), CultureInfo.InvariantCulture)), Is.EqualTo(100m).Within(0.5m));
    }

    [Test]
    public async Task The_contributors_to_a_change_are_a_waterfall_that_sums_to_it()
    {
        var part = (await _dashboard.PageAsync("/metrics/visits?by=region&kind=change")).QuerySelector("#breakdown")!;

        Assert.That(part.QuerySelector("svg.waterfall desc")!.TextContent, Does.StartWith("Visits +").And.Contain("EU +14"));
        var amounts = part.QuerySelectorAll("tbody td:nth-of-type(3) data").Sum(amount => decimal.Parse(amount.GetAttribute("value")!, NumberStyles.Float, CultureInfo.InvariantCulture));
        Assert.That(part.QuerySelector("tfoot data")!.GetAttribute("value"), Is.EqualTo(amounts.ToString(CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task What_does_not_add_up_is_neither_stacked_nor_shared_and_says_why()
    {
        await using var other = await RunningDashboard.StartAsync(
            "metrics/more.yaml", "metrics: [{ id: doubled, name: Doubled visits, unit: ratio, formula: visits / visits }]");

        var part = (await other.PageAsync("/metrics/doubled?kind=stacked")).QuerySelector("#breakdown")!;

        Assert.That(part.QuerySelectorAll("nav[aria-label=Kind] a").Select(link => link.TextContent), Has.None.EqualTo("stacked").And.None.EqualTo("share"));
        Assert.That(part.QuerySelector("[role=status]")!.TextContent, Is.EqualTo(
            "Shown as a table. The formula is computed for each segment by itself, so the segments do not add up to the total."));
        Assert.That(part.QuerySelector("table.breakdown"), Is.Not.Null);
    }

    [Test]
    public async Task The_distribution_says_where_the_newest_period_lies()
    {
        var part = (await _dashboard.PageAsync("/metrics/visits")).QuerySelector("#distribution")!;

        Assert.That(part.QuerySelector(".message")!.TextContent, Does.Match("Half of the 53 weeks lie between .+ and .+, the median is .+ W46 with .+ is above 52 of them."));
        Assert.That(part.QuerySelector("svg.histogram line.current title")!.TextContent, Does.StartWith("W46 "));
        Assert.That((await _dashboard.PageAsync("/metrics/late")).QuerySelector("#distribution"), Is.Null, "six weeks say nothing");
    }

    [Test]
    public async Task Without_a_forecast_the_page_says_so()
    {
        var page = await _dashboard.PageAsync("/metrics/late");

        Assert.That(page.QuerySelector(".forecast"), Is.Null);
        Assert.That(page.QuerySelector("#trend .foot-note")!.TextContent, Does.StartWith("No forecast"));
    }

    [Test]
    public async Task Who_changed_targets_limits_and_events_is_told_newest_first()
    {
        await using var changed = await RunningDashboard.StartAsync();
        var day = new DateTimeOffset(2026, 11, 12, 9, 0, 0, TimeSpan.Zero);
        await changed.Services.GetRequiredService<ITargetStore>().AppendAsync(
            new TargetChange("visits", "budget", Grain.Month, "2026-11", Segment.Total, 350, "agreed in the meeting", "anna", day), CancellationToken.None);
        await changed.Services.GetRequiredService<IBaselineStore>().AppendAsync(
            new BaselineChange("visits", Grain.Week, Segment.Total, BaselineKind.PhaseStart, "2026-W40", null, LimitMethod.Mean, "new site", "ben", day.AddHours(1)),
            CancellationToken.None);
        var span = new Period(new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 3));
        await changed.Services.GetRequiredService<IAnnotationStore>().AppendAsync(
            new AnnotationChange("talk", new Annotation("talk", span, "A talk", AnnotationKind.Market) { Metrics = ["visits"] }, AnnotationOrigin.Page, "cleo", day.AddHours(2)), null, CancellationToken.None);

        var rows = (await changed.PageAsync("/metrics/visits")).QuerySelectorAll("#history tbody tr")
            .Select(row => string.Join('|', row.QuerySelectorAll("td").Skip(1).Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))));

        Assert.That(rows, Is.EqualTo(new[]
        {
            "cleo|Event A talk, 2 Nov 2026|", "ben|Limits New phase from W40 2026|new site", "anna|Target Nov 2026 · budget: 350|agreed in the meeting",
        }));
    }

    [TestCase("/metrics/visits?kind=pie", "'pie' is no kind of breakdown. Use table, stacked, lines, share, change.")]
    [TestCase("/metrics/visits?hide=axis", "'axis' is no part of the chart. Hide limits, forecast, year, target, events.")]
    public async Task What_cannot_be_is_a_404_that_says_so(string address, string sentence)
    {
        var page = await _dashboard.PageAsync(address, HttpStatusCode.NotFound);

        Assert.That(page.QuerySelector(".empty p")!.TextContent, Is.EqualTo(sentence));
    }
}
