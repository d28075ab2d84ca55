using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>A metric's figure for one period, with everything one has to know before comparing or judging it.</summary>
/// <param name="Value">The figure; null where it is undefined or unknown, which is not 0.</param>
/// <param name="CoveredDays">How many of the period's days are known.</param>
/// <param name="Complete">Whether the period has ended, every source has passed its end and no day is missing.</param>
/// <param name="AsOf">The last good sync that feeds the metric; null where nothing ever did.</param>
/// <param name="Restated">Whether it changed after the period first was complete.</param>
public sealed record PeriodValue(Period Period, decimal? Value, int CoveredDays, bool Complete, DateTimeOffset? AsOf, bool Restated)
{
    /// <summary>How much of the period is known, 0 to 1.</summary>
    public double Coverage => (double)CoveredDays / Period.Days;
}

/// <summary>The figures of one metric and segment, oldest period first.</summary>
public sealed record PeriodSeries(string Metric, Segment Segment, IReadOnlyList<PeriodValue> Values);

/// <summary>Up to where a metric has been computed: its data begin on one day and are complete before another.</summary>
/// <param name="DataFrom">The first day that the sources know of.</param>
/// <param name="CompleteThrough">The first day that is not complete yet.</param>
/// <param name="At">Since when this holds.</param>
public sealed record Watermark(string Metric, DateOnly DataFrom, DateOnly CompleteThrough, DateTimeOffset At);

/// <summary>Remembers how far each metric has come, and since when.</summary>
public interface IWatermarkStore
{
    /// <summary>Notes that metrics are up to date as of a moment; a watermark that moved is kept beside the earlier ones.</summary>
    Task AdvanceAsync(IReadOnlyCollection<Watermark> watermarks, CancellationToken cancellationToken);

    /// <summary>All watermarks of some metrics up to a moment (null: all), oldest first, with the last good sync of each metric.</summary>
    Task<IReadOnlyDictionary<string, MetricProgress>> ReadAsync(IReadOnlyCollection<string> metrics, DateTimeOffset? asOf, CancellationToken cancellationToken);
}

/// <summary>The watermarks of a metric, oldest first, and the last good sync that feeds it.</summary>
public sealed record MetricProgress(IReadOnlyList<Watermark> Watermarks, DateTimeOffset AsOf)
{
    public Watermark Newest => Watermarks[^1];

    /// <summary>When the days before <paramref name="end"/> first were complete, or null while they are not.</summary>
    public DateTimeOffset? CompleteSince(DateOnly end)
    {
        foreach (var watermark in Watermarks)
        {
            if (watermark.CompleteThrough >= end)
                return watermark.At;
        }

        return null;
    }
}
