using System.Runtime.InteropServices;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>
/// Points of one group to one figure for any run of days: sum, last, first, mean, min or max over time, added up over segments
/// (KPIS §2.4).
/// </summary>
/// <remarks>
/// Computed in decimal, so that cents stay cents. Last and first are taken in each series and then added over segments, because
/// segments may report on different days; mean, min and max are taken over the days' totals. Points are converted and added up over
/// segments once, when the first figure is asked for, and every figure after that walks days, not points.
/// </remarks>
internal sealed class Rollup
{
    private readonly IReadOnlyList<StoredSeries> _series;
    private readonly int _first;
    private readonly DayTotal[] _days;

    /// <param name="series">Series of one metric at its native grain.</param>
    public Rollup(IReadOnlyList<StoredSeries> series)
    {
        _series = series;
        var (first, last) = (int.MaxValue, int.MinValue);
        foreach (var one in series)
        {
            first = Math.Min(first, one.Points[0].Day.DayNumber);
            last = Math.Max(last, one.Points[^1].Day.DayNumber);
        }

        _first = first;
        _days = series.Count == 0 ? [] : new DayTotal[last - first + 1];
        foreach (var one in series)
        {
            foreach (var point in one.Points)
            {
                ref var day = ref _days[point.Day.DayNumber - first];
                day.Sum = day.IsPresent ? day.Sum + Exact(point.Value) : Exact(point.Value);
                day.Written = Math.Max(day.Written, point.FirstWrittenTicks + 1);
            }
        }
    }

    /// <summary>The figure of the points whose day lies in a period, before anybody asks whether it is complete; null where there is none.</summary>
    /// <param name="zeroDays">For metrics where a day without a point is 0: the days that count as such. Null: a day without a point is unknown.</param>
    public decimal? Value(OverTime overTime, Period period, Period? zeroDays)
    {
        var value = overTime switch
        {
            OverTime.Sum => Sum(period),
            OverTime.Last => OfEachSeries(period, last: true),
            OverTime.First => OfEachSeries(period, last: false),
            OverTime.Mean or OverTime.Min or OverTime.Max => OfDayTotals(overTime, period, zeroDays),
            _ => throw new ArgumentOutOfRangeException(nameof(overTime), overTime, "Only metrics that roll up over time can be computed from finer points."),
        };
        return value ?? (zeroDays is not null && OverlapDays(period, zeroDays) > 0 ? 0 : null);
    }

    /// <summary>The native periods in a period that have a point, counted in days.</summary>
    /// <param name="nativePeriod">The native period of a day; null where that is the day itself.</param>
    public int PresentDays(Period period, Func<DateOnly, Period>? nativePeriod)
    {
        var present = 0;
        var (from, to) = Inside(period);
        for (var i = from; i < to; i++)
        {
            if (_days[i].IsPresent)
                present += nativePeriod is null ? 1 : nativePeriod(DateOnly.FromDayNumber(_first + i)).Days;
        }

        return present;
    }

    /// <summary>Whether a point of a period was first written after a moment.</summary>
    public bool AnyWrittenAfter(Period period, DateTimeOffset moment)
    {
        var (from, to) = Inside(period);
        var ticks = moment.UtcTicks;
        for (var i = from; i < to; i++)
        {
            if (_days[i].Written - 1 > ticks)
                return true;
        }

        return false;
    }

    /// <summary>The exact decimal of a stored double: every amount with at most 15 significant digits comes back as it was.</summary>
    /// <remarks>Counts are most of what is stored, and a whole number is converted ten times as fast.</remarks>
    public static decimal Exact(double value) => Math.Abs(value) < 1e15 && (long)value is var whole && whole == value ? whole
        : Math.Abs(value) < 7.9e27 ? (decimal)value : throw new OverflowException($"{value} is too large to be computed with exactly.");

    public static int OverlapDays(Period a, Period b)
    {
        var start = a.Start > b.Start ? a.Start : b.Start;
        var end = a.End < b.End ? a.End : b.End;
        return Math.Max(0, end.DayNumber - start.DayNumber);
    }

    private decimal? Sum(Period period)
    {
        decimal? sum = null;
        var (from, to) = Inside(period);
        for (var i = from; i < to; i++)
        {
            if (_days[i].IsPresent)
                sum = (sum ?? 0) + _days[i].Sum;
        }

        return sum;
    }

    private decimal? OfEachSeries(Period period, bool last)
    {
        decimal? sum = null;
        foreach (var series in _series)
        {
            // The first point that is not before the day: of the period's end for the last point in it, of its start for the first.
            var at = FirstFrom(series.Points, last ? period.End : period.Start) - (last ? 1 : 0);
            if (at >= 0 && at < series.Points.Count && period.Contains(series.Points[at].Day))
                sum = (sum ?? 0) + Exact(series.Points[at].Value);
        }

        return sum;
    }

    private static int FirstFrom(IReadOnlyList<StoredPoint> points, DateOnly day)
    {
        var (low, high) = (0, points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (points[middle].Day < day)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private decimal? OfDayTotals(OverTime overTime, Period period, Period? zeroDays)
    {
        decimal sum = 0, min = decimal.MaxValue, max = decimal.MinValue;
        var count = 0;
        for (var day = period.Start; day < period.End; day = day.AddDays(1))
        {
            var at = day.DayNumber - _first;
            decimal total;
            if (at >= 0 && at < _days.Length && _days[at].IsPresent)
                total = _days[at].Sum;
            else if (zeroDays?.Contains(day) == true)
                total = 0;
            else
                continue;

            (sum, min, max, count) = (sum + total, Math.Min(min, total), Math.Max(max, total), count + 1);
        }

        return count == 0 ? null : overTime switch
        {
            OverTime.Mean => sum / count,
            OverTime.Min => min,
            _ => max,
        };
    }

    /// <summary>The part of the table that lies in a period, half-open.</summary>
    private (int From, int To) Inside(Period period) => _days.Length == 0
        ? (0, 0)
        : (Math.Max(0, period.Start.DayNumber - _first), Math.Min(_days.Length, period.End.DayNumber - _first));

    [StructLayout(LayoutKind.Auto)]
    private struct DayTotal
    {
        public decimal Sum;

        /// <summary>One more than the ticks of UTC at which the last of its points was first written; 0 where it has none.</summary>
        public long Written;

        public readonly bool IsPresent => Written > 0;
    }
}
