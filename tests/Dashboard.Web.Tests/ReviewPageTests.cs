using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Metrics.Core.Narratives;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The weekly meeting on one page: in W46 visits are behind their target and the source of "late" stopped on Friday.</summary>
public sealed class ReviewPageTests
{
    private const string Targets = "metric,version,grain,period,value\nvisits,budget,week,2026-W45,90\nvisits,budget,week,2026-W46,90\n";
    private const string Review = "/boards/weekly/review";
    private const string Comment = Review + "/comment";
    private const string Decision = Review + "/decision";
    private const string Visits = "visits";

    private RunningDashboard _dashboard = null!;

    private INarrativeStore Store => _dashboard.Services.GetRequiredService<INarrativeStore>();

    [SetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync("targets/2026.csv", Targets);

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task Every_exception_asks_its_owner_for_a_note()
    {
        var page = await _dashboard.PageAsync(Review);

        Assert.That(page.QuerySelectorAll(".exception h3").Select(Words), Is.EqualTo(new[] { "Late one is not current", "Visits 84" }));
        Assert.That(Words(page.QuerySelector(".answered")!), Is.EqualTo("0 of 2 answered. Still to answer: Marketing (1), Product (1)"));
        Assert.That(page.QuerySelectorAll(".exception .late").Select(Words), Is.All.EqualTo("Owner’s note missing"));
        Assert.That((await BoardNotesAsync())[1], Is.EqualTo("Owner’s note missing"));
    }

    [Test]
    public async Task An_answer_stands_on_the_review_and_on_the_board()
    {
        using var said = await AnswerAsync("explained", "The fair was called off.");
        var page = await _dashboard.PageAsync(Review);

        Assert.That(said.Headers.Location!.ToString(), Is.EqualTo(Review + "?week=2026-W46#finding-visits"));
        Assert.That(page.QuerySelector("#finding-visits"), Is.Not.Null);
        Assert.That(Words(page.QuerySelector("#finding-visits blockquote")!), Is.EqualTo("✓ Explained The fair was called off. Local administrator, Mon 16 Nov 09:00"));
        Assert.That(Words(page.QuerySelector(".answered")!), Is.EqualTo("1 of 2 answered. Still to answer: Product (1)"));
        Assert.That((await BoardNotesAsync())[1], Is.EqualTo("✓ Explained The fair was called off. Local administrator, Mon 16 Nov 09:00"));
        Assert.That((await _dashboard.PageAsync("/")).QuerySelector(".findings form, .noteworthy form"), Is.Null, "the board is kept for everybody");
    }

    [Test]
    public async Task Nobody_knows_yet_is_an_answer_that_stays_open_with_its_age()
    {
        using var asked = await AnswerAsync("investigating", "", week: "2026-W44");
        var page = await _dashboard.PageAsync(Review);

        Assert.That(page.QuerySelectorAll("label").Select(label => label.TextContent), Has.Some.EqualTo("I don’t know yet, investigating"));
        Assert.That(Words(page.QuerySelector("#finding-visits .exception")!), Does.Contain("Open since W44, 2 weeks."));
        Assert.That((await BoardNotesAsync())[1], Is.EqualTo("Owner’s note missing Open since W44, 2 weeks."));

        using var explained = await AnswerAsync("noise", "It comes and goes.");
        Assert.That((await BoardNotesAsync())[1], Does.StartWith("~ Noise It comes and goes.").And.Not.Contain("Open since"));
        Assert.That(Words((await _dashboard.PageAsync(Review + "?week=2026-W45")).QuerySelector("#open")!.ParentElement!), Does.Contain("1 week"), "the week before did not know that");
    }

    [Test]
    public async Task What_is_open_can_be_closed_when_it_is_no_exception_any_more()
    {
        using var asked = await AnswerAsync("investigating", "Where do they come from?", finding: "churned", week: "2026-W44");
        var open = (await _dashboard.PageAsync(Review)).QuerySelector("#open")!.ParentElement!;
        Assert.That(Words(open.QuerySelector("h3")!), Is.EqualTo("Churned"));
        Assert.That(Words(open), Does.Contain("In W44 Local administrator wrote: “Where do they come from?”"));

        using var closed = await _dashboard.PostFormAsync(Review, Comment, 2, ("stance", "done"));
        Assert.That(closed.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(Words((await _dashboard.PageAsync(Review)).QuerySelector("#open")!.ParentElement!), Does.Contain("Closed"));
        Assert.That((await Store.CommentsAsync("weekly", CancellationToken.None)).Select(entry => (entry.Period, entry.Stance)),
            Is.EqualTo(new (string, Stance?)[] { ("2026-W44", Stance.Investigating), ("2026-W46", Stance.Done) }));
    }

    [Test]
    public async Task What_was_said_in_an_earlier_week_is_there_when_one_steps_back()
    {
        using var said = await AnswerAsync("explained", "A holiday.", finding: "churned", week: "2026-W44");

        Assert.That(Words((await _dashboard.PageAsync(Review + "?week=2026-W44")).QuerySelector("#elsewhere")!.ParentElement!), Does.Contain("Churned").And.Contain("A holiday."));
        Assert.That((await _dashboard.PageAsync(Review)).Body!.TextContent, Does.Not.Contain("A holiday."));
        Assert.That((await _dashboard.PageAsync(Review)).QuerySelector("a[rel=prev]")!.GetAttribute("href"), Is.EqualTo(Review + "?week=2026-W45"));
    }

    [Test]
    public async Task An_answer_is_changed_and_taken_back_and_all_words_are_kept()
    {
        using var first = await AnswerAsync("investigating", "?");
        using var second = await AnswerAsync("explained", "The fair.");
        Assert.That(Words((await _dashboard.PageAsync(Review)).QuerySelector("#finding-visits blockquote")!), Does.Contain("1 said before"));

        using var back = await _dashboard.PostFormAsync($"{Comment}?week=2026-W46&finding={Visits}", Comment, 0, ("takeBack", "true"));
        Assert.That((await BoardNotesAsync())[1], Is.EqualTo("Owner’s note missing"));
        Assert.That(await Store.CommentsAsync("weekly", CancellationToken.None), Has.Count.EqualTo(3));
    }

    [TestCase("", "x", "choose one of the answers.")]
    [TestCase("1", "x", "choose one of the answers.")]
    [TestCase("explained", " ", "say in a few words what explains it.")]
    [TestCase("done", "", "only what was left open can be closed without an answer.")]
    [TestCase("noise", null, "the text has 601 characters; 600 are enough.")]
    public async Task What_is_wrong_with_an_answer_is_said_and_nothing_is_kept(string stance, string? text, string fault)
    {
        text ??= new string('x', 601);
        using var response = await AnswerAsync(stance, text);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent.Trim(), Is.EqualTo("Not saved: " + fault));
        Assert.That(((IHtmlTextAreaElement)page.QuerySelector("#a-text")!).Value, Is.EqualTo(text.Trim()));
        Assert.That(await Store.CommentsAsync("weekly", CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_decision_is_carried_until_it_is_done()
    {
        using var made = await _dashboard.PostFormAsync(Review + "?week=2026-W45", Decision, 0, ("text", "Call the organizer"), ("responsible", "Marketing"), ("due", "2026-11-13"));
        Assert.That(Words((await _dashboard.PageAsync(Review)).QuerySelector(".decision")!),
            Is.EqualTo("! Overdue Call the organizer Marketing · until 13 Nov 2026 · of W45, 1 week ago Done: Call the organizer Change: Call the organizer"));

        using var done = await _dashboard.PostFormAsync(Review, Decision, 0, ("state", "done"));
        Assert.That(done.Headers.Location!.ToString(), Is.EqualTo(Review + "?week=2026-W46#decisions"));
        Assert.That(Words((await _dashboard.PageAsync(Review)).QuerySelector(".decision p")!), Is.EqualTo("✓ Done Call the organizer"));
        Assert.That(Words((await _dashboard.PageAsync(Review + "?week=2026-W45")).QuerySelector(".decision p")!), Does.EndWith("Overdue Call the organizer"));
        Assert.That((await _dashboard.PageAsync(Review + "?week=2026-W47")).QuerySelector(".decision"), Is.Null);
    }

    [Test]
    public async Task A_decision_is_changed_with_its_history_and_taken_back()
    {
        using var made = await _dashboard.PostFormAsync(Review, Decision, 0, ("text", "Call"));
        var id = (await Store.DecisionsAsync("weekly", CancellationToken.None)).Single().Decision;
        var form = $"{Decision}?week=2026-W46&decision={id}";
        using var changed = await _dashboard.PostFormAsync(form, Decision, 0, ("text", "Call them all"), ("responsible", "Sales"));
        Assert.That((await _dashboard.PageAsync(form)).QuerySelectorAll("#history ~ ul li").Select(Words).Select(text => text.Split(" Local")[0]),
            Is.EqualTo(new[] { "Call them all · Sales", "Call" }));

        using var back = await _dashboard.PostFormAsync(form, Decision, 0, ("state", "withdrawn"));
        Assert.That((await _dashboard.PageAsync(Review)).QuerySelector(".decision"), Is.Null);
        Assert.That(await Store.DecisionsAsync("weekly", CancellationToken.None), Has.Count.EqualTo(3));
    }

    [TestCase("text", "", "say what is decided.")]
    [TestCase("due", "soon", "'soon' is no day; use one such as 2026-11-20.")]
    public async Task What_is_wrong_with_a_decision_is_said_and_nothing_is_kept(string field, string value, string fault)
    {
        (string, string)[] entered = field == "text" ? [] : [("text", "Call")];
        using var response = await _dashboard.PostFormAsync(Review, Decision, 0, [.. entered, (field, value)]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync()).QuerySelector("[role=alert]")!.TextContent.Trim(), Is.EqualTo("Not saved: " + fault));
        Assert.That(await Store.DecisionsAsync("weekly", CancellationToken.None), Is.Empty);
    }

    [TestCase("/boards/nope/review")]
    [TestCase(Review + "?week=soon")]
    [TestCase(Comment + "?week=2026-W46&finding=nope")]
    [TestCase(Comment + "?week=2026-W46&finding=visits:target")]
    [TestCase(Comment + "?week=soon&finding=" + Visits)]
    [TestCase(Decision + "?week=2026-W46&decision=nope")]
    public async Task What_there_is_not_is_not_found(string address) => await _dashboard.PageAsync(address, HttpStatusCode.NotFound);

    [TestCase(Comment)]
    [TestCase(Decision)]
    public async Task An_entry_without_the_token_of_a_page_is_refused(string address)
    {
        using var response = await _dashboard.Http.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent(
            [new("week", "2026-W46"), new("finding", Visits), new("stance", "noise"), new("text", "x")]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private Task<HttpResponseMessage> AnswerAsync(string stance, string text, string finding = Visits, string week = "2026-W46") =>
        _dashboard.PostFormAsync($"{Comment}?week={week}&finding={finding}", Comment, 0, ("stance", stance), ("text", text));

    private async Task<string[]> BoardNotesAsync() => [.. (await _dashboard.PageAsync("/")).QuerySelectorAll(".findings .said").Select(Words)];

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
