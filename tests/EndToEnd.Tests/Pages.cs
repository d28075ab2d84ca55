using Microsoft.Playwright;
using NUnit.Framework;
using Tests.Support;

namespace EndToEnd.Tests;

/// <summary>What holds for every page, on every screen, in light and dark.</summary>
[TestFixtureSource(nameof(Everything))]
public sealed class Pages(string name, string path, int width, ColorScheme scheme)
{
    // Text of a tile: its box may touch its neighbor's by the height that glyphs take beyond their line, and no more.
    private const string FindMisplaced = """
        cards => cards.flatMap(card => {
            const frame = card.getBoundingClientRect(), texts = [], found = [];
            const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const node = walker.currentNode;
                if (!node.data.trim() || node.parentElement.closest('.words, title, svg, details:not([open]) > :not(summary)')) continue;
                const range = document.createRange();
                range.selectNodeContents(node);
                for (const box of range.getClientRects()) texts.push({ text: node.data.trim(), box });
            }
            for (const { text, box } of texts)
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
                    found.push(`'${text}' leaves its tile`);
            for (const picture of card.querySelectorAll('svg, .chip, .card-head, .card-foot, .figures')) {
                const box = picture.getBoundingClientRect();
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
                    found.push(`${picture.getAttribute('class')} leaves its tile`);
            }
            for (let i = 0; i < texts.length; i++)
                for (let j = i + 1; j < texts.length; j++) {
                    const a = texts[i].box, b = texts[j].box;
                    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                    if (wide > 1 && high > 3) found.push(`'${texts[i].text}' lies over '${texts[j].text}'`);
                }
            for (const part of card.querySelectorAll(':not(.words, svg, svg *)'))
                if (getComputedStyle(part).overflow !== 'visible' && part.scrollWidth > part.clientWidth + 1)
                    found.push(`'${part.innerText}' is clipped`);
            return found.map(what => new URL(card.querySelector('h3 a').href).pathname + ': ' + what);
        })
        """;

    private string[] _complaints = [];
    private string[] _strangers = [];
    private IPage _page = null!;

    // The page that was loaded last, which the next screen mostly shows again. Fixtures run one after the other.
    private static Opened? _opened;

