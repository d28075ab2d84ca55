using System.Globalization;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dashboard.Web.Rendering;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Findings;
using Metrics.Core.Models;
using Metrics.Core.Narratives;
using Metrics.Core.Reports;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>Rows that models warn of are said wherever their figures are shown.</summary>
public sealed class WarningTests
{
    private const string Board = """
        id: losses
        name: Losses
        sections: [{ name: All, tiles: [{ metric: churned }, { metric: per_visit }, { metric: visits }] }]
        """;

    private static readonly DataWarning LeftOut = new(
        "no_day", "1,234 losses have no <day>, and are left out.", 1234, true,
        [.. Enumerable.Range(1, 100).Select(i => new WarnedRow("crm/losses", i.ToString(CultureInfo.InvariantCulture), "<b>no day</b>"))])
    {
        Metrics = ["churned"],
    };

    private static readonly DataWarning Noted = new("twice", "1 visit came twice.", 1, false, [new("site/visits", "v-7", "12:00")])
    {
        Metrics = ["visits"],
    };

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync("boards/losses.yaml", Board);
        await WarnAsync(Noted, LeftOut);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task The_metric_page_says_that_figures_are_incomplete_and_lists_the_rows()
    {
        var page = await _dashboard.PageAsync("/metrics/churned");

        var note = page.QuerySelectorAll(".note.warned").Single();
        Assert.That(note.ClassList, Does.Contain("watch"));
        Assert.That(note.QuerySelectorAll("p").Select(text => text.TextContent).Take(2),
            Is.EqualTo(new[] { "◐ Incomplete: 1,234 rows left out", "1,234 losses have no <day>, and are left out." }));
        Assert.That(note.QuerySelectorAll("details tbody tr").Length, Is.EqualTo(100));
        Assert.That(note.QuerySelectorAll("details tbody tr:first-child > *").Select(cell => cell.TextContent),
            Is.EqualTo(new[] { "crm/losses", "1", "<b>no day</b>" }));
        Assert.That(note.QuerySelector("details .muted")!.TextContent, Is.EqualTo("… and 1,134 more."));
    }

    [Test]
    public async Task Rows_that_are_counted_are_a_milder_note()
    {
        var note = (await _dashboard.PageAsync("/metrics/visits")).QuerySelectorAll(".note.warned").Single();

        Assert.That(note.ClassList, Does.Not.Contain("watch"));
        Assert.That(note.TextContent, Does.Contain("1 visit came twice.").And.Not.Contain("Incomplete"));
    }

    [Test]
    public async Task A_formula_is_as_incomplete_as_what_it_reads()
    {
        var notes = (await _dashboard.PageAsync("/metrics/per_visit")).QuerySelectorAll(".note.warned").ToArray();

        Assert.That(notes.Select(note => note.ClassList.Contains("watch")), Is.EqualTo(new[] { true, false }));
        Assert.That((await _dashboard.PageAsync("/metrics/late")).QuerySelector(".note.warned"), Is.Null);
        var then = await _dashboard.PageAsync("/metrics/churned?as_of=2026-11-16");
        Assert.That(then.QuerySelector(".note.warned"), Is.Null, "nobody knows what was wrong then");
    }

    [Test]
    public async Task The_sources_page_lists_all_of_them()
    {
        var warnings = (await _dashboard.PageAsync("/sources")).QuerySelectorAll("#warnings > ul > li");

        var chips = warnings.Select(warning => warning.QuerySelector(".chip")!.TextContent.Trim());
        Assert.That(chips, Is.EqualTo(new[] { "◐ Left out", "○ Noted" }));
        Assert.That(warnings[0].QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("/metrics/churned"));
        Assert.That(warnings[0].QuerySelectorAll("tbody tr").Length, Is.EqualTo(100));
    }

    [Test]
    public async Task Tiles_of_figures_that_lack_rows_carry_a_mark_on_the_page_in_the_document_and_in_json()
    {
        var company = _dashboard.Services.GetRequiredService<LiveDefinition>().Current;
        var board = await _dashboard.Services.GetRequiredService<BoardBuilder>()
            .BuildAsync(company.FindBoard("losses")!, company.Calendar, company.Catalog, company.Targets, null, CancellationToken.None);
        using MemoryStream document = new(), json = new();
        await _dashboard.Services.GetRequiredService<BoardDocument>().WriteAsync(board, null, document, CancellationToken.None);
        var findings = await _dashboard.Services.GetRequiredService<FindingReader>()
            .ReadAsync(board, company.Calendar, company.Catalog, [], CancellationToken.None);
        await BoardJson.WriteAsync(board, findings, Narrative.Empty, json, CancellationToken.None);

        const string mark = "◐ Incomplete: 1,234 rows left out: 1,234 losses have no <day>, and are left out.";
        var page = await _dashboard.PageAsync("/boards/losses");
        var file = await new HtmlParser().ParseDocumentAsync(Encoding.UTF8.GetString(document.ToArray()));
        foreach (var shown in new[] { page, file })
            Assert.That(shown.QuerySelectorAll(".card").Select(card => card.QuerySelector(".left-out")?.TextContent), Is.EqualTo(new[] { mark, mark, null }));

        var tiles = JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("sections")[0].GetProperty("tiles");
        Assert.That(tiles[1].GetProperty("left_out")[0].GetProperty("rows").GetInt64(), Is.EqualTo(1234));
        Assert.That(tiles[2].GetProperty("left_out").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_board_that_is_kept_follows_when_rows_are_mended()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        Assert.That((await dashboard.PageAsync("/")).QuerySelector(".left-out"), Is.Null);

        var states = dashboard.Services.GetRequiredService<IModelStateStore>();
        await states.SetWarningsAsync("crm", [LeftOut], CancellationToken.None);
        Assert.That((await dashboard.PageAsync("/")).QuerySelectorAll(".left-out").Length, Is.EqualTo(1));
        await states.SetWarningsAsync("crm", [], CancellationToken.None);
        Assert.That((await dashboard.PageAsync("/")).QuerySelector(".left-out"), Is.Null);
    }

    private Task WarnAsync(params DataWarning[] warnings) =>
        _dashboard.Services.GetRequiredService<IModelStateStore>().SetWarningsAsync("crm", warnings, CancellationToken.None);
}
