using System.Globalization;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>The sources in a browser, while files of the workspace change under the running product.</summary>
[TestFixture]
public sealed class Sources
{
    private IPage _page = null!;

    [SetUp]
    public async Task OpenAsync() => _page = await Product.OpenAsync("/sources");

    [TearDown]
    public Task CloseAsync() => _page.Context.CloseAsync();

    [Test]
    public async Task A_sync_of_an_unchanged_file_finds_nothing_new()
    {
        await SyncAsync("billing");

        var figures = await StreamAsync("billing", "subscriptions");
        Assert.That(figures, Does.Match("^subscriptions [0-9,]+ 0 0 0 0 [A-Z]"), "read, new, changed, vanished, rejected");
        await Expect(_page.Locator("#billing .facts")).ToContainTextAsync("succeeded");
    }

    [Test]
    public async Task A_new_row_is_taken_and_a_bad_one_is_named_with_its_place_and_reason()
    {
        var file = Path.Combine(Product.Demo.Workspace, "data", "signups.csv");
        var before = await File.ReadAllTextAsync(file);
        var rows = before.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var newest = rows[^1].Split(',');
        var signups = await NewestSignupsAsync();
        try
        {
            await File.AppendAllTextAsync(file, $"u-new,{newest[1]},UK,organic\nu-bad,yesterday,UK,organic\n");
            await SyncAsync("website");

            var figures = await StreamAsync("website", "signups");
            Assert.That(figures, Does.Contain(" 1 0 0 1 "), "one new, none changed, none vanished, one rejected");
            await Expect(_page.Locator("#website .facts")).ToContainTextAsync("some rows rejected");
            await _page.Locator("#website details summary").ClickAsync();
            var reject = _page.Locator("#website .faults li");
            await Expect(reject).ToHaveCountAsync(1);
            await Expect(reject).ToContainTextAsync($"data/signups.csv:{rows.Length + 2}");
            await Expect(reject).ToContainTextAsync("“yesterday”");
            await Expect(reject).ToContainTextAsync("is no");
            Assert.That(await NewestSignupsAsync(), Is.EqualTo(signups + 1), "signups of the newest week");
        }
        finally
        {
            await File.WriteAllTextAsync(file, before);
            await SyncAsync("website");
        }

        Assert.That(await StreamAsync("website", "signups"), Does.Contain(" 0 0 1 0 "), "the row that is gone has vanished");
        Assert.That(await NewestSignupsAsync(), Is.EqualTo(signups));
    }

    [Test]
    public async Task A_broken_file_is_named_on_every_page_while_the_board_stands_and_is_forgotten_once_mended()
    {
        var file = Path.Combine(Product.Demo.Workspace, "boards", "weekly.yaml");
        var before = await File.ReadAllTextAsync(file);
        var line = before.Split('\n').Length;
        await _page.GotoAsync("/");
        var banner = _page.Locator(".banner");
        await Expect(banner).ToHaveCountAsync(0);
        var tiles = await TileOnPage.AllAsync(_page);
        try
        {
            await File.WriteAllTextAsync(file, before + "nonsense: true\n");
            await ReloadUntilAsync("the fault is shown", async () => await banner.CountAsync() == 1);

            Assert.That(await TileOnPage.AllAsync(_page), Is.EqualTo(tiles));
            await banner.GetByRole(AriaRole.Link).ClickAsync();
            await Expect(_page.Locator("#faults")).ToContainTextAsync($"boards/weekly.yaml:{line}");
            await Expect(_page.Locator("#faults")).ToContainTextAsync("nonsense");
        }
        finally
        {
            await File.WriteAllTextAsync(file, before);
        }

        await ReloadUntilAsync("the fault is gone", async () => await banner.CountAsync() == 0);
        await Expect(_page.Locator("#faults")).ToHaveCountAsync(0);
    }

    /// <summary>Presses <em>Sync now</em> and waits until a sync has finished that was not there before.</summary>
    private async Task SyncAsync(string source)
    {
        await _page.GotoAsync("/sources");
        var finished = _page.Locator($"#{source} .facts time").First;
        var before = DateTimeOffset.Parse((await finished.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        await Wait.UntilAsync("a second passes, which is what the page tells apart", () =>
            Task.FromResult(TimeProvider.System.GetUtcNow() > before.AddSeconds(1)));

        await _page.Locator($"#{source}").GetByRole(AriaRole.Button, new() { Name = "Sync now" }).ClickAsync();
        await _page.WaitForURLAsync($"**/sources#{source}");
        await ReloadUntilAsync($"{source} is synced", async () =>
            await finished.GetAttributeAsync("datetime") is { } at
            && DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) > before
            && await _page.Locator($"#{source} button:enabled").CountAsync() == 1);
    }

    private Task ReloadUntilAsync(string what, Func<Task<bool>> holds) => Wait.UntilAsync(what, async () =>
    {
        await _page.ReloadAsync();
        return await holds();
    });

    /// <summary>The figures of a stream, in one line.</summary>
    private async Task<string> StreamAsync(string source, string stream)
    {
        var row = _page.Locator($"#{source} tbody tr").Filter(new() { HasText = stream });
        return string.Join(' ', (await row.InnerTextAsync()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<decimal?> NewestSignupsAsync()
    {
        var page = await Product.OpenAsync("/");
        var tile = (await TileOnPage.AllAsync(page)).Single(tile => tile.Metric == "signups");
        await page.Context.CloseAsync();
        return tile.Number;
    }
}
