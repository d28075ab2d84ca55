using System.Runtime.InteropServices;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>Counts distinct members for every period of every grain and every stored cut of a metric.</summary>
/// <remarks>
/// Keeps twelve bytes a sighting and counts by sorting, because sets of names for every day and segment would take more memory than
/// the records themselves.
/// </remarks>
internal sealed class DistinctCount(Metric metric, ReportingCalendar calendar)
{
    private readonly Dictionary<string, int> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<Segment, int> _segments = [];
    private readonly List<Segment> _segmentList = [];
    private readonly List<Sighting> _sightings = [];

    public void Add(string member, DateOnly day, Segment segment)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_members, member, out var known);
        if (!known)
            number = _members.Count - 1;
        if (!_segments.TryGetValue(segment, out var place))
        {
            _segments[segment] = place = _segmentList.Count;
            _segmentList.Add(segment);
        }

        _sightings.Add(new Sighting(number, day.DayNumber, place));
    }

    public IEnumerable<ModelOutput> Outputs() =>
        Enum.GetValues<Grain>().Where(grain => grain >= metric.NativeGrain).Select(grain => new ModelOutput(metric.Id, grain, [.. metric.StoredCuts.SelectMany(cut => Count(grain, cut))]));

    private IEnumerable<SeriesPoints> Count(Grain grain, IReadOnlyList<string> cut)
    {
        // A key holds segment, period and member side by side, so that sorting brings equal ones together in the order of the answer.
        var segments = _segmentList.Select(segment => segment.On(cut)).ToArray();
        var distinct = segments.Distinct().ToList();
        var segmentOf = segments.Select(segment => distinct.IndexOf(segment)).ToArray();
        var starts = new Dictionary<int, int>();
        var keys = new UInt128[_sightings.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var (member, day, segment) = _sightings[i];
            if (!starts.TryGetValue(day, out var start))
                starts[day] = start = calendar.Containing(grain, DateOnly.FromDayNumber(day)).Start.DayNumber;
            keys[i] = new UInt128((ulong)segmentOf[segment], ((ulong)start << 32) | (uint)member);
        }

        Array.Sort(keys);
        var points = new List<Point>[distinct.Count];
        for (var i = 0; i < keys.Length;)
        {
            var period = keys[i] >> 32;
            var members = 0;
            for (var before = UInt128.MaxValue; i < keys.Length && keys[i] >> 32 == period; before = keys[i++])
                members += keys[i] == before ? 0 : 1;
            (points[(int)(ulong)(period >> 32)] ??= []).Add(new Point(DateOnly.FromDayNumber((int)(uint)period), members));
        }

        return distinct.Select((segment, i) => new SeriesPoints(new SeriesKey(metric.Id, grain, segment), points[i]));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sighting(int Member, int Day, int Segment);
}
