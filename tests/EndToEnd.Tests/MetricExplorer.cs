using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests;

/// <summary>The chart of a metric to move in: uPlot in the place of the server's picture.</summary>
[TestFixture]
public sealed class MetricExplorer
{
    private List<string> _complaints = [];
    private IPage _page = null!;

    [TearDown]
    public async Task CloseAsync()
    {
        if (_page is not null)
            await _page.Context.CloseAsync();
    }

    [Test]
    public async Task The_keyboard_moves_a_cursor_that_speaks()
    {
        await OpenAsync("/metrics/mrr?grain=week");
        var chart = _page.GetByRole(AriaRole.Application);
        var voice = _page.Locator("#trend [role=status]");
        await Expect(chart.Locator("canvas")).ToBeVisibleAsync();

        await chart.FocusAsync();
        await _page.Keyboard.PressAsync("ArrowLeft");
        var one = await voice.TextContentAsync();
        Assert.That(one, Does.Match(@"^W\d+ · .+: \$\d.+, last year \$\d.+, target \$\d.+, limits \$\d.+ to \$\d"));
        await _page.Keyboard.PressAsync("Home");
        await Expect(voice).Not.ToHaveTextAsync(one!);
        var first = await voice.TextContentAsync();
        await _page.Keyboard.PressAsync("ArrowLeft");
        Assert.That(await voice.TextContentAsync(), Is.EqualTo(first), "there is nothing before the first");
        await _page.Keyboard.PressAsync("End");
        await Expect(voice).ToContainTextAsync("expected");
        await Expect(_page.Locator("#trend .readout")).ToHaveTextAsync((await voice.TextContentAsync())!);
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task L_hides_the_limits_in_place_and_keeps_the_focus_and_the_state_in_the_address()
    {
        await OpenAsync("/metrics/mrr?grain=week");
        await Expect(_page.Locator("#trend canvas")).ToBeVisibleAsync();
        await _page.EvaluateAsync("() => { window.same = true; }");

        await _page.Keyboard.PressAsync("l");
        await _page.WaitForURLAsync("**hide=limits**");
        await Expect(_page.Locator("[data-layer=limits]")).ToHaveTextAsync("Show: Natural limits");
        await Expect(_page.Locator("[data-layer=limits]")).ToBeFocusedAsync();
        await Expect(_page.Locator("#trend .readout")).Not.ToContainTextAsync("limits $");
        await Expect(_page.Locator("#trend-pictures svg .limits")).ToHaveCountAsync(0);
        Assert.That(await _page.EvaluateAsync<bool>("() => window.same === true"), Is.True, "the page was not loaded anew");

        await _page.GetByRole(AriaRole.Navigation, new() { Name = "Kind" }).GetByRole(AriaRole.Link, new() { Name = "share" }).ClickAsync();
        await Expect(_page.Locator("#breakdown svg.stack").First).ToBeAttachedAsync();
        await _page.WaitForURLAsync("**kind=share&hide=limits**");
        Assert.That(await _page.EvaluateAsync<bool>("() => window.same === true"), Is.True);
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task Dragging_zooms_and_escape_shows_all_of_it()
    {
        await OpenAsync("/metrics/mrr?grain=week");
        var chart = _page.GetByRole(AriaRole.Application);
        await Expect(chart.Locator("canvas")).ToBeVisibleAsync();
        var whole = await chart.ScreenshotAsync();
        var box = (await chart.BoundingBoxAsync())!;

        await _page.Mouse.MoveAsync(box.X + box.Width * 0.4f, box.Y + box.Height / 2);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync(box.X + box.Width * 0.7f, box.Y + box.Height / 2, new() { Steps = 4 });
        await _page.Mouse.UpAsync();
        await _page.Mouse.MoveAsync(1, 1);
        Assert.That(await chart.ScreenshotAsync(), Is.Not.EqualTo(whole));

        await chart.FocusAsync();
        await _page.Keyboard.PressAsync("Escape");
        await _page.Keyboard.PressAsync("Home");
        await Expect(_page.Locator("#trend [role=status]")).ToContainTextAsync("2025");
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task Without_the_library_the_picture_of_the_server_stays_and_layers_still_switch()
    {
        await OpenAsync("/metrics/mrr?grain=week", page => page.RouteAsync("**/assets/lib/**", route => route.AbortAsync()));
        await Expect(_page.Locator("#trend svg.trend.wide")).ToBeVisibleAsync();
        await Expect(_page.Locator("#trend svg.trend.wide .limits").First).ToBeAttachedAsync();

        await _page.Locator("[data-layer=limits]").ClickAsync();

        await Expect(_page.Locator("#trend svg.trend.wide .limits")).ToHaveCountAsync(0);
        await Expect(_page.Locator("#trend svg.trend.wide")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Axe_finds_nothing_with_the_chart_in_use()
    {
        await OpenAsync("/metrics/net_new_mrr?grain=week&by=region&kind=lines");
        await Expect(_page.Locator("#trend canvas")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Application).FocusAsync();

        Assert.That(await _page.BarriersAsync(), Is.Empty);
    }

    private async Task OpenAsync(string path, Func<IPage, Task>? before = null)
    {
        var context = await Product.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Product.Address.ToString(), ViewportSize = new ViewportSize { Width = 1440, Height = 1000 },
        });
        context.SetDefaultTimeout(20_000);
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error(`Content policy: ${e.violatedDirective} ${e.blockedURI}`))");
        _page = await context.NewPageAsync();
        List<string> complaints = _complaints = [];
        _page.PageError += (_, error) => complaints.Add(error);
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        if (before is not null)
            await before(_page);
        await _page.GotoAsync(path);
        if (before is null && string.IsNullOrEmpty(await _page.Locator("#trend").GetAttributeAsync("data-library")))
            Assert.Ignore("uPlot is not part of this build; 'npm ci' in Dashboard.Web/Client fetches it, which a build with Node does.");
    }
}
