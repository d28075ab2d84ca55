using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Metrics.Core.Targets;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>What was promised, on its page: W46 brought 84 visits, W47 is running and has no day yet; November has 15 days with 10 and 12 visits.</summary>
public sealed class TargetPagesTests
{
    private const string File = """
        metric,version,grain,period,value,region,note
        visits,budget,week,2026-W45,70,,
        visits,budget,week,2026-W46,90,,after the fair
        visits,budget,week,2026-W47,90,,
        visits,budget,week,2026-W48,95,,
        visits,budget,month,2026-11,600,,
        visits,budget,week,2026-W46,70,EU,
        churned,budget,week,2026-W46,7,,
        late,budget,week,2026-W46,20,,
        per_visit,stretch,week,2026-W46,0.05,,
        """;

    private RunningDashboard _dashboard = null!;

    [SetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync("targets/2026.csv", File);

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task Every_target_is_shown_with_what_came_of_it_and_where_it_stands_written()
    {
        var page = await _dashboard.PageAsync("/targets/review?metric=visits&segment=%7B%7D");

        Assert.That(Row(page, "W45 · 2–8 Nov 2026"), Is.EqualTo("70 | 70 | 100 % | Met | targets/2026.csv:2"));
        Assert.That(Row(page, "W46 · 9–15 Nov 2026"), Is.EqualTo("90 | 84 | 93 % | Missed | targets/2026.csv:3 after the fair"));
        Assert.That(Row(page, "W47 · 16–22 Nov 2026"), Is.EqualTo("90 | – | – | Begins today. | targets/2026.csv:4"));
        Assert.That(Row(page, "W48 · 23–29 Nov 2026"), Is.EqualTo("95 | – | – | Not begun | targets/2026.csv:5"));
    }

    [Test]
    public async Task A_running_month_is_held_against_its_pace()
    {
        var pace = (await _dashboard.PageAsync("/targets/review?metric=visits&grain=month")).QuerySelector(".pace")!;

        // Eight days with 10 visits and seven with 12 of 15 known days; half of 600 was expected.
        Assert.That(Words(pace.QuerySelector("p")!.TextContent), Is.EqualTo("Nov 2026 ✕ Off track 15 of 30 days known, 50 %"));
        Assert.That(pace.QuerySelectorAll("dl > div").Select(fact => Words(fact.TextContent)), Is.EqualTo(new[]
        {
            "To date164 of 300 by now", "At this pace328 of 600", "Needed29.1 a day",
        }));
    }

    [Test]
    public async Task Less_is_better_where_the_metric_says_so_and_a_late_source_is_not_judged()
    {
        var page = await _dashboard.PageAsync("/targets/review");

        Assert.That(Row(page, "W46 · 9–15 Nov 2026", "Churned"), Is.EqualTo("7 | 7 | 100 % | Met | targets/2026.csv:8"));
        Assert.That(Row(page, "W46 · 9–15 Nov 2026", "Late one"), Is.EqualTo("20 | 15 | – | Not current 5 of 7 days known. | targets/2026.csv:9"));
    }

    [TestCase("version=stretch", "Churned per visit")]
    [TestCase("metric=churned", "Churned")]
    [TestCase("grain=month", "Visits")]
    [TestCase("year=2025", "")]
    [TestCase("segment=%7B%22region%22%3A%22EU%22%7D", "Visits")]
    public async Task The_filters_choose(string query, string names)
    {
        var page = await _dashboard.PageAsync("/targets/review?" + query);

        Assert.That(string.Join(", ", page.QuerySelectorAll(".plan-head h2 a").Select(link => link.TextContent)), Is.EqualTo(names));
        Assert.That(page.QuerySelector(".empty") is not null, Is.EqualTo(names.Length == 0));
    }

    [Test]
    public async Task A_target_that_is_set_counts_at_once_and_says_who_set_it_and_why()
    {
        using var response = await PostAsync("/targets/set?metric=visits&grain=week&period=2026-W46", "/targets/set", ("value", "80"), ("note", "The fair was called off"));
        var page = await _dashboard.PageAsync(response.Headers.Location!.ToString());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain("W46 2026 · budget: set to 80."));
        Assert.That(Row(page, "W46 · 9–15 Nov 2026"), Is.EqualTo("80 | 84 | 105 % | Met | set here by Local administrator, Mon 16 Nov 09:00 The fair was called off"));
        Assert.That(page.QuerySelectorAll("#history ~ .scroll tbody tr").Select(row => string.Join(" | ", row.QuerySelectorAll("td").Select(cell => Words(cell.TextContent)))),
            Is.EqualTo(new[] { "Mon 16 Nov 09:00 | Local administrator | W46 2026 · budget | 90 | 80 | The fair was called off" }));
    }

