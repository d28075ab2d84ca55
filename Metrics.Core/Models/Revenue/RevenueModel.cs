using System.Runtime.InteropServices;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>
/// Recurring revenue from subscription periods, exchange rates and payments: MRR and its movements, customers, trials, retention of
/// the opening customers, cohorts and payments that failed (KPIS §1.1), for the total and every segment.
/// </summary>
public sealed class RevenueModel : IRecordModel, IModelWorking
{
    public string Name => "revenue";

    public IReadOnlyList<string> RecordTypes { get; } = [SubscriptionPeriod.Type.Name, ExchangeRate.Type.Name, Payment.Type.Name];

    public IReadOnlyList<Measure> Measures => RevenueMeasures.All;

    public IReadOnlyList<string> Policy => MrrPolicy.InWords;

    public IReadOnlyList<Choice> Switches => RevenueSwitches.All;

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new RevenueWorking(question);

    /// <summary>The last day before the window that ends with a period.</summary>
    internal static DateOnly Opening(Period period, string window) => window switch
    {
        "_4w" => period.LastDay.AddDays(-28),
        // Twelve months before a month's last day is a month's last day, also in February; of any other day, the same date.
        "_12m" => period.End.Day == 1 ? period.End.AddMonths(-12).AddDays(-1) : period.LastDay.AddMonths(-12),
        _ => period.Start.AddDays(-1),
    };

    private static IEnumerable<Grain> GrainsOf(Metric metric) =>
        metric.RollsUp ? [metric.NativeGrain] : Enum.GetValues<Grain>().Where(grain => grain >= metric.NativeGrain);

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly RevenueRecords _records = new(context.Calendar, context.Choices);
        private readonly double _unit = (double)MrrPolicy.PowerOfTen(MrrPolicy.MinorDigits(context.Calendar.Settings.Currency));
        private readonly Dictionary<(string Metric, Grain Grain), List<SeriesPoints>> _outputs = [];

        public void Add(StoredRecord record) => _records.Add(record);

        public ModelResult Finish()
        {
            _records.CheckCurrencies();
            foreach (var metric in context.Metrics)
            {
                foreach (var grain in GrainsOf(metric))
                    _outputs[(metric.Id, grain)] = [];
            }

            var known = _records.Known(context.CompleteThrough, AsksFor(RevenueMeasures.PaymentFlows));
            if (known is not null)
            {
                Payments();
                Subscriptions(known);
            }

            _records.TellGaps(context.CompleteThrough);
            return new ModelResult(known?.Start, [.. _outputs.Select(output => new ModelOutput(output.Key.Metric, output.Key.Grain, output.Value))])
            {
                Warnings = _records.Warnings.Warnings,
            };
        }

        private void Payments()
        {
            foreach (var metric in context.Metrics.Where(metric => RevenueMeasures.PaymentFlows.Contains(metric.Measure)))
            {
                foreach (var cut in metric.StoredCuts)
                {
                    var sums = new Dictionary<Segment, SortedDictionary<int, long>>();
                    foreach (var (payment, amount) in _records.PaymentsOf(metric.Measure, context.CompleteThrough))
                    {
                        var days = CollectionsMarshal.GetValueRefOrAddDefault(sums, payment.Payment.Segment.On(cut), out _) ??= [];
                        days[payment.Day] = days.GetValueOrDefault(payment.Day) + amount;
                    }

                    foreach (var (segment, days) in sums)
                        Emit(metric, metric.NativeGrain, segment, [.. days.Select(day => new Point(DateOnly.FromDayNumber(day.Key), day.Value / ScaleOf(metric)))]);
                }
            }
        }

