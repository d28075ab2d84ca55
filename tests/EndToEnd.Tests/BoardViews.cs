using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>Stepping and switching a board without loading it anew, the same without a script, and the board on a wall.</summary>
[TestFixture]
public sealed class BoardViews
{
    private IPage _page = null!;

    [TearDown]
    public async Task CloseAsync()
    {
        if (_page is not null)
            await _page.Context.CloseAsync();
    }

    [Test]
    public async Task Stepping_does_not_load_the_page_anew_and_keeps_focus_and_place()
    {
        _page = await Product.OpenAsync("/boards/weekly?week=2026-W40");
        await MarkAsync();
        await _page.EvaluateAsync("scrollTo(0, 40)");
        await _page.Locator("#step-back").FocusAsync();

        await _page.Keyboard.PressAsync("Enter");

        await _page.WaitForURLAsync("**/boards/weekly?week=2026-W39");
        await Expect(_page.Locator("#periods > summary")).ToHaveTextAsync("W39 2026");
        await Expect(_page.Locator("#step-back")).ToBeFocusedAsync();
        await Expect(_page).ToHaveTitleAsync("Weekly product board · W39 2026 · KPI Dashboard");
        await Expect(_page.Locator("body > [role=status]")).ToHaveTextAsync("Weekly product board, W39 2026");
        Assert.That(await IsMarkedAsync());
        Assert.That(await _page.EvaluateAsync<int>("scrollY"), Is.EqualTo(40));
    }

    [Test]
    public async Task Back_and_forth_in_the_browser_show_the_boards_that_were_seen()
    {
        _page = await Product.OpenAsync("/boards/weekly?week=2026-W40");
        await MarkAsync();
        await _page.Locator("#view-scorecard").ClickAsync();
        await _page.WaitForURLAsync("**view=scorecard");
        await _page.Locator("#compare > summary").ClickAsync();
        await _page.Locator("#compare-plan").ClickAsync();
        await _page.WaitForURLAsync("**view=scorecard&compare=plan");
        await Expect(_page.Locator("#compare > summary")).ToBeFocusedAsync();

        await _page.GoBackAsync();
        await Expect(_page.Locator("#compare > summary")).ToHaveTextAsync("Compare: last week");
        await _page.GoBackAsync();
        await Expect(_page.Locator(".card").First).ToBeVisibleAsync();
        await _page.GoForwardAsync();
        await Expect(_page.Locator(".scorecard")).ToBeVisibleAsync();

        Assert.That(await IsMarkedAsync());
    }

    [Test]
    public async Task A_menu_is_closed_by_Escape_and_by_a_click_beside_it()
    {
        _page = await Product.OpenAsync("/");
        var (compare, segment) = (_page.Locator("#compare"), _page.Locator("#segment"));

        await compare.Locator("summary").ClickAsync();
        await segment.Locator("summary").ClickAsync();
        await Expect(compare).Not.ToHaveAttributeAsync("open", "");
        await _page.Keyboard.PressAsync("Escape");
        await Expect(segment).Not.ToHaveAttributeAsync("open", "");
        await Expect(segment.Locator("summary")).ToBeFocusedAsync();

        await segment.Locator("summary").ClickAsync();
        await _page.Locator("h1").ClickAsync();
        await Expect(segment).Not.ToHaveAttributeAsync("open", "");
    }

    [Test]
    public async Task A_board_that_cannot_be_fetched_is_gone_to()
    {
        _page = await Product.OpenAsync("/boards/weekly?week=2026-W40");
        await MarkAsync();
        await _page.RouteAsync("**/boards/weekly?week=2026-W39", route => route.Request.IsNavigationRequest ? route.ContinueAsync() : route.AbortAsync());

        await _page.Locator("#step-back").ClickAsync();

        await Expect(_page.Locator("#periods > summary")).ToHaveTextAsync("W39 2026");
        Assert.That(await IsMarkedAsync(), Is.False);
    }

