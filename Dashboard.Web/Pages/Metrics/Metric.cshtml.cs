using Metrics.Core.Boards;
using Metrics.Core.Charts;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>One metric: what it means, where it comes from, and its values.</summary>
public sealed class MetricModel(LiveDefinition live, MetricSheetBuilder sheets, IEnumerable<IModel> models) : PageModel
{
    public MetricSheet Sheet { get; private set; } = null!;

    public Lineage Lineage { get; private set; } = null!;

    public string Currency { get; private set; } = "";

    public bool HasSources { get; private set; }

    /// <summary>The dimension that is broken down by; null for none.</summary>
    public string? By { get; private set; }

    /// <summary>The address of this page, or of its file, at another grain or by another dimension.</summary>
    public string Address(string ending, Grain grain, string? by) =>
        $"/metrics/{Sheet.Metric.Id}{ending}?grain={grain.Name()}{(by is null ? "" : "&by=" + Uri.EscapeDataString(by))}";

    /// <summary>The trend as a picture; empty where there is nothing to draw.</summary>
    public string Chart() => TrendChart.Draw(
        [.. Sheet.Rows.Reverse().Select(row => new TrendPoint(row.ShortLabel, row.Label, row.Value, row.YearAgo.Complete ? row.YearAgo.Value : null))],
        Sheet.Format,
        $"{Sheet.Metric.Name} by {Sheet.Grain.Name()}, {Sheet.Rows[^1].Label} to {Sheet.Rows[0].Label}. The table below has the values.");

    public async Task<IActionResult> OnGetAsync(string id, string? grain, string? by, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!company.Catalog.TryGet(id, out var metric))
            return this.NotFoundBecause($"There is no metric '{id}'.");
        if (GrainNames.TryParse(string.IsNullOrEmpty(grain) ? Grain.Week.Name() : grain) is not { } known)
            return this.NotFoundBecause($"'{grain}' is no grain. Use day, week, month, quarter or year.");

        (Currency, HasSources, By) = (company.Calendar.Settings.Currency, company.Sources.Count > 0, string.IsNullOrEmpty(by) ? null : by);
        Lineage = Lineage.Of(company, metric, models);
        Sheet = await sheets.BuildAsync(company.Calendar, company.Catalog, metric, known, By, cancellationToken);
        return Page();
    }
}
