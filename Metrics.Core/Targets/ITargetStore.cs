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

/// <summary>Keeps the targets that were set on the page, with everything that was ever done to them.</summary>
public interface ITargetStore
{
    /// <summary>
    /// Adds a change. Nothing is ever overwritten or removed: the newest change of a metric, version, grain, period and segment counts, of
    /// two at the same moment the one that was added later.
    /// </summary>
    Task AppendAsync(TargetChange change, CancellationToken cancellationToken);

    /// <summary>The changes that count, in the order in which they were made; what was withdrawn is absent.</summary>
    Task<IReadOnlyList<TargetChange>> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>Every change of a metric's targets, newest first.</summary>
    Task<IReadOnlyList<TargetChange>> HistoryAsync(string metric, CancellationToken cancellationToken);
}
