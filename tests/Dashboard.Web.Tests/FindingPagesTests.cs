using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Dashboard.Web.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>What needs a decision, on the board and its review: in W46 visits are behind their target and the source of "late" stopped on Friday.</summary>
public sealed class FindingPagesTests
{
    private const string Targets = "metric,version,grain,period,value\nvisits,budget,week,2026-W46,90\n";
    private const string Segment = "week=2026-W46&segment=region:EU";

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync("targets/2026.csv", Targets);

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task Each_line_is_a_sentence_with_what_it_is_in_a_word_and_a_link()
    {
        var lines = (await _dashboard.PageAsync("/")).QuerySelectorAll(".finding-list > li");

        Assert.That(lines.Select(Words), Is.EqualTo(new[]
        {
            "◷ Not current Late one is not current: 5 of 7 days are known, 15 so far. Owner’s note missing",
            "! At risk Visits 84, 93.3 % of 90; above its upper limit of 70: not noise. Owner’s note missing",
        }));
        Assert.That(lines.Select(line => line.QuerySelector("p > a")!.GetAttribute("href")), Is.EqualTo(new[] { "/metrics/late?grain=week", "/metrics/visits?grain=week" }));
        Assert.That(lines[1].QuerySelector(".missing")!.GetAttribute("href"), Is.EqualTo("/boards/weekly/review?week=2026-W46#finding-visits"));
    }

    [Test]
    public async Task Metrics_that_are_behind_their_targets_are_named_beside_the_findings()
    {
        var behind = (await _dashboard.PageAsync("/")).QuerySelectorAll(".behind");

        Assert.That(behind.Select(Words), Is.EqualTo(new[] { "At risk: Visits" }));
        Assert.That(behind[0].QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("/metrics/visits?grain=week"));
    }

    [TestCase("fell to &#x2212;$18k", "fell to \u2212\u2060$18k")]
    [TestCase("fell to \u2212$18k", "fell to \u2212\u2060$18k")]
    [TestCase("rose to $18k", "rose to $18k")]
    public async Task A_minus_stays_with_its_figure_at_the_end_of_a_line(string html, string expected)
    {
        var output = new TagHelperOutput("p", [new TagHelperAttribute("kpi-whole")], (_, _) => Task.FromResult(new DefaultTagHelperContent().SetHtmlContent(html)));

        await new WholeTagHelper().ProcessAsync(new TagHelperContext([], new Dictionary<object, object>(), ""), output);

        Assert.That(output.Content.GetContent(), Is.EqualTo(expected));
        Assert.That(output.Attributes, Is.Empty);
    }

    [Test]
    public async Task A_board_of_a_segment_has_a_review_of_the_segment_to_which_an_answer_leads_back()
    {
        var board = await _dashboard.PageAsync($"/boards/weekly?{Segment}");
        var review = await _dashboard.PageAsync($"/boards/weekly/review?{Segment}");

        Assert.That(Words(board.QuerySelector(".finding-list > li")!), Is.EqualTo("▲ Good news Visits rose to 84, above its upper limit of 70: not noise."));
        Assert.That(board.QuerySelector(".panel-title a")!.GetAttribute("href"), Is.EqualTo($"/boards/weekly/review?{Segment}"));
        Assert.That(Words(review.QuerySelector("#finding-visits-region-EU h3")!), Is.EqualTo("Visits rose to 84"));
        Assert.That(Words(review.QuerySelector(".answered")!), Is.EqualTo("✓ Nothing of W46 2026 needs an answer."));

        using var said = await _dashboard.PostFormAsync($"/boards/weekly/review?{Segment}", "/boards/weekly/review/comment", 0, ("stance", "noise"));
        Assert.That(said.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(said.Headers.Location!.ToString(), Is.EqualTo("/boards/weekly/review?week=2026-W46&segment=region%3AEU#finding-visits-region-EU"));
        Assert.That((await _dashboard.PageAsync(said.Headers.Location.ToString())).QuerySelector("#finding-visits-region-EU blockquote"), Is.Not.Null);
    }

    [Test]
    public async Task By_another_grain_than_its_own_a_board_asks_nobody()
    {
        var board = await _dashboard.PageAsync("/boards/weekly?week=2026-10&grain=month");
        var review = await _dashboard.PageAsync(board.QuerySelector(".panel-title a")!.GetAttribute("href")!);

        Assert.That(board.QuerySelectorAll(".said"), Is.Empty);
        Assert.That(review.QuerySelectorAll("#exceptions ~ ol form"), Is.Empty);
    }

    [Test]
    public async Task A_file_of_the_board_has_the_same_findings()
    {
        using var json = JsonDocument.Parse(await _dashboard.Http.GetStringAsync(new Uri("/boards/weekly.json", UriKind.Relative)));
        var findings = json.RootElement.GetProperty("findings").EnumerateArray().ToArray();

        Assert.That(findings.Select(finding => finding.GetProperty("key").GetString()), Is.EqualTo(new[] { "late", "visits" }));
        Assert.That(findings.Select(finding => finding.GetProperty("strength").GetString()), Is.EqualTo(new[] { "stale", "at_risk" }));
        Assert.That(findings[1].GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()), Is.EqualTo(new[] { "target", "signal" }));
        Assert.That(findings[1].GetProperty("gap").GetDecimal(), Is.EqualTo(14));
        Assert.That(json.RootElement.GetProperty("restated").GetArrayLength(), Is.Zero);
    }

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
