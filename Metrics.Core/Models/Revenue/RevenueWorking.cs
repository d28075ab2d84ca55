using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>
/// The subscriptions behind an MRR, the customers behind a count, the movements behind a flow, and the opening customers behind a
/// retention figure. Holds the paid subscriptions of the segment that is asked for, as the model itself does of all.
/// </summary>
internal sealed class RevenueWorking(WorkingQuestion question) : IWorkingRun
{
    private static readonly WorkingColumn Customer = new("customer", WorkingKind.Text);

    private readonly List<Paid> _paid = [];
    private readonly SubscriptionCurrency _currency = new(question.Calendar.Settings.Currency);
    private readonly int _digits = MrrPolicy.MinorDigits(question.Calendar.Settings.Currency);
    private readonly string _measure = question.Measure;

    private IReadOnlyList<string> Dimensions => question.Metric.Dimensions;

    private WorkingColumn[] DimensionColumns => [.. Dimensions.Select(dimension => new WorkingColumn(dimension, WorkingKind.Text))];

    private bool CountsCustomers => _measure.Contains("customers", StringComparison.Ordinal);

    public void Add(StoredRecord record)
    {
        var subscription = SubscriptionPeriod.From(record.Body);
        _currency.Note(subscription.Currency);
        if (subscription.Amount > 0 && subscription.Start < question.Known.End && (subscription.End is null || subscription.End > subscription.Start)
            && question.Asks(subscription.Segment))
        {
            _paid.Add(new Paid(subscription, record.Body.Text("subscription") ?? RecordLines.KeyOf(record), question.SeriesOf(subscription.Segment)));
        }
    }

    public ModelWorking Finish()
    {
        _currency.Check();
        return _measure switch
        {
            "mrr" => Subscriptions(),
            "customers" => Customers(),
            _ when RevenueModel.Daily.Contains(_measure) => Movements(),
            _ => OpeningCustomers(),
        };
    }

    /// <summary>The days whose level is asked for: of a stock one alone, of anything else all.</summary>
    private IEnumerable<DateOnly> LevelDays()
    {
        if (question.Days is not { } days || _paid.Count == 0)
            return [];

        return question.Metric.OverTime switch
        {
            OverTime.Last => [days.LastDay],
            OverTime.First => [days.Start],
            _ => Enumerable.Range(0, days.Days).Select(i => days.Start.AddDays(i)),
        };
    }

    private ModelWorking Subscriptions()
    {
        var lines = new WorkingLines(question,
        [
            Customer, new WorkingColumn("subscription", WorkingKind.Text), .. DimensionColumns,
            new WorkingColumn("started", WorkingKind.Day), new WorkingColumn("ends", WorkingKind.Day),
        ]);
        foreach (var day in LevelDays())
        {
            lines.HasPoint(day);
            foreach (var paid in _paid.Where(paid => paid.RunsOn(day)))
            {
                var own = paid.Subscription;
                lines.Add(day, paid.Series, Major(PerMonth(own)), () =>
                    [own.Customer, paid.Name, .. Dimensions.Select(dimension => own.Segment[dimension] ?? Segment.NoValue), own.Start, own.End]);
            }
        }

        return lines.Finish($"Each line is a subscription that runs {OnTheDay()}, with its amount per month.");
    }

    private ModelWorking Customers()
    {
        var lines = new WorkingLines(
            question,
            [Customer, .. DimensionColumns, new WorkingColumn("since", WorkingKind.Day), new WorkingColumn("per month", WorkingKind.Money)],
            countsLines: true);
        foreach (var day in LevelDays())
        {
            lines.HasPoint(day);
            foreach (var customer in _paid.Where(paid => paid.RunsOn(day)).GroupBy(paid => (paid.Subscription.Customer, paid.Series)))
            {
                // A subscription whose amount rounds to nothing makes nobody a customer.
                var perMonth = customer.Sum(paid => PerMonth(paid.Subscription));
                if (perMonth > 0)
                {
                    lines.Add(day, customer.Key.Series, 1, () =>
                        [customer.Key.Customer, .. SegmentsOf(customer), customer.Min(paid => paid.Subscription.Start), Major(perMonth)], perMonth);
                }
            }
        }

        return lines.Finish($"Each line is a customer who pays {OnTheDay()}, whatever the number of their subscriptions.");
    }

