using System.Globalization;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>The board in a browser.</summary>
[TestFixture]
public sealed class Boards
{
    private IPage _page = null!;

    [TearDown]
    public async Task CloseAsync()
    {
        if (_page is not null)
            await _page.Context.CloseAsync();
    }

    [Test]
    public async Task The_first_page_is_the_weekly_board_of_the_newest_week_that_is_over()
    {
        _page = await Product.OpenAsync("/");

        await Expect(_page).ToHaveTitleAsync("Weekly product board · KPI Dashboard");
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Weekly product board");
        var tiles = await TileOnPage.AllAsync(_page);
        Assert.That(tiles, Has.Count.GreaterThanOrEqualTo(12));
        Assert.That(tiles.Select(tile => tile.IsJudged), Has.Some.True);
        Assert.That(await TileOnPage.LastDayAsync(_page), Is.GreaterThan(Today().AddDays(-15)).And.LessThanOrEqualTo(Today()));
    }

    [Test]
    public async Task Every_tile_shows_what_the_export_says()
    {
        _page = await Product.OpenAsync("/");

        await AssertTilesAreTheExportAsync();
    }

    [Test]
    public async Task A_week_in_the_address_opens_with_the_figures_of_that_week()
    {
        _page = await Product.OpenAsync("/boards/weekly?week=2025-W33");

        Assert.That(await TileOnPage.LastDayAsync(_page), Is.EqualTo(new DateOnly(2025, 8, 17)));
        await Expect(_page.Locator(".head")).ToContainTextAsync("11 – 17 August 2025");
        await AssertTilesAreTheExportAsync();
    }

    [Test]
    public async Task A_date_in_the_address_opens_the_week_that_holds_it()
    {
        _page = await Product.OpenAsync("/boards/weekly?week=2025-08-13");

        Assert.That(await TileOnPage.LastDayAsync(_page), Is.EqualTo(new DateOnly(2025, 8, 17)));
    }

    [Test]
    public async Task Stepping_back_and_forth_changes_the_address_and_the_figures()
    {
        _page = await Product.OpenAsync("/");
        var newest = await TileOnPage.AllAsync(_page);
        var lastDay = await TileOnPage.LastDayAsync(_page);

        await _page.GetByRole(AriaRole.Link, new() { Name = "Previous week" }).ClickAsync();

        await _page.WaitForURLAsync($"**/boards/weekly?week={Week(lastDay.AddDays(-7))}");
        Assert.That(await TileOnPage.LastDayAsync(_page), Is.EqualTo(lastDay.AddDays(-7)));
        Assert.That(await TileOnPage.AllAsync(_page), Is.Not.EqualTo(newest));
        await AssertTilesAreTheExportAsync();

        await _page.GetByRole(AriaRole.Link, new() { Name = "Next week" }).ClickAsync();

        await _page.WaitForURLAsync($"**/boards/weekly?week={Week(lastDay)}");
        Assert.That(await TileOnPage.AllAsync(_page), Is.EqualTo(newest));
    }

    [Test]
    public async Task Choosing_a_day_shows_its_week()
    {
        _page = await Product.OpenAsync("/");

        await _page.Locator(".stepper summary").ClickAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Another day" }).ClickAsync();
        await _page.Locator("#week").FillAsync("2026-03-05");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await _page.WaitForURLAsync("**week=2026-03-05");
        Assert.That(await TileOnPage.LastDayAsync(_page), Is.EqualTo(new DateOnly(2026, 3, 8)));
        await AssertTilesAreTheExportAsync();
    }

    [Test]
    public async Task A_week_that_is_not_over_says_so_and_is_not_compared()
    {
        _page = await Product.OpenAsync($"/boards/weekly?week={Today():O}");

        var tiles = await TileOnPage.AllAsync(_page);
        Assert.That(tiles, Is.Not.Empty);
        using (Assert.EnterMultipleScope())
        {
            foreach (var tile in tiles)
            {
                Assert.That(tile.Status, Does.Match(@"\d of 7 days|No data|Not current"), tile.Metric);
                Assert.That(tile.Changes, Does.Not.Match("[▲▼●%]"), tile.Metric);
            }
        }

        await AssertTilesAreTheExportAsync();
    }

