using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The plan as a table, on Monday of W47 2026; October brought 310 visits.</summary>
public sealed class TargetGridTests
{
    private const string File = """
        metric,version,grain,period,value,region,note
        visits,budget,month,2026-10,300,,
        visits,budget,month,2026-11,600,,
        visits,budget,week,2026-W46,90,,
        visits,budget,month,2026-11,400,EU,
        churned,budget,year,2026,365,,
        per_visit,stretch,month,2026-11,0.05,,
        """;

    private RunningDashboard _dashboard = null!;

    private ITargetStore Store => _dashboard.Services.GetRequiredService<ITargetStore>();

    [SetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync("targets/2026.csv", File);

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task Metrics_are_rows_and_the_periods_of_the_year_columns_with_what_became_of_them()
    {
        var page = await _dashboard.PageAsync("/targets");

        Assert.That(page.QuerySelectorAll("table.grid thead th").Select(head => Words(head)).Take(3), Is.EqualTo(new[] { "Metric", "Jan 26", "Feb 26" }));
        Assert.That(page.QuerySelectorAll("tr.category").Select(Words), Is.EqualTo(new[] { "growth", "retention" }));
        Assert.That(page.QuerySelectorAll("tr[data-name]").Select(row => row.GetAttribute("data-name")), Is.EqualTo(new[]
        {
            "Visits", "Visits, EU", "Churned", "Churned per visit",
        }));
        Assert.That(Cell(page, "Visits", "2026-10").GetAttribute("value"), Is.EqualTo("300"));
        Assert.That(Words(Cell(page, "Visits", "2026-10").ParentElement!.QuerySelector(".actual")!), Is.EqualTo("act. 310"));
        Assert.That(Cell(page, "Visits, EU", "2026-11").GetAttribute("value"), Is.EqualTo("400"));
        Assert.That(Cell(page, "Visits", "2026-11").GetAttribute("title"), Is.EqualTo("targets/2026.csv:3"));
        Assert.That(Cell(page, "Churned", "2026-11").GetAttribute("placeholder"), Is.EqualTo("30"), "follows from the year");
        Assert.That(Words(Row(page, "Visits").QuerySelector(".sum")!), Is.EqualTo("900 2 of 12"));
        Assert.That(Words(Row(page, "Churned").QuerySelector(".sum")!), Is.EqualTo("365 2026: 365"));
        Assert.That(Words(Row(page, "Churned per visit").QuerySelector(".sum")!), Is.Empty, "a rate does not add up");
    }

    [TestCase("version=stretch", "Churned per visit", "2026-11", "0.05")]
    [TestCase("grain=week", "Visits", "2026-W46", "90")]
    [TestCase("grain=quarter", "Visits", "2026-Q4", "")]
    [TestCase("grain=year", "Churned", "2026", "365")]
    [TestCase("show=boards", "Late one", "2026-11", "")]
    [TestCase("metric=late", "Late one", "2026-11", "")]
    [TestCase("add=visits&segment=region%3DUS", "Visits, US", "2026-11", "")]
    [TestCase("version=reforecast-1&copy=budget", "Visits", "2026-11", "600")]
    public async Task The_address_says_what_is_shown(string query, string row, string period, string value)
    {
        Assert.That(Cell(await _dashboard.PageAsync("/targets?" + query), row, period).GetAttribute("value"), Is.EqualTo(value));
    }

    [Test]
    public async Task A_row_of_no_dimension_is_refused_in_words()
    {
        var page = await _dashboard.PageAsync("/targets?add=visits&segment=plan%3DPro");

        Assert.That(Words(page.QuerySelector("[role=alert]")!), Is.EqualTo("No row added: 'visits' has no dimension 'plan'. Its dimensions are region."));
    }

    [Test]
    public async Task Only_changed_cells_are_saved_together_with_who_and_why()
    {
        using var answer = await SaveAsync("/targets", note: "After the fair", ("Visits", "2026-11", "1,2k"), ("Visits, EU", "2026-12", "450"));
        var page = await _dashboard.PageAsync(answer.Headers.Location!.ToString());
        var changes = await Store.HistoryAsync(new TargetHistoryQuery(), CancellationToken.None);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(changes.Select(change => (change.Metric, change.Period, change.Segment.Text, change.Value, change.Note, change.By)), Is.EquivalentTo(new[]
        {
            ("visits", "2026-11", "{}", (decimal?)1200, "After the fair", "Local administrator"),
            ("visits", "2026-12", Segment.Of([("region", "EU")]).Text, 450, "After the fair", "Local administrator"),
        }));
        Assert.That(Words(page.QuerySelector("[role=status]")!), Does.StartWith("2 targets saved.").And.Contain("Visits, Nov 2026 · budget: 1,200."));
        Assert.That(Cell(page, "Visits", "2026-11").GetAttribute("value"), Is.EqualTo("1,200"));
        Assert.That(Cell(page, "Visits", "2026-11").ParentElement!.ClassList, Does.Contain("set"));
    }

    [Test]
    public async Task A_version_that_is_filled_from_another_is_saved_only_when_somebody_says_so()
    {
        const string address = "/targets?version=reforecast-1&copy=budget";
        await _dashboard.PageAsync(address);
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);

        using var answer = await SaveAsync(address, note: null, ("Visits", "2026-12", "700"));

        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Select(change => (change.Version, change.Period, change.Value)), Is.EquivalentTo(new (string, string, decimal?)[]
        {
            ("reforecast-1", "2026-10", 300), ("reforecast-1", "2026-11", 600), ("reforecast-1", "2026-11", 400), ("reforecast-1", "2026-12", 700),
        }));
    }

    [Test]
    public async Task While_a_cell_cannot_be_read_nothing_is_saved_and_everything_typed_is_kept()
    {
        using var answer = await SaveAsync("/targets", note: "kept", ("Visits", "2026-11", "many"), ("Visits", "2026-12", "700"), ("Churned", "2026-11", "$5"));
        var page = await ParseAsync(answer);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(Words(page.QuerySelector("#answer p")!), Is.EqualTo("Nothing saved: 2 of 3 changed cells cannot be saved."));
        Assert.That(page.QuerySelectorAll("#answer li").Select(Words), Does.Contain("Visits, 2026-11: 'many' is no number."));
        Assert.That(Cell(page, "Visits", "2026-11").GetAttribute("value"), Is.EqualTo("many"));
        Assert.That(Cell(page, "Visits", "2026-11").GetAttribute("aria-invalid"), Is.EqualTo("true"));
        Assert.That(Cell(page, "Visits", "2026-12").GetAttribute("value"), Is.EqualTo("700"));
        Assert.That(page.QuerySelector("#note")!.GetAttribute("value"), Is.EqualTo("kept"));
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Check_says_how_the_numbers_are_understood_and_saves_nothing()
    {
        using var answer = await SaveAsync("/targets", "check", note: null, ("Visits", "2026-12", "1.5k"));
        var page = await ParseAsync(answer);
        using var spoken = await SaveAsync("/targets", "check", note: null, accept: "application/json", cells: [("Visits", "2026-12", "1.5k"), ("Visits", "2026-11", "x")]);
        using var json = JsonDocument.Parse(await spoken.Content.ReadAsStringAsync());

        Assert.That(Words(page.QuerySelector("#answer p")!), Is.EqualTo("1 change understood as the cells say; nothing is saved yet."));
        Assert.That(Words(Cell(page, "Visits", "2026-12").ParentElement!.QuerySelector(".say")!), Is.EqualTo("1,500"));
        Assert.That(json.RootElement.EnumerateArray().Select(cell => (cell.GetProperty("understood").GetString(), cell.GetProperty("fault").GetString())),
            Is.EquivalentTo(new[] { ((string?)null, "'x' is no number."), ("1,500", null) }));
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_cell_that_somebody_else_changed_in_between_is_reported_and_not_overwritten()
    {
        using var opened = await _dashboard.Http.GetAsync(new Uri("/targets", UriKind.Relative));
        await Store.AppendAsync(
            new TargetChange("visits", "budget", Grain.Month, "2026-11", Segment.Total, 610, null, "Berta", _dashboard.Clock.GetUtcNow()), CancellationToken.None);

        using var answer = await SendAsync(opened, "save", null, "text/html", [("Visits", "2026-11", "650"), ("Visits", "2026-12", "700")]);
        var page = await ParseAsync(answer);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(Words(page.QuerySelector("#answer p")!), Does.StartWith("1 target saved. 1 cell was changed by somebody else in between"));
        Assert.That(Words(page.QuerySelector("#answer li")!), Is.EqualTo("Visits, 2026-11: Meanwhile 610 by Berta; save again to replace it."));
        Assert.That(Cell(page, "Visits", "2026-11").GetAttribute("value"), Is.EqualTo("650"));
        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Select(change => change.Value), Is.EquivalentTo(new decimal?[] { 610, 700 }));

        using var again = await SendAsync(answer, page, "save", null, "text/html", [], CookieOf(opened));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Select(change => change.Value), Is.EquivalentTo(new decimal?[] { 650, 700 }));
    }

    [Test]
    public async Task An_emptied_cell_withdraws_what_was_set_here_and_the_file_counts_again()
    {
        using var set = await SaveAsync("/targets", note: null, ("Visits", "2026-11", "650"));
        using var emptied = await SaveAsync("/targets", note: "A slip", ("Visits", "2026-11", ""));
        var page = await _dashboard.PageAsync(emptied.Headers.Location!.ToString());

        Assert.That(Cell(page, "Visits", "2026-11").GetAttribute("value"), Is.EqualTo("600"));
        Assert.That(Words(page.QuerySelector("[role=status]")!), Does.Contain("withdrawn, what the file says counts again"));
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task What_a_file_says_cannot_be_emptied_here()
    {
        using var answer = await SaveAsync("/targets", note: null, ("Visits", "2026-11", ""));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(Words((await ParseAsync(answer)).QuerySelector("#answer li")!),
            Is.EqualTo("Visits, 2026-11: targets/2026.csv:3 says 600; take it out there, or write another value over it."));
    }

    [Test]
    public async Task A_number_that_is_spelled_differently_is_no_change()
    {
        using var answer = await SaveAsync("/targets", note: null, ("Visits", "2026-11", "600.00"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task The_history_tells_who_set_what_when_and_why_newest_first_by_choice()
    {
        using var first = await SaveAsync("/targets", note: "First", ("Visits", "2026-11", "650"));
        await Store.AppendAsync(
            new TargetChange("churned", "stretch", Grain.Week, "2026-W46", Segment.Total, 5, "Bold", "Berta", _dashboard.Clock.GetUtcNow()), CancellationToken.None);

        Assert.That(Rows(await _dashboard.PageAsync("/targets/history")), Is.EqualTo(new[]
        {
            "Mon 16 Nov 09:00 | Berta | Churned | W46 2026 · stretch | –no value | 5 | Bold",
            "Mon 16 Nov 09:00 | Local administrator | Visits | Nov 2026 · budget | 600 | 650 | First",
        }));
        Assert.That(Rows(await _dashboard.PageAsync("/targets/history?by=Berta")), Has.Length.EqualTo(1));
        Assert.That(Rows(await _dashboard.PageAsync("/targets/history?metric=visits")), Has.Length.EqualTo(1));
        Assert.That(Rows(await _dashboard.PageAsync("/targets/set?metric=visits&grain=month&period=2026-11")), Has.Length.EqualTo(1));
        Assert.That((await _dashboard.PageAsync("/targets/history?metric=late")).QuerySelector(".empty h2")!.TextContent, Is.EqualTo("Nothing was set here"));

        static string[] Rows(IHtmlDocument page) =>
            [.. page.QuerySelectorAll(".past tbody tr").Select(row => string.Join(" | ", row.QuerySelectorAll("td").Select(Words)))];
    }

    [Test]
    public async Task A_file_is_shown_with_what_it_changes_and_then_saved()
    {
        const string csv = """
            metric,version,grain,period,value,region,note
            visits,,month,2026-11,600,,
            visits,,month,2026-12,700,,Winter
            visits,,month,2026-10,310,,
            visits,,month,2026-13,1,,
            nobody,,month,2026-11,1,,
            """;
        using var preview = await UploadAsync(csv);
        var page = await ParseAsync(preview);
        Assert.That(Words(page.QuerySelector("#preview")!), Is.EqualTo("1 new, 1 changed, 1 the same, 2 at fault"));
        Assert.That(page.QuerySelectorAll(".preview li").Select(Words), Is.EqualTo(new[]
        {
            "line 5: '2026-13' is no month of the calendar; use one such as 2026-11.", "line 6: unknown metric 'nobody'.",
        }));
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);

        using var saved = await ConfirmAsync(preview, page);

        Assert.That(saved.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await saved.Content.ReadAsStringAsync());
        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Select(change => (change.Period, change.Value, change.Note)), Is.EquivalentTo(new (string, decimal?, string?)[]
        {
            ("2026-12", 700, "Winter"), ("2026-10", 310, "By file"),
        }));
    }

    [Test]
    public async Task A_file_is_shown_again_where_somebody_was_faster()
    {
        using var preview = await UploadAsync("metric,grain,period,value\nvisits,month,2026-12,700\n");
        await Store.AppendAsync(
            new TargetChange("visits", "budget", Grain.Month, "2026-12", Segment.Total, 710, null, "Berta", _dashboard.Clock.GetUtcNow()), CancellationToken.None);

        using var answer = await ConfirmAsync(preview, await ParseAsync(preview));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Single().Value, Is.EqualTo(710));
    }

    [Test]
    public async Task A_save_without_the_token_of_a_page_is_refused()
    {
        foreach (var address in (string[])["/targets/save", "/targets/import", "/targets/import?handler=confirm"])
        {
            using var response = await _dashboard.Http.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent(
                [new("version", "budget"), new("grain", "month"), new("r.0", "visits|{}"), new("v.0.2026-11", "1"), new("text", "metric")]));

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), address);
        }

        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
    }

    private Task<HttpResponseMessage> SaveAsync(string address, string? note, params (string Row, string Period, string Text)[] cells) =>
        SaveAsync(address, "save", note, "text/html", cells);

    private Task<HttpResponseMessage> SaveAsync(string address, string act, string? note, params (string Row, string Period, string Text)[] cells) =>
        SaveAsync(address, act, note, "text/html", cells);

    private async Task<HttpResponseMessage> SaveAsync(
        string address, string act, string? note, string accept, (string Row, string Period, string Text)[] cells)
    {
        using var opened = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));
        return await SendAsync(opened, act, note, accept, cells);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpResponseMessage opened, string act, string? note, string accept, (string Row, string Period, string Text)[] cells) =>
        await SendAsync(opened, await ParseAsync(opened), act, note, accept, cells, CookieOf(opened));

    /// <summary>Fills the form of a page in and sends every field of it, as a browser without scripts does.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpResponseMessage opened, IHtmlDocument page, string act, string? note, string accept, (string Row, string Period, string Text)[] cells, string cookie)
    {
        Assert.That(opened.Content, Is.Not.Null);
        var typed = cells.ToDictionary(cell => Cell(page, cell.Row, cell.Period).GetAttribute("name")!, cell => cell.Text);
        var fields = page.QuerySelectorAll("#plan input").Select(field => KeyValuePair.Create(
            field.GetAttribute("name")!, typed.GetValueOrDefault(field.GetAttribute("name")!, field.GetAttribute("value") ?? ""))).ToList();
        fields.RemoveAll(field => field.Key == "note" && note is not null);
        if (note is not null)
            fields.Add(new("note", note));
        fields.Add(new("act", act));
        using var post = new HttpRequestMessage(HttpMethod.Post, "/targets/save") { Content = new FormUrlEncodedContent(fields) };
        post.Headers.Add("Cookie", cookie);
        post.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await _dashboard.Http.SendAsync(post);
    }

    private async Task<HttpResponseMessage> UploadAsync(string csv)
    {
        using var opened = await _dashboard.Http.GetAsync(new Uri("/targets/import", UriKind.Relative));
        var token = (await ParseAsync(opened)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var content = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "plan.csv" },
        };
        using var post = new HttpRequestMessage(HttpMethod.Post, "/targets/import") { Content = content };
        post.Headers.Add("Cookie", CookieOf(opened));
        var answer = await _dashboard.Http.SendAsync(post);
        answer.Headers.Add("X-Cookie", CookieOf(opened));
        return answer;
    }

    private async Task<HttpResponseMessage> ConfirmAsync(HttpResponseMessage preview, IHtmlDocument page)
    {
        var form = page.QuerySelector("form[action='/targets/import?handler=confirm']")!;
        var fields = form.QuerySelectorAll("input, textarea").ToDictionary(
            field => field.GetAttribute("name")!, field => field is IHtmlTextAreaElement area ? area.Value : field.GetAttribute("value") ?? "");
        fields["note"] = "By file";
        using var post = new HttpRequestMessage(HttpMethod.Post, "/targets/import?handler=confirm") { Content = new FormUrlEncodedContent(fields) };
        post.Headers.Add("Cookie", preview.Headers.GetValues("X-Cookie").Single());
        return await _dashboard.Http.SendAsync(post);
    }

    private static string CookieOf(HttpResponseMessage opened) => opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static async Task<IHtmlDocument> ParseAsync(HttpResponseMessage answer) => new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());

    private static IElement Row(IHtmlDocument page, string name) => page.QuerySelector($"tr[data-name='{name}']")!;

    private static IElement Cell(IHtmlDocument page, string row, string period) => Row(page, row).QuerySelector($"input[data-period='{period}']")!;

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
