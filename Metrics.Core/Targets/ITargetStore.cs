using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>What somebody did to one target on the page.</summary>
/// <param name="Period">The period as <see cref="ReportingCalendar.Key"/> spells it.</param>
/// <param name="Value">The new value in the metric's unit, exact; null where the target was withdrawn.</param>
/// <param name="Note">Why; null where nothing was said.</param>
/// <param name="By">Who.</param>
/// <param name="At">When, to the microsecond.</param>
public sealed record TargetChange(
    string Metric, string Version, Grain Grain, string Period, Segment Segment, decimal? Value, string? Note, string By, DateTimeOffset At);

/// <summary>A change that is made only if nobody else was faster.</summary>
/// <param name="Seen">When the change was made that counted when the person looked; null where nothing set on the page did.</param>
public sealed record CheckedChange(TargetChange Change, DateTimeOffset? Seen);

/// <summary>Which changes to tell of; null asks for all.</summary>
/// <param name="Most">How many at most.</param>
public sealed record TargetHistoryQuery(string? Metric = null, string? Version = null, string? By = null, int Most = int.MaxValue);

/// <summary>Keeps the targets that were set on the page, with everything that was ever done to them.</summary>
public interface ITargetStore
{
    /// <summary>
    /// Adds a change. Nothing is ever overwritten or removed: the newest change of a metric, version, grain, period and segment counts, of
    /// two at the same moment the one that was added later.
    /// </summary>
    Task AppendAsync(TargetChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Adds several changes together, but for those of targets that somebody else has changed since they were looked at: these are left as
    /// they are and given back.
    /// </summary>
    Task<IReadOnlyList<TargetChange>> AppendAsync(IReadOnlyCollection<CheckedChange> changes, CancellationToken cancellationToken);

    /// <summary>The changes that count, in the order in which they were made; what was withdrawn is absent.</summary>
    Task<IReadOnlyList<TargetChange>> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>Every change of a metric's targets, newest first.</summary>
    Task<IReadOnlyList<TargetChange>> HistoryAsync(string metric, CancellationToken cancellationToken) =>
        HistoryAsync(new TargetHistoryQuery(metric), cancellationToken);

    /// <summary>The changes that a query asks for, newest first.</summary>
    Task<IReadOnlyList<TargetChange>> HistoryAsync(TargetHistoryQuery query, CancellationToken cancellationToken);
}