        private void Subscriptions(Period known)
        {
            var metrics = context.Metrics.Where(metric => !RevenueMeasures.PaymentFlows.Contains(metric.Measure)).ToArray();
            if (metrics.Length == 0 || _records.Book.Rows.Count == 0)
                return;

            var valued = _records.Value(context.CompleteThrough);
            var tally = new SegmentTally(_records.FirstDay, known);
            foreach (var cut in metrics.Where(metric => !RevenueMeasures.Cohorts.Contains(metric.Measure))
                .SelectMany(metric => metric.StoredCuts).DistinctBy(cut => string.Join(',', cut)).ToArray())
            {
                var own = metrics.Where(metric => !RevenueMeasures.Cohorts.Contains(metric.Measure)
                    && metric.StoredCuts.Any(stored => stored.SequenceEqual(cut))).ToArray();
                var retention = new Retention(
                    context.Calendar,
                    own.Where(IsPointToPoint).SelectMany(metric => GrainsOf(metric).Select(grain => (grain, RevenueMeasures.WindowOf(metric.Measure)))),
                    known, valued.Paid.Gaps, _records.Choices.CountsJoiners);
                foreach (var part in valued.PartsOf(cut, known.End.DayNumber))
                    OfSegment(part, own, valued, tally, retention);
            }

            Cohorts([.. metrics.Where(metric => RevenueMeasures.Cohorts.Contains(metric.Measure))], valued, known);
        }

        private void OfSegment(SegmentPart part, Metric[] metrics, ValuedBook valued, SegmentTally tally, Retention retention)
        {
            tally.Clear();
            retention.Clear();
            var walk = new CustomerWalk(context.CompleteThrough.DayNumber, _records.Choices.FreeIsActive);
            var keepsRetention = metrics.Any(IsPointToPoint);
            foreach (var customer in part.Customers(valued.Paid.Charges))
            {
                walk.Over(customer.Span);
                tally.AddMovements(customer.Span[0].Customer, walk);
                foreach (var charge in customer.Span)
                    tally.AddWorth("mrr", "fx", charge);
                if (keepsRetention)
                    retention.Add(customer.Span, walk);
            }

            // Without another currency, constant currency is the currency.
            var suffix = valued.Constant is null ? "" : RevenueMeasures.Constant;
            if (valued.Constant is { } constant && metrics.Any(metric => metric.Measure.EndsWith(RevenueMeasures.Constant, StringComparison.Ordinal)))
            {
                foreach (var customer in part.Customers(constant.Charges))
                {
                    walk.Over(customer.Span);
                    tally.AddMovements(customer.Span[0].Customer, walk, suffix);
                    foreach (var charge in customer.Span)
                        tally.AddWorth("mrr" + suffix, null, charge);
                }
            }

            foreach (var place in part.Committed)
                tally.AddWorth("committed_mrr", null, valued.Committed.Charges[place]);
            foreach (var trial in part.Trials)
                AddTrial(trial, tally);
            foreach (var metric in metrics)
                EmitOf(metric, part, valued, tally, retention, suffix);
        }

        private static void AddTrial(Trial trial, SegmentTally tally)
        {
            tally.AddFlow("trials_started", trial.From, 1);
            tally.AddLevel("trials_running", trial.From, trial.Until, 1);
            if (trial.Until == Charge.Open)
                return;

            tally.AddFlow("trials_ended", trial.Until, 1);
            if (trial.Converted)
                tally.AddFlow("trials_converted", trial.Until, 1);
        }

        private void EmitOf(Metric metric, SegmentPart part, ValuedBook valued, SegmentTally tally, Retention retention, string suffix)
        {
            var (measure, scale) = (metric.Measure, ScaleOf(metric));
            if (measure is "trials_running")
            {
                if (part.Trials.Count > 0)
                    Emit(metric, metric.NativeGrain, part.Segment, tally.LevelPoints(measure, 1, DayGaps.None));
            }
            else if (RevenueMeasures.TrialFlows.Contains(measure))
            {
                Emit(metric, metric.NativeGrain, part.Segment, tally.FlowPoints(measure, 1));
            }
            else if (measure == "committed_mrr")
            {
                if (part.Committed.Count > 0)
                    Emit(metric, metric.NativeGrain, part.Segment, tally.LevelPoints(measure, scale, valued.Committed.Gaps));
            }
            else if (part.HasPaid)
            {
                EmitPaid(metric, part, valued, tally, retention, suffix);
            }
        }

