using System.Text.Json;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>Everything by keyboard: the keys of the help sheet, the palette, and where the focus goes.</summary>
[TestFixture]
public sealed class Keyboard
{
    private const string FocusIs = "() => document.activeElement.getAttribute('href') ?? document.activeElement.tagName";

    private IPage _page = null!;

    [SetUp]
    public async Task OpenAsync() => _page = await Product.OpenAsync("/");

    [TearDown]
    public async Task CloseAsync()
    {
        if (_page is not null)
            await _page.Context.CloseAsync();
    }

    [TestCase("m", "/metrics")]
    [TestCase("t", "/targets")]
    [TestCase("a", "/alerts")]
    [TestCase("s", "/sources")]
    public async Task G_and_a_letter_go_to_a_section(string letter, string path)
    {
        await _page.Keyboard.PressAsync("g");
        await _page.Keyboard.PressAsync(letter);

        await _page.WaitForURLAsync("**" + path);
    }

    [Test]
    public async Task Brackets_step_a_week_and_back()
    {
        var now = await _page.Locator("h1 + p").InnerTextAsync();

        await _page.Keyboard.PressAsync("[");
        await Expect(_page.Locator("h1 + p")).Not.ToHaveTextAsync(now);
        await _page.Keyboard.PressAsync("]");

        await Expect(_page.Locator("h1 + p")).ToHaveTextAsync(now);
    }

    [Test]
    public async Task J_and_k_walk_over_the_tiles_and_enter_opens_one()
    {
        var tiles = await _page.Locator(".card h3 a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");

        await _page.Keyboard.PressAsync("j");
        Assert.That(await _page.EvaluateAsync<string>(FocusIs), Is.EqualTo(tiles[0]));
        await _page.Keyboard.PressAsync("j");
        await _page.Keyboard.PressAsync("j");
        Assert.That(await _page.EvaluateAsync<string>(FocusIs), Is.EqualTo(tiles[2]));
        await _page.Keyboard.PressAsync("k");
        Assert.That(await _page.EvaluateAsync<string>(FocusIs), Is.EqualTo(tiles[1]));
        await _page.Keyboard.PressAsync("t");
        await Expect(_page.Locator(".card").Nth(1).Locator("details.data")).ToHaveAttributeAsync("open", "");
        await _page.Locator(".card h3 a").Nth(1).FocusAsync();
        await _page.Keyboard.PressAsync("Enter");

        await _page.WaitForURLAsync("**" + tiles[1]);
    }

    [Test]
    public async Task B_opens_the_breakdown_of_a_tile()
    {
        await _page.Keyboard.PressAsync("j");
        await _page.Keyboard.PressAsync("b");

        await _page.WaitForURLAsync("**/metrics/**#breakdown");
    }

