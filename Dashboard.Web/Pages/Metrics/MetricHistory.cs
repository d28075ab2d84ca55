using Dashboard.Web.Pages.Targets;
using Metrics.Core.Annotations;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>Something that was done to a metric, its targets, its limits or its events.</summary>
/// <param name="Day">When, by the workspace's days.</param>
/// <param name="At">The moment; null where only the day is known.</param>
/// <param name="By">Who; null where that is not known.</param>
/// <param name="Subject">What was changed: "Target", "Limits", "Event", "Definition".</param>
/// <param name="Why">What was said about it; null for nothing.</param>
/// <param name="Address">Where more of it stands; null for nowhere.</param>
public sealed record MetricChange(DateOnly Day, DateTimeOffset? At, string? By, string Subject, string What, string? Why, string? Address);

/// <summary>Tells who changed what about a metric.</summary>
public sealed class MetricHistory(ITargetStore targets, IBaselineStore baselines, IAnnotationStore annotations)
{
    /// <summary>How many changes are told.</summary>
    public const int Most = 20;

    // Events are kept for the whole company; those of one metric are found among the newest.
    private const int NewestEvents = 200;

    /// <summary>The newest changes, newest first.</summary>
    /// <param name="definitions">Of the models behind the metric.</param>
    public async Task<IReadOnlyList<MetricChange>> ReadAsync(
        CompanyDefinition company, Metric metric, IReadOnlyList<ModelDefinition> definitions, CancellationToken cancellationToken)
    {
        var calendar = company.Calendar;
        var set = PastChange.Of(await targets.HistoryAsync(new TargetHistoryQuery(metric.Id, Most: Most + 1), cancellationToken), company);
        var decided = await baselines.HistoryAsync(metric.Id, cancellationToken);
        var noted = await annotations.NewestAsync(NewestEvents, cancellationToken);
        var subject = company.SubjectOf(metric);
        return
        [
            .. set.Take(Most).Select(one => Of("Target", one.Change.At, one.Change.By, InWords(one), one.Change.Note, one.Address))
                .Concat(decided.Select(one => Of(
                    "Limits", one.At, one.By, BaselineWords.Of(calendar, one), one.Reason, $"/metrics/{metric.Id}/limits?grain={one.Grain.Name()}")))
                .Concat(noted.Where(one => one.Content?.Concerns(subject) == true).Select(one => Of(
                    "Event", one.At, one.Origin == AnnotationOrigin.Api ? one.By + " (program)" : one.By,
                    $"{one.Content!.Title}, {EventWords.DaysOf(one.Content.Days)}", one.Content.Text, "/annotations?metric=" + metric.Id)))
                .Concat(definitions.SelectMany(definition => definition.Seams.Select(version => new MetricChange(
                    version.Since!.Value, null, null, "Definition",
                    ModelDefinition.NameOf(version) + string.Concat(definition.Changes(version).Select(
                        change => $"; {change.Switch.Name} was {change.Before} and is {change.Now}")),
                    null, "#definition-" + definition.Model.Name))))
                .OrderByDescending(one => one.Day).ThenByDescending(one => one.At).Take(Most),
        ];

        MetricChange Of(string what, DateTimeOffset at, string by, string words, string? why, string? address) =>
            new(calendar.DayOf(at), at, by, what, words, string.IsNullOrEmpty(why) ? null : why, address);
    }

    private static string InWords(PastChange one)
    {
        var before = one.Old is null ? "" : $" (was {one.Format.Compact(one.Old)})";
        return one.Change.Value is null ? $"{one.What}: withdrawn{before}" : $"{one.What}: {one.Format.Compact(one.Change.Value)}{before}";
    }
}
