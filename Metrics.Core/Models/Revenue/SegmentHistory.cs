using Metrics.Core.Periods;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>What every customer of one segment pays per month, day by day, and what follows from it. Amounts are minor units.</summary>
internal sealed class SegmentHistory
{
    private readonly Customer[] _customers;
    private readonly Period _days;
    private readonly double _unit;
    private readonly Dictionary<string, SortedDictionary<int, long>> _movements = [];
    private readonly List<Point> _customerCounts = [];
    private readonly List<Point> _mrr = [];

    private SegmentHistory(Customer[] customers, Period days, int digits)
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
        new([.. periods.GroupBy(period => period.Customer).Select(own => new Customer(own, digits))], days, digits);

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

                sum += measure switch
                {
                    "opening_mrr" => before,
                    "kept_mrr" => Math.Min(before, customer.At(to)),
                    "closing_mrr_of_opening" => customer.At(to),
                    "opening_customers" => 1,
                    "lost_customers" => customer.At(to) == 0 ? 1 : 0,
                    _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Not a point-to-point measure."),
                };
            }

            points[i] = new Point(periods[i].Start, measure.EndsWith("customers", StringComparison.Ordinal) ? sum : sum / _unit);
        }

        return points;
    }

    /// <summary>Classifies every change of every customer, and adds the changes up to daily levels.</summary>
    private void Walk()
    {
        var last = _days.End.DayNumber;
        var mrrChanges = new SortedDictionary<int, long>();
        var countChanges = new SortedDictionary<int, long>();
        foreach (var customer in _customers)
        {
            var paidBefore = false;
            long before = 0;
            foreach (var (day, after) in customer.Steps)
            {
                if (day >= last)
                    break;

                Add(mrrChanges, day, after - before);
                switch (before, after)
                {
                    case (0, > 0):
                        Add(_movements[paidBefore ? "reactivation" : "new"], day, after);
                        Add(_movements[paidBefore ? "reactivated_customers" : "new_customers"], day, 1);
                        Add(countChanges, day, 1);
                        paidBefore = true;
                        break;
                    case ( > 0, 0):
                        Add(_movements["churn"], day, before);
                        Add(_movements["churned_customers"], day, 1);
                        Add(countChanges, day, -1);
                        break;
                    case var _ when after > before:
                        Add(_movements["expansion"], day, after - before);
                        break;
                    default:
                        Add(_movements["contraction"], day, before - after);
                        break;
                }

                before = after;
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

    /// <summary>The days on which what a customer pays changes, with the new amount; overlapping subscriptions are added up.</summary>
    private sealed class Customer
    {
        private readonly int[] _days;
        private readonly long[] _amounts;

        public Customer(IEnumerable<SubscriptionPeriod> periods, int digits)
        {
            var changes = new SortedDictionary<int, long>();
            foreach (var period in periods)
            {
                var amount = MrrPolicy.MonthlyMinorUnits(period.Amount, period.Interval, digits);
                Add(changes, period.Start.DayNumber, amount);
                if (period.End is { } end)
                    Add(changes, end.DayNumber, -amount);
            }

            // A day on which one subscription ends and an equal one begins is no change.
            long level = 0;
            var steps = new List<(int Day, long Amount)>();
            foreach (var (day, change) in changes.Where(pair => pair.Value != 0))
                steps.Add((day, level += change));
            (_days, _amounts) = ([.. steps.Select(step => step.Day)], [.. steps.Select(step => step.Amount)]);
        }

        public IEnumerable<(int Day, long Amount)> Steps => _days.Zip(_amounts);

        /// <summary>What is paid per month at the end of a day.</summary>
        public long At(int day)
        {
            var at = Array.BinarySearch(_days, day);
            if (at < 0)
                at = ~at - 1;
            return at < 0 ? 0 : _amounts[at];
        }
    }
}
