using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Influx;

/// <summary>The series of a metric at one grain and cut.</summary>
/// <param name="Cut">The dimension names, sorted and joined by commas; empty for the total.</param>
internal sealed record CutKey(string Metric, Grain Grain, string Cut)
{
    public string[] Names => Cut.Length == 0 ? [] : Cut.Split(',');
}

/// <summary>
/// Keeps a metric from growing more series than a server carries, as one does by which somebody means to count customers. What a cut
/// has is remembered for a minute, so that writing many batches asks once.
/// </summary>
internal sealed class SeriesCounts(int most, TimeProvider clock)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<CutKey, (HashSet<Segment> Segments, DateTimeOffset At)> _known = [];

    /// <summary>Whether it is known, of late, which segments the cut has; or all given ones are among them.</summary>
    public bool Knows(CutKey cut, IReadOnlyCollection<Segment> given)
    {
        lock (_gate)
        {
            return cut.Cut.Length == 0
                || (_known.TryGetValue(cut, out var known) && (clock.GetUtcNow() - known.At < Remembered || given.All(known.Segments.Contains)));
        }
    }

    public void Learn(CutKey cut, IEnumerable<Segment> stored)
    {
        lock (_gate)
            _known[cut] = ([.. stored], clock.GetUtcNow());
    }

    /// <summary>Forgets a metric of which series may go.</summary>
    public void Forget(string metric)
    {
        lock (_gate)
        {
            foreach (var cut in _known.Keys.Where(cut => cut.Metric == metric).ToArray())
                _known.Remove(cut);
        }
    }

    /// <summary>Counts some segments in, if there is room for them.</summary>
    /// <exception cref="CardinalityException">There is none.</exception>
    public void Check(CutKey cut, IReadOnlyCollection<Segment> given)
    {
        lock (_gate)
        {
            var stored = _known.TryGetValue(cut, out var known) ? known.Segments : [];
            Segment[] added = [.. given.Where(segment => !stored.Contains(segment))];
            if (stored.Count + added.Length > most)
            {
                var (name, values) = cut.Names
                    .Select(name => (name, values: stored.Concat(added).Select(segment => segment[name]).Distinct().Count()))
                    .MaxBy(one => one.values);
                throw new CardinalityException(
                    $"'{cut.Metric}' by {cut.Cut.Replace(",", ", ", StringComparison.Ordinal)} would have {stored.Count + added.Length} series, and at most {most} are kept: "
                    + $"'{name}' has {values} values. A dimension has few values, such as plans or regions; customers belong into records.");
            }

            stored.UnionWith(added);
        }
    }
}
