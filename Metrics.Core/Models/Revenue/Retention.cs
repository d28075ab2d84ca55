using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>
/// Adds up what customers paid on the opening day of every period and pay at its end, for each grain and window, customer by customer.
/// </summary>
/// <remarks>
/// All days that any of them asks for are collected once, and a customer's level is laid over those alone; so a period costs one
/// addition, not a search in the customer's history.
/// </remarks>
internal sealed class Retention
{
    private readonly int[] _probes;
    private readonly long[] _levels;
    private readonly bool[] _active;
    private readonly Pairs[] _pairs;
    private readonly bool _countsJoiners;

    /// <param name="wanted">The grains and windows that are asked for.</param>
    /// <param name="known">The days that are computed.</param>
    public Retention(ReportingCalendar calendar, IEnumerable<(Grain Grain, string Window)> wanted, Period known, DayGaps gaps, bool countsJoiners)
    {
        _countsJoiners = countsJoiners;
        var pairs = wanted.Distinct().Select(one =>
        {
            var periods = calendar.Covering(one.Grain, known.Start, known.End);
            return (one.Grain, one.Window, Periods: periods,
                From: periods.Select(period => OpeningDay(period, one.Window, known.End.DayNumber)).ToArray(),
                To: periods.Select(period => Math.Min(period.End.DayNumber, known.End.DayNumber) - 1).ToArray());
        }).ToArray();
        _probes = [.. pairs.SelectMany(one => one.From.Concat(one.To)).Distinct().Order()];
        _levels = new long[_probes.Length];
        _active = new bool[_probes.Length];
        _pairs =
        [
            .. pairs.Select(one => new Pairs(
                one.Grain, one.Window, one.Periods,
                [.. one.From.Select(ProbeOf)], [.. one.To.Select(ProbeOf)],
                [.. one.From.Zip(one.To, (from, to) => gaps.Contains(from) || gaps.Contains(to))])),
        ];

        int ProbeOf(int day) => Array.BinarySearch(_probes, day);
    }

    /// <summary>The number of the last day before the window; of a period that has hardly begun, no later than the last known day.</summary>
    public static int OpeningDay(Period period, string window, int through) => Math.Min(RevenueModel.Opening(period, window).DayNumber, through - 1);

    public void Clear()
    {
        foreach (var pairs in _pairs)
            pairs.Clear();
    }

    /// <summary>Adds a customer of some charges.</summary>
    public void Add(ReadOnlySpan<ValuedCharge> charges, CustomerWalk walk)
    {
        if (walk.Active.Count == 0)
            return;

        var low = FirstProbe(walk.Active[0].From);
        var high = FirstProbe(walk.Active[^1].Until);
        foreach (var charge in charges)
        {
            var (from, until) = (FirstProbe(charge.From), Math.Min(high, charge.IsEmpty ? 0 : FirstProbe(charge.Until)));
            for (var i = from; i < until; i++)
                _levels[i] += charge.At(_probes[i]);
        }

        for (var i = low; i < high; i++)
            _active[i] = walk.IsActive(_probes[i]);
        foreach (var pairs in _pairs)
            Add(pairs, low, high, walk);
        Array.Clear(_levels, low, high - low);
        Array.Clear(_active, low, high - low);
    }

    private void Add(Pairs pairs, int low, int high, CustomerWalk walk)
    {
        for (var i = pairs.FirstFrom(low); i < pairs.From.Length && pairs.From[i] < high; i++)
        {
            if (!_active[pairs.From[i]])
                continue;

            var (before, after, stays) = (_levels[pairs.From[i]], _levels[pairs.To[i]], _active[pairs.To[i]]);
            pairs.Opening[i] += before;
            pairs.Kept[i] += Math.Min(before, after);
            pairs.Closing[i] += after;
            pairs.Customers[i]++;
            pairs.Lost[i] += stays ? 0 : 1;
        }

        if (!_countsJoiners)
            return;

        for (var i = 0; i < pairs.From.Length; i++)
        {
            if (!walk.IsActiveWithin(_probes[pairs.From[i]], _probes[pairs.To[i]]))
                continue;
            pairs.Base[i]++;
            pairs.BaseLost[i] += _active[pairs.To[i]] ? 0 : 1;
        }
    }

    public IReadOnlyList<Point> Points(string measure, string window, Grain grain, double unit)
    {
        var pairs = _pairs.First(one => one.Grain == grain && one.Window == window);
        var (sums, scale) = measure switch
        {
            "opening_mrr" => (pairs.Opening, unit),
            "kept_mrr" => (pairs.Kept, unit),
            "closing_mrr_of_opening" => (pairs.Closing, unit),
            "opening_customers" => (pairs.Customers, 1),
            "lost_customers" => (pairs.Lost, 1),
            "churn_base_customers" => (_countsJoiners ? pairs.Base : pairs.Customers, 1),
            "churn_lost_customers" => (_countsJoiners ? pairs.BaseLost : pairs.Lost, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Not a point-to-point measure."),
        };
        var points = new List<Point>(sums.Length);
        for (var i = 0; i < sums.Length; i++)
        {
            if (!pairs.Unknown[i])
                points.Add(new Point(pairs.Periods[i].Start, sums[i] / scale));
        }

        return points;
    }

    /// <summary>What a customer adds to a point-to-point measure; 0 where they do not count.</summary>
    /// <param name="before">What they paid on the opening day.</param>
    /// <param name="after">What they pay at the end.</param>
    public static long Counted(string measure, CustomerWalk walk, int from, int to, bool countsJoiners, long before, long after)
    {
        var wasActive = walk.IsActive(from);
        var counts = wasActive || (countsJoiners && measure.StartsWith("churn_", StringComparison.Ordinal) && walk.IsActiveWithin(from, to));
        return !counts ? 0 : measure switch
        {
            "opening_mrr" => before,
            "kept_mrr" => Math.Min(before, after),
            "closing_mrr_of_opening" => after,
            "opening_customers" or "churn_base_customers" => 1,
            "lost_customers" or "churn_lost_customers" => walk.IsActive(to) ? 0 : 1,
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Not a point-to-point measure."),
        };
    }

    private int FirstProbe(int day)
    {
        var at = Array.BinarySearch(_probes, day);
        return at < 0 ? ~at : at;
    }

    /// <summary>The periods of one grain and window: the places of their days among the probes, and the sums.</summary>
    private sealed record Pairs(Grain Grain, string Window, IReadOnlyList<Period> Periods, int[] From, int[] To, bool[] Unknown)
    {
        public long[] Opening { get; } = new long[From.Length];

        public long[] Kept { get; } = new long[From.Length];

        public long[] Closing { get; } = new long[From.Length];

        public long[] Customers { get; } = new long[From.Length];

        public long[] Lost { get; } = new long[From.Length];

        public long[] Base { get; } = new long[From.Length];

        public long[] BaseLost { get; } = new long[From.Length];

        /// <summary>The first period whose opening day is a probe or a later one; opening days are in the order of the periods.</summary>
        public int FirstFrom(int probe)
        {
            var (low, high) = (0, From.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (From[middle] < probe)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }

        public void Clear()
        {
            foreach (var sums in (long[][])[Opening, Kept, Closing, Customers, Lost, Base, BaseLost])
                Array.Clear(sums);
        }
    }
}
