using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>Adds values up by native period and finest segment of a metric, for records that speak of months or quarters.</summary>
internal sealed class NativeSums(Metric metric, ReportingCalendar calendar)
{
    private readonly Dictionary<Segment, Dictionary<DateOnly, decimal>> _sums = [];
    private readonly Dictionary<Segment, Segment> _finest = [];
    private readonly Dictionary<DateOnly, DateOnly> _starts = [];

    public Metric Metric { get; } = metric;

    /// <param name="day">A day of the native period.</param>
    public void Add(DateOnly day, Segment of, decimal value)
    {
        if (!_finest.TryGetValue(of, out var segment))
            _finest[of] = segment = of.On(Metric.Dimensions);
        if (!_starts.TryGetValue(day, out var start))
            _starts[day] = start = calendar.Containing(Metric.NativeGrain, day).Start;
        if (!_sums.TryGetValue(segment, out var periods))
            _sums[segment] = periods = [];
        periods[start] = periods.GetValueOrDefault(start) + value;
    }

    public ModelOutput Output() => new(Metric.Id, Metric.NativeGrain,
    [
        .. _sums.Select(series => new SeriesPoints(
            new SeriesKey(Metric.Id, Metric.NativeGrain, series.Key),
            [.. series.Value.OrderBy(period => period.Key).Select(period => new Point(period.Key, (double)period.Value))])),
    ]);
}