    [Test]
    public async Task A_withdrawn_target_gives_way_to_the_file_and_stays_in_the_history()
    {
        const string form = "/targets/set?metric=visits&version=budget&grain=week&period=2026-W46";
        using var set = await PostAsync(form, "/targets/set", ("value", "80"));
        using var response = await PostAsync(form, "/targets/withdraw", ("note", "A slip"));
        var page = await _dashboard.PageAsync(response.Headers.Location!.ToString());

        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain("withdrawn"));
        Assert.That(Row(page, "W46 · 9–15 Nov 2026"), Does.StartWith("90 | 84 |"));
        Assert.That(page.QuerySelectorAll("#history ~ .scroll tbody tr"), Has.Length.EqualTo(2));
        using var again = await PostAsync(form, "/targets/set", ("value", "81"));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [TestCase("5%", "0.05")]
    [TestCase("0.05", "0.05")]
    [TestCase("112.5 %", "1.125")]
    public async Task A_rate_is_understood_as_percentage_and_as_fraction_and_shown_back(string written, string stored)
    {
        await using var dashboard = await RunningDashboard.StartAsync("metrics/rate.yaml", "metrics: [{ id: rate, name: Rate, unit: percent, over_time: mean, over_segments: none }]");
        const string form = "/targets/set?metric=rate&grain=year&period=2026";
        using var response = await PostAsync(form, "/targets/set", dashboard, ("value", written));

        var change = (await dashboard.Services.GetRequiredService<ITargetStore>().CurrentAsync(CancellationToken.None)).Single();
        var shown = (await dashboard.PageAsync(form)).QuerySelector("#value")!.GetAttribute("value");
        Assert.That(change.Value, Is.EqualTo(decimal.Parse(stored, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That(shown, Is.EqualTo(written == "112.5 %" ? "112.5%" : "5%"));
    }

    [TestCase("value", "many", "'many' is no number; write it with a decimal point, a rate as a fraction (0.05 is 5 %).")]
    [TestCase("period", "2026-W99", "'2026-W99' is no week of the calendar; use one such as 2026-W46.")]
    [TestCase("metric", "<b>", "unknown metric '<b>'.")]
    [TestCase("version", "No 1", "'No 1' is no plan version; use lower-case letters, digits, _ and - starting with a letter.")]
    [TestCase("segment", "plan=Pro", "'visits' has no dimension 'plan'. Its dimensions are region.")]
    [TestCase("segment", "EU", "'EU' is no segment; write one such as region=EU, each dimension once.")]
    [TestCase("value", "", "metric, grain, period and value must not be empty.")]
    public async Task What_is_wrong_is_said_in_the_words_of_the_files_and_nothing_is_set(string field, string value, string message)
    {
        using var response = await PostAsync("/targets/set?metric=visits&grain=week&period=2026-W46", "/targets/set", (field, value), ("note", "kept"));
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent.Trim(), Is.EqualTo("Not set: " + message));
        Assert.That(page.QuerySelector("#note")!.GetAttribute("value"), Is.EqualTo("kept"));
        Assert.That(await _dashboard.Services.GetRequiredService<ITargetStore>().CurrentAsync(CancellationToken.None), Is.Empty);
    }

    [TestCase("/targets/set")]
    [TestCase("/targets/withdraw")]
    public async Task A_change_without_the_token_of_a_page_is_refused(string address)
    {
        using var response = await _dashboard.Http.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent(
            [new("metric", "visits"), new("grain", "week"), new("period", "2026-W46"), new("value", "1")]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await _dashboard.Services.GetRequiredService<ITargetStore>().HistoryAsync("visits", CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task The_file_holds_what_is_in_force_in_the_form_of_the_workspace()
    {
        using var set = await PostAsync("/targets/set?metric=visits&grain=week&period=2026-W46", "/targets/set", ("value", "1234567890.123456789012345"), ("note", "=1+1"));
        var text = await _dashboard.Http.GetStringAsync(new Uri("/targets.csv?metric=visits&grain=week", UriKind.Relative));
        await using var other = await RunningDashboard.StartAsync("targets/exported.csv", text);

        Assert.That(text, Is.EqualTo("""
            metric,version,grain,period,value,region,note
            visits,budget,week,2026-W45,70,,
            visits,budget,week,2026-W46,1234567890.123456789012345,,'=1+1
            visits,budget,week,2026-W47,90,,
            visits,budget,week,2026-W48,95,,
            visits,budget,week,2026-W46,70,EU,

            """));
        Assert.That(await other.Http.GetStringAsync(new Uri("/targets.csv", UriKind.Relative)), Is.EqualTo(text), "read back, it says the same");
        Assert.That((await other.PageAsync("/targets/review")).QuerySelector(".promised")!.TextContent, Does.Contain("=1+1").And.Not.Contain("'=1+1"));
    }

    [Test]
    public async Task Without_targets_the_page_says_what_to_do()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        var page = await dashboard.PageAsync("/targets/review");

        Assert.That(page.QuerySelector(".empty h2")!.TextContent, Is.EqualTo("No target yet"));
        Assert.That(page.QuerySelector(".empty a[href='/targets/set']"), Is.Not.Null);
        Assert.That(page.QuerySelector(".filters"), Is.Null);
    }

    [Test]
    public async Task A_target_for_what_the_page_never_set_cannot_be_withdrawn()
    {
        using var set = await PostAsync("/targets/set?metric=visits&grain=week&period=2026-W46", "/targets/set", ("value", "80"));
        using var response = await PostAsync("/targets/set?metric=visits&version=budget&grain=week&period=2026-W46", "/targets/withdraw", ("period", "2026-W45"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private Task<HttpResponseMessage> PostAsync(string form, string action, params (string Name, string Value)[] entered) => PostAsync(form, action, _dashboard, entered);

    /// <summary>Opens a page, fills in its form and sends it, as a browser does.</summary>
    private static async Task<HttpResponseMessage> PostAsync(string form, string action, RunningDashboard dashboard, params (string Name, string Value)[] entered)
    {
        using var page = await dashboard.Http.GetAsync(new Uri(form, UriKind.Relative));
        var fields = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync()).QuerySelector($"form[action='{action}']")!
            .QuerySelectorAll("input, select")
            .ToDictionary(field => field.GetAttribute("name")!, field => field is IHtmlSelectElement select ? select.Value : field.GetAttribute("value") ?? "");
        foreach (var (name, value) in entered)
            fields[name] = value;

        using var post = new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields) };
        post.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return await dashboard.Http.SendAsync(post);
    }

    private static string Row(IHtmlDocument page, string period, string metric = "Visits")
    {
        var plan = page.QuerySelectorAll(".plan").First(plan => plan.QuerySelector("h2 a")?.TextContent == metric);
        var cells = plan.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector("th")!.TextContent == period).QuerySelectorAll("td").ToArray();
        foreach (var hidden in cells.SelectMany(cell => cell.QuerySelectorAll("[aria-hidden=true], .words").ToArray()))
        {
            if (hidden.TextContent != "–")
                hidden.Remove();
        }

        return string.Join(" | ", cells.Where((_, i) => i is 0 or 1 or 2 or 4 or 5).Select(cell => Words(cell.TextContent)));
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
