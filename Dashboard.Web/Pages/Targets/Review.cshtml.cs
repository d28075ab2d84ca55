using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>What was promised, and where that stands.</summary>
public sealed class ReviewModel(
    LiveDefinition live, TargetReader targets, TargetReviewBuilder reviews, ITargetStore store, TimeProvider clock) : PageModel
{
    /// <summary>What the year filter says for no filter.</summary>
    public const string EveryYear = "all";

    public IReadOnlyList<ReviewedPlan> Plans { get; private set; } = [];

    /// <summary>Whether there is any target, whatever the filters say.</summary>
    public bool HasTargets { get; private set; }

    public TargetQuery Query { get; private set; } = new();

    public IReadOnlyList<string> Versions { get; private set; } = [];

    public IReadOnlyList<Metric> Metrics { get; private set; } = [];

    public IReadOnlyList<Grain> Grains { get; private set; } = [];

    public IReadOnlyList<(int Year, string Name)> Years { get; private set; } = [];

    public IReadOnlyList<Segment> Segments { get; private set; } = [];

    /// <summary>What was done to the targets of the metric that is asked for, newest first; empty where none is.</summary>
    public IReadOnlyList<PastChange> History { get; private set; } = [];

    /// <summary>The change that led here; null where none did.</summary>
    public PastChange? Changed { get; private set; }

    /// <summary>Where the same targets are as a file.</summary>
    public string FileAddress => "/targets.csv" + TargetAddress.Of(Query);

    /// <summary>Where all targets of a plan are shown.</summary>
    public string AddressOfAll(ReviewedPlan plan) =>
        "/targets/review" + TargetAddress.Of(Query with { Metric = plan.Metric.Id, Version = plan.Version, Segment = plan.Segment.Text })
        + (Query.Year is null ? "&year=" + EveryYear : "");

    public async Task<IActionResult> OnGetAsync(
        string? version, string? metric, string? grain, string? year, string? segment, bool changed, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var calendar = company.Calendar;
        var book = await targets.ReadAsync(calendar, company.Catalog, company.Targets, cancellationToken);
        HasTargets = book.Targets.Count > 0;
        Versions = book.Versions;
        Metrics =
        [
            .. company.Catalog.Metrics.Where(one => book.Targets.Any(target => target.Metric == one.Id)).OrderBy(one => one.Name, StringComparer.Ordinal),
        ];
        Grains = [.. book.Targets.Select(target => target.Grain).Distinct().Order()];
        Segments =
        [
            .. book.Targets.Select(target => target.Segment).Distinct().OrderBy(one => !one.IsTotal).ThenBy(one => one.Text, StringComparer.Ordinal),
        ];
        var thisYear = calendar.FiscalYear(calendar.Today(clock));
        Years =
        [
            .. book.Targets.Select(target => calendar.FiscalYear(target.Period.LastDay)).Append(thisYear)
                .Distinct().OrderDescending().Select(one => (one, calendar.Label(Grain.Year, calendar.FiscalYearPeriod(one)))),
        ];

        int? asked = int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : year == EveryYear ? null : thisYear;
        Query = new TargetQuery(Given(version), Given(metric), GrainNames.TryParse(grain), asked, Given(segment));
        Plans = await reviews.BuildAsync(calendar, company.Catalog, book, Query, all: Query.Metric is not null, cancellationToken);
        if (Query.Metric is not null && company.Catalog.TryGet(Query.Metric, out var known))
        {
            History = PastChange.Of(await store.HistoryAsync(known.Id, cancellationToken), company);
            Changed = changed && History.Count > 0 ? History[0] : null;
        }

        return Page();
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
