using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>Counts distinct members for every period of one grain and every stored cut of a metric.</summary>
internal sealed class DistinctCount(Metric metric, Grain grain, ReportingCalendar calendar)
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _cuts = metric.StoredCuts;
    private readonly Dictionary<(Segment Segment, DateOnly Start), HashSet<string>> _members = [];
    private readonly Dictionary<Segment, Segment[]> _segments = [];
    private readonly Dictionary<DateOnly, DateOnly> _starts = [];

    public void Add(string member, DateOnly day, Segment of)
    {
        if (!_starts.TryGetValue(day, out var start))
            _starts[day] = start = calendar.Containing(grain, day).Start;
        if (!_segments.TryGetValue(of, out var segments))
            _segments[of] = segments = [.. _cuts.Select(of.On)];

        foreach (var segment in segments)
        {
            if (!_members.TryGetValue((segment, start), out var members))
                _members[(segment, start)] = members = new HashSet<string>(StringComparer.Ordinal);
            members.Add(member);
        }
    }

    public ModelOutput Output() => new(metric.Id, grain,
    [
        .. _members.GroupBy(cell => cell.Key.Segment).Select(series => new SeriesPoints(
            new SeriesKey(metric.Id, grain, series.Key),
            [.. series.OrderBy(cell => cell.Key.Start).Select(cell => new Point(cell.Key.Start, cell.Value.Count))])),
    ]);
}

/// <summary>Adds values up by day and finest segment of a metric.</summary>
internal sealed class DaySums(Metric metric)
{
    private readonly Dictionary<Segment, Dictionary<DateOnly, decimal>> _sums = [];
    private readonly Dictionary<Segment, Segment> _finest = [];

    public Metric Metric { get; } = metric;

    public void Add(DateOnly day, Segment of, decimal value)
    {
        if (!_finest.TryGetValue(of, out var segment))
            _finest[of] = segment = of.On(Metric.Dimensions);
        if (!_sums.TryGetValue(segment, out var days))
            _sums[segment] = days = [];
        days[day] = days.GetValueOrDefault(day) + value;
    }

    public ModelOutput Output() => new(Metric.Id, Grain.Day,
    [
        .. _sums.Select(series => new SeriesPoints(
            new SeriesKey(Metric.Id, Grain.Day, series.Key),
            [.. series.Value.OrderBy(day => day.Key).Select(day => new Point(day.Key, (double)day.Value))])),
    ]);
}