    private ModelWorking Movements()
    {
        var lines = new WorkingLines(
            question,
            [
                new WorkingColumn("day", WorkingKind.Day), Customer, .. DimensionColumns,
                new WorkingColumn("from", WorkingKind.Money), new WorkingColumn("to", WorkingKind.Money),
            ],
            CountsCustomers);
        foreach (var customer in _paid.GroupBy(paid => (paid.Subscription.Customer, paid.Series)))
        {
            foreach (var move in Of(customer).Movements().Where(move => _measure == (CountsCustomers ? move.CountMeasure : move.Measure)))
            {
                var day = DateOnly.FromDayNumber(move.Day);
                if (question.Days?.Contains(day) == true)
                {
                    lines.Add(day, customer.Key.Series, CountsCustomers ? 1 : Major(move.Amount), () =>
                        [day, customer.Key.Customer, .. SegmentsOf(customer), Major(move.Before), Major(move.After)], move.Amount);
                }
            }
        }

        return lines.Finish("Each line is a customer whose amount per month changed that way, on the first day on which the new one holds.");
    }

    private ModelWorking OpeningCustomers()
    {
        var window = RevenueModel.WindowOf(_measure);
        var measure = _measure[..^window.Length];
        var lines = new WorkingLines(
            question,
            [
                Customer, .. DimensionColumns, new WorkingColumn("opening day", WorkingKind.Day), new WorkingColumn("at the opening", WorkingKind.Money),
                new WorkingColumn("at the end", WorkingKind.Money),
            ],
            CountsCustomers);
        var customers = _paid.GroupBy(paid => (paid.Subscription.Customer, paid.Series)).Select(own => (own.Key, History: Of(own), Paid: own)).ToArray();
        foreach (var period in _paid.Count == 0 ? [] : question.StoredPeriods)
        {
            lines.HasPoint(period.Start);
            var from = RevenueModel.Opening(period, window);
            var to = Math.Min(period.End.DayNumber, question.Known.End.DayNumber) - 1;
            foreach (var (key, history, paid) in customers)
            {
                var (before, after) = (history.At(from.DayNumber), history.At(to));
                if (before <= 0 || SegmentHistory.Counted(measure, before, after) is not (var counted and > 0))
                    continue;

                lines.Add(period.Start, key.Series, CountsCustomers ? counted : Major(counted), () =>
                    [key.Customer, .. SegmentsOf(paid.Where(own => own.RunsOn(from))), from, Major(before), Major(after)], before);
            }
        }

        return lines.Finish(measure switch
        {
            "opening_mrr" or "opening_customers" => "Each line is a customer who paid on the opening day.",
            "kept_mrr" => "Each line is a customer who paid on the opening day, with what they still pay of it at the end; "
                + "who pays more counts with what they paid.",
            "lost_customers" => "Each line is a customer who paid on the opening day and pays nothing at the end.",
            _ => "Each line is a customer who paid on the opening day, with what they pay at the end.",
        });
    }

    /// <summary>The values of the dimensions that a customer's subscriptions have, several joined.</summary>
    private IEnumerable<object?> SegmentsOf(IEnumerable<Paid> subscriptions)
    {
        var segments = subscriptions.Select(paid => paid.Subscription.Segment).ToArray();
        return Dimensions.Select(dimension =>
            string.Join(", ", segments.Select(segment => segment[dimension] ?? Segment.NoValue).Distinct().Order(StringComparer.Ordinal)));
    }

    private string OnTheDay() => LevelDays().Take(2).ToArray() is [var day]
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"on {day:ddd d MMM yyyy}")
        : "on a day of the period";

    private CustomerHistory Of(IEnumerable<Paid> own) => new(own.Select(paid => paid.Subscription), _digits);

    private long PerMonth(SubscriptionPeriod own) => MrrPolicy.MonthlyMinorUnits(own.Amount, own.Interval, _digits);

    private decimal Major(long minor) => minor / MrrPolicy.PowerOfTen(_digits);

    private sealed record Paid(SubscriptionPeriod Subscription, string Name, Segment Series)
    {
        public bool RunsOn(DateOnly day) => Subscription.Start <= day && (Subscription.End is not { } end || day < end);
    }
}
