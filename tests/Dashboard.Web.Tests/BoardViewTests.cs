using System.IO.Compression;
using System.Net;
using AngleSharp.Html.Dom;
using Metrics.Core.Alerts;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The address of a board, its two views, its screen on the wall, and the kept pages.</summary>
public sealed class BoardViewTests
{
    private const string Rule = "alerts: [{ id: few_visits, metric: visits, when: { below: 1 }, to: [anna@example.com] }]";

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [TestCase("view=table", "'table' is no view of a board. Use cards or scorecard.")]
    [TestCase("compare=mars", "'mars' is nothing to compare with. Use previous, year, plan or average.")]
    [TestCase("grain=eon", "'eon' is no step of a board. Use week, month or quarter.")]
    [TestCase("grain=month&week=2026-W46", "'2026-W46' is no month of the calendar. Use one such as 2026-11, or a date.")]
    [TestCase("segment=EU", "'EU' is no segment. Use one such as region:EU.")]
    [TestCase("segment=planet:Mars", "No metric of the board is known by 'planet'. The board's dimensions are region.")]
    [TestCase("segment=region:EU&segment=region:US", "'region' can be one value at a time.")]
    public async Task What_cannot_be_asked_of_a_board_is_a_404_that_says_so(string query, string sentence)
    {
        foreach (var address in new[] { "/boards/weekly?", "/boards/weekly/tv?" })
        {
            var page = await _dashboard.PageAsync(address + query, HttpStatusCode.NotFound);
            Assert.That(page.QuerySelector(".empty p")!.TextContent, Is.EqualTo(sentence));
        }
    }

    [Test]
    public async Task Every_link_of_the_page_keeps_what_was_asked_for()
    {
        const string state = "view=scorecard&compare=average&segment=region:EU";
        var page = await _dashboard.PageAsync($"/boards/weekly?segment=region:EU&compare=average&week=2026-11-12&view=scorecard");

        Assert.That(Href(page, "[rel=prev]"), Is.EqualTo($"/boards/weekly?week=2026-W45&{state}"));
        Assert.That(Href(page, "[rel=next]"), Is.EqualTo($"/boards/weekly?week=2026-W47&{state}"));
        Assert.That(Href(page, "#view-cards"), Is.EqualTo("/boards/weekly?week=2026-W46&compare=average&segment=region:EU"));
        Assert.That(Href(page, "#compare-previous"), Is.EqualTo("/boards/weekly?week=2026-W46&view=scorecard&segment=region:EU"));
        Assert.That(Href(page, "#compare-plan"), Is.EqualTo("/boards/weekly?week=2026-W46&view=scorecard&compare=plan&segment=region:EU"));
        Assert.That(Href(page, "#segment-region"), Is.EqualTo("/boards/weekly?week=2026-W46&view=scorecard&compare=average"));
        Assert.That(Href(page, "#grain-month"), Is.EqualTo($"/boards/weekly?week=2026-11&{state}&grain=month"));
        Assert.That(Href(page, "#period-newest"), Is.EqualTo($"/boards/weekly?{state}"));
        Assert.That(Href(page, "#export a"), Is.EqualTo($"/boards/weekly.csv?week=2026-W46&{state}"));
        Assert.That(Href(page, "#column-2026-W44"), Is.EqualTo($"/boards/weekly?week=2026-W44&{state}"));
    }

    [Test]
    public async Task Controls_name_the_keys_that_they_answer_to()
    {
        var page = await _dashboard.PageAsync("/boards/weekly?compare=year");

        Assert.That(Href(page, "[data-key='[']"), Is.EqualTo("/boards/weekly?week=2026-W45&compare=year"));
        Assert.That(Href(page, "[data-key=c]"), Is.EqualTo("/boards/weekly?compare=plan"));
        Assert.That(Href(page, "[data-key=x]"), Is.EqualTo("/boards/weekly"));
        Assert.That(Href(page, "[data-key=v]"), Is.EqualTo("/boards/weekly?view=scorecard&compare=year"));
        Assert.That(page.QuerySelectorAll("[data-tile]"), Has.Length.EqualTo(4));
    }

