using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

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
