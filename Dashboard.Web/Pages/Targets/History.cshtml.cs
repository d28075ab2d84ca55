using Metrics.Core.Definitions;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>Everything that was done to targets on the pages, newest first.</summary>
public sealed class HistoryModel(LiveDefinition live, ITargetStore store) : PageModel
{
    private const int MostShown = 200;

    public TargetHistoryQuery Query { get; private set; } = new();

    public IReadOnlyList<PastChange> Changes { get; private set; } = [];

    /// <summary>How many older changes are left out.</summary>
    public int More { get; private set; }

    /// <summary>Whether there is any change, whatever is asked for.</summary>
    public bool HasAny { get; private set; }

    public IReadOnlyList<(string Id, string Name)> Metrics { get; private set; } = [];

    public IReadOnlyList<string> Versions { get; private set; } = [];

    public IReadOnlyList<string> People { get; private set; } = [];

    public async Task OnGetAsync(string? metric, string? version, string? by, CancellationToken cancellationToken)
    {
        var company = live.Current;
        Query = new TargetHistoryQuery(Given(metric), Given(version), Given(by));
        var all = await store.HistoryAsync(new TargetHistoryQuery(), cancellationToken);
        HasAny = all.Count > 0;
        Metrics =
        [
            .. all.Select(change => change.Metric).Distinct()
                .Select(id => (id, company.Catalog.TryGet(id, out var known) ? known.Name : id)).OrderBy(pair => pair.Item2, StringComparer.Ordinal),
        ];
        Versions = [.. all.Select(change => change.Version).Distinct().Order(StringComparer.Ordinal)];
        People = [.. all.Select(change => change.By).Distinct().Order(StringComparer.Ordinal)];

        // What was before is told by older changes, whoever made them: told first and chosen from afterwards.
        PastChange[] asked =
        [
            .. PastChange.Of(all, company).Where(past =>
                (Query.Metric is null || past.Change.Metric == Query.Metric) && (Query.Version is null || past.Change.Version == Query.Version)
                && (Query.By is null || past.Change.By == Query.By)),
        ];
        (Changes, More) = ([.. asked.Take(MostShown)], Math.Max(0, asked.Length - MostShown));
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
