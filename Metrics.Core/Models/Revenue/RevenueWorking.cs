using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>
/// The subscriptions behind an MRR, the customers behind a count, the movements behind a flow, the opening customers behind a retention
/// figure, the customers of a cohort, trials and payments. Holds all subscriptions, as the model itself does: what a row comes to may
/// depend on others of the same subscription or customer.
/// </summary>
internal sealed class RevenueWorking(WorkingQuestion question) : IWorkingRun
{
    private static readonly WorkingColumn Customer = new("customer", WorkingKind.Text);

    private readonly RevenueRecords _records = new(question.Calendar, question.Choices);
    private readonly decimal _unit = MrrPolicy.PowerOfTen(MrrPolicy.MinorDigits(question.Calendar.Settings.Currency));
    private readonly string _measure = question.Measure;

    private IReadOnlyList<string> Dimensions => question.Metric.Dimensions;

    private WorkingColumn[] DimensionColumns => [.. Dimensions.Select(dimension => new WorkingColumn(dimension, WorkingKind.Text))];

    private bool Counts => RevenueMeasures.Counts(_measure);

    private int Through => question.Known.End.DayNumber;

    public void Add(StoredRecord record) => _records.Add(record);

    public ModelWorking Finish()
    {
        _records.CheckCurrencies();
        if (RevenueMeasures.PaymentFlows.Contains(_measure))
            return PaymentLines();

        var valued = _records.Value(question.Known.End);
        var isConstant = _measure.EndsWith(RevenueMeasures.Constant, StringComparison.Ordinal);
        var (charges, gaps) = isConstant ? valued.Constant ?? valued.Paid : valued.Paid;
        return _measure switch
        {
            "mrr" or "mrr_constant" => Subscriptions(Asked(charges), gaps, committed: false),
            "committed_mrr" => Subscriptions(Asked(valued.Committed.Charges), valued.Committed.Gaps, committed: true),
            "customers" => Customers(Asked(charges), gaps),
            "fx" => ExchangeRates(Asked(charges)),
            "trials_running" or "trials_started" or "trials_ended" or "trials_converted" => Trials(),
            _ when RevenueMeasures.Cohorts.Contains(_measure) => Cohort(charges, gaps),
            _ when RevenueMeasures.Daily.Contains(_measure) => Movements(Asked(charges), isConstant ? _measure[..^RevenueMeasures.Constant.Length] : _measure),
            _ => OpeningCustomers(Asked(charges), gaps),
        };
    }

    /// <summary>The charges of the segment that is asked for, each with the series that it belongs to.</summary>
    private IReadOnlyList<Asked> Asked(IEnumerable<ValuedCharge> charges) =>
    [
        .. charges.Where(charge => charge.Charge.From < Through && question.Asks(charge.Charge.Segment))
            .Select(charge => new Asked(charge, question.SeriesOf(charge.Charge.Segment))),
    ];

    /// <summary>Whether the segment has points at all.</summary>
    private bool HasPaid(IEnumerable<Asked> asked) =>
        asked.Any(one => one.Charge is { IsPaid: true, IsEmpty: false } charge && charge.From < Through);

    /// <summary>The days whose level is asked for: of a stock one alone, of anything else all.</summary>
    private IEnumerable<DateOnly> LevelDays(bool hasPoints, DayGaps gaps)
    {
        if (question.Days is not { } days || !hasPoints)
            return [];

        var known = Enumerable.Range(0, days.Days).Select(i => days.Start.AddDays(i)).Where(day => !gaps.Contains(day.DayNumber));
        return question.Metric.OverTime switch
        {
            OverTime.Last => known.TakeLast(1),
            OverTime.First => known.Take(1),
            _ => known,
        };
    }

    private ModelWorking Subscriptions(IReadOnlyList<Asked> asked, DayGaps gaps, bool committed)
    {
        var lines = new WorkingLines(question,
        [
            Customer, new WorkingColumn("subscription", WorkingKind.Text), .. DimensionColumns,
            new WorkingColumn("started", WorkingKind.Day), new WorkingColumn("ends", WorkingKind.Day), .. CurrencyColumns,
        ]);
        var hasPoints = committed ? asked.Any(one => !one.Charge.IsEmpty && one.Charge.From < Through) : HasPaid(asked);
        DateOnly[] days = [.. LevelDays(hasPoints, gaps)];
        foreach (var day in days)
        {
            lines.HasPoint(day);
            foreach (var (charge, series) in asked.Where(one => one.Charge.IsPaid && one.Charge.RunsOn(day.DayNumber)))
                lines.Add(day, series, Major(charge.At(day.DayNumber)), () => CellsOf(charge));
        }

        return lines.Finish(committed
            ? $"Each line is a subscription that was signed, and not known to end, {OnTheDay(days)}, with its amount per month."
            : $"Each line is a subscription that runs {OnTheDay(days)}, with its amount per month.");
    }

