using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>The catalog: what is measured, what it means, and where each figure stands.</summary>
public sealed class IndexModel(LiveDefinition live, CatalogReader catalog) : PageModel
{
    public CatalogQuery Asked { get; private set; } = new();

    /// <summary>The metrics that are shown, by category; in each those with data first.</summary>
    public IReadOnlyList<(string Category, IReadOnlyList<CatalogEntry> Entries)> Groups { get; private set; } = [];

    /// <summary>How many metrics of the catalog are shown.</summary>
    public int Shown => Groups.Sum(group => group.Entries.Count);

    public int All { get; private set; }

    /// <summary>How many are asked for and left out, because nothing is known of them.</summary>
    public int Hidden { get; private set; }

    /// <summary>Whether anything is known of any metric; where nothing is, all are shown.</summary>
    public bool HasData { get; private set; }

    public IReadOnlyList<string> Categories { get; private set; } = [];

    public IReadOnlyList<string> Owners { get; private set; } = [];

    public string Currency { get; private set; } = "";

    /// <summary>Why figures may be out of date or missing; null where they are what the store says now.</summary>
    public string? HeldBecause { get; private set; }

    public ValueFormat FormatOf(Metric metric) => new(metric.Unit, Currency);

    /// <summary>The period of a figure: "W46 · 9–15 Nov 2026".</summary>
    public string PeriodOf(CatalogEntry entry) => live.Current.Calendar.Label(entry.Grain, entry.Newest!.Period);

    public async Task OnGetAsync(
        string? q, string? category, string? owner, string? kind, string? certified, string? data, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var view = await catalog.ReadAsync(company, cancellationToken);
        Asked = new CatalogQuery { Q = q?.Trim(), Category = category, Owner = owner, Kind = kind, Certified = certified, Data = data };
        (Currency, HeldBecause, All) = (company.Calendar.Settings.Currency, view.HeldBecause, view.Entries.Count);
        HasData = view.Entries.Any(entry => entry.Known is not null);
        Owners = [.. view.Entries.Select(entry => entry.Metric.Owner).OfType<string>().Distinct().Order(StringComparer.CurrentCultureIgnoreCase)];
        Categories = [.. Metric.Categories.Where(name => view.Entries.Any(entry => entry.Metric.Category == name))];

        CatalogEntry[] asked = [.. view.Entries.Where(entry => Asked.Asks(entry.Metric))];
        CatalogEntry[] shown = [.. asked.Where(entry => entry.Known is not null || Asked.WithoutData || !HasData)];
        Hidden = asked.Length - shown.Length;
        Groups =
        [
            .. Categories
                .Select(name => (
                    name,
                    (IReadOnlyList<CatalogEntry>)[.. shown.Where(entry => entry.Metric.Category == name).OrderBy(entry => entry.Known is null)]))
                .Where(group => group.Item2.Count > 0),
        ];
    }
}
