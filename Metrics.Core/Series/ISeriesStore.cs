using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>Which points to read: one cut of some metrics at one grain, over a run of days.</summary>
public sealed record SeriesQuery
{
    public required IReadOnlyCollection<string> Metrics { get; init; }

    public required Grain Grain { get; init; }

    /// <summary>The dimension names of the stored cut, sorted; empty reads the total's own series.</summary>
    public IReadOnlyList<string> Cut { get; init; } = [];

    /// <summary>Only segments with one of these values for a dimension of the cut.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The days whose points are read, half-open.</summary>
    public required Period Days { get; init; }

    /// <summary>Read what was known at this moment; null reads the newest values.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>Keeps points, finds them again by metric, cut and days, and remembers every value that it ever gave for them.</summary>
/// <remarks>
/// A point's identity is metric + grain + segment + day. Values are finite doubles. A day that is absent from an answer has no point;
/// no store invents one.
/// </remarks>
public interface ISeriesStore
{
    /// <summary>
    /// Stores points. Writing the same batch twice leaves the store as writing it once; a different value for a stored point replaces
    /// it and leaves a restatement, both or neither. In a batch with two values for one day the later one counts.
    /// </summary>
    /// <exception cref="ArgumentException">A value is not finite; nothing of the batch is stored.</exception>
    Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken);

    /// <summary>
    /// Makes <paramref name="series"/> all that is stored for a metric at a grain: as <see cref="WriteAsync"/>, and points that are
    /// stored but not given are removed, each with a restatement. All or nothing.
    /// </summary>
    /// <param name="within">The days whose points are replaced; points of other days are not given, and stay. Null for all days.</param>
    Task<WriteOutcome> ReplaceAsync(
        string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken);

    /// <summary>The same of all days.</summary>
    Task<WriteOutcome> ReplaceAsync(string metric, Grain grain, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
        ReplaceAsync(metric, grain, null, series, stamp, cancellationToken);

    /// <summary>The series of a query that have points in its days, by metric and segment text; points oldest first.</summary>
    Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>The values that a dimension has in the series of a metric that have points, sorted; empty where it has none.</summary>
    Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken);

    /// <summary>The newest point of a series, or null where it has none.</summary>
    Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken);

    /// <summary>The first and the last day with a point of a metric at a grain, over all segments; null where there is none.</summary>
    Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken);

    /// <summary>Removes the points of a metric on some days at every grain and cut, each with a restatement; says how many.</summary>
    Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken);

    /// <summary>What changed in the points of a query after they were first written, oldest first; <see cref="SeriesQuery.AsOf"/> leaves out later changes.</summary>
    Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken);
}