    private ModelWorking Customers(IReadOnlyList<Asked> asked, DayGaps gaps)
    {
        var lines = new WorkingLines(
            question,
            [Customer, .. DimensionColumns, new WorkingColumn("since", WorkingKind.Day), new WorkingColumn("per month", WorkingKind.Money)],
            countsLines: true);
        DateOnly[] days = [.. LevelDays(HasPaid(asked), gaps)];
        foreach (var day in days)
            lines.HasPoint(day);
        foreach (var (key, charges, walk) in Walks(asked))
        {
            foreach (var day in days.Where(day => walk.IsActive(day.DayNumber)))
            {
                var running = charges.Where(charge => charge.RunsOn(day.DayNumber)).ToArray();
                var perMonth = Major(running.Sum(charge => charge.At(day.DayNumber)));
                lines.Add(day, key.Series, 1, () => [key.Customer, .. SegmentsOf(running), running.Min(charge => charge.Charge.Row.Period.Start), perMonth], perMonth);
            }
        }

        return lines.Finish($"Each line is a customer who pays {OnTheDay(days)}, whatever the number of their subscriptions.");
    }

    private ModelWorking Movements(IReadOnlyList<Asked> asked, string measure)
    {
        var lines = new WorkingLines(
            question,
            [
                new WorkingColumn("day", WorkingKind.Day), Customer, .. DimensionColumns,
                new WorkingColumn("from", WorkingKind.Money), new WorkingColumn("to", WorkingKind.Money),
            ],
            Counts);
        var involuntary = RevenueMeasures.Involuntary.Contains(measure);
        var within = involuntary ? RevenueMeasures.InvoluntaryDays.NumberOf(question.Metric) : 0;
        foreach (var (key, charges, walk) in Walks(asked))
        {
            foreach (var move in walk.Movements)
            {
                var day = DateOnly.FromDayNumber(move.Day);
                var counts = involuntary
                    ? move.Measure == "churn" && _records.IsInvoluntary(charges[0].Customer, move.Day, within)
                    : measure == (Counts ? move.CountMeasure : move.Measure);
                if (counts && question.Days?.Contains(day) == true)
                {
                    lines.Add(day, key.Series, Counts ? 1 : Major(move.Amount), () =>
                        [day, key.Customer, .. SegmentsOf(charges), Major(move.Before), Major(move.After)], move.Amount);
                }
            }
        }

        return lines.Finish(involuntary
            ? "Each line is a customer who stopped paying after a payment had failed and none had made it good."
            : "Each line is a customer whose amount per month changed that way, on the first day on which the new one holds.");
    }

    private ModelWorking ExchangeRates(IReadOnlyList<Asked> asked)
    {
        var lines = new WorkingLines(question,
        [
            new WorkingColumn("day", WorkingKind.Day), Customer, new WorkingColumn("subscription", WorkingKind.Text), .. DimensionColumns, .. CurrencyColumns,
        ]);
        foreach (var (charge, series) in asked.Where(one => !one.Charge.IsEmpty))
        {
            foreach (var number in charge.Changes.Where(change => charge.From < change && change <= charge.Until))
            {
                var day = DateOnly.FromDayNumber(number);
                if (question.Days?.Contains(day) == true && charge.At(number) - charge.At(number - 1) is not 0 and var change)
                {
                    lines.Add(day, series, Major(change), () =>
                        [day, charge.Charge.Row.Period.Customer, charge.Charge.Row.Name, .. DimensionCells(charge.Charge.Segment), .. CurrencyCells(charge)]);
                }
            }
        }

        return lines.Finish("Each line is a subscription that was there the day before, with what the day's exchange rate made of its amount per month.");
    }

