using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>The catalog, by category.</summary>
public sealed class IndexModel(LiveDefinition live) : PageModel
{
    public IReadOnlyList<IGrouping<string, Metric>> Categories { get; private set; } = [];

    public string Currency { get; private set; } = "";

    public void OnGet()
    {
        var company = live.Current;
        Currency = company.Calendar.Settings.Currency;
        Categories = [.. company.Catalog.Metrics.GroupBy(metric => metric.Category).OrderBy(group => group.Key, StringComparer.Ordinal)];
    }
}
