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

    [Test]
    public async Task The_plan_is_typed_moved_through_pasted_undone_and_saved_like_a_spreadsheet()
    {
        _page = await Product.OpenAsync("/targets?metric=mrr_expansion&grain=quarter&version=stretch&year=2030");
        var cells = _page.Locator("table.grid input[data-was]");
        var save = _page.Locator("[data-save]");
        await Expect(cells).ToHaveCountAsync(4);
        await Expect(save).ToBeDisabledAsync();

        await cells.Nth(0).FocusAsync();
        await _page.EvaluateAsync("""
            () => {
                const data = new DataTransfer();
                data.setData('text/plain', '$1.2k\t2,400\tmany\t5\t6\n');
                document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
            }
            """);
        await Expect(cells.Nth(1)).ToHaveValueAsync("2,400");
        await Expect(_page.Locator("small.say").First).ToHaveTextAsync("$1,200.00");
        await Expect(cells.Nth(2)).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(_page.Locator("[data-state]")).ToContainTextAsync("4 changes, not saved yet; 1 cannot be read. 1 pasted value did not fit");
        await Expect(save).ToBeDisabledAsync();

        await _page.Locator("[data-undo]").ClickAsync();
        await Expect(cells.Nth(1)).ToHaveValueAsync("");

        await cells.Nth(0).FillAsync("1300");
        await cells.Nth(0).PressAsync("ArrowRight");
        await Expect(cells.Nth(1)).ToBeFocusedAsync();
        await cells.Nth(1).FillAsync("1.4k");
        await _page.GetByLabel("Why").FillAsync("typed");
        await Expect(_page.Locator("[data-state]")).ToHaveTextAsync("2 changes, not saved yet.");
        await save.ClickAsync();

        await Expect(_page.Locator(".note.done")).ToContainTextAsync("2 targets saved.");
        await Expect(cells.Nth(1)).ToHaveValueAsync("1,400");
        await cells.Nth(0).FillAsync("");
        await cells.Nth(1).FillAsync("");
        await save.ClickAsync();
        await Expect(_page.Locator(".note.done")).ToContainTextAsync("withdrawn");
    }

    private async Task<TileOnPage> TileAsync() => (await TileOnPage.AllAsync(_page)).Single(tile => tile.Metric == "mrr_expansion");
}
