using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Values;

/// <summary>
/// Fills metrics that sources deliver already aggregated. Several values of one day and segment are combined the way the metric is
/// combined over time: flows add up, of a stock the last record counts.
/// </summary>
public sealed class ValuesModel : IRecordModel, IModelWorking
{
    internal const string ModelName = "values";

    public string Name => ModelName;

    public IReadOnlyList<string> RecordTypes { get; } = [MetricValue.Type.Name];

    public IReadOnlyList<Measure> Measures => [];

    public IReadOnlyList<string> Policy { get; } = ["Values are taken as the source delivers them; several of one day and segment are combined as the metric is over time."];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new Working(question);

    /// <summary>The series that a value belongs to: of a metric that adds up over segments one of the finest cut, else the very segment.</summary>
    private static Segment SegmentOf(Metric metric, MetricValue value) =>
        metric is { OverSegments: OverSegments.Sum, RollsUp: true } ? value.Segment.On(metric.Dimensions) : value.Segment;

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
            var segment = SegmentOf(metric, value);
            var key = (metric.Id, segment, context.Calendar.Containing(metric.NativeGrain, day).Start);
            _cells[key] = _cells.TryGetValue(key, out var cell) ? cell.With(value.Value, record.Version) : Cell.Of(value.Value, record.Version);
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
    }

    /// <summary>
    /// The records of a sum, each a line; of anything else one line for every stored point, since of several values of one day the
    /// point may take one alone.
    /// </summary>
    private sealed class Working(WorkingQuestion question) : IWorkingRun
    {
        private readonly RecordLines _lines = new(question);
        private readonly Dictionary<(DateOnly Point, Segment Series), (Cell Cell, StoredRecord Record, DateOnly Day)> _points = [];
        private readonly string _cut = string.Join(
            ',', question.AddsSegments ? question.Metric.Dimensions : [.. question.Filter.Keys.Order(StringComparer.Ordinal)]);

        public void Add(StoredRecord record)
        {
            var value = MetricValue.From(record.Body);
            var day = value.At.Day(question.Calendar.DayOf);
            if (value.Metric != question.Metric.Id || day >= question.Known.End)
                return;

            var (metric, series) = (question.Metric, SegmentOf(question.Metric, value));
            var point = question.Calendar.Containing(metric.NativeGrain, day).Start;
            if (!question.Period.Contains(point) || series.Cut != _cut || !question.Asks(series))
                return;

            if (metric.OverTime == OverTime.Sum)
                _lines.Add(record, day, point, series, series, value.Value);
            else if (!_points.TryGetValue((point, series), out var before))
                _points[(point, series)] = (Cell.Of(value.Value, record.Version), record, day);
            else
                _points[(point, series)] = Joined(before, value.Value, record, day);
        }

        public ModelWorking Finish()
        {
            foreach (var ((point, series), (cell, record, day)) in _points)
                _lines.Add(record, day, point, series, series, cell.For(question.Metric.OverTime));
            return _lines.Finish(question.Metric.OverTime == OverTime.Sum
                ? "Each line is a value that the source delivered."
                : "Each line is the value that counts of one segment.");
        }

        /// <summary>The record that is shown for a point is the one whose value it took.</summary>
        private (Cell Cell, StoredRecord Record, DateOnly Day) Joined(
            (Cell Cell, StoredRecord Record, DateOnly Day) before, decimal value, StoredRecord record, DateOnly day)
        {
            var cell = before.Cell.With(value, record.Version);
            var isShown = question.Metric.OverTime == OverTime.First ? record.Version < before.Record.Version : record.Version > before.Record.Version;
            return isShown ? (cell, record, day) : (cell, before.Record, before.Day);
        }
    }

    /// <summary>What has come together for one point; first and last go by the order in which the store learned of the records.</summary>
    private sealed record Cell(decimal Sum, decimal Min, decimal Max, decimal First, long FirstVersion, decimal Last, long LastVersion, int Count)
    {
        public static Cell Of(decimal value, long version) => new(value, value, value, value, version, value, version, 1);

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
