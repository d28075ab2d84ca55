using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Metrics.Core.Records;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The profit and loss as people read it, and the file that it reconciles with.</summary>
public sealed class FinancePageTests
{
    private const string Accounts = """
        accounts:
          - { id: sales, name: Subscriptions, group: revenue }
          - { id: hosting, name: Hosting, group: cogs }
          - { id: ads, name: Advertising, group: sales_marketing }
          - { id: fairs, name: "Fairs <b>", group: sales_marketing }
        """;

    private const string Books = """
        id: books
        connector: csv
        streams:
          - name: ledger
            file: data/ledger.csv
            record: ledger_entry
            key: [account, period, scenario]
            time: { column: period, format: "yyyy-MM" }
            fields: { account: account, amount: amount, scenario: scenario }
        """;

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync("accounts.yaml", Accounts);
        _dashboard.Write("sources/books.yaml", Books);
        await _dashboard.Services.GetRequiredService<IRecordStore>().AppendAsync(
            new StreamId("books", "ledger"), new ReadMark(1, 1),
            [
                .. Month("2026-10-01", 1000.10m, 250.03m, 200, 100.02m), .. Month("2026-09-01", 900, 240, 210, 90), .. Month("2025-10-01", 800, 230, 220, 80),
                Entry("sales", "2026-10-01", 1100, "budget"), Entry("hosting", "2026-10-01", 200, "budget"), Entry("ads", "2026-10-01", 250, "budget"),
            ], [], "x", _dashboard.Clock.Now, 1, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_newest_month_is_shown_with_what_its_differences_mean()
    {
        var page = await _dashboard.PageAsync("/finance");

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Profit and loss"));
        Assert.That(page.QuerySelector(".pl .message")!.TextContent, Is.EqualTo("Net result: €450 in Oct 2026, €200 worse than budget and €180 better than the year before."));
        Assert.That(Row("revenue"), Does.Contain("1,000").And.Contain("1,100").And.Contain("worse"));
        Assert.That(Row("sales_marketing"), Does.Contain("300").And.Contain("250").And.Contain("▲").And.Contain("worse"), "a cost overrun");
        Assert.That(page.QuerySelectorAll(".statement .variance svg"), Is.Not.Empty);
        Assert.That(page.QuerySelectorAll("[style]"), Is.Empty);

        string Row(string id) => page.QuerySelector($"#{id}")!.TextContent;
    }

    [Test]
    public async Task A_group_opens_by_its_address_and_shows_its_accounts()
    {
        var shut = await _dashboard.PageAsync("/finance");
        var link = shut.QuerySelector("#sales_marketing .expand")!;

        Assert.That(link.GetAttribute("aria-expanded"), Is.EqualTo("false"));
        var open = await _dashboard.PageAsync(link.GetAttribute("href")!.Split('#')[0]);
        Assert.That(open.QuerySelectorAll(".account th").Select(cell => cell.TextContent.Trim()), Is.EqualTo((string[])["Advertising", "Fairs <b>"]));
        Assert.That(open.QuerySelector("#sales_marketing .expand")!.GetAttribute("aria-expanded"), Is.EqualTo("true"));
    }

    [Test]
    public async Task Without_a_budget_the_column_says_so()
    {
        var page = await _dashboard.PageAsync("/finance?period=2026-09");

        Assert.That(page.QuerySelectorAll("thead th").Select(cell => cell.TextContent.Trim()), Does.Contain("No budget").And.Contain("No prior year").And.Contain("No forecast"));
    }

    [Test]
    public async Task A_quarter_that_is_not_over_is_compared_with_nothing()
    {
        var page = await _dashboard.PageAsync("/finance?view=quarter&period=2026-Q4");

        Assert.That(page.QuerySelector(".note.watch")!.TextContent, Does.Contain("Q4 2026 is not complete"));
        Assert.That(page.QuerySelectorAll(".variance svg"), Is.Empty);
    }

    [TestCase("month", "1000.10")]
    [TestCase("ytd", "1900.10")]
    public async Task The_file_adds_up_to_the_cent(string view, decimal revenue)
    {
        var csv = await _dashboard.Http.GetStringAsync(new Uri($"/finance.csv?view={view}&period=2026-10", UriKind.Relative));
        var lines = csv.Trim().Split('\n').Select(line => line.TrimEnd('\r').Split(',')).ToArray();
        var actual = Array.IndexOf(lines[0], "actual");
        decimal Of(string line) => decimal.Parse(lines.First(cells => cells[0] == line && cells[1].Length == 0)[actual], CultureInfo.InvariantCulture);

        Assert.That(Of("revenue"), Is.EqualTo(revenue));
        Assert.That(Of("gross_profit"), Is.EqualTo(Of("revenue") - Of("cogs")));
        Assert.That(Of("ebitda"), Is.EqualTo(Of("gross_profit") - Of("sales_marketing")));
        Assert.That(lines.Where(cells => cells[0] == "sales_marketing" && cells[1].Length > 0).Sum(cells => decimal.Parse(cells[actual], CultureInfo.InvariantCulture)), Is.EqualTo(Of("sales_marketing")));
    }

    [TestCase("/finance?view=decade", "'decade' is no span of a statement. Use month, quarter or ytd.")]
    [TestCase("/finance?period=soon", "'soon' is no month and no quarter of the calendar.")]
    public async Task What_cannot_be_is_a_404_that_says_so(string address, string sentence) =>
        Assert.That((await _dashboard.PageAsync(address, HttpStatusCode.NotFound)).QuerySelector(".empty p")!.TextContent, Is.EqualTo(sentence));

    [Test]
    public async Task A_company_without_books_is_told_what_to_write()
    {
        await using var empty = await RunningDashboard.StartAsync();

        Assert.That((await empty.PageAsync("/finance")).QuerySelector(".empty p")!.TextContent, Does.Contain("accounts.yaml"));
        using var answer = await empty.Http.GetAsync(new Uri("/finance.csv", UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static Record[] Month(string day, decimal sales, decimal hosting, decimal ads, decimal fairs) =>
        [Entry("sales", day, sales), Entry("hosting", day, hosting), Entry("ads", day, ads), Entry("fairs", day, fairs)];

    private static Record Entry(string account, string at, decimal amount, string scenario = "actual")
    {
        var body = JsonSerializer.Serialize(new { account, at, amount, scenario });
        return new Record($"{account}|{at}|{scenario}", body, Encoding.UTF8.GetBytes(body), 1);
    }
}
