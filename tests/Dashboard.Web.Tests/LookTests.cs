using System.Net;
using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dashboard.Web.Access;
using Dashboard.Web.Pages;
using Metrics.Core.Connectors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

/// <summary>The frame of pages: looks, keys, search, and the states that a tile can be in.</summary>
public sealed class LookTests
{
    private RunningDashboard _dashboard = null!;

    [SetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [TestCase("kpi-theme=dark; kpi-density=compact", "dark", "compact")]
    [TestCase("kpi-theme=pink; kpi-density=tiny", null, null)]
    [TestCase("kpi-keys=off", null, null)]
    public async Task The_server_writes_the_look_into_the_page(string cookie, string? theme, string? density)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie);
        using var response = await _dashboard.Http.SendAsync(request);
        var root = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync()).DocumentElement;

        Assert.That(root.GetAttribute("data-theme"), Is.EqualTo(theme ?? ""));
        Assert.That(root.GetAttribute("data-density"), Is.EqualTo(density ?? ""));
    }

    [TestCase("/")]
    [TestCase("/boards/weekly")]
    [TestCase("/search")]
    public async Task The_frame_holds_no_token(string address)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));

        Assert.That(response.Headers.Contains("Set-Cookie"), Is.False);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("__RequestVerificationToken"));
    }

    [Test]
    public async Task The_bar_has_every_section_and_says_where_the_reader_is()
    {
        var bar = (await _dashboard.PageAsync("/metrics")).QuerySelector("#sections")!;

        Assert.That(
            bar.QuerySelectorAll("a:not(.narrow)").Select(link => link.GetAttribute("href")),
            Is.EqualTo(Section.All.Where(section => section.InBar).Select(section => section.Address)));
        Assert.That(bar.QuerySelector("[aria-current=page]")!.TextContent, Is.EqualTo("Metrics"));
    }

    [Test]
    public async Task Every_key_of_the_table_does_something()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dashboard.Web/wwwroot/site.js"));
        var own = Regex.Match(script, @"const keys = \{.*?\n\};", RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Value;
        var more = Regex.Match(script, "for \\(const key of '(?<keys>[a-z]+)'\\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["keys"].Value;
        var known = KeyMap.Groups.SelectMany(group => group.Lines).SelectMany(line => line.Keys).Where(key => key.Length == 1).ToArray();

        Assert.That(known, Is.Unique);
        Assert.That(known.Where(key => !more.Contains(key, StringComparison.Ordinal)
            && !own.Contains($"\n  {key}:", StringComparison.Ordinal) && !own.Contains($"'{key}':", StringComparison.Ordinal)), Is.Empty);
        Assert.That((await _dashboard.PageAsync("/look")).QuerySelectorAll("#keys kbd").Select(key => key.TextContent), Is.SupersetOf(known));
    }

    [Test]
    public async Task Search_finds_without_a_script()
    {
        Assert.That(Results(await _dashboard.PageAsync("/search?q=visits"))[0], Is.EqualTo("/metrics/visits"));
        Assert.That(Results(await _dashboard.PageAsync("/search?q=weekly")), Does.Contain("/boards/weekly"));
        Assert.That(Results(await _dashboard.PageAsync("/search?q=site")), Does.Contain("/sources#site"));
        Assert.That(Results(await _dashboard.PageAsync("/search?q=dark"))[0], Is.EqualTo("/look"));
        Assert.That((await _dashboard.PageAsync("/search?q=zebra")).QuerySelector(".empty h2")!.TextContent, Is.EqualTo("Nothing fits “zebra”"));
    }

    [Test]
    public async Task The_index_is_read_again_only_when_it_changed()
    {
        using var first = await _dashboard.Http.GetAsync(new Uri("/search.json", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/search.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _dashboard.Http.SendAsync(request);
        using var index = JsonDocument.Parse(await first.Content.ReadAsStringAsync());

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(first.Headers.CacheControl!.Private, Is.True);
        Assert.That(index.RootElement.EnumerateArray().Select(entry => entry.GetProperty("title").GetString()), Does.Contain("Visits").And.Contain("Set a target"));
    }

    [Test]
    public async Task Who_may_only_look_is_not_told_of_what_others_may_do()
    {
        await using var viewers = await RunningDashboard.StartAsync(configure: services => services.AddSingleton<IClaimsTransformation, OnlyLooks>());

        Assert.That(Results(await _dashboard.PageAsync("/search?q=set a target")), Does.Contain("/targets/set"));
        Assert.That(Results(await viewers.PageAsync("/search?q=set a target")), Does.Not.Contain("/targets/set"));
        Assert.That(await viewers.Http.GetStringAsync(new Uri("/search.json", UriKind.Relative)), Does.Not.Contain("/targets/set"));
        Assert.That((await _dashboard.PageAsync("/")).QuerySelector(".card .ghost")!.GetAttribute("href"), Is.EqualTo("/targets/set?metric=visits&version=budget&grain=week&period=2026-W46"));
        Assert.That((await viewers.PageAsync("/")).QuerySelector(".card .ghost"), Is.Null);
    }

    [Test]
    public async Task A_tile_whose_source_failed_says_so_and_leads_to_it()
    {
        await FailAsync("data/visits.csv is locked.");
        var page = await _dashboard.PageAsync("/boards/weekly?week=2026-W47");
        var visits = page.QuerySelector(".card:has(h3 a[href^='/metrics/visits'])")!;

        Assert.That(visits.ClassList, Does.Contain("failing"));
        Assert.That(visits.QuerySelector(".failed")!.TextContent, Does.Contain("Sync of site failed Mon 16 Nov 09:00: data/visits.csv is locked."));
        Assert.That(visits.QuerySelector(".failed a")!.GetAttribute("href"), Is.EqualTo("/sources#site"));
        Assert.That((await _dashboard.PageAsync("/")).QuerySelector(".card:has(h3 a[href^='/metrics/visits']) .failed"), Is.Null, "its week is complete");
    }

    [Test]
    public async Task A_tile_without_data_leads_to_where_they_come_from()
    {
        var hostile = (await _dashboard.PageAsync("/")).QuerySelector(".card:has(h3 a[href^='/metrics/hostile'])")!;

        Assert.That(hostile.QuerySelectorAll(".no-figure a").Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { "/sources", "/sources/inbox" }));
        Assert.That(hostile.QuerySelector(".six-twelve"), Is.Null);
    }

    [Test]
    public async Task The_page_of_states_is_there_for_those_who_develop_alone()
    {
        await using var developing = await RunningDashboard.StartAsync(configure: services => services.AddSingleton<IHostEnvironment>(
            new HostingEnvironment { EnvironmentName = Environments.Development, ApplicationName = "kpi", ContentRootPath = AppContext.BaseDirectory }));
        var page = await developing.PageAsync("/dev/states");

        Assert.That(page.QuerySelectorAll(".story").Select(story => story.Id), Is.EqualTo(
            new[] { "loading", "no-source", "no-match", "partial", "stale", "error", "restated", "hidden", "no-target", "held" }));
        Assert.That(page.QuerySelector("#partial .chip")!.TextContent, Does.Contain("3 of 7 days"));
        Assert.That(page.QuerySelector("#stale .card-foot")!.TextContent, Does.Contain("Data to Fri 13 Nov (5 of 7 days), expected Tue 17 Nov 06:10"));
        Assert.That(page.QuerySelector("#error .failed")!.TextContent, Does.Contain("Sync of billing failed Mon 16 Nov 06:02"));
        Assert.That(page.QuerySelector("#restated .restated")!.GetAttribute("title"), Is.EqualTo("Restated: $2,421,800.00 → $2,466,300.00"));
        Assert.That(page.QuerySelector("#hidden .hidden-tiles")!.TextContent, Does.StartWith("2 tiles hidden"));
        Assert.That(page.QuerySelector("#held .note")!.TextContent, Does.Contain("Board held at W46 2026."));
        await _dashboard.PageAsync("/dev/states", HttpStatusCode.NotFound);
    }

    private async Task FailAsync(string message)
    {
        var sources = _dashboard.Services.GetRequiredService<ISourceStore>();
        var id = await sources.BeginAsync("site", _dashboard.Clock.Now, CancellationToken.None);
        await sources.FinishAsync(
            new SyncRun(id, "site", _dashboard.Clock.Now, _dashboard.Clock.Now, SyncOutcome.Failed, message, []), CancellationToken.None);
    }

    private static string[] Results(IHtmlDocument page) =>
        [.. page.QuerySelectorAll(".results a").Select(link => link.GetAttribute("href")!)];

    private sealed class OnlyLooks : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(Policies.Claim, Policies.View)], "test")));
    }
}
