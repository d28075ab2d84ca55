using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Signals;

/// <summary>
/// The periods of a series with their limits and what stands out. Only complete periods are judged; periods before the first and after
/// the newest complete one are not part of it.
/// </summary>
public sealed record Process
{
    /// <summary>How many of its first points make the limits of a phase: after twenty they hardly move any more.</summary>
    public const int BaselinePoints = 24;

    public required ProcessSubject Subject { get; init; }

    /// <summary>Oldest first; empty where nothing is complete.</summary>
    public IReadOnlyList<ProcessPoint> Points { get; init; } = [];

    public IReadOnlyList<ProcessPhase> Phases { get; init; } = [];

    /// <summary>The weighted mean of what is judged in the current phase; null where that has no limits.</summary>
    public Drift? Drift { get; init; }

    /// <summary>The newest complete period; null where there is none.</summary>
    public ProcessPoint? Newest => Points.Count == 0 ? null : Points[^1];

    /// <summary>The phase that the newest complete period belongs to.</summary>
    public ProcessPhase? Current => Phases.Count == 0 ? null : Phases[^1];

    /// <summary>The limits of the current phase; null with fewer than 12 points.</summary>
    public ProcessLimits? Limits => Current?.Limits;

    /// <summary>What stands out in the newest window, the strongest rule alone; null where that is normal variation, or unknown.</summary>
    public Signal? Signal => Newest?.Signal;

    /// <summary>The point of a period; null where it is not part of the process.</summary>
    public ProcessPoint? At(Period period)
    {
        var (low, high) = (0, Points.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Points[middle].Period.Start.CompareTo(period.Start);
            if (order == 0)
                return Points[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <param name="values">Consecutive periods, oldest first, as they are known.</param>
    /// <param name="intervals">The interval of each; empty for a metric without.</param>
    public static Process Of(
        ProcessSubject subject, IReadOnlyList<PeriodValue> values, IReadOnlyList<ConfidenceInterval?> intervals, BaselineChoices choices)
    {
        var (first, last) = (0, values.Count - 1);
        while (first <= last && !IsKnown(first))
            first++;
        while (last >= first && !IsKnown(last))
            last--;
        if (first > last)
            return new Process { Subject = subject };

        var figures = new ProcessFigures(
            [.. Enumerable.Range(first, last - first + 1).Select(i => values[i].Period)],
            [.. Enumerable.Range(first, last - first + 1).Select(i => IsKnown(i) ? values[i].Value : null)],
            subject.Metric.Interval is null || intervals.Count == 0
                ? null
                : [.. Enumerable.Range(first, last - first + 1).Select(i => intervals[i]?.Answers ?? 0)]);
        return new ProcessComputation(subject, figures, choices).Compute();

        bool IsKnown(int i) => values[i] is { Complete: true, Value: not null } && (intervals.Count == 0 || intervals[i] is not { TooFew: true });
    }
}
