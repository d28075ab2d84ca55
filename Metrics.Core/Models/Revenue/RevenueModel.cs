using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>
/// Recurring revenue from subscription periods: MRR and its five movements, customers, and retention of the opening customers
/// (KPIS §1.1), for the total and every segment.
/// </summary>
public sealed class RevenueModel : IRecordModel, IModelWorking
{
    /// <summary>Measures that are dated by day: a figure for each day, or a movement on the day it happened.</summary>
    internal static readonly string[] Daily =
    [
        "mrr", "customers", "new", "reactivation", "expansion", "contraction", "churn", "new_customers", "reactivated_customers", "churned_customers",
    ];

    /// <summary>Point-to-point measures of the customers at the start of a period; with a suffix, of those a fixed time before its end.</summary>
    internal static readonly string[] PointToPoint =
    [
        "opening_mrr", "kept_mrr", "closing_mrr_of_opening", "opening_customers", "lost_customers",
    ];

    internal static readonly string[] Windows = ["", "_4w", "_12m"];

    public string Name => "revenue";

    public IReadOnlyList<string> RecordTypes { get; } = [SubscriptionPeriod.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
        [.. Measure.Of([.. Daily, .. Windows.SelectMany(window => PointToPoint.Select(measure => measure + window))])];

    public IReadOnlyList<string> Policy => MrrPolicy.InWords;

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new RevenueWorking(question);

    /// <summary>The window that a point-to-point measure ends with; empty for that of the period itself.</summary>
    internal static string WindowOf(string measure) => Windows.Last(suffix => measure.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>The last day before the window that ends with a period.</summary>
    internal static DateOnly Opening(Period period, string window) => window switch
    {
        "_4w" => period.LastDay.AddDays(-28),
        // Twelve months before a month's last day is a month's last day, also in February; of any other day, the same date.
        "_12m" => period.End.Day == 1 ? period.End.AddMonths(-12).AddDays(-1) : period.LastDay.AddMonths(-12),
        _ => period.Start.AddDays(-1),
    };

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly List<SubscriptionPeriod> _subscriptions = [];
        private readonly SubscriptionCurrency _currency = new(context.Calendar.Settings.Currency);

        public void Add(StoredRecord record)
        {
            var subscription = SubscriptionPeriod.From(record.Body);
            _currency.Note(subscription.Currency);
            _subscriptions.Add(subscription);
        }

        public ModelResult Finish()
        {
            _currency.Check();
            var paid = _subscriptions.Where(period => period.Amount > 0 && period.Start < context.CompleteThrough && (period.End is null || period.End > period.Start)).ToArray();
            if (_subscriptions.Count == 0 || paid.Length == 0)
                return new ModelResult(null, [.. context.Metrics.SelectMany(metric => GrainsOf(metric).Select(grain => new ModelOutput(metric.Id, grain, [])))]);

            var days = new Period(_subscriptions.Min(period => period.Start), context.CompleteThrough);
            var outputs = new Dictionary<(string Metric, Grain Grain), List<SeriesPoints>>();
            foreach (var metric in context.Metrics)
            {
                foreach (var grain in GrainsOf(metric))
                    outputs[(metric.Id, grain)] = [];
            }

            foreach (var cut in context.Metrics.SelectMany(metric => metric.StoredCuts).DistinctBy(cut => string.Join(',', cut)).ToArray())
            {
                var metrics = context.Metrics.Where(metric => metric.StoredCuts.Any(own => own.SequenceEqual(cut))).ToArray();
                foreach (var segment in paid.GroupBy(period => period.Segment.On(cut)))
                {
                    var history = SegmentHistory.Of(segment, days, MrrPolicy.MinorDigits(context.Calendar.Settings.Currency));
                    foreach (var metric in metrics)
                    {
                        foreach (var grain in GrainsOf(metric))
                            outputs[(metric.Id, grain)].Add(new SeriesPoints(new SeriesKey(metric.Id, grain, segment.Key), Points(history, metric, grain, days)));
                    }
                }
            }

            return new ModelResult(days.Start, [.. outputs.Select(output => new ModelOutput(output.Key.Metric, output.Key.Grain, output.Value))]);
        }

        private IReadOnlyList<Point> Points(SegmentHistory history, Metric metric, Grain grain, Period days)
        {
            var measure = metric.Model![(metric.Model!.IndexOf('.', StringComparison.Ordinal) + 1)..];
            if (Daily.Contains(measure))
                return history.Daily(measure);

            var window = WindowOf(measure);
            return history.PointToPoint(measure[..^window.Length], context.Calendar.Covering(grain, days.Start, days.End), period => Opening(period, window));
        }

        private static IEnumerable<Grain> GrainsOf(Metric metric) =>
            metric.RollsUp ? [metric.NativeGrain] : Enum.GetValues<Grain>().Where(grain => grain >= metric.NativeGrain);
    }
}
