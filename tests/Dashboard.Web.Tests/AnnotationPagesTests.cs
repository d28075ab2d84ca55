using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Metrics.Core.Annotations;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>Events on their page, under the chart of a metric and on the board.</summary>
public sealed class AnnotationPagesTests
{
    private const string File = """
        annotations:
          - { id: fair, first: 2026-11-10, last: 2026-11-12, title: The fair, kind: market, metrics: [visits], link: "https://example.com/fair?a=1&b=2" }
          - { id: hostile, day: 2026-10-20, title: "<script>alert(1)</script>", text: "\"><img src=x>" }
          - { id: old, day: 2025-12-01, title: Long ago, kind: release, boards: [weekly] }
        """;

    private const string Edit = "/annotations/edit";

    private RunningDashboard _dashboard = null!;

    private IAnnotationStore Store => _dashboard.Services.GetRequiredService<IAnnotationStore>();

    [SetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync("annotations/2026.yaml", File);

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [TestCase("", "The fair, <script>alert(1)</script>, Long ago")]
    [TestCase("?metric=visits", "The fair, <script>alert(1)</script>, Long ago")]
    [TestCase("?metric=churned", "<script>alert(1)</script>, Long ago")]
    [TestCase("?metric=per_visit", "<script>alert(1)</script>", Description = "it is on no board")]
    [TestCase("?kind=market", "The fair")]
    [TestCase("?board=weekly&kind=release", "Long ago")]
    [TestCase("?kind=price", "")]
    public async Task The_newest_comes_first_and_filters_choose(string query, string titles)
    {
        var page = await _dashboard.PageAsync("/annotations" + query);

        Assert.That(string.Join(", ", page.QuerySelectorAll(".month .event b").Select(title => title.TextContent)), Is.EqualTo(titles));
        Assert.That(page.QuerySelector(".empty") is not null, Is.EqualTo(titles.Length == 0));
    }

    [Test]
    public async Task An_event_says_its_days_scope_link_and_where_it_is_written()
    {
        var item = (await _dashboard.PageAsync("/annotations")).QuerySelector("#event-fair")!;

        Assert.That(Words(item), Is.EqualTo("10–12 Nov 2026 The fair Market Visits example.com: The fair annotations/2026.yaml:2"));
        Assert.That(item.QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("https://example.com/fair?a=1&b=2"));
        Assert.That(item.QuerySelector("a")!.GetAttribute("rel"), Is.EqualTo("noopener noreferrer"));
    }

    [Test]
    public async Task A_metric_lists_the_events_of_its_chart_by_number()
    {
        var events = (await _dashboard.PageAsync("/metrics/visits?grain=week")).QuerySelector("#events")!;

        Assert.That(events.QuerySelectorAll(".event").Select(one => $"{one.QuerySelector(".flag")!.TextContent} {one.QuerySelector("p b")!.TextContent}"),
            Is.EqualTo(new[] { "3 The fair", "2 <script>alert(1)</script>", "1 Long ago" }));
        Assert.That(events.QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("/annotations/edit?metric=visits&day=2026-11-15"));
    }

    [Test]
    public async Task A_board_lists_what_happened_in_its_period_and_the_five_before_and_holds_no_form_for_it()
    {
        var board = (await _dashboard.PageAsync("/")).QuerySelector(".noteworthy")!;

        Assert.That(board.QuerySelectorAll(".event p b").Select(title => title.TextContent), Is.EqualTo(new[] { "The fair", "<script>alert(1)</script>" }));
        Assert.That(board.QuerySelector("form"), Is.Null);
        Assert.That((await _dashboard.PageAsync("/boards/weekly?week=2026-W30")).QuerySelector(".noteworthy"), Is.Null);
    }

    [Test]
    public async Task An_event_is_entered_from_a_metric_changed_and_deleted_and_its_history_stays()
    {
        using var entered = await _dashboard.PostFormAsync(Edit + "?metric=visits&day=2026-11-11", Edit, 0, ("title", " New start page "), ("kind", "release"), ("text", "Two\r\nlines"));
        var one = (await Store.CurrentAsync(CancellationToken.None)).Single();
        Assert.That(entered.Headers.Location!.ToString(), Is.EqualTo($"/annotations?changed={one.Id}#event-{one.Id}"));
        Assert.That((one.Content!.Title, one.Content.Text, one.Content.Days.ToString(), one.By), Is.EqualTo(("New start page", "Two\nlines", "2026-11-11..2026-11-11", "Local administrator")));
        Assert.That(one.Content.Metrics, Is.EqualTo(new[] { "visits" }));
        Assert.That((await _dashboard.PageAsync($"/annotations?changed={one.Id}")).QuerySelector("[role=status]")!.TextContent, Is.EqualTo("“New start page” is entered."));

        using var changed = await _dashboard.PostFormAsync($"{Edit}?id={one.Id}", Edit, 0, ("title", "Newer start page"), ("segment", "region=EU"));
        Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(Words((await _dashboard.PageAsync("/annotations")).QuerySelector($"#event-{one.Id}")!),
            Is.EqualTo("11 Nov 2026 Newer start page Two lines Release Visits · EU entered by Local administrator, Mon 16 Nov 09:00 Change Newer start page"));

        using var deleted = await _dashboard.PostFormAsync($"{Edit}?id={one.Id}", "/annotations/delete", 0);
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
        var page = await _dashboard.PageAsync(deleted.Headers.Location!.ToString());
        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Is.EqualTo("“Newer start page” is deleted."));
        Assert.That(page.QuerySelectorAll(".past tbody tr"), Has.Length.EqualTo(3));
    }

