using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>All targets of a workspace. Of two for the same metric, version, period and segment the later one counts.</summary>
public sealed class TargetBook
{
    private readonly Dictionary<(string Metric, string Version, Segment Segment), Target[]> _plans;

    public TargetBook(IEnumerable<Target> targets)
    {
        var latest = new OrderedDictionary<(string, string, Segment, Period), Target>();
        foreach (var target in targets)
            latest[(target.Metric, target.Version, target.Segment, target.Period)] = target;
        Targets = [.. latest.Values];
        _plans = Targets
            .GroupBy(target => (target.Metric, target.Version, target.Segment))
            .ToDictionary(group => group.Key, group => group.ToArray());
    }

    /// <summary>A book without targets.</summary>
    public static TargetBook Empty { get; } = new([]);

    public IReadOnlyList<Target> Targets { get; }

    /// <summary>The plan versions that have a target of some metric, by name with the default first.</summary>
    public IReadOnlyList<string> Versions =>
        [.. Targets.Select(target => target.Version).Distinct().OrderBy(version => version != Target.DefaultVersion).ThenBy(version => version, StringComparer.Ordinal)];

    /// <summary>The plan of a metric and segment in a version; null where the version has no target of it.</summary>
    public Plan? PlanOf(ReportingCalendar calendar, MetricCatalog catalog, Metric metric, string version, Segment segment) =>
        _plans.TryGetValue((metric.Id, version, segment), out var targets) ? new Plan(catalog.AccrualOf(metric), calendar, targets, metric.Pace) : null;

    /// <summary>The plans of some versions that there are, in the order in which they win.</summary>
    public IReadOnlyList<Plan> PlansOf(ReportingCalendar calendar, MetricCatalog catalog, Metric metric, IEnumerable<string> versions, Segment segment) =>
        [.. versions.Select(version => PlanOf(calendar, catalog, metric, version, segment)).OfType<Plan>()];

    /// <summary>This book with other targets on top, which win.</summary>
    public TargetBook With(IReadOnlyCollection<Target> others) => others.Count == 0 ? this : new TargetBook([.. Targets, .. others]);
}