    [TestCase("", "vs W45", "vs last year")]
    [TestCase("?compare=year", "vs last year", "vs W45")]
    [TestCase("?compare=plan", "vs plan", "vs last year")]
    [TestCase("?compare=average", "vs 4-week mean", "vs last year")]
    public async Task A_tile_is_compared_with_what_was_asked_for_first(string query, string first, string second)
    {
        var visits = (await _dashboard.PageAsync("/boards/weekly" + query)).QuerySelector(".card:has(h3 a[href^='/metrics/visits'])")!;

        Assert.That(visits.QuerySelectorAll(".delta [aria-hidden] > span").Select(versus => versus.TextContent), Is.EqualTo(new[] { first, second }));
    }

    [Test]
    public async Task A_board_of_a_segment_says_which_tiles_are_the_whole_company()
    {
        var page = await _dashboard.PageAsync("/boards/weekly?segment=region:EU");

        Assert.That(page.QuerySelector(".head p")!.TextContent, Does.EndWith("EU only"));
        Assert.That(page.QuerySelector(".card:has(h3 a[href^='/metrics/visits']) .value")!.TextContent, Is.EqualTo("84"));
        Assert.That(page.QuerySelector(".card:has(h3 a[href^='/metrics/churned']) .whole")!.TextContent, Is.EqualTo("Whole company: not known by region"));
        Assert.That(page.QuerySelector("#segment summary")!.TextContent, Is.EqualTo("Segment: EU"));
        Assert.That(page.QuerySelectorAll("#segment .values a").Select(link => link.TextContent), Is.EqualTo(new[] { "all", "EU" }));
    }

    [Test]
    public async Task A_segment_that_nothing_matches_can_be_cleared()
    {
        var page = await _dashboard.PageAsync("/boards/weekly?segment=region:Atlantis&compare=year");

        Assert.That(page.QuerySelector(".empty h2")!.TextContent, Is.EqualTo("No figures match Atlantis"));
        Assert.That(Href(page, "#clear-segment"), Is.EqualTo("/boards/weekly?compare=year"));
        Assert.That(page.QuerySelectorAll(".card"), Is.Empty);
    }

    [Test]
    public async Task The_scorecard_has_a_row_for_each_metric()
    {
        var page = await _dashboard.PageAsync("/boards/weekly?view=scorecard");

        Assert.That(page.QuerySelectorAll(".scorecard thead th").Select(head => head.TextContent.Trim()), Is.EqualTo(new[]
        {
            "Metric", "Unit", "26 weeks", "W34", "W35", "W36", "W37", "W38", "W39", "W40", "W41", "W42", "W43", "W44", "W45", "W46",
            "vs W45", "vs last year", "MTD", "QTD", "YTD", "Target", "Variance", "Status",
        }));
        Assert.That(page.QuerySelectorAll(".scorecard .section").Select(head => head.TextContent.Trim()), Is.EqualTo(new[] { "Growth", "Retention" }));
        var visits = page.QuerySelector("tr:has(a[href^='/metrics/visits'])")!;
        Assert.That(visits.QuerySelector(".past-0 data")!.TextContent, Is.EqualTo("84"));
        Assert.That(visits.QuerySelector(".past-1 data")!.TextContent, Is.EqualTo("70"));
        Assert.That(visits.QuerySelectorAll(".to-date").Select(cell => cell.TextContent), Is.EqualTo(new[] { "164", "474", "3,204" }));
        Assert.That(page.QuerySelectorAll(".scorecard th:not([scope])"), Is.Empty);
        Assert.That(page.QuerySelector(".scorecard caption")!.TextContent, Does.Contain("each metric with its last 13 weeks"));
    }

    [Test]
    public async Task A_board_can_be_stepped_by_month()
    {
        var page = await _dashboard.PageAsync("/boards/weekly?grain=month");

        Assert.That(page.QuerySelector("#periods summary")!.TextContent, Is.EqualTo("Oct 2026"));
        Assert.That(Href(page, "[rel=prev]"), Is.EqualTo("/boards/weekly?week=2026-09&grain=month"));
        Assert.That(page.QuerySelector(".card:has(h3 a[href='/metrics/visits?grain=month']) .value")!.TextContent, Is.EqualTo("310"));
    }