    [Test]
    public async Task D_is_dark_at_once_and_on_the_next_page_from_its_first_byte()
    {
        await _page.Keyboard.PressAsync("d");
        await Expect(_page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        var next = await _page.GotoAsync("/metrics");

        Assert.That(await next!.TextAsync(), Does.Contain("data-theme=\"dark\""));
        await _page.Keyboard.PressAsync("d");
        await Expect(_page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [Test]
    public async Task The_help_sheet_is_the_table_of_the_look_page_and_gives_the_focus_back()
    {
        await _page.Keyboard.PressAsync("j");
        var before = await _page.EvaluateAsync<string>(FocusIs);

        await _page.Keyboard.PressAsync("?");
        var sheet = _page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });
        await Expect(sheet.GetByText("Next tile")).ToBeVisibleAsync();
        Assert.That(await _page.BarriersAsync(), Is.Empty);
        await _page.Keyboard.PressAsync("d");
        await Expect(_page.Locator("html")).Not.ToHaveAttributeAsync("data-theme", "dark");
        await _page.Keyboard.PressAsync("Escape");

        await Expect(sheet).ToBeHiddenAsync();
        Assert.That(await _page.EvaluateAsync<string>(FocusIs), Is.EqualTo(before));
    }

    [TestCase("/")]
    [TestCase("Control+k")]
    public async Task The_palette_finds_and_opens(string key)
    {
        await _page.Keyboard.PressAsync(key);
        var input = _page.GetByRole(AriaRole.Combobox, new() { Name = "Search for" });
        await Expect(input).ToBeFocusedAsync();
        await Expect(_page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        Assert.That(await _page.BarriersAsync(), Is.Empty);

        await _page.Keyboard.TypeAsync("logo churn");
        await Expect(_page.Locator("[role=option][aria-selected=true] span")).ToHaveTextAsync("Logo churn rate");
        await _page.Keyboard.PressAsync("ArrowDown");
        await _page.Keyboard.PressAsync("ArrowUp");
        Assert.That(await input.GetAttributeAsync("aria-activedescendant"), Is.EqualTo("palette-0"));
        await _page.Keyboard.PressAsync("Enter");

        await _page.WaitForURLAsync("**/metrics/logo_churn*");
        await _page.Keyboard.PressAsync(key);
        await Expect(_page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Logo churn rate");
    }

    [Test]
    public async Task Escape_closes_the_palette_and_gives_the_focus_back()
    {
        await _page.Keyboard.PressAsync("j");
        var before = await _page.EvaluateAsync<string>(FocusIs);

        await _page.Keyboard.PressAsync("/");
        await Expect(_page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await _page.Keyboard.PressAsync("Escape");

        await Expect(_page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        Assert.That(await _page.EvaluateAsync<string>(FocusIs), Is.EqualTo(before));
    }

    [Test]
    public async Task A_command_of_the_palette_is_done_where_the_reader_is()
    {
        await _page.GetByRole(AriaRole.Link, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await _page.Keyboard.TypeAsync("compact");
        await _page.Keyboard.PressAsync("Enter");

        await Expect(_page.Locator("html")).ToHaveAttributeAsync("data-density", "compact");
        Assert.That(new Uri(_page.Url).AbsolutePath, Is.EqualTo("/"));
    }

    [TestCase("churn")]
    [TestCase("rev")]
    [TestCase("net new")]
    [TestCase("mrr")]
    [TestCase("csat")]
    [TestCase("month")]
    [TestCase("wkly")]
    public async Task The_palette_ranks_as_the_page_does(string query)
    {
        await _page.Keyboard.PressAsync("/");
        await Expect(_page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Combobox).FillAsync(query);
        var inPalette = await _page.Locator("[role=option] span").AllInnerTextsAsync();
        await _page.GotoAsync("/search?q=" + Uri.EscapeDataString(query));

        // What can only be done by a script is not on the page.
        Assert.That(inPalette.Where(title => title != "Print view"), Is.EqualTo(await _page.Locator(".results a").AllInnerTextsAsync()));
    }

    [Test]
    public async Task Keys_do_nothing_while_somebody_types_or_holds_a_modifier()
    {
        await _page.GotoAsync("/search");
        await _page.GetByRole(AriaRole.Searchbox).FocusAsync();
        await _page.Keyboard.TypeAsync("gm/d?");

        Assert.That(await _page.GetByRole(AriaRole.Searchbox).InputValueAsync(), Is.EqualTo("gm/d?"));
        await _page.Locator("h1").ClickAsync();
        await _page.Keyboard.PressAsync("Alt+d");
        await _page.Keyboard.PressAsync("Control+d");
        await Expect(_page.Locator("html")).Not.ToHaveAttributeAsync("data-theme", "dark");
        await Expect(_page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Test]
    public async Task Keys_can_be_turned_off()
    {
        await _page.GotoAsync("/look");
        await _page.GetByRole(AriaRole.Group, new() { Name = "Keyboard shortcuts" }).GetByRole(AriaRole.Button, new() { Name = "Off" }).ClickAsync();
        await _page.GotoAsync("/");

        foreach (var key in (string[])["d", "?", "/", "Control+k", "g", "m"])
            await _page.Keyboard.PressAsync(key);

        await Expect(_page.Locator("html")).Not.ToHaveAttributeAsync("data-theme", "dark");
        await Expect(_page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.That(new Uri(_page.Url).AbsolutePath, Is.EqualTo("/"));
        await Expect(_page.Locator(".bar kbd")).ToBeHiddenAsync();
    }

    [Test]
    public async Task The_search_link_leads_to_the_page_without_a_script()
    {
        await using var browser = await Product.LaunchAsync();
        var page = await browser.NewPageAsync(new() { BaseURL = Product.Address.ToString(), JavaScriptEnabled = false });
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Search", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("net revenue");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".results a").First).ToContainTextAsync("Net revenue retention");
    }

    [Test]
    public async Task The_menu_of_a_phone_opens_without_a_script()
    {
        await using var browser = await Product.LaunchAsync();
        var page = await browser.NewPageAsync(new()
        {
            BaseURL = Product.Address.ToString(), JavaScriptEnabled = false, ViewportSize = new ViewportSize { Width = 390, Height = 844 },
        });
        await page.GotoAsync("/");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Targets", Exact = true })).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Targets", Exact = true }).ClickAsync();

        await page.WaitForURLAsync("**/targets");
    }

    [Test]
    public async Task What_every_page_loads_of_script_is_small()
    {
        var sizes = await _page.EvaluateAsync<JsonElement>(
            "() => performance.getEntriesByType('resource').filter(one => one.name.includes('.js')).map(one => one.decodedBodySize)");

        Assert.That(sizes.EnumerateArray().Select(size => size.GetInt32()), Is.Not.Empty.And.All.LessThan(30_000));
    }
}
