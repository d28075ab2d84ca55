using System.Text;
using AngleSharp.Html.Parser;
using Dashboard.Web.Rendering;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

public sealed class BoardDocumentTests
{
    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_file_shows_the_tiles_of_the_page_and_needs_nothing_else()
    {
        var html = await WriteAsync(site: null);
        var file = await new HtmlParser().ParseDocumentAsync(html);
        var page = await _dashboard.PageAsync("/");

        Assert.That(file.QuerySelectorAll(".card .value").Select(value => value.TextContent), Is.EqualTo(page.QuerySelectorAll(".card .value").Select(value => value.TextContent)));
        Assert.That(file.QuerySelectorAll("svg.six-twelve"), Has.Length.EqualTo(page.QuerySelectorAll("svg.six-twelve").Length).And.Length.GreaterThan(0));
        Assert.That(file.QuerySelectorAll("script, link, img, form, [src], [href]"), Is.Empty);
        Assert.That(file.QuerySelector("style")!.TextContent, Does.Contain(".card"));
    }

    [Test]
    public async Task Its_links_lead_to_the_dashboard_where_that_is_known()
    {
        var file = await new HtmlParser().ParseDocumentAsync(await WriteAsync(new Uri("https://kpi.example.com")));

        Assert.That(file.QuerySelector(".card h3 a")!.GetAttribute("href"), Is.EqualTo("https://kpi.example.com/metrics/visits?grain=week"));
    }

    [Test]
    public async Task Hostile_names_stay_text()
    {
        var file = await new HtmlParser().ParseDocumentAsync(await WriteAsync(site: null));

        Assert.That(file.QuerySelectorAll("script, img"), Is.Empty);
        Assert.That(file.QuerySelectorAll(".card h3").Select(name => name.TextContent.Trim()), Does.Contain("<script>alert(1)</script>"));
    }

    private async Task<string> WriteAsync(Uri? site)
    {
        var company = _dashboard.Services.GetRequiredService<LiveDefinition>().Current;
        var board = await _dashboard.Services.GetRequiredService<BoardBuilder>()
            .BuildAsync(company.Boards[0], company.Calendar, company.Catalog, company.Targets, null, CancellationToken.None);
        using var target = new MemoryStream();
        await _dashboard.Services.GetRequiredService<BoardDocument>().WriteAsync(board, site, target, CancellationToken.None);
        return Encoding.UTF8.GetString(target.ToArray());
    }
}
