using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>
/// Points to one figure per period: sum, last, first, mean, min or max over time, added up over segments (KPIS §2.4).
/// </summary>
/// <remarks>
/// Computed in decimal, so that cents stay cents. Last and first are taken in each series and then added over segments, because
/// segments may report on different days; mean, min and max are taken over the days' totals.
/// </remarks>
public static class Rollup
{
    /// <summary>A period's figure before anybody asks whether it is complete.</summary>
    /// <param name="Value">null where no point lies in the period.</param>
    /// <param name="PresentDays">The native periods that have a point, counted in days.</param>
    public sealed record Figure(decimal? Value, int PresentDays);

    /// <summary>
    /// The figures of consecutive <paramref name="periods"/> from the series of one group; a point lies in a period when its day does.
    /// </summary>
    /// <param name="series">Series of one metric at its native grain.</param>
    /// <param name="zeroDays">For metrics where a day without a point is 0: the days that count as such. Null: a day without a point is unknown.</param>
    /// <param name="nativePeriod">The native period of a day, for counting what is present.</param>
    public static IReadOnlyList<Figure> Compute(
        OverTime overTime, IReadOnlyList<Period> periods, IReadOnlyCollection<StoredSeries> series, Period? zeroDays, Func<DateOnly, Period> nativePeriod)
    {
        var present = new HashSet<DateOnly>[periods.Count];
        for (var i = 0; i < periods.Count; i++)
            present[i] = [];

        var values = overTime switch
        {
            OverTime.Sum => Picked(periods, series, present, (sum, value) => (sum ?? 0) + value),
            OverTime.Last => Picked(periods, series, present, (_, value) => value),
            OverTime.First => Picked(periods, series, present, (first, value) => first ?? value),
            OverTime.Mean or OverTime.Min or OverTime.Max => OfDayTotals(overTime, periods, series, present, zeroDays),
            _ => throw new ArgumentOutOfRangeException(nameof(overTime), overTime, "Only metrics that roll up over time can be computed from finer points."),
        };

        var figures = new Figure[periods.Count];
        for (var i = 0; i < figures.Length; i++)
        {
            var zeros = zeroDays is null ? 0 : OverlapDays(periods[i], zeroDays);
            var value = values[i] ?? (zeros > 0 ? 0 : null);
            figures[i] = new Figure(value, zeroDays is null ? present[i].Sum(day => nativePeriod(day).Days) : zeros);
        }

        return figures;
    }

    /// <summary>The exact decimal of a stored double: every amount with at most 15 significant digits comes back as it was.</summary>
    public static decimal Exact(double value) =>
        Math.Abs(value) < 7.9e27 ? (decimal)value : throw new OverflowException($"{value} is too large to be computed with exactly.");

    /// <summary>Walks each series once, along the periods; the results of the series are added.</summary>
    private static decimal?[] Picked(
        IReadOnlyList<Period> periods, IReadOnlyCollection<StoredSeries> series, HashSet<DateOnly>[] present, Func<decimal?, decimal, decimal> pick)
    {
        var totals = new decimal?[periods.Count];
        foreach (var one in series)
        {
            var at = 0;
            decimal? own = null;
            foreach (var point in one.Points)
            {
                for (; at < periods.Count && point.Day >= periods[at].End; at++)
                    Take();
                if (at == periods.Count)
                    break;
                if (point.Day < periods[at].Start)
                    continue;

                own = pick(own, Exact(point.Value));
                present[at].Add(point.Day);
            }

            if (at < periods.Count)
                Take();

            void Take()
            {
                if (own is { } value)
                    totals[at] = (totals[at] ?? 0) + value;
                own = null;
            }
        }

        return totals;
    }

    private static decimal?[] OfDayTotals(
        OverTime overTime, IReadOnlyList<Period> periods, IReadOnlyCollection<StoredSeries> series, HashSet<DateOnly>[] present, Period? zeroDays)
    {
        var totals = new Dictionary<DateOnly, decimal>();
        foreach (var point in series.SelectMany(one => one.Points))
            totals[point.Day] = totals.GetValueOrDefault(point.Day) + Exact(point.Value);

        var values = new decimal?[periods.Count];
        for (var i = 0; i < periods.Count; i++)
        {
            var days = new List<decimal>();
            for (var day = periods[i].Start; day < periods[i].End; day = day.AddDays(1))
            {
                if (totals.TryGetValue(day, out var total))
                {
                    days.Add(total);
                    present[i].Add(day);
                }
                else if (zeroDays?.Contains(day) == true)
                {
                    days.Add(0);
                }
            }

            values[i] = days.Count == 0 ? null : overTime switch
            {
                OverTime.Mean => days.Sum() / days.Count,
                OverTime.Min => days.Min(),
                _ => days.Max(),
            };
        }

        return values;
    }

    internal static int OverlapDays(Period a, Period b)
    {
        var start = a.Start > b.Start ? a.Start : b.Start;
        var end = a.End < b.End ? a.End : b.End;
        return Math.Max(0, end.DayNumber - start.DayNumber);
    }
}