    [TestCase("title", "", "the title must not be empty.")]
    [TestCase("first", "soon", "'soon' is no day; use one such as 2026-09-21.")]
    [TestCase("last", "2026-11-01", "the last day, 2026-11-01, is before the first, 2026-11-11.")]
    [TestCase("link", "javascript:alert(1)", "'javascript:alert(1)' is no address that a page may link to; use one such as https://example.com/notes.")]
    [TestCase("segment", "EU", "'EU' is no segment; write one such as region=EU, each dimension once.")]
    [TestCase("segment", "plan=Pro", "'visits' cannot be cut by 'plan'. The dimensions are region.")]
    [TestCase("kind", "party", "'party' is no kind; use release, campaign, incident, price, market, data, other.")]
    [TestCase("metrics", "<b>", "unknown metric '<b>'.")]
    public async Task What_is_wrong_is_said_and_nothing_is_lost_or_saved(string field, string value, string message)
    {
        (string, string)[] entered = field is "title" ? [("text", "kept")] : [("title", "A"), ("text", "kept")];
        using var response = await _dashboard.PostFormAsync(Edit + "?metric=visits&day=2026-11-11", Edit, 0, [.. entered, (field, value)]);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent.Trim(), Is.EqualTo("Not saved: " + message));
        Assert.That(((IHtmlTextAreaElement)page.QuerySelector("#text")!).Value, Is.EqualTo("kept"));
        Assert.That(await Store.NewestAsync(9, CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Whoever_changed_it_meanwhile_is_not_written_over()
    {
        using var entered = await _dashboard.PostFormAsync(Edit, Edit, 0, ("title", "One"));
        var id = (await Store.CurrentAsync(CancellationToken.None)).Single().Id;
        using var first = await _dashboard.PostFormAsync($"{Edit}?id={id}", Edit, 0, ("title", "Two"));
        using var late = await _dashboard.PostFormAsync($"{Edit}?id={id}", Edit, 0, ("title", "Three"), ("version", "1"));

        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Single().Content!.Title, Is.EqualTo("Two"));
        Assert.That(new HtmlParser().ParseDocument(await late.Content.ReadAsStringAsync()).QuerySelector("#title")!.GetAttribute("value"), Is.EqualTo("Three"));
    }

    [TestCase("fair")]
    [TestCase("nothing")]
    public async Task An_event_of_a_file_and_one_that_is_not_there_cannot_be_changed_here(string id)
    {
        await _dashboard.PageAsync($"{Edit}?id={id}", HttpStatusCode.NotFound);
        using var response = await _dashboard.PostFormAsync(Edit, Edit, 0, ("id", id), ("title", "Mine"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Store.NewestAsync(9, CancellationToken.None), Is.Empty);
    }

    [TestCase("/annotations/edit")]
    [TestCase("/annotations/delete")]
    public async Task A_change_without_the_token_of_a_page_is_refused(string address)
    {
        using var response = await _dashboard.Http.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent([new("title", "A"), new("first", "2026-11-11")]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Without_events_the_page_says_what_to_do()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        Assert.That((await dashboard.PageAsync("/annotations")).QuerySelector(".empty h2")!.TextContent, Is.EqualTo("No event yet"));
    }

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
