using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>
/// What a process has read of the series file and need not read again: a board asks for the same three years of the same metrics for each of
/// its weeks. Thread-safe.
/// </summary>
/// <remarks>
/// The file counts its writes, and a reader sees the count of its own snapshot. What was read under one count is given out under the same
/// one only, so a reader never sees what is not in its snapshot. A write of this process takes back its metrics alone; one of another process
/// takes back everything.
/// </remarks>
internal sealed class SeriesMemory
{
    /// <summary>A cut of more series is read as far as it is asked for, and not kept.</summary>
    public const int MostSeries = 256;

    // 24 bytes each; when there are more everything begins anew, which is simpler than knowing what is used least.
    private const long MostPoints = 4_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OfMetric> _metrics = new(StringComparer.Ordinal);
    private long _count = -1;
    private long _points;

    /// <summary>All series of a cut with all of their points, by segment; null where they are not kept of this count.</summary>
    public IReadOnlyList<StoredSeries>? Find(long count, string metric, Grain grain, string cut)
    {
        lock (_lock)
            return IsOf(count) && _metrics.TryGetValue(metric, out var kept) ? kept.Cuts.GetValueOrDefault((grain, cut)) : null;
    }

    public void Keep(long count, string metric, Grain grain, string cut, IReadOnlyList<StoredSeries> series)
    {
        lock (_lock)
        {
            if (!IsOf(count))
                return;

            // Two readers may have read the same at the same time.
            if (Of(metric).Cuts.Remove((grain, cut), out var twin))
                _points -= PointsIn(twin);
            if (_points + PointsIn(series) > MostPoints)
                Forget();
            Of(metric).Cuts[(grain, cut)] = series;
            _points += PointsIn(series);
        }
    }

    /// <summary>The segments of a metric that have a value; null where they are not kept of this count.</summary>
    public IReadOnlyList<Segment>? FindSegments(long count, string metric)
    {
        lock (_lock)
            return IsOf(count) && _metrics.TryGetValue(metric, out var kept) ? kept.Segments : null;
    }

    public void KeepSegments(long count, string metric, IReadOnlyList<Segment> segments)
    {
        lock (_lock)
        {
            if (IsOf(count))
                Of(metric).Segments = segments;
        }
    }

    /// <summary>This process changed some metrics, and with that the count.</summary>
    public void Changed(long before, long after, IEnumerable<string> metrics)
    {
        lock (_lock)
        {
            // Else somebody wrote in between, and the next reader finds a count that nothing is kept of.
            if (_count != before)
                return;

            foreach (var metric in metrics)
            {
                if (_metrics.Remove(metric, out var kept))
                    _points -= kept.Cuts.Values.Sum(PointsIn);
            }

            _count = after;
        }
    }

    /// <summary>Whether the count is that of what is kept; a newer one makes it so, by forgetting.</summary>
    private bool IsOf(long count)
    {
        if (count > _count)
        {
            Forget();
            _count = count;
        }

        return count == _count;
    }

    private static long PointsIn(IReadOnlyList<StoredSeries> series) => series.Sum(one => (long)one.Points.Count);

    private OfMetric Of(string metric)
    {
        if (!_metrics.TryGetValue(metric, out var kept))
            _metrics[metric] = kept = new OfMetric();
        return kept;
    }

    private void Forget()
    {
        _metrics.Clear();
        _points = 0;
    }

    private sealed class OfMetric
    {
        public Dictionary<(Grain Grain, string Cut), IReadOnlyList<StoredSeries>> Cuts { get; } = [];

        public IReadOnlyList<Segment>? Segments { get; set; }
    }
}
