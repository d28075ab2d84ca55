using System.Globalization;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>Targets that are set in a browser.</summary>
[TestFixture]
public sealed class Targets
{
    private IPage _page = null!;

    [TearDown]
    public async Task CloseAsync()
    {
        if (_page is not null)
            await _page.Context.CloseAsync();
    }

    [Test]
    public async Task A_target_that_is_set_counts_on_the_targets_page_the_board_and_the_metric_until_it_is_withdrawn()
    {
        _page = await Product.OpenAsync("/");
        var before = await TileAsync();
        Assert.That(before.Status, Does.Contain("No target"), "it was to have none");
        var week = (await TileOnPage.LastDayAsync(_page)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        await _page.GotoAsync("/targets");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Set a target" }).ClickAsync();
        await _page.GetByLabel("Metric").SelectOptionAsync("mrr_expansion");
        await _page.GetByLabel("By", new() { Exact = true }).SelectOptionAsync("week");
        await _page.GetByLabel("Period").FillAsync(week);
        await _page.GetByLabel("Value").FillAsync((before.Number!.Value * 2).ToString(CultureInfo.InvariantCulture));
        await _page.GetByLabel("Why").FillAsync("twice as many");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await _page.WaitForURLAsync("**/targets/review?metric=mrr_expansion&**changed=true");
        await Expect(_page.Locator(".note.done")).ToContainTextAsync("set to");
        var row = _page.Locator(".promised tbody tr");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("Missed");
        await Expect(row).ToContainTextAsync("50 %");
        await Expect(row).ToContainTextAsync("twice as many");

        await _page.GotoAsync("/");
        Assert.That((await TileAsync()).Status, Does.Contain("Off track"));
        await Expect(_page.Locator(".card", new() { Has = _page.Locator("h3 a[href^='/metrics/mrr_expansion?']") }).Locator(".target-line"))
            .ToContainTextAsync("50 % of");

        await _page.GotoAsync("/metrics/mrr_expansion");
        await Expect(_page.Locator(".title .chip")).ToContainTextAsync("Off track");
        await Expect(_page.Locator(".head")).ToContainTextAsync("50 % of the week's target");

        await _page.GotoAsync("/targets/review?metric=mrr_expansion");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Change the target of" }).ClickAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();

        await Expect(_page.Locator(".note.done")).ToContainTextAsync("withdrawn");
        await _page.GotoAsync("/");
        Assert.That(await TileAsync(), Is.EqualTo(before));
    }

    private async Task<TileOnPage> TileAsync() => (await TileOnPage.AllAsync(_page)).Single(tile => tile.Metric == "mrr_expansion");
}
