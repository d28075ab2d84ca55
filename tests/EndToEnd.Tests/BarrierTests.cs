using Microsoft.Playwright;
using NUnit.Framework;

namespace EndToEnd.Tests;

/// <summary>What the other tests rely on when they say that nothing keeps people out.</summary>
public sealed class BarrierTests
{
    private IPage _page = null!;

    [SetUp]
    public async Task OpenAsync() => _page = await (await Product.Browser.NewContextAsync()).NewPageAsync();

    [TearDown]
    public Task CloseAsync() => _page.Context.CloseAsync();

    [TestCase("""<img src="data:,">""", "image-alt")]
    [TestCase("""<input name="amount">""", "label")]
    [TestCase("""<p style="color: #999; background: #fff">Revenue</p>""", "color-contrast")]
    public async Task A_page_that_keeps_people_out_is_found(string body, string rule)
    {
        await _page.SetContentAsync($"""<!doctype html><html lang="en"><title>Board</title><main><h1>Board</h1>{body}</main></html>""");

        Assert.That(await _page.BarriersAsync(), Has.Length.EqualTo(1).And.ItemAt(0).StartsWith(rule + ":"));
    }
}
