using Metrics.Core.Periods;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>What every customer of one segment pays per month, day by day, and what follows from it. Amounts are minor units.</summary>
internal sealed class SegmentHistory
{
    private readonly CustomerHistory[] _customers;
    private readonly Period _days;
    private readonly double _unit;
    private readonly Dictionary<string, SortedDictionary<int, long>> _movements = [];
    private readonly List<Point> _customerCounts = [];
    private readonly List<Point> _mrr = [];

    private SegmentHistory(CustomerHistory[] customers, Period days, int digits)
    {
        (_customers, _days, _unit) = (customers, days, (double)MrrPolicy.PowerOfTen(digits));
        foreach (var measure in RevenueModel.Daily.Skip(2))
            _movements[measure] = [];
        Walk();
    }

    /// <param name="periods">The paid subscription periods of one segment.</param>
    /// <param name="days">The days that are computed.</param>
    /// <param name="digits">The decimals of the currency's minor unit.</param>
    public static SegmentHistory Of(IEnumerable<SubscriptionPeriod> periods, Period days, int digits) =>
        new([.. periods.GroupBy(period => period.Customer).Select(own => new CustomerHistory(own, digits))], days, digits);

    /// <summary>The points of a daily measure: for MRR and customers one for each day, for movements one for each day that has some.</summary>
    public IReadOnlyList<Point> Daily(string measure) => measure switch
    {
        "mrr" => _mrr,
        "customers" => _customerCounts,
        "new_customers" or "reactivated_customers" or "churned_customers" =>
            [.. _movements[measure].Select(day => new Point(DateOnly.FromDayNumber(day.Key), day.Value))],
        _ => [.. _movements[measure].Select(day => new Point(DateOnly.FromDayNumber(day.Key), day.Value / _unit))],
    };

    /// <summary>A measure of the customers who paid on the opening day of each period, at the period's last day that is known.</summary>
    public IReadOnlyList<Point> PointToPoint(string measure, IReadOnlyList<Period> periods, Func<Period, DateOnly> opening)
    {
        var points = new Point[periods.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var from = opening(periods[i]).DayNumber;
            var to = Math.Min(periods[i].End.DayNumber, _days.End.DayNumber) - 1;
            long sum = 0;
            foreach (var customer in _customers)
            {
                if (customer.At(from) is not (> 0 and var before))
                    continue;

                sum += Counted(measure, before, customer.At(to));
            }

            points[i] = new Point(periods[i].Start, measure.EndsWith("customers", StringComparison.Ordinal) ? sum : sum / _unit);
        }

        return points;
    }

    /// <summary>What a customer who paid on the opening day adds to a point-to-point measure.</summary>
    public static long Counted(string measure, long before, long after) => measure switch
    {
        "opening_mrr" => before,
        "kept_mrr" => Math.Min(before, after),
        "closing_mrr_of_opening" => after,
        "opening_customers" => 1,
        "lost_customers" => after == 0 ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Not a point-to-point measure."),
    };

    /// <summary>Classifies every change of every customer, and adds the changes up to daily levels.</summary>
    private void Walk()
    {
        var last = _days.End.DayNumber;
        var mrrChanges = new SortedDictionary<int, long>();
        var countChanges = new SortedDictionary<int, long>();
        foreach (var customer in _customers)
        {
            foreach (var move in customer.Movements().TakeWhile(move => move.Day < last))
            {
                Add(mrrChanges, move.Day, move.After - move.Before);
                Add(_movements[move.Measure], move.Day, move.Amount);
                if (move.CountMeasure is not { } counted)
                    continue;

                Add(_movements[counted], move.Day, 1);
                Add(countChanges, move.Day, move.After > 0 ? 1 : -1);
            }
        }

        long mrr = 0, count = 0;
        for (var day = _days.Start.DayNumber; day < last; day++)
        {
            mrr += mrrChanges.TryGetValue(day, out var moved) ? moved : 0;
            count += countChanges.TryGetValue(day, out var joined) ? joined : 0;
            _mrr.Add(new Point(DateOnly.FromDayNumber(day), mrr / _unit));
            _customerCounts.Add(new Point(DateOnly.FromDayNumber(day), count));
        }
    }

    private static void Add(SortedDictionary<int, long> days, int day, long amount) => days[day] = (days.TryGetValue(day, out var sum) ? sum : 0) + amount;
}
