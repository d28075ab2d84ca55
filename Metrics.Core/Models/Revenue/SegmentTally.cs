using System.Runtime.InteropServices;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>The daily figures of one segment: levels and what moves them. Used for segment after segment.</summary>
/// <param name="first">The number of the first day of the records.</param>
/// <param name="known">The days that have points; they may begin later, and end where nothing is known any more.</param>
internal sealed class SegmentTally(int first, Period known)
{
    private readonly int _days = known.End.DayNumber - first;
    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long[]> _levels = new(StringComparer.Ordinal);

    /// <summary>The losses of customers since it was cleared, with whose they are.</summary>
    public List<(int Customer, int Day, long Amount)> Churned { get; } = [];

    public void Clear()
    {
        foreach (var flow in _flows.Values)
            flow.Clear();
        foreach (var level in _levels.Values)
            Array.Clear(level);
        Churned.Clear();
    }

    /// <summary>Adds what one customer's changes come to.</summary>
    public void AddMovements(int customer, CustomerWalk walk, string suffix = "")
    {
        foreach (var move in CollectionsMarshal.AsSpan(walk.Movements))
        {
            AddFlow(suffix.Length == 0 ? move.Measure : move.Measure + suffix, move.Day, move.Amount);
            if (suffix.Length > 0)
                continue;

            if (move.CountMeasure is { } counted)
                AddFlow(counted, move.Day, 1);
            if (move.Measure == "churn")
                Churned.Add((customer, move.Day, move.Amount));
        }

        if (suffix.Length > 0)
            return;
        foreach (var (from, until) in walk.Active)
            AddLevel("customers", from, until, 1);
    }

    /// <summary>Adds a charge to a level, and what exchange rates make of it to a flow.</summary>
    public void AddWorth(string level, string? fx, ValuedCharge charge)
    {
        if (charge.IsEmpty || charge.From - first >= _days)
            return;

        var days = Level(level);
        var at = Math.Max(0, charge.From - first);
        var worth = charge.At(first + at);
        days[at] += worth;
        var changes = charge.Changes;
        var next = Array.BinarySearch(changes, first + at);
        for (next = next < 0 ? ~next : next + 1; next < changes.Length && changes[next] <= charge.Until && changes[next] - first < _days; next++)
        {
            var (day, now) = (changes[next], charge.At(changes[next]));
            if (now == worth)
                continue;

            if (fx is not null)
                AddFlow(fx, day, now - worth);
            if (day == charge.Until)
                break;
            days[day - first] += now - worth;
            worth = now;
        }

        if (charge.Until - first < _days)
            days[charge.Until - first] -= worth;
    }

    public void AddLevel(string level, int from, int until, long amount)
    {
        if (from - first >= _days || until <= from)
            return;
        var days = Level(level);
        days[Math.Max(0, from - first)] += amount;
        if (until - first < _days)
            days[until - first] -= amount;
    }

    public void AddFlow(string flow, int day, long amount)
    {
        if (day - first < _days)
            Flow(flow).Add(day - first, amount);
    }

    /// <summary>A point for every known day.</summary>
    public IReadOnlyList<Point> LevelPoints(string level, double scale, DayGaps gaps)
    {
        var days = Level(level);
        var points = new List<Point>(known.Days);
        long sum = 0;
        var hasGaps = gaps.Charges.Count > 0;
        for (var i = 0; i < days.Length; i++)
        {
            sum += days[i];
            if (i >= known.Start.DayNumber - first && !(hasGaps && gaps.Contains(first + i)))
                points.Add(new Point(DateOnly.FromDayNumber(first + i), sum / scale));
        }

        return points;
    }

    /// <summary>A point for every known day on which something moved.</summary>
    public IReadOnlyList<Point> FlowPoints(string flow, double scale)
    {
        if (!_flows.TryGetValue(flow, out var moved))
            return [];
        var points = new List<Point>();
        for (var i = known.Start.DayNumber - first; i < _days; i++)
        {
            if (moved.Moved[i])
                points.Add(new Point(DateOnly.FromDayNumber(first + i), moved.Sums[i] / scale));
        }

        return points;
    }

    private long[] Level(string name) => CollectionsMarshal.GetValueRefOrAddDefault(_levels, name, out _) ??= new long[_days];

    private Flow Flow(string name) => CollectionsMarshal.GetValueRefOrAddDefault(_flows, name, out _) ??= new Flow(_days);
}

/// <summary>The sums of a movement by day, and on which days there was one: what adds up to nothing moved all the same.</summary>
internal sealed class Flow(int days)
{
    public long[] Sums { get; } = new long[days];

    public bool[] Moved { get; } = new bool[days];

    public void Add(int day, long amount)
    {
        Sums[day] += amount;
        Moved[day] = true;
    }

    public void Clear()
    {
        Array.Clear(Sums);
        Array.Clear(Moved);
    }
}