    [Test]
    public async Task Everything_can_be_reached_without_a_script()
    {
        _page = await Product.OpenAsync("/", with => with.JavaScriptEnabled = false);

        await _page.Locator("#view-scorecard").ClickAsync();
        await Expect(_page.Locator(".scorecard")).ToBeVisibleAsync();
        await _page.Locator("#compare > summary").ClickAsync();
        await _page.Locator("#compare-average").ClickAsync();
        await Expect(_page.Locator(".scorecard thead")).ToContainTextAsync("vs 4-week mean");
        await _page.Locator("#segment > summary").ClickAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "DACH", Exact = true }).ClickAsync();
        await Expect(_page.Locator(".head")).ToContainTextAsync("DACH only");
        await _page.Locator("#periods > summary").ClickAsync();
        await _page.Locator("#grain-quarter").ClickAsync();
        await Expect(_page.Locator("#periods > summary")).ToContainTextAsync("Q");
        await _page.Locator("#step-back").ClickAsync();
        Assert.That(new Uri(_page.Url).Query, Does.Match(@"^\?week=\d{4}-Q\d&view=scorecard&compare=average&segment=region:DACH&grain=quarter$"));
    }

    [TestCase(1440)]
    [TestCase(1024)]
    [TestCase(390)]
    public async Task A_scorecard_fits_its_screen(int width)
    {
        _page = await Product.OpenAsync("/boards/weekly?view=scorecard", with => with.ViewportSize = new ViewportSize { Width = width, Height = 900 });

        var room = await _page.Locator(".scorecard-frame").EvaluateAsync<int[]>("frame => [frame.scrollWidth, frame.clientWidth]");
        Assert.That(room[0], Is.LessThanOrEqualTo(room[1]));
        if (width == 1440)
            Assert.That(await _page.EvaluateAsync<int>("[...document.querySelectorAll('.scorecard tbody tr:not(.section)')].filter(row => row.getBoundingClientRect().bottom <= 900).length"), Is.GreaterThanOrEqualTo(25));
    }

    [Test]
    public async Task The_wall_turns_and_says_in_red_when_it_cannot()
    {
        _page = await Product.OpenAsync("/boards/weekly/tv?rotate=5", with => with.ViewportSize = new ViewportSize { Width = 1920, Height = 1080 });
        var sizes = await _page.Locator(".wall .value").EvaluateAllAsync<double[]>("values => values.map(value => parseFloat(getComputedStyle(value).fontSize))");
        Assert.That(sizes, Has.Length.LessThanOrEqualTo(8).And.All.GreaterThanOrEqualTo(64));
        Assert.That(await _page.EvaluateAsync<int>("document.scrollingElement.scrollHeight"), Is.LessThanOrEqualTo(1080));
        await MarkAsync();

        await Expect(_page.Locator("footer")).ToContainTextAsync("2 of ", new() { Timeout = 30_000 });
        await _page.Context.SetOfflineAsync(true);
        await Expect(_page.Locator(".stale")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(_page.Locator(".stale")).ToContainTextAsync("No connection since");
        await Expect(_page.Locator(".wall li").First).ToBeVisibleAsync();
        await _page.Context.SetOfflineAsync(false);
        await Expect(_page.Locator(".stale")).ToBeHiddenAsync(new() { Timeout = 30_000 });
        Assert.That(await IsMarkedAsync());
    }

    [Test]
    public async Task A_board_with_all_its_charts_takes_five_requests()
    {
        var context = await Product.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = Product.Address.ToString() });
        _page = await context.NewPageAsync();
        var requests = new List<string>();
        _page.Request += (_, request) => requests.Add(request.Url);

        await _page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });

        Assert.That(requests, Has.Count.LessThanOrEqualTo(5), string.Join(' ', requests));
        Assert.That(await _page.Locator(".card svg.six-twelve").CountAsync(), Is.GreaterThan(24));
    }

    // What only a page that is not loaded anew still has.
    private Task MarkAsync() => _page.EvaluateAsync("window.marked = true");

    private Task<bool> IsMarkedAsync() => _page.EvaluateAsync<bool>("window.marked === true");
}
