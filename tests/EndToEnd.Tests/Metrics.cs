using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>The page of a metric in a browser.</summary>
[TestFixture]
public sealed class Metrics
{
    private const string ReadRows = """
        rows => JSON.stringify(rows.map(row => ({
            Name: row.cells[0].innerText.trim(),
            Value: row.cells[1].querySelector('data')?.value ?? null,
            Exact: row.cells[1].querySelector('data')?.title ?? null,
            Known: (row.querySelector('.known') ?? row.cells[0]).innerText.trim(),
        })))
        """;

    private IPage _page = null!;

    [TearDown]
    public async Task CloseAsync()
    {
        if (_page is not null)
            await _page.Context.CloseAsync();
    }

    [Test]
    public async Task The_table_of_periods_is_the_export(
        [Values("mrr", "signups", "active_users", "quick_ratio")] string metric, [Values("week", "month", "quarter")] string grain)
    {
        _page = await Product.OpenAsync($"/metrics/{metric}?grain={grain}");

        var rows = await RowsAsync("#periods tbody tr");
        var exported = await Figures.ReadAsync([metric], grain);

        // The export goes on to today, the page to the newest period of which anything is known.
        var figures = exported.Reverse().SkipWhile(figure => figure is { Value: null, Complete: false }).Take(rows.Count).ToArray();
        Assert.That(rows, Has.Count.GreaterThan(8).And.Count.EqualTo(figures.Length));
        using (Assert.EnterMultipleScope())
        {
            foreach (var (row, figure) in rows.Zip(figures))
            {
                Assert.That(row.Number, Is.EqualTo(figure.Value), row.Name);
                Assert.That(row.Name, Does.EndWith(EndOfName(grain, figure.Last)), "period");
                var complete = row.Known.StartsWith("complete", StringComparison.Ordinal);
                Assert.That(complete, Is.EqualTo(figure.Complete), $"{row.Name} says '{row.Known}'");
            }
        }
    }

    [TestCase("plan")]
    [TestCase("region")]
    public async Task The_parts_of_mrr_sum_to_its_total(string dimension)
    {
        _page = await Product.OpenAsync("/metrics/mrr?grain=week");

        await Choose("Dimension", dimension).ClickAsync();
        await _page.WaitForURLAsync($"**by={dimension}*");

        var rows = await RowsAsync("#breakdown tbody tr");
        var total = await _page.Locator(".head data").GetAttributeAsync("value");
        Assert.That(rows, Has.Count.GreaterThan(2));
        Assert.That(rows.Sum(row => row.Number), Is.EqualTo(decimal.Parse(total!, CultureInfo.InvariantCulture)));

        var newest = (await Figures.ReadAsync(["mrr"], "week")).Last(figure => figure.Complete).Last;
        var parts = (await Figures.ReadAsync(["mrr"], "week", dimension)).Where(figure => figure.Last == newest);
        Assert.That(rows.Select(row => (row.Name, row.Number)), Is.EquivalentTo(parts.Select(part => (part.Segment, part.Value))));
    }

    [TestCase("mrr", "month", null)]
    [TestCase("mrr", "week", "plan")]
    [TestCase("signups", "quarter", "channel")]
    public async Task The_downloaded_file_is_the_export(string metric, string grain, string? by)
    {
        _page = await Product.OpenAsync($"/metrics/{metric}?grain={grain}{(by is null ? "" : "&by=" + by)}");

        var link = _page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" });
        var download = await _page.RunAndWaitForDownloadAsync(() => link.ClickAsync());

        Assert.That(download.SuggestedFilename, Is.EqualTo($"{metric}-{grain}.csv"));
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo(await Figures.TextAsync(Product.Demo, [metric], grain, by)));
    }

    [Test]
    public async Task A_formula_leads_to_the_metrics_in_it()
    {
        _page = await Product.OpenAsync("/metrics/arpa");

        await _page.Locator("code").GetByRole(AriaRole.Link, new() { Name = "mrr", Exact = true }).ClickAsync();

        await _page.WaitForURLAsync("**/metrics/mrr");
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Monthly recurring revenue");
    }

    [Test]
    public async Task The_grains_lead_to_the_same_metric_by_week_month_and_quarter()
    {
        _page = await Product.OpenAsync("/metrics/mrr");
        foreach (var grain in (string[])["month", "quarter", "week"])
        {
            await Choose("Grain", grain).ClickAsync();

            await _page.WaitForURLAsync($"**/metrics/mrr?grain={grain}");
            await Expect(_page.Locator(".segments [aria-current=page]").First).ToHaveTextAsync(grain, new() { IgnoreCase = true });
        }
    }

    [TestCase("mrr", "week")]
    [TestCase("mrr", "month")]
    [TestCase("nrr_12m", "week")]
    public async Task The_chart_is_a_named_picture_of_the_numbers_in_the_table(string metric, string grain)
    {
        _page = await Product.OpenAsync($"/metrics/{metric}?grain={grain}", options => options.JavaScriptEnabled = false);
        var heading = await _page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync();
        var chart = _page.GetByRole(AriaRole.Region, new() { NameString = "Trend" }).GetByRole(AriaRole.Img, new() { NameString = heading });

        await Expect(chart).ToHaveCountAsync(1);
        var points = await chart.Locator("circle.dot title").EvaluateAllAsync<string[]>("titles => titles.map(title => title.textContent)");
        var rows = (await RowsAsync("#periods tbody tr")).Where(row => row.Value is not null).Reverse().ToArray();
        Assert.That(points, Has.Length.EqualTo(rows.Length).And.Length.GreaterThan(8));
        using (Assert.EnterMultipleScope())
        {
            foreach (var (point, row) in points.Zip(rows))
            {
                var parts = point.Replace(" (incomplete)", "", StringComparison.Ordinal).Split(": ");
                Assert.That(parts[0], Is.EqualTo(row.Name));
                Assert.That(Written.Number(parts[1]), Is.EqualTo(row.Number).Within(row.Number!.Value * 0.006m), row.Name);
                Assert.That(point.EndsWith(" (incomplete)", StringComparison.Ordinal), Is.EqualTo(row.Known != "complete"), row.Name);
            }
        }
    }

    private static string EndOfName(string grain, DateOnly last) => grain switch
    {
        "week" => last.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        "month" => last.ToString("MMM yyyy", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"Q{(last.Month + 2) / 3} {last.Year}"),
    };

    private ILocator Choose(string among, string name) =>
        _page.GetByRole(AriaRole.Navigation, new() { Name = among }).GetByRole(AriaRole.Link, new() { Name = name });

    private async Task<IReadOnlyList<Row>> RowsAsync(string selector) =>
        JsonSerializer.Deserialize<Row[]>(await _page.Locator(selector).EvaluateAllAsync<string>(ReadRows))!;

    private sealed record Row(string Name, string? Value, string? Exact, string Known)
    {
        public decimal? Number => Value is null ? null : decimal.Parse(Value, CultureInfo.InvariantCulture);
    }
}
