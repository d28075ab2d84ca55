using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>Adds up what there is at the end of each day, by finest segment of a metric: open tickets, open deals.</summary>
internal sealed class StockDays(Metric metric)
{
    private readonly Dictionary<Segment, Dictionary<int, decimal>> _changes = [];
    private readonly Dictionary<Segment, Segment> _finest = [];

    /// <param name="from">The first day at whose end it is there.</param>
    /// <param name="to">The first day at whose end it is gone; null while it is there.</param>
    public void Add(DateOnly from, DateOnly? to, Segment of, decimal amount)
    {
        if (to <= from)
            return;
        if (!_finest.TryGetValue(of, out var segment))
            _finest[of] = segment = of.On(metric.Dimensions);
        if (!_changes.TryGetValue(segment, out var days))
            _changes[segment] = days = [];
        days[from.DayNumber] = days.GetValueOrDefault(from.DayNumber) + amount;
        if (to is { } gone)
            days[gone.DayNumber] = days.GetValueOrDefault(gone.DayNumber) - amount;
    }

    /// <summary>A point for every day of some days and every segment, zeros included: a level holds until it changes.</summary>
    public ModelOutput Output(Period? days) => new(metric.Id, Grain.Day,
        [.. days is null ? []
            : _changes.Select(series => new SeriesPoints(new SeriesKey(metric.Id, Grain.Day, series.Key), Levels(series.Value, days)))]);

    private static Point[] Levels(Dictionary<int, decimal> changes, Period days)
    {
        var points = new Point[days.Days];
        var level = changes.Where(change => change.Key < days.Start.DayNumber).Sum(change => change.Value);
        for (var i = 0; i < points.Length; i++)
        {
            var day = days.Start.AddDays(i);
            level += changes.GetValueOrDefault(day.DayNumber);
            points[i] = new Point(day, (double)level);
        }

        return points;
    }
}

/// <summary>The working of a stock: what is there at the end of the days that make the value.</summary>
internal sealed class StockLines(WorkingQuestion question, IReadOnlyList<WorkingColumn> columns)
{
    private readonly WorkingLines _lines = new(question, columns);
    private readonly DateOnly[] _days = question.Days is not { } days ? [] : question.Metric.OverTime switch
    {
        OverTime.Last => [days.LastDay],
        OverTime.First => [days.Start],
        _ => [.. Enumerable.Range(0, days.Days).Select(i => days.Start.AddDays(i))],
    };

    public void Add(DateOnly from, DateOnly? to, Segment of, decimal amount, Func<object?[]> cells)
    {
        if (!question.AsksOfFinest(of))
            return;
        foreach (var day in _days.Where(day => from <= day && (to is null || day < to)))
            _lines.Add(day, of.On(question.Metric.Dimensions), amount, cells);
    }

    public ModelWorking Finish(string sentence)
    {
        foreach (var day in _days)
            _lines.HasPoint(day);
        return _lines.Finish(sentence);
    }
}
