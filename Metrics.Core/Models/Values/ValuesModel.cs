using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Values;

/// <summary>
/// Fills metrics that sources deliver already aggregated. Several values of one day and segment are combined the way the metric is
/// combined over time: flows add up, of a stock the last record counts.
/// </summary>
public sealed class ValuesModel : IModel
{
    internal const string ModelName = "values";

    public string Name => ModelName;

    public IReadOnlyList<string> RecordTypes { get; } = [MetricValue.Type.Name];

    public IReadOnlyList<string> Measures => [];

    public IReadOnlyList<string> Policy { get; } = ["Values are taken as the source delivers them; several of one day and segment are combined as the metric is over time."];

    public IModelRun Start(ModelContext context) => new Run(context);

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly Dictionary<string, Metric> _metrics = context.Metrics.ToDictionary(metric => metric.Id);
        private readonly Dictionary<(string Metric, Segment Segment, DateOnly Day), Cell> _cells = [];
        private DateOnly? _first;

        public void Add(StoredRecord record)
        {
            var value = MetricValue.From(record.Body);
            var day = value.At.Day(context.Calendar.DayOf);
            if (!_metrics.TryGetValue(value.Metric, out var metric) || day >= context.CompleteThrough)
                return;

            if (_first is null || day < _first)
                _first = day;
            var segment = metric.OverSegments == OverSegments.Sum ? value.Segment.On(metric.Dimensions) : value.Segment;
            var key = (metric.Id, segment, context.Calendar.Containing(metric.NativeGrain, day).Start);
            _cells[key] = _cells.TryGetValue(key, out var cell) ? cell.With(value.Value, record.Version) : new Cell(value.Value, value.Value, value.Value, value.Value, record.Version, value.Value, record.Version, 1);
        }

        public ModelResult Finish()
        {
            var points = _cells.ToLookup(cell => cell.Key.Metric);
            return new ModelResult(_first,
            [
                .. _metrics.Values.Select(metric => new ModelOutput(metric.Id, metric.NativeGrain,
                [
                    .. points[metric.Id].GroupBy(cell => cell.Key.Segment).Select(series => new SeriesPoints(
                        new SeriesKey(metric.Id, metric.NativeGrain, series.Key),
                        [.. series.OrderBy(cell => cell.Key.Day).Select(cell => new Point(cell.Key.Day, (double)cell.Value.For(metric.OverTime)))])),
                ])),
            ]);
        }

        /// <summary>What has come together for one point; first and last go by the order in which the store learned of the records.</summary>
        private sealed record Cell(decimal Sum, decimal Min, decimal Max, decimal First, long FirstVersion, decimal Last, long LastVersion, int Count)
        {
            public Cell With(decimal value, long version) => new(
                Sum + value, Math.Min(Min, value), Math.Max(Max, value),
                version < FirstVersion ? value : First, Math.Min(version, FirstVersion),
                version > LastVersion ? value : Last, Math.Max(version, LastVersion),
                Count + 1);

            public decimal For(OverTime overTime) => overTime switch
            {
                OverTime.Last or OverTime.None or OverTime.Distinct => Last,
                OverTime.First => First,
                OverTime.Mean => Sum / Count,
                OverTime.Min => Min,
                OverTime.Max => Max,
                _ => Sum,
            };
        }
    }
}
