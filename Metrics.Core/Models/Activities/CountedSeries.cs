using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Activities;

/// <summary>All series of one metric at one grain while they are counted: a tally whose lanes are segments.</summary>
/// <param name="own">The dimension that the count itself gives, such as <c>cohort</c>; null for none.</param>
/// <param name="isRunning">See <see cref="Tally"/>.</param>
/// <param name="units">The tally's units in one unit of the metric.</param>
internal sealed class CountedSeries(Metric metric, Grain grain, string? own, bool isRunning, int units = 1)
{
    private readonly Tally _tally = new(isRunning);
    private readonly Dictionary<(int Segment, int Own), int> _lanes = [];
    private readonly Dictionary<Segment, int> _bySegment = [];
    private readonly List<Segment> _segments = [];
    private readonly List<int> _ends = [];

    public Grain Grain => grain;

    /// <summary>Whether the places after the first one of a lane that nobody counts in are zeros, and not unknown.</summary>
    public required bool HasZeros { get; init; }

    /// <summary>How many places a lane with a value of the own dimension has at most; null for no limit.</summary>
    public int? MostPlaces { get; init; }

    public Tally Tally => _tally;

    /// <summary>The lane of a segment; of one without the own dimension where <paramref name="value"/> is null.</summary>
    /// <param name="segments">The segment of a number.</param>
    /// <param name="number">The number of the value of the own dimension, -1 for none.</param>
    public int LaneOf(IReadOnlyList<Segment> segments, int segment, int number, Func<int, string>? value)
    {
        if (_lanes.TryGetValue((segment, number), out var lane))
            return lane;

        var full = number < 0 ? segments[segment] : Segment.Of(segments[segment].Values.Append(KeyValuePair.Create(own!, value!(number))));
        return _lanes[(segment, number)] = LaneOf(full);
    }

    /// <summary>Where a lane ends that has a limited number of places: it was begun at this one.</summary>
    public void Limit(int lane, int first)
    {
        if (MostPlaces is not { } most)
            return;

        while (_ends.Count <= lane)
            _ends.Add(int.MaxValue);
        _ends[lane] = first + most;
    }

    /// <summary>The points of the places that begin before a day; null where none has changed since the tally was loaded.</summary>
    /// <param name="calendar">The calendar of the places.</param>
    /// <param name="before">The first day that is not known.</param>
    /// <param name="known">The first day that was not known when the tally was loaded; null where nothing was loaded.</param>
    public ModelOutput? Output(ReportingCalendar calendar, DateOnly before, DateOnly? known)
    {
        var end = EndOf(calendar, before);
        Period? within = null;
        if (known is { } day)
        {
            var changed = _tally.Changed(end, HasZeros);
            if (day < before)
                changed = (Math.Min(changed?.First ?? int.MaxValue, calendar.NumberOf(grain, day.AddDays(-1))), end - 1);
            if (changed is not { } places)
                return null;

            within = new Period(calendar.Numbered(grain, places.First).Start, calendar.Numbered(grain, places.Last).End);
        }

        var output = new List<SeriesPoints>();
        for (var lane = 0; lane < _segments.Count; lane++)
        {
            var points = new List<Point>();
            foreach (var (place, value) in Values(lane, end))
            {
                if (value == 0 && !HasZeros)
                    continue;
                var start = StartOf(calendar, place);
                if (within is null || within.Contains(start))
                    points.Add(new Point(start, units == 1 ? value : (double)((decimal)value / units)));
            }

            if (points.Count > 0)
                output.Add(new SeriesPoints(new SeriesKey(metric.Id, grain, _segments[lane]), points));
        }

        return new ModelOutput(metric.Id, grain, output) { Within = within };
    }

    /// <summary>What stands at a place of a segment, in units of the metric.</summary>
    public decimal At(Segment segment, int place) =>
        _bySegment.TryGetValue(segment, out var lane) ? (decimal)_tally.At(lane, place) / units : 0;

    /// <summary>The segments that have a lane.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_segments.Count);
        for (var lane = 0; lane < _segments.Count; lane++)
        {
            writer.Write(_segments[lane].Text);
            writer.Write(lane < _ends.Count ? _ends[lane] : int.MaxValue);
        }

        _tally.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var segment = Segment.Parse(reader.ReadString());
            _bySegment[segment] = _segments.Count;
            _segments.Add(segment);
            _ends.Add(reader.ReadInt32());
        }

        _tally.Read(reader);
    }

    private int LaneOf(Segment full)
    {
        if (_bySegment.TryGetValue(full, out var lane))
            return lane;

        _segments.Add(full);
        _tally.Ensure(_segments.Count - 1);
        return _bySegment[full] = _segments.Count - 1;
    }

    /// <summary>The figures of a lane; where it has zeros, up to its end.</summary>
    private IEnumerable<(int Place, long Value)> Values(int lane, int end)
    {
        var limit = lane < _ends.Count ? Math.Min(end, _ends[lane]) : end;
        var next = int.MaxValue;
        foreach (var (place, value) in _tally.Values(lane, limit))
        {
            next = place + 1;
            yield return (place, value);
        }

        for (; HasZeros && !isRunning && next < limit; next++)
            yield return (next, 0);
    }

    private static DateOnly StartOf(ReportingCalendar calendar, Grain grain, int place) =>
        grain == Grain.Day ? DateOnly.FromDayNumber(place) : calendar.Numbered(grain, place).Start;

    private DateOnly StartOf(ReportingCalendar calendar, int place) => StartOf(calendar, grain, place);

    /// <summary>The first place that does not begin before a day.</summary>
    private int EndOf(ReportingCalendar calendar, DateOnly day) => calendar.NumberOf(grain, day.AddDays(-1)) + 1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{metric.Id} by {grain.Name()}, {_segments.Count} series");
}
