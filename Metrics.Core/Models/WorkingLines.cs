using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>
/// Puts the lines of a working together the way the metric's points are: added up, the last or first of each series, or the mean or
/// extreme of the days' totals.
/// </summary>
/// <remarks>
/// Keeps the largest lines alone and of the others a count and a sum, so that a value of a million records takes the memory of those
/// that are shown. Of equal ones the first are kept.
/// </remarks>
internal sealed class WorkingLines(WorkingQuestion question, IReadOnlyList<WorkingColumn> columns, bool countsLines = false)
{
    private readonly OverTime _overTime = question.Metric.OverTime;
    private readonly Largest _all = new(question.Most);
    private readonly Dictionary<Segment, (DateOnly Day, Largest Lines)> _picked = [];
    private readonly SortedDictionary<DateOnly, decimal> _days = [];

    /// <param name="day">The day of the point that the line belongs to.</param>
    /// <param name="series">The series of the point.</param>
    /// <param name="cells">The line's cells, asked for only when it is kept.</param>
    /// <param name="weight">What lines are sorted by where their amounts are all the same.</param>
    public void Add(DateOnly day, Segment series, decimal amount, Func<object?[]> cells, decimal? weight = null)
    {
        switch (_overTime)
        {
            case OverTime.Last or OverTime.First:
                if (!_picked.TryGetValue(series, out var picked) || (_overTime == OverTime.Last ? day > picked.Day : day < picked.Day))
                    _picked[series] = picked = (day, new Largest(question.Most));
                if (day == picked.Day)
                    picked.Lines.Add(amount, weight ?? Math.Abs(amount), cells);
                break;
            case OverTime.Mean or OverTime.Min or OverTime.Max:
                _days[day] = _days.GetValueOrDefault(day) + amount;
                break;
            default:
                _all.Add(amount, weight ?? Math.Abs(amount), cells);
                break;
        }
    }

    /// <summary>Says that there is a point for a day even if nothing adds to it: in a mean or an extreme of days it is a 0.</summary>
    public void HasPoint(DateOnly day)
    {
        if (_overTime is OverTime.Mean or OverTime.Min or OverTime.Max)
            _days.TryAdd(day, 0);
    }

    public ModelWorking Finish(string sentence)
    {
        if (_overTime is OverTime.Mean or OverTime.Min or OverTime.Max)
            return OfDays();

        foreach (var (_, lines) in _picked.Values)
            _all.Add(lines);
        var kept = _all.Lines();
        return new ModelWorking(
            sentence, countsLines ? AddsUp.Count : AddsUp.Sum, columns, kept, _all.Count, _all.Sum, _all.Sum - kept.Sum(line => line.Amount));
    }

    /// <summary>Of a mean, the lowest or the highest the days are the lines; a day without anything is 0 where the metric says so.</summary>
    private ModelWorking OfDays()
    {
        if (question.Metric.Missing == Missing.Zero && question.Days is { } known)
        {
            for (var day = known.Start; day < known.End; day = day.AddDays(1))
                _days.TryAdd(day, 0);
        }

        var (addsUp, word) = _overTime switch
        {
            OverTime.Mean => (AddsUp.Mean, "mean"),
            OverTime.Min => (AddsUp.Lowest, "lowest"),
            _ => (AddsUp.Highest, "highest"),
        };
        decimal? total = _days.Count == 0 ? null : addsUp switch
        {
            AddsUp.Mean => _days.Values.Sum() / _days.Count,
            AddsUp.Lowest => _days.Values.Min(),
            _ => _days.Values.Max(),
        };
        return new ModelWorking(
            string.Create(CultureInfo.InvariantCulture, $"The value is the {word} of these {_days.Count} {question.Metric.NativeGrain.Name()}s."),
            addsUp,
            [new WorkingColumn("day", WorkingKind.Day)],
            [
                .. _days.OrderByDescending(day => Math.Abs(day.Value)).ThenBy(day => day.Key).Take(question.Most)
                    .Select(day => new WorkingLine([day.Key], day.Value)),
            ],
            _days.Count, total, 0);
    }

    /// <summary>The largest of some lines, with the number and the sum of all.</summary>
    private sealed class Largest(int most)
    {
        private readonly PriorityQueue<WorkingLine, (decimal Weight, long Later)> _kept = new();

        public long Count { get; private set; }

        public decimal Sum { get; private set; }

        public void Add(decimal amount, decimal weight, Func<object?[]> cells)
        {
            (Count, Sum) = (Count + 1, Sum + amount);
            var rank = (weight, -Count);
            if (_kept.Count < most)
                _kept.Enqueue(new WorkingLine(cells(), amount), rank);
            else if (_kept.TryPeek(out _, out var smallest) && rank.CompareTo(smallest) > 0)
                _kept.DequeueEnqueue(new WorkingLine(cells(), amount), rank);
        }

        public void Add(Largest others)
        {
            var (count, sum) = (Count + others.Count, Sum + others.Sum);
            foreach (var (line, rank) in others._kept.UnorderedItems.OrderByDescending(item => item.Priority))
                Add(line.Amount, rank.Weight, () => [.. line.Cells]);
            (Count, Sum) = (count, sum);
        }

        public IReadOnlyList<WorkingLine> Lines() =>
            [.. _kept.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
    }
}