        private void EmitPaid(Metric metric, SegmentPart part, ValuedBook valued, SegmentTally tally, Retention retention, string suffix)
        {
            var (measure, scale) = (metric.Measure, ScaleOf(metric));
            if (IsPointToPoint(metric))
            {
                var window = RevenueMeasures.WindowOf(measure);
                foreach (var grain in GrainsOf(metric))
                    Emit(metric, grain, part.Segment, retention.Points(measure[..^window.Length], window, grain, _unit));
                return;
            }

            var plain = measure.EndsWith(RevenueMeasures.Constant, StringComparison.Ordinal) ? measure[..^RevenueMeasures.Constant.Length] + suffix : measure;
            Emit(metric, metric.NativeGrain, part.Segment, measure switch
            {
                "mrr_constant" => tally.LevelPoints(plain, scale, (valued.Constant ?? valued.Paid).Gaps),
                "mrr" or "customers" => tally.LevelPoints(plain, scale, valued.Paid.Gaps),
                "involuntary_churn" or "involuntary_churned_customers" => Involuntary(metric, tally, scale),
                _ => tally.FlowPoints(plain, scale),
            });
        }

        private List<Point> Involuntary(Metric metric, SegmentTally tally, double scale)
        {
            var within = RevenueMeasures.InvoluntaryDays.NumberOf(metric);
            var days = new SortedDictionary<int, long>();
            foreach (var (customer, day, amount) in tally.Churned)
            {
                if (day < context.CompleteThrough.DayNumber && day >= _records.Start && _records.IsInvoluntary(customer, day, within))
                    days[day] = days.GetValueOrDefault(day) + (RevenueMeasures.Counts(metric.Measure) ? 1 : amount);
            }

            return [.. days.Select(day => new Point(DateOnly.FromDayNumber(day.Key), day.Value / scale))];
        }

        private void Cohorts(IReadOnlyList<Metric> metrics, ValuedBook valued, Period known)
        {
            if (metrics.Count == 0 || valued.PartsOf([], known.End.DayNumber).FirstOrDefault() is not { HasPaid: true } all)
                return;

            var byGrain = metrics.SelectMany(GrainsOf).Distinct().ToDictionary(grain => grain, grain => new Cohorts(context.Calendar, grain, known, valued.Paid.Gaps));
            var walk = new CustomerWalk(context.CompleteThrough.DayNumber, _records.Choices.FreeIsActive);
            foreach (var customer in all.Customers(valued.Paid.Charges))
            {
                walk.Over(customer.Span);
                foreach (var cohorts in byGrain.Values)
                    cohorts.Add(customer.Span, walk);
            }

            foreach (var metric in metrics)
            {
                // Cohorts are of all customers alone; another dimension has no series.
                foreach (var cut in metric.StoredCuts.Where(cut => cut.Count == 0 || cut is [RevenueMeasures.CohortDimension]))
                {
                    foreach (var grain in GrainsOf(metric))
                    {
                        foreach (var (segment, points) in byGrain[grain].Series(metric.Measure, cut.Count > 0, _unit))
                            Emit(metric, grain, segment, points);
                    }
                }
            }
        }

        private void Emit(Metric metric, Grain grain, Segment segment, IReadOnlyList<Point> points) =>
            _outputs[(metric.Id, grain)].Add(new SeriesPoints(new SeriesKey(metric.Id, grain, segment), points));

        private double ScaleOf(Metric metric) => RevenueMeasures.Counts(metric.Measure) ? 1 : _unit;

        private bool AsksFor(string[] measures) => context.Metrics.All(metric => measures.Contains(metric.Measure));

        private static bool IsPointToPoint(Metric metric) =>
            !RevenueMeasures.Daily.Contains(metric.Measure) && !RevenueMeasures.Cohorts.Contains(metric.Measure);
    }
}