    public static IEnumerable<TestFixtureData> Everything() =>
        from page in ((string Name, string Path)[])
        [
            ("board", "/"), ("metrics", "/metrics"), ("metric", "/metrics/mrr?grain=week&by=plan"), ("metric-stacked", "/metrics/mrr?grain=month&by=plan&kind=stacked"),
            ("metric-lines", "/metrics/mrr?grain=week&by=region&kind=lines&hide=limits"), ("metric-change", "/metrics/net_new_mrr?kind=change"),
            ("limits", "/metrics/mrr/limits?grain=week"),
            ("sources", "/sources"), ("inbox", "/sources/inbox"),
            ("targets", "/targets"), ("plan-review", "/targets/review"), ("plans", "/targets?show=boards&grain=week"), ("changes", "/targets/history"),
            ("upload", "/targets/import"), ("target", "/targets/set?metric=mrr&version=budget&grain=month&period=2026-11"),
            ("events", "/annotations"), ("event", "/annotations/edit?metric=mrr&day=2026-11-09"), ("review", "/boards/weekly/review"),
            ("answer", "/boards/weekly/review/comment?week=2026-W46&finding=mrr"),
            ("look", "/look"), ("search", "/search?q=churn"), ("alerts", "/alerts"), ("rule", "/alerts/mrr_churn_high"), ("months", "/boards/growth"),
            ("scorecard", "/boards/weekly?view=scorecard"), ("segment", "/boards/weekly?segment=region:DACH&compare=average"),
            ("segment-none", "/boards/weekly?segment=region:Atlantis"), ("tv", "/boards/weekly/tv"), ("day", "/boards/weekly/day"),
            ("working", "/metrics/mrr/working?grain=week&period=2026-W40"), ("finance", "/finance?open=sales_marketing"), ("cohorts", "/cohorts"), ("cohort-months", "/cohorts/cohort_mrr_retention?grain=month&cells=number"),
            ("tree", "/tree"), ("decision", "/boards/weekly/review/decision?week=2026-W46"), ("plan", "/targets/review?metric=mrr&year=2026"),
            ("search-empty", "/search"), ("compact", "/"),
            ("404", "/nothing/here"),
        ]
        from width in (int[])[1440, 1024, 390]
        from scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark]
        select new TestFixtureData(page.Name, page.Path, width, scheme).SetArgDisplayNames(page.Name, $"{width}", $"{scheme}");

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        // One load for all screens: whoever turns a phone or the lights sees the same page anew, too.
        if (_opened?.Name != name)
        {
            if (_opened is { Page: var seen })
                await seen.Context.CloseAsync();
            _opened = null;
            _opened = await LoadAsync(name, path);
        }

        var opened = _opened!;
        Assert.That(opened.Status, Is.EqualTo(name == "404" ? 404 : 200));
        _page = opened.Page;
        await _page.SetViewportSizeAsync(width, 900);
        await _page.EmulateMediaAsync(new() { ColorScheme = scheme });

        // Two frames: one for what follows the new size by itself, one for scripts that were told of it.
        await _page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        (_complaints, _strangers) = ([.. opened.Complaints], [.. opened.Strangers]);
        var picture = Path.Combine(
            Repository.Root, "artifacts", "screenshots", $"{name}-{width}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png");
        await _page.ScreenshotAsync(new() { Path = picture, FullPage = true });
        TestContext.AddTestAttachment(picture);
    }

    private static async Task<Opened> LoadAsync(string name, string path)
    {
        var context = await Product.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = Product.Address.ToString() });
        if (name == "compact")
            await context.AddCookiesAsync([new Cookie { Name = "kpi-density", Value = "compact", Url = Product.Address.ToString() }]);
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error(`Content policy: ${e.violatedDirective} ${e.blockedURI}`))");
        List<string> complaints = [], strangers = [];
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // A browser notes every answer that is not a success; for the page that must not be found that is the point.
            var expected = name == "404" && message.Text.Contains("status of 404", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !expected)
                complaints.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != Product.Address.Authority)
                strangers.Add(request.Url);
        };
        var answer = await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        return new Opened(name, page, answer!.Status, complaints, strangers);
    }

    [Test]
    public void It_asks_nobody_else_and_the_browser_has_nothing_to_complain_about()
    {
        Assert.That(_strangers, Is.Empty);
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task It_does_not_scroll_sideways()
    {
        var widths = await _page.EvaluateAsync<int[]>("() => [document.scrollingElement.scrollWidth, innerWidth]");

        Assert.That(widths[0], Is.LessThanOrEqualTo(widths[1]));
        Assert.That(widths[1], Is.EqualTo(width));
    }

    [Test]
    public async Task Nothing_of_a_tile_is_clipped_outside_of_it_or_over_something_else()
    {
        var cards = _page.Locator(".card");

        Assert.That(await cards.CountAsync(), name is "board" or "segment" or "compact" ? Is.GreaterThan(10) : name == "months" ? Is.GreaterThan(4) : Is.Zero);
        Assert.That(await cards.EvaluateAllAsync<string[]>(FindMisplaced), Is.Empty);
    }

    [Test]
    public async Task Its_colors_are_those_that_the_reader_prefers()
    {
        var canvas = await _page.EvaluateAsync<int[]>(
            "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)");

        Assert.That(canvas.Average(), scheme == ColorScheme.Dark ? Is.LessThan(60) : Is.GreaterThan(200));
    }

    [Test]
    public async Task Axe_finds_nothing_that_keeps_people_out()
    {
        Assert.That(await _page.BarriersAsync(), Is.Empty);
    }

    private sealed record Opened(string Name, IPage Page, int Status, List<string> Complaints, List<string> Strangers);
}
