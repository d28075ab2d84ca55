using Microsoft.Playwright;
using NUnit.Framework;

namespace EndToEnd.Tests;

/// <summary>What other websites can do with the board through the browser of whoever may see it.</summary>
[TestFixture]
public sealed class Safety
{
    [Test]
    public async Task A_foreign_name_that_leads_to_this_machine_is_refused()
    {
        await using var browser = await Product.LaunchAsync("--host-resolver-rules=MAP board.example 127.0.0.1");
        var page = await browser.NewPageAsync();

        var foreign = await page.GotoAsync($"http://board.example:{Product.Address.Port}/");
        Assert.That(foreign!.Status, Is.EqualTo(400));
        Assert.That(await page.ContentAsync(), Does.Not.Contain("Weekly product board"));

        var own = await page.GotoAsync($"http://localhost:{Product.Address.Port}/");
        Assert.That(own!.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Another_website_cannot_start_a_sync()
    {
        var page = await Product.OpenAsync("/sources");
        var before = await page.Locator("#crm .facts").InnerTextAsync();
        await page.RouteAsync("http://other.example/", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"<form method=post action=\"{new Uri(Product.Address, "/sources/crm/sync")}\"><button>Win</button></form>",
        }));
        await page.GotoAsync("http://other.example/");

        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button).ClickAsync(), response => response.Request.Method == "POST");

        Assert.That(answer.Status, Is.EqualTo(400));
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("That request could not be taken");
        await page.GotoAsync("/sources");
        Assert.That(await page.Locator("#crm .facts").InnerTextAsync(), Is.EqualTo(before));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_post_without_its_token_is_refused_even_from_a_page_of_the_board()
    {
        var page = await Product.OpenAsync("/sources");

        var status = await page.EvaluateAsync<int>("async () => (await fetch('/sources/crm/sync', { method: 'POST' })).status");

        Assert.That(status, Is.EqualTo(400));
        await page.Context.CloseAsync();
    }

    [TestCase("/")]
    [TestCase("/sources")]
    [TestCase("/metrics/mrr.csv")]
    public async Task Figures_are_neither_kept_by_the_browser_nor_framed_by_others(string path)
    {
        var page = await Product.OpenAsync("/");

        var answer = await page.APIRequest.GetAsync(path);

        Assert.That(answer.Headers["cache-control"], Is.EqualTo("no-store"));
        Assert.That(answer.Headers["content-security-policy"], Does.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
        await page.Context.CloseAsync();
    }
}
