using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>What the customers who first paid in the same period pay at the end of it and of every period since, for one grain.</summary>
internal sealed class Cohorts
{
    private readonly IReadOnlyList<Period> _periods;
    private readonly int[] _to;
    private readonly bool[] _unknown;
    private readonly long[][] _mrr;
    private readonly long[][] _customers;
    private readonly long[] _size;

    public Cohorts(ReportingCalendar calendar, Grain grain, Period known, DayGaps gaps)
    {
        _periods = calendar.Covering(grain, known.Start, known.End);
        _to = [.. _periods.Select(period => Math.Min(period.End.DayNumber, known.End.DayNumber) - 1)];
        _unknown = [.. _to.Select(gaps.Contains)];
        _mrr = [.. _periods.Select((_, i) => new long[_periods.Count - i])];
        _customers = [.. _periods.Select((_, i) => new long[_periods.Count - i])];
        _size = new long[_periods.Count];
    }

    public void Add(ReadOnlySpan<ValuedCharge> charges, CustomerWalk walk)
    {
        if (CustomerWalk.FirstPaid(charges) is not { } first || IndexOf(first) is not (>= 0 and var cohort))
            return;

        _size[cohort]++;
        for (var i = cohort; i < _to.Length; i++)
        {
            if (!walk.IsActive(_to[i]))
                continue;
            _customers[cohort][i - cohort]++;
            foreach (var charge in charges)
                _mrr[cohort][i - cohort] += charge.RunsOn(_to[i]) ? charge.At(_to[i]) : 0;
        }
    }

    /// <summary>The total, and a series for each cohort that has customers.</summary>
    public IEnumerable<(Segment Segment, IReadOnlyList<Point> Points)> Series(string measure, bool byCohort, double unit)
    {
        var scale = RevenueMeasures.Counts(measure) ? 1 : unit;
        if (!byCohort)
        {
            yield return (Segment.Total,
            [
                .. Enumerable.Range(0, _periods.Count).Where(i => !_unknown[i])
                    .Select(i => new Point(_periods[i].Start, Enumerable.Range(0, i + 1).Sum(cohort => Value(measure, cohort, i)) / scale)),
            ]);
            yield break;
        }

        for (var cohort = 0; cohort < _periods.Count; cohort++)
        {
            if (_size[cohort] == 0)
                continue;
            var own = cohort;
            yield return (SegmentOf(_periods[cohort]),
            [
                .. Enumerable.Range(own, _periods.Count - own).Where(i => !_unknown[i]).Select(i => new Point(_periods[i].Start, Value(measure, own, i) / scale)),
            ]);
        }
    }

    /// <summary>The segment of the customers who first paid in a period.</summary>
    public static Segment SegmentOf(Period period) =>
        Segment.Of([(RevenueMeasures.CohortDimension, period.Start.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))]);

    private long Value(string measure, int cohort, int period) => measure switch
    {
        "cohort_mrr" => _mrr[cohort][period - cohort],
        "cohort_customers" => _customers[cohort][period - cohort],
        "cohort_start_mrr" => _mrr[cohort][0],
        "cohort_size" => _size[cohort],
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Not a measure of cohorts."),
    };

    /// <summary>The period of a day; one before the first that is known belongs to no cohort that could be shown whole.</summary>
    private int IndexOf(int day)
    {
        if (day < _periods[0].Start.DayNumber)
            return -1;

        var (low, high) = (0, _periods.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_periods[middle].End.DayNumber <= day)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _periods.Count ? low : -1;
    }
}