    [Test]
    public async Task Another_day_is_chosen_on_a_page_that_keeps_the_rest()
    {
        var page = await _dashboard.PageAsync("/boards/weekly/day?week=2026-W45&view=scorecard&segment=region:EU");

        Assert.That(page.QuerySelector("form")!.GetAttribute("action"), Is.EqualTo("/boards/weekly"));
        Assert.That(((IHtmlInputElement)page.QuerySelector("#week")!).Value, Is.EqualTo("2026-11-08"));
        Assert.That(page.QuerySelectorAll("form input[type=hidden]").Cast<IHtmlInputElement>().Select(input => (input.Name, input.Value)),
            Is.EqualTo(new[] { ("view", "scorecard"), ("segment", "region:EU") }));
    }

    [TestCase("/boards/weekly.csv?view=scorecard", "text/csv", "visits")]
    [TestCase("/boards/weekly.json?segment=region:EU", "application/json", "\"region\": \"EU\"")]
    [TestCase("/boards/weekly.html", "text/html", "<style>")]
    public async Task A_board_is_a_file_too(string address, string type, string holds)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(type));
        Assert.That(response.Content.Headers.ContentDisposition!.FileName, Does.StartWith("weekly-2026-W46."));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(holds));
    }

    [TestCase("/boards/nope.json", HttpStatusCode.NotFound)]
    [TestCase("/boards/weekly.exe", HttpStatusCode.NotFound)]
    [TestCase("/boards/weekly.json?grain=eon", HttpStatusCode.BadRequest)]
    public async Task A_file_that_cannot_be_is_refused(string address, HttpStatusCode expected)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_screen_on_the_wall_turns_by_itself_without_a_script()
    {
        var page = await _dashboard.PageAsync("/boards/weekly/tv?rotate=20&compare=year");

        Assert.That(page.QuerySelector("noscript")!.InnerHtml, Does.Contain("20;url=/boards/weekly/tv?compare=year&amp;rotate=20"));
        Assert.That(page.QuerySelector("main")!.GetAttribute("data-next"), Is.EqualTo("/boards/weekly/tv?compare=year&rotate=20"));
        Assert.That(page.QuerySelectorAll(".wall li"), Has.Length.EqualTo(4));
        Assert.That(page.QuerySelector(".clock")!.TextContent, Is.EqualTo("09:00"));
        Assert.That(page.QuerySelectorAll("form, input, .wall a"), Is.Empty);
        using var redirect = await _dashboard.Http.GetAsync(new Uri("/b/weekly/tv?rotate=60", UriKind.Relative));
        Assert.That(redirect.Headers.Location!.ToString(), Is.EqualTo("/boards/weekly/tv?rotate=60"));
    }

    [TestCase("/boards/weekly/tv?rotate=1")]
    [TestCase("/boards/weekly/tv?rotate=soon")]
    [TestCase("/boards/weekly/tv?boards=weekly,nope")]
    [TestCase("/boards/nope/tv")]
    public Task A_wall_that_cannot_be_is_not_found(string address) => _dashboard.PageAsync(address, HttpStatusCode.NotFound);

    [Test]
    public async Task Nine_tiles_are_two_screens_and_boards_follow_each_other()
    {
        await using var wall = await RunningDashboard.StartAsync(
            "boards/wide.yaml",
            "id: wide\nname: Wide\nsections:\n  - name: A\n    tiles: [" + string.Join(", ", Enumerable.Repeat("{ metric: visits }", 9)) + "]\n");

        var first = await wall.PageAsync("/boards/wide/tv?boards=wide,weekly");
        var second = await wall.PageAsync(first.QuerySelector("main")!.GetAttribute("data-next")!);
        var third = await wall.PageAsync(second.QuerySelector("main")!.GetAttribute("data-next")!);

        Assert.That(new[] { first, second, third }.Select(page => page.QuerySelectorAll(".wall li").Length), Is.EqualTo(new[] { 5, 4, 4 }));
        Assert.That(third.QuerySelector("h1")!.TextContent, Is.EqualTo("Weekly board"));
        Assert.That(third.QuerySelector("main")!.GetAttribute("data-next"), Is.EqualTo("/boards/wide/tv?boards=wide,weekly"));
    }

    [Test]
    public async Task The_page_holds_no_form_no_token_and_nothing_of_the_one_who_asks()
    {
        var html = await _dashboard.Http.GetStringAsync(new Uri("/boards/weekly?week=2026-W46&echo=zebra", UriKind.Relative));

        Assert.That(html, Does.Not.Contain("<form").And.Not.Contain("__RequestVerificationToken").And.Not.Contain("zebra"));
    }

    [Test]
    public async Task While_nothing_changes_the_same_bytes_are_given_packed_or_not()
    {
        var plain = await BytesAsync("/boards/weekly?week=2026-W46");

        Assert.That(await BytesAsync("/boards/weekly?week=2026-W46"), Is.EqualTo(plain));
        Assert.That(await BytesAsync("/boards/weekly?compare=previous&week=2026-11-12"), Is.EqualTo(plain));
        foreach (var encoding in new[] { "br", "gzip" })
        {
            using var response = await AskAsync("/boards/weekly?week=2026-W46", ("Accept-Encoding", encoding));
            Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { encoding }));
            Assert.That(response.Headers.Vary, Does.Contain("Accept-Encoding").And.Contain("Cookie"));
            var packed = await response.Content.ReadAsStreamAsync();
            await using Stream unpacking = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            await unpacking.CopyToAsync(unpacked);
            Assert.That(unpacked.ToArray(), Is.EqualTo(plain));
        }
    }

    [Test]
    public async Task Who_has_the_page_already_is_told_so()
    {
        using var first = await AskAsync("/", ("Accept-Encoding", "br"));
        var tag = first.Headers.ETag!.Tag;
        using var again = await AskAsync("/", ("Accept-Encoding", "br"), ("If-None-Match", tag));
        using var other = await AskAsync("/", ("If-None-Match", tag));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await again.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(again.Headers.CacheControl!.NoStore, Is.True);
    }

    [Test]
    public async Task A_look_a_change_of_data_and_an_alert_give_another_page()
    {
        await using var dashboard = await RunningDashboard.StartAsync("alerts/visits.yaml", Rule);
        var usual = await TextAsync(dashboard);
        Assert.That(await TextAsync(dashboard, "kpi-theme=dark"), Is.Not.EqualTo(usual));
        Assert.That(await TextAsync(dashboard), Is.EqualTo(usual));
        Assert.That(await TextAsync(dashboard, "kpi-antiforgery=a"), Is.EqualTo(usual));

        var visits = new SeriesPoints(new SeriesKey("visits", Grain.Day, Segment.Of([("region", "EU")])), [new Point(new DateOnly(2026, 11, 15), 100)]);
        await dashboard.Services.GetRequiredService<ISeriesStore>().WriteAsync([visits], new WriteStamp(dashboard.Clock.Now, "test"), CancellationToken.None);
        var later = await TextAsync(dashboard);
        Assert.That(later, Is.Not.EqualTo(usual).And.Contain(">172<"));

        var rule = dashboard.Services.GetRequiredService<LiveDefinition>().Current.Alerts.Single();
        var week = new Period(new DateOnly(2026, 11, 9), new DateOnly(2026, 11, 16));
        var at = dashboard.Clock.Now;
        await dashboard.Services.GetRequiredService<IAlertStore>().RecordAsync(
            new AlertRecord(
                rule.Id, [],
                [new AlertInstance(rule.Id, Segment.Total, AlertStatus.Start with { State = AlertState.Firing, Judged = AlertState.Firing, JudgedSince = week, Since = at })],
                [new Transition(0, rule.Id, Segment.Total, Grain.Week, week, at, AlertState.Ok, AlertState.Firing, AlertState.Ok, AlertState.Firing,
                    TransitionReason.ConditionMet, "Visits fell", 172)]),
            CancellationToken.None);
        Assert.That(await TextAsync(dashboard), Is.Not.EqualTo(later).And.Contain("Visits fell"));
    }

    private static async Task<string> TextAsync(RunningDashboard dashboard, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await dashboard.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<byte[]> BytesAsync(string address) => await _dashboard.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative));

    private Task<HttpResponseMessage> AskAsync(string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _dashboard.Http.SendAsync(request);
    }

    private static string? Href(IHtmlDocument page, string selector) => page.QuerySelector(selector)?.GetAttribute("href");
}
