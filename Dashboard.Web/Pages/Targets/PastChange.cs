using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Targets;

/// <summary>One change of a target, as the history tells it.</summary>
/// <param name="Metric">What the metric is called, or its id where there is none any more.</param>
/// <param name="What">Period, version and segment.</param>
/// <param name="Old">What counted before: an earlier change's value or the file's; null for nothing.</param>
/// <param name="Address">The page of the target; null where the workspace has its metric no longer.</param>
public sealed record PastChange(TargetChange Change, string Metric, string What, decimal? Old, ValueFormat Format, string? Address)
{
    internal static IReadOnlyList<PastChange> Of(IReadOnlyList<TargetChange> newestFirst, CompanyDefinition company)
    {
        var calendar = company.Calendar;
        var before = new Dictionary<(string, string, Grain, string, Segment), decimal?>();
        var told = new List<PastChange>();
        foreach (var change in newestFirst.Reverse())
        {
            var key = (change.Metric, change.Version, change.Grain, change.Period, change.Segment);
            var old = before.GetValueOrDefault(key) ?? FileValue(company, change);
            before[key] = change.Value;
            var metric = company.Catalog.TryGet(change.Metric, out var known) ? known : null;
            told.Add(new PastChange(
                change, metric?.Name ?? change.Metric, WhatOf(change), old, new ValueFormat(metric?.Unit ?? Unit.Count, calendar.Settings.Currency),
                metric is null ? null : "/targets/set" + TargetAddress.Of(change.Metric, change.Version, change.Grain, change.Period, change.Segment)));
        }

        told.Reverse();
        return told;

        string WhatOf(TargetChange change)
        {
            var period = calendar.TryParse(change.Grain, change.Period, out var days) ? calendar.Name(change.Grain, days) : change.Period;
            return $"{period} · {change.Version}{(change.Segment.IsTotal ? "" : $" · {change.Segment}")}";
        }
    }

    private static decimal? FileValue(CompanyDefinition company, TargetChange change) => company.Targets.Targets
        .FirstOrDefault(target => target.Metric == change.Metric && target.Version == change.Version && target.Grain == change.Grain
            && target.Segment.Equals(change.Segment) && company.Calendar.Key(target.Grain, target.Period) == change.Period)?.Value;
}