    private ModelWorking OpeningCustomers(IReadOnlyList<Asked> asked, DayGaps gaps)
    {
        var window = RevenueMeasures.WindowOf(_measure);
        var measure = _measure[..^window.Length];
        var lines = new WorkingLines(
            question,
            [
                Customer, .. DimensionColumns, new WorkingColumn("opening day", WorkingKind.Day), new WorkingColumn("at the opening", WorkingKind.Money),
                new WorkingColumn("at the end", WorkingKind.Money),
            ],
            Counts);
        foreach (var period in HasPaid(asked) ? question.StoredPeriods : [])
        {
            var from = DateOnly.FromDayNumber(Retention.OpeningDay(period, window, Through));
            var to = Math.Min(period.End.DayNumber, Through) - 1;
            if (gaps.Contains(from.DayNumber) || gaps.Contains(to))
                continue;

            lines.HasPoint(period.Start);
            foreach (var (key, charges, walk) in Walks(asked))
            {
                var (before, after) = (Level(charges, from.DayNumber), Level(charges, to));
                if (Retention.Counted(measure, walk, from.DayNumber, to, _records.Choices.CountsJoiners, before, after) is not (var counted and > 0))
                    continue;

                lines.Add(period.Start, key.Series, Counts ? counted : Major(counted), () =>
                    [key.Customer, .. SegmentsOf(charges.Where(charge => charge.RunsOn(from.DayNumber))), from, Major(before), Major(after)], before);
            }
        }

        return lines.Finish(measure switch
        {
            "opening_mrr" or "opening_customers" => "Each line is a customer who paid on the opening day.",
            "kept_mrr" => "Each line is a customer who paid on the opening day, with what they still pay of it at the end; "
                + "who pays more counts with what they paid.",
            "lost_customers" => "Each line is a customer who paid on the opening day and pays nothing at the end.",
            "churn_base_customers" => "Each line is a customer of whom the churn rate is the share.",
            "churn_lost_customers" => "Each line is one of those customers who pays nothing at the end.",
            _ => "Each line is a customer who paid on the opening day, with what they pay at the end.",
        });
    }

    private ModelWorking Cohort(ValuedCharge[] charges, DayGaps gaps)
    {
        var lines = new WorkingLines(
            question,
            [
                Customer, new WorkingColumn(RevenueMeasures.CohortDimension, WorkingKind.Day), new WorkingColumn("first paid", WorkingKind.Day),
                new WorkingColumn("at the end", WorkingKind.Money),
            ],
            Counts);
        var grain = question.Metric.RollsUp ? question.Metric.NativeGrain : question.Grain;
        var first = question.Calendar.Containing(grain, question.Known.Start).Start;
        var asked = question.Filter.TryGetValue(RevenueMeasures.CohortDimension, out var cohort) ? cohort : null;
        var walks = question.Filter.Keys.Any(dimension => dimension != RevenueMeasures.CohortDimension)
            ? []
            : Walks([.. charges.Where(charge => charge.Charge.From < Through).Select(charge => new Asked(charge, Segment.Total))]);

        // The total has points from the first known period on, whoever has joined by then.
        if (asked is null && !question.AddsSegments && walks.Any())
        {
            foreach (var period in question.StoredPeriods.Where(period => !gaps.Contains(Math.Min(period.End.DayNumber, Through) - 1)))
                lines.HasPoint(period.Start);
        }

        foreach (var (key, own, walk) in walks)
        {
            if (CustomerWalk.FirstPaid(own.ToArray()) is not { } paid || paid < first.DayNumber)
                continue;

            var joined = question.Calendar.Containing(grain, DateOnly.FromDayNumber(paid));
            var series = Cohorts.SegmentOf(joined);
            if (asked is not null && series[RevenueMeasures.CohortDimension] != asked)
                continue;

            foreach (var period in question.StoredPeriods.Where(period => joined.Start <= period.Start))
            {
                var to = Math.Min(period.End.DayNumber, Through) - 1;
                if (gaps.Contains(to))
                    continue;

                lines.HasPoint(period.Start);
                var at = _measure == "cohort_start_mrr" ? Math.Min(joined.End.DayNumber, Through) - 1 : to;
                var amount = Level(own, at);
                if (_measure == "cohort_size" || walk.IsActive(at))
                {
                    lines.Add(period.Start, question.AddsSegments ? series : Segment.Total, Counts ? 1 : Major(amount), () =>
                        [key.Customer, joined.Start, DateOnly.FromDayNumber(paid), Major(amount)], amount);
                }
            }
        }

        return lines.Finish(_measure switch
        {
            "cohort_size" => "Each line is a customer of the cohort, whether they still pay or not.",
            "cohort_start_mrr" => "Each line is a customer of the cohort, with what they paid at the end of the period in which they joined.",
            _ => "Each line is a customer of the cohort who pays at the end of the period.",
        });
    }

