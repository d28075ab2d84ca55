using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Cohorts;

/// <summary>How much of each cohort is left at each age.</summary>
public sealed class IndexModel(LiveDefinition live, CohortReader cohorts) : PageModel
{
    /// <summary>The metrics that have cohorts, to choose from.</summary>
    public IReadOnlyList<Metric> Metrics { get; private set; } = [];

    public Metric? Metric { get; private set; }

    public CohortAddress Address { get; private set; } = null!;

    /// <summary>Null where nothing is known by the grain.</summary>
    public CohortsView? View { get; private set; }

    public bool HasSources { get; private set; }

    public static IReadOnlyList<Grain> Grains => CohortReader.Grains;

    public async Task<IActionResult> OnGetAsync(string? metric, string? grain, string? cells, string[]? cohort, CancellationToken cancellationToken)
    {
        var company = live.Current;
        HasSources = company.Sources.Count > 0;
        Metrics = CohortReader.MetricsOf(company.Catalog);
        if (metric is not null && Metrics.All(one => one.Id != metric))
            return this.NotFoundBecause($"There are no cohorts of '{metric}'.");
        if (GrainNames.TryParse(string.IsNullOrEmpty(grain) ? Grain.Week.Name() : grain) is not { } known || !Grains.Contains(known))
            return this.NotFoundBecause($"'{grain}' is no grain of cohorts. Use week, month or quarter.");

        // Without a metric the first is shown of which something is known.
        var asked = Metrics.Where(one => metric is null || one.Id == metric);
        foreach (var one in asked)
        {
            (Metric, Address) = (one, new CohortAddress(one.Id, known, cells == CohortAddress.Number, cohort ?? []));
            if (await cohorts.ReadAsync(company.Calendar, company.Catalog, one, known, cancellationToken) is { } triangle)
            {
                View = new CohortsView(
                    triangle, one, company.Catalog[one.Formula!.Metrics[0]], company.Calendar, Address.Numbers, Address.Chosen);
                break;
            }
        }

        return Page();
    }
}
