using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Drivers;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Tree;

/// <summary>A metric, what drives it, and what drives that, with what each adds to a change.</summary>
public sealed class IndexModel(LiveDefinition live, MetricTreeReader trees, KnownDays knownDays, TimeProvider clock) : PageModel
{
    public Metric? Metric { get; private set; }

    /// <summary>The metrics that have a tree.</summary>
    public IReadOnlyList<Metric> Roots { get; private set; } = [];

    /// <summary>The metrics that this one drives, to go up to.</summary>
    public IReadOnlyList<Metric> Drives { get; private set; } = [];

    public TreeAddress Address { get; private set; } = null!;

    /// <summary>Null where the metric is not known in both periods.</summary>
    public TreeView? Root { get; private set; }

    public string After { get; private set; } = "";

    public string Before { get; private set; } = "";

    public string? LastDay { get; private set; }

    public string? Earlier { get; private set; }

    public string? Later { get; private set; }

    public static IReadOnlyList<Grain> Grains { get; } = [Grain.Week, Grain.Month, Grain.Quarter];

    public async Task<IActionResult> OnGetAsync(string? metric, string? root, string? grain, string? period, string? against, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var calendar = company.Calendar;

        // The form of a page without scripts names the metric behind the question mark.
        if (metric is null && !string.IsNullOrEmpty(root))
            return company.Catalog.TryGet(root, out _)
                ? Redirect(new TreeAddress(root, GrainNames.TryParse(grain) ?? Grain.Week, string.IsNullOrEmpty(period) ? null : period, against == TreeAddress.Year).Write())
                : this.NotFoundBecause($"There is no metric '{root}'.");
        if (metric is not null && !company.Catalog.TryGet(metric, out _))
            return this.NotFoundBecause($"There is no metric '{metric}'.");
        if (GrainNames.TryParse(string.IsNullOrEmpty(grain) ? Grain.Week.Name() : grain) is not { } known)
            return this.NotFoundBecause($"'{grain}' is no grain. Use day, week, month, quarter or year.");
        Period? asked = null;
        if (!string.IsNullOrEmpty(period))
        {
            if (!calendar.TryParse(period, out _, out var named))
                return this.NotFoundBecause($"'{period}' is no period of the calendar.");
            asked = calendar.Containing(known, named.LastDay);
        }

        Roots = MetricTreeReader.Roots(company.Catalog);
        var candidates = metric is null ? Roots : [company.Catalog[metric]];
        var days = await knownDays.ReadAsync(calendar, company.Catalog, [.. candidates], known, null, cancellationToken);
        Metric = candidates.FirstOrDefault(one => days[one.Id] is not null) ?? (candidates.Count > 0 ? candidates[0] : null);
        if (Metric is null)
            return Page();

        Drives = company.Catalog.DrivenBy(Metric);
        Address = new TreeAddress(Metric.Id, known, asked is null ? null : calendar.Key(known, asked), against == TreeAddress.Year);
        if (days[Metric.Id] is not { } span)
            return Page();

        var newest = NewestComplete(calendar, known, span);
        var shown = asked ?? newest;
        var before = Address.OnYear ? calendar.YearAgo(known, shown) : calendar.Previous(known, shown);
        Address = Address with { Period = calendar.Key(known, shown) };
        (After, Before, LastDay) = (calendar.Label(known, shown), calendar.Name(known, before), $"{shown.LastDay:yyyy-MM-dd}");
        Earlier = shown.Start > span.Start ? (Address with { Period = calendar.Key(known, calendar.Previous(known, shown)) }).Write() : null;
        Later = shown.Start < newest.Start ? (Address with { Period = calendar.Key(known, calendar.Shift(known, shown, 1)) }).Write() : null;
        if (await trees.ReadAsync(calendar, company.Catalog, new TreeQuery(Metric, known, shown, before), cancellationToken) is { } tree)
            Root = new TreeView(tree, null, "n", Address, calendar);
        return Page();
    }

    private Period NewestComplete(ReportingCalendar calendar, Grain grain, Period known)
    {
        var last = calendar.Containing(grain, known.LastDay);
        var today = calendar.Today(clock);
        return last.End <= known.End && last.End <= today ? last : calendar.Previous(grain, last.End <= today ? last : calendar.Containing(grain, today < known.End ? today : known.LastDay));
    }
}
