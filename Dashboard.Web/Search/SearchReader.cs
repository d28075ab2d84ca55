using System.Security.Claims;
using Dashboard.Web.Access;
using Dashboard.Web.Pages;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Authorization;

namespace Dashboard.Web.Search;

/// <summary>Everything that a reader may find.</summary>
public sealed class SearchReader(LiveDefinition live, TargetReader targets, IAuthorizationService authorization)
{
    private const int OnBoard = 6;
    private const int IsCertified = 2;

    /// <summary>The entries in no order that matters, without those that the reader may not be told of.</summary>
    public async Task<IReadOnlyList<SearchEntry>> ReadAsync(ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var entries = new List<SearchEntry>();
        entries.AddRange(Pages());
        entries.AddRange(Commands());
        entries.AddRange(Definitions(company));
        entries.AddRange(await TargetsAsync(company, cancellationToken));

        var may = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var policy in entries.Select(entry => entry.Policy).Distinct())
            may[policy] = (await authorization.AuthorizeAsync(reader, null, policy)).Succeeded;
        return [.. entries.Where(entry => may[entry.Policy])];
    }

    private static IEnumerable<SearchEntry> Pages() =>
    [
        .. Section.All.Select(section => Entry(SearchKind.Page, section.Name, section.Address, section.Holds)),
        Entry(SearchKind.Page, "Inbox of pushes", "/sources/inbox", "Pushed values that map to no metric yet"),
        Entry(SearchKind.Page, "Look and keys", "/look", "Light or dark, density, and what the keyboard does", "settings preferences theme shortcuts"),
    ];

    private static IEnumerable<SearchEntry> Commands() =>
    [
        Board("Compare with the period before", "compare=previous", "Changes on the week, month or quarter before"),
        Board("Compare with last year", "compare=year", "Changes on the same period a year before"),
        Board("Compare with the plan", "compare=plan", "Variances against the targets"),
        Board("Compare with the average", "compare=average", "Changes on the mean of the four periods before"),
        Board("Go to scorecard", "view=scorecard", "The board as one row a metric"),
        Board("Go to cards", "view=cards", "The board as tiles with charts"),
        Entry(SearchKind.Command, "Dark theme", "/look", "Every page dark in this browser", "night") with { Act = "theme-dark" },
        Entry(SearchKind.Command, "Light theme", "/look", "Every page light in this browser", "day") with { Act = "theme-light" },
        Entry(SearchKind.Command, "Theme as the system", "/look", "Light or dark as this device says", "auto") with { Act = "theme-system" },
        Entry(SearchKind.Command, "Compact density", "/look", "Four tiles in a row", "dense deck") with { Act = "density-compact" },
        Entry(SearchKind.Command, "Comfortable density", "/look", "Three tiles in a row", "roomy") with { Act = "density-comfortable" },
        Entry(SearchKind.Command, "Keyboard shortcuts", "/look#keys", "What each key does", "help keys") with { Act = "keys" },
        Entry(SearchKind.Command, "Print view", "", "This page on paper or as a PDF", "print pdf paper") with { Act = "print" },
        Entry(SearchKind.Command, "Set a target", "/targets/set", "Promise a figure for a period", "goal plan budget") with { Policy = Policies.Operate },
        Entry(SearchKind.Command, "Download targets", "/targets.csv", "The targets in force as a file", "csv export"),
    ];

    private static IEnumerable<SearchEntry> Definitions(CompanyDefinition company)
    {
        var shown = company.Boards.SelectMany(board => board.Tiles).Select(tile => tile.Metric).ToHashSet(StringComparer.Ordinal);
        foreach (var board in company.Boards)
            yield return Entry(SearchKind.Board, board.Name, $"/boards/{board.Id}", $"Board by {board.Grain.Name()}", board.Id);

        foreach (var metric in company.Catalog.Metrics)
        {
            yield return Entry(SearchKind.Metric, metric.Name, $"/metrics/{metric.Id}", metric.Description, metric.Id) with
            {
                Weight = (shown.Contains(metric.Id) ? OnBoard : 0) + (metric.Certified ? IsCertified : 0),
            };
        }

        foreach (var rule in company.Alerts)
        {
            var about = company.Catalog.TryGet(rule.Metric, out var metric) ? metric.Name : rule.Metric;
            yield return Entry(SearchKind.Alert, $"Alert on {about}", $"/alerts/{rule.Id}", $"Rule {rule.Id}", rule.Id);
        }

        foreach (var source in company.Sources)
        {
            var streams = string.Join(", ", source.Streams.Select(stream => stream.Name));
            yield return Entry(SearchKind.Source, source.Id.Replace('_', ' '), $"/sources#{source.Id}", $"Source with {streams}", source.Id);
        }
    }

    private async Task<IEnumerable<SearchEntry>> TargetsAsync(CompanyDefinition company, CancellationToken cancellationToken)
    {
        var book = company.Targets;
        try
        {
            book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
        }
        catch (StoreUnreachableException)
        {
            // Those of the files are found meanwhile.
        }

        return book.Targets.GroupBy(target => target.Metric)
            .Where(group => company.Catalog.TryGet(group.Key, out _))
            .Select(group => Entry(
                SearchKind.Targets, $"Targets of {company.Catalog[group.Key].Name}", $"/targets?metric={group.Key}",
                string.Join(", ", group.Select(target => target.Version).Distinct()), group.Key));
    }

    private static SearchEntry Board(string title, string choice, string detail) =>
        Entry(SearchKind.Command, title, $"/?{choice}", detail) with { Act = "board " + choice.Replace('=', ' ') };

    private static SearchEntry Entry(SearchKind kind, string title, string address, string detail, params string[] names) =>
        new(kind, title, address, detail, names) { Policy = Policies.View };
}