    [Test]
    public async Task A_tile_leads_to_its_metric_with_the_same_figure()
    {
        _page = await Product.OpenAsync("/");
        var tile = (await TileOnPage.AllAsync(_page)).Single(tile => tile.Metric == "mrr");

        await _page.Locator(".card h3 a[href^='/metrics/mrr?']").ClickAsync();

        await _page.WaitForURLAsync("**/metrics/mrr?grain=week");
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Monthly recurring revenue");
        await Expect(_page.Locator(".head data")).ToHaveAttributeAsync("value", tile.Value!);
    }

    [Test]
    public async Task Tab_alone_reaches_every_tile_with_a_ring_around_it_and_Enter_opens_it()
    {
        _page = await Product.OpenAsync("/");
        var tiles = await TileOnPage.AllAsync(_page);
        var reached = new List<string>();
        for (var presses = 0; reached.Count < tiles.Count && presses < 3 * tiles.Count + 40; presses++)
        {
            await _page.Keyboard.PressAsync("Tab");
            var focus = await _page.EvaluateAsync<string[]>("""
                () => {
                    const on = document.activeElement, look = getComputedStyle(on, '::after');
                    const metric = on.matches('.card h3 a') ? new URL(on.href).pathname.split('/').pop() : '';
                    return [metric, look.outlineStyle, look.outlineWidth];
                }
                """);
            if (focus[0].Length == 0)
                continue;

            reached.Add(focus[0]);
            Assert.That(focus[1], Is.EqualTo("solid"), focus[0]);
            Assert.That(focus[2], Is.EqualTo("2px"), focus[0]);
        }

        Assert.That(reached, Is.EqualTo(tiles.Select(tile => tile.Metric)), "in the order in which they are read");

        await _page.Keyboard.PressAsync("Enter");

        await _page.WaitForURLAsync($"**/metrics/{reached[^1]}?grain=week");
    }

    [Test]
    public async Task The_first_Tab_offers_to_skip_to_the_content()
    {
        _page = await Product.OpenAsync("/");

        await _page.Keyboard.PressAsync("Tab");

        var skip = _page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" });
        await Expect(skip).ToBeFocusedAsync();
        await Expect(skip).ToBeInViewportAsync();
        await _page.Keyboard.PressAsync("Enter");
        await Expect(_page.Locator("main")).ToBeFocusedAsync();
    }

    [Test]
    public async Task Without_JavaScript_the_board_is_whole()
    {
        _page = await Product.OpenAsync("/");
        var with = await _page.Locator("main").InnerTextAsync();
        await _page.Context.CloseAsync();

        _page = await Product.OpenAsync("/", options => options.JavaScriptEnabled = false);

        Assert.That(await _page.Locator("main").InnerTextAsync(), Is.EqualTo(with));
        await AssertTilesAreTheExportAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Previous week" }).ClickAsync();
        await _page.WaitForURLAsync("**/boards/weekly?week=*");
        await AssertTilesAreTheExportAsync();
    }

    private static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date);

    private static string Week(DateOnly day)
    {
        var noon = day.ToDateTime(new TimeOnly(12, 0));
        return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(noon)}-W{ISOWeek.GetWeekOfYear(noon):00}");
    }

    private async Task AssertTilesAreTheExportAsync()
    {
        var tiles = await TileOnPage.AllAsync(_page);
        var lastDay = await TileOnPage.LastDayAsync(_page);
        var exported = (await Figures.ReadAsync(tiles.Select(tile => tile.Metric).Distinct(), "week"))
            .Where(figure => figure.Last == lastDay).ToDictionary(figure => figure.Metric);
        Assert.That(tiles, Is.Not.Empty);
        using (Assert.EnterMultipleScope())
        {
            foreach (var tile in tiles)
            {
                var figure = exported[tile.Metric];
                Assert.That(tile.Number, Is.EqualTo(figure.Value), tile.Metric);
                Assert.That(tile.IsJudged, Is.EqualTo(figure.Complete), $"{tile.Metric} says '{tile.Status}'");
                if (figure.Value is not { } value)
                    continue;

                Assert.That(Written.Number(tile.Exact!), Is.EqualTo(value).Within(0.005m), $"{tile.Metric}, pointed at");
                var rounding = Math.Max(Written.Rounding(tile.Shown!), Math.Abs(value) * 0.006m);
                Assert.That(Written.Number(tile.Shown!), Is.EqualTo(value).Within(rounding), $"{tile.Metric}, as shown");
            }
        }
    }
}
