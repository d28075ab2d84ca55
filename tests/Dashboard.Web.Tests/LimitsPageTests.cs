using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>What stands out, on the board and on the page of a metric: 57 weeks of 70 visits and one of 84; and who decides about limits.</summary>
public sealed class LimitsPageTests
{
    private const string Address = "/metrics/visits/limits?grain=week";

    private RunningDashboard _dashboard = null!;

    [SetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_foot_of_a_tile_says_that_a_figure_stands_out()
    {
        var board = await _dashboard.PageAsync("/");
        var foot = board.QuerySelectorAll(".card").Single(card => card.QuerySelector("h3 a")!.TextContent == "Visits").QuerySelector(".card-foot > span")!;

        Assert.That(Words(foot), Is.EqualTo("▲ Above upper limit: not noise, favourable"));
        Assert.That(foot.ClassList, Does.Contain("good"));
        Assert.That(foot.GetAttribute("title"), Is.EqualTo("Visits 84 is above the upper limit 70 (24 weeks to W24). As of Mon 16 Nov 09:00."));
    }

    [Test]
    public async Task The_page_of_the_metric_begins_with_it()
    {
        var panel = (await _dashboard.PageAsync("/metrics/visits?grain=week")).QuerySelector("#signals")!;

        Assert.That(panel.QuerySelector("h2")!.TextContent, Is.EqualTo("Read this first"));
        Assert.That(Words(panel), Does.Contain("Visits 84 is above the upper limit 70 (24 weeks to W24)."));
        Assert.That(panel.QuerySelector("a[href='/metrics/visits/limits?grain=week']"), Is.Not.Null);
    }

    [Test]
    public async Task With_too_few_weeks_nothing_is_judged()
    {
        var panel = (await _dashboard.PageAsync("/metrics/churned?grain=week")).QuerySelector("#signals")!;

        Assert.That(Words(panel), Does.Contain("Not judged yet Natural limits need 12 complete weeks and one to judge."));
    }

    [Test]
    public async Task The_snapshot_has_the_signal_as_a_key_of_its_own()
    {
        using var json = System.Text.Json.JsonDocument.Parse(await _dashboard.Http.GetStringAsync(new Uri("/boards/weekly.json", UriKind.Relative)));
        var tiles = json.RootElement.GetProperty("sections")[0].GetProperty("tiles");

        var signal = tiles[0].GetProperty("signal");
        Assert.That(
            (signal.GetProperty("rule").GetString(), signal.GetProperty("strength").GetString(), signal.GetProperty("side").GetString()),
            Is.EqualTo(("outside_limits", "strong", "above")));
        Assert.That(signal.GetProperty("sentence").GetString(), Does.StartWith("Visits 84 is above"));
        Assert.That(tiles[1].GetProperty("signal").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [Test]
    public async Task A_new_phase_counts_at_once_and_says_who_began_it_and_why()
    {
        using var response = await PostAsync("phase", ("from", "2026-W30"), ("reason", "New pricing"));
        var page = await _dashboard.PageAsync(response.Headers.Location!.ToString());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(Words(page.QuerySelector("[role=status]")!), Is.EqualTo("New phase from W30 2026."));
        Assert.That(page.QuerySelectorAll("#phases ~ .scroll tbody tr").Select(row => Words(row.QuerySelector("th")!)), Is.EqualTo(new[] { "W30 2026", "W41 2025" }));
        Assert.That(Words(page.QuerySelector("#phases ~ .scroll tbody td:last-child")!), Is.EqualTo("New pricing (Local administrator)"));
        Assert.That(
            page.QuerySelectorAll("#history ~ .scroll tbody td").Select(Words),
            Is.EqualTo(new[] { "Mon 16 Nov 09:00", "Local administrator", "New phase from W30 2026", "New pricing" }));
        Assert.That(
            (await _dashboard.PageAsync("/")).QuerySelector(".card .card-foot .signal")!.GetAttribute("title"),
            Does.Contain("(16 weeks to W45)"), "a kept board is computed again");
    }

    [Test]
    public async Task A_baseline_is_locked_and_given_back()
    {
        using var locked = await PostAsync("locked", ("from", "2026-W10"), ("to", "2026-W25"), ("method", "median"), ("reason", "Before the fair"));
        var page = await _dashboard.PageAsync(locked.Headers.Location!.ToString());
        Assert.That(Words(page.QuerySelector("#phases ~ .scroll tbody")!), Does.Contain("16 weeks to W25, by the median"));

        using var back = await PostAsync("default", ("reason", "A slip"));
        page = await _dashboard.PageAsync(back.Headers.Location!.ToString());
        Assert.That(page.QuerySelector("#default"), Is.Null);
        Assert.That(page.QuerySelectorAll("#history ~ .scroll tbody tr"), Has.Length.EqualTo(2));
        Assert.That(Words(page.QuerySelector("[role=status]")!), Is.EqualTo("Back to the default by week."));
    }

    [TestCase("phase", "from", "2026-W99", "'2026-W99' is no week of the calendar; use one such as 2026-W46.")]
    [TestCase("phase", "from", "2026-W47", "W47 2026 is not complete yet.")]
    [TestCase("phase", "reason", " ", "say why, so that others understand the limits later.")]
    [TestCase("locked", "to", "2026-W30", "limits need at least 12 weeks.")]
    [TestCase("locked", "to", "", "'' is no week of the calendar; use one such as 2026-W46.")]
    public async Task What_is_wrong_is_said_and_nothing_is_decided(string kind, string field, string value, string message)
    {
        using var response = await PostAsync(kind, [("from", "2026-W20"), ("to", "2026-W40"), ("reason", "kept"), (field, value)]);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(Words(page.QuerySelector("[role=alert]")!), Is.EqualTo("Not changed: " + message));
        if (field != "reason")
            Assert.That(page.QuerySelector($"#{kind}-reason")!.GetAttribute("value"), Is.EqualTo("kept"));
        Assert.That(await _dashboard.Services.GetRequiredService<IBaselineStore>().AllAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_run_of_eight_offers_a_phase_that_begins_with_it_and_does_not_begin_it()
    {
        await _dashboard.Services.GetRequiredService<ISeriesStore>().WriteAsync(
            [
                new SeriesPoints(
                    new SeriesKey("visits", Grain.Day, Segment.Of([("region", "EU")])),
                    [.. Enumerable.Range(0, 63).Select(i => new Point(new DateOnly(2026, 9, 14).AddDays(i), 11))]),
            ],
            new WriteStamp(_dashboard.Clock.Now, "test"), CancellationToken.None);

        var page = await _dashboard.PageAsync(Address);

        Assert.That(Words(page.QuerySelector(".offer")!), Does.Contain("9 weeks above the mean 70, a shift since W38").And.Contain("begin a new phase with W38 2026"));
        Assert.That(page.QuerySelector("#phase-from")!.GetAttribute("value"), Is.EqualTo("2026-W38"));
        Assert.That(await _dashboard.Services.GetRequiredService<IBaselineStore>().AllAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_segment_has_limits_of_its_own_and_what_is_none_is_not_found()
    {
        var page = await _dashboard.PageAsync(Address + "&segment=region%3DEU");

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Limits of Visits, EU"));
        await _dashboard.PageAsync(Address + "&segment=plan%3DPro", HttpStatusCode.NotFound);
        await _dashboard.PageAsync("/metrics/nope/limits", HttpStatusCode.NotFound);
        await _dashboard.PageAsync("/metrics/visits/limits?grain=hour", HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_decision_without_the_token_of_a_page_is_refused()
    {
        using var response = await _dashboard.Http.PostAsync(new Uri("/metrics/visits/limits/set", UriKind.Relative), new FormUrlEncodedContent(
            [new("kind", "phase"), new("grain", "week"), new("from", "2026-W30"), new("reason", "x")]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await _dashboard.Services.GetRequiredService<IBaselineStore>().AllAsync(CancellationToken.None), Is.Empty);
    }

    private async Task<HttpResponseMessage> PostAsync(string form, params (string Name, string Value)[] entered)
    {
        using var page = await _dashboard.Http.GetAsync(new Uri(Address, UriKind.Relative));
        var fields = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync()).QuerySelector($"form#{form}")!
            .QuerySelectorAll("input, select")
            .ToDictionary(field => field.GetAttribute("name")!, field => field is IHtmlSelectElement select ? select.Value : field.GetAttribute("value") ?? "");
        foreach (var (name, value) in entered)
            fields[name] = value;

        using var post = new HttpRequestMessage(HttpMethod.Post, "/metrics/visits/limits/set") { Content = new FormUrlEncodedContent(fields) };
        post.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return await _dashboard.Http.SendAsync(post);
    }

    private static string Words(IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" ,", ",", StringComparison.Ordinal);
}