    private ModelWorking Trials()
    {
        var lines = new WorkingLines(
            question,
            [
                Customer, new WorkingColumn("subscription", WorkingKind.Text), .. DimensionColumns, new WorkingColumn("trial from", WorkingKind.Day),
                new WorkingColumn("trial until", WorkingKind.Day), new WorkingColumn("converted", WorkingKind.Text),
            ],
            countsLines: true);
        Trial[] trials = [.. _records.Book.Trials.Where(trial => trial.From < Through && question.Asks(trial.Row.Period.Segment))];
        DateOnly[] days = _measure == "trials_running" ? [.. LevelDays(trials.Length > 0, DayGaps.None)] : [];
        foreach (var day in days)
        {
            lines.HasPoint(day);
            foreach (var trial in trials.Where(trial => trial.From <= day.DayNumber && day.DayNumber < trial.Until))
                Add(trial, day);
        }

        foreach (var trial in _measure == "trials_running" ? [] : trials)
        {
            if (_measure == "trials_started")
                AddIfAsked(trial, trial.From);
            else if (trial.Until < Through && (_measure == "trials_ended" || trial.Converted))
                AddIfAsked(trial, trial.Until);
        }

        return lines.Finish($"Each line is a trial that {_measure[7..]}{(days.Length == 1 ? " " + OnTheDay(days) : "")}.");

        void AddIfAsked(Trial trial, int number)
        {
            if (question.Days?.Contains(DateOnly.FromDayNumber(number)) == true)
                Add(trial, DateOnly.FromDayNumber(number));
        }

        void Add(Trial trial, DateOnly day) => lines.Add(day, question.SeriesOf(trial.Row.Period.Segment), 1, () =>
        [
            trial.Row.Period.Customer, trial.Row.Name, .. DimensionCells(trial.Row.Period.Segment), DateOnly.FromDayNumber(trial.From),
            trial.Until == Charge.Open ? null : DateOnly.FromDayNumber(trial.Until), trial.Until < Through ? (trial.Converted ? "yes" : "no") : "",
        ]);
    }

    private ModelWorking PaymentLines()
    {
        var lines = new RecordLines(question, Customer, new WorkingColumn("amount", WorkingKind.Text));
        foreach (var (payment, amount) in _records.PaymentsOf(_measure, question.Known.End))
        {
            var (day, own) = (DateOnly.FromDayNumber(payment.Day), payment.Payment);
            if (question.Days?.Contains(day) == true && question.Asks(own.Segment))
            {
                lines.Add(payment.Record, day, day, own.Segment, question.SeriesOf(own.Segment), Counts ? amount : Major(amount),
                    own.Customer, string.Create(CultureInfo.InvariantCulture, $"{own.Currency} {own.Amount}").Trim());
            }
        }

        return lines.Finish(_measure.StartsWith("failed", StringComparison.Ordinal) ? "Each line is a payment that failed." : "Each line is a refund.");
    }

    /// <summary>Each customer of each series with their charges, walked through. The walk is the same object for all of them.</summary>
    private IEnumerable<((string Customer, Segment Series) Key, ValuedCharge[] Charges, CustomerWalk Walk)> Walks(IReadOnlyList<Asked> asked)
    {
        var walk = new CustomerWalk(Through, _records.Choices.FreeIsActive);
        foreach (var own in asked.GroupBy(one => (one.Charge.Charge.Row.Period.Customer, one.Series)))
        {
            ValuedCharge[] charges = [.. own.Select(one => one.Charge)];
            walk.Over(charges);
            yield return (own.Key, charges, walk);
        }
    }

    private static long Level(IEnumerable<ValuedCharge> charges, int day) => charges.Where(charge => charge.RunsOn(day)).Sum(charge => charge.At(day));

    private IReadOnlyList<WorkingColumn> CurrencyColumns => _records.ConvertsCurrencies ? [new WorkingColumn("in its currency", WorkingKind.Text)] : [];

    private object?[] CellsOf(ValuedCharge charge)
    {
        var row = charge.Charge.Row;
        return [row.Period.Customer, row.Name, .. DimensionCells(row.Period.Segment), row.Period.Start, row.Period.End, .. CurrencyCells(charge)];
    }

    private object?[] CurrencyCells(ValuedCharge charge)
    {
        if (!_records.ConvertsCurrencies)
            return [];

        var currency = charge.Charge.Row.Currency ?? question.Calendar.Settings.Currency;
        return [string.Create(CultureInfo.InvariantCulture, $"{currency} {charge.Charge.Minor / MrrPolicy.PowerOfTen(MrrPolicy.MinorDigits(currency))}")];
    }

    private IEnumerable<object?> DimensionCells(Segment segment) => Dimensions.Select(dimension => segment[dimension] ?? Segment.NoValue);

    /// <summary>The values of the dimensions that a customer's subscriptions have, several joined.</summary>
    private IEnumerable<object?> SegmentsOf(IEnumerable<ValuedCharge> charges)
    {
        Segment[] segments = [.. charges.Select(charge => charge.Charge.Segment)];
        return Dimensions.Select(dimension =>
            string.Join(", ", segments.Select(segment => segment[dimension] ?? Segment.NoValue).Distinct().Order(StringComparer.Ordinal)));
    }

    private static string OnTheDay(DateOnly[] days) =>
        days is [var day] ? string.Create(CultureInfo.InvariantCulture, $"on {day:ddd d MMM yyyy}") : "on a day of the period";

    private decimal Major(long minor) => minor / _unit;
}

/// <summary>A charge of the segment that a working is asked for, with the series of the value that it belongs to.</summary>
internal sealed record Asked(ValuedCharge Charge, Segment Series);
