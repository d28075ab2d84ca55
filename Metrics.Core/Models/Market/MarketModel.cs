using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Market;

/// <summary>How large a market and the rivals in it are, from what others publish (KPIS §1.4); shares are formulas of it.</summary>
public sealed class MarketModel : IRecordModel, IModelWorking
{
    private const string Any = "any";

    private static readonly Choice Publisher = new("publisher", "Whose figures are taken, where several publish some.", Any)
    {
        PatternHint = "the name of a publisher",
    };

    private static readonly Choice Own = new("own", "The company that is no rival: the own one, as the publisher calls it.", "none")
    {
        PatternHint = "the name of a company",
    };

    public string Name => "market";

    public IReadOnlyList<string> RecordTypes { get; } = [MarketSize.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        new Measure("size") { With = [Publisher] },
        new Measure("company") { With = [Publisher] },
        new Measure("largest_rival") { With = [Publisher, Own], IsPerPeriod = true },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A market is as large as its publisher says. Of several records of one period the one published last counts, "
            + "and what was shown before is a restatement.",
        "Records that name a company are the sales of a rival; all others are the market as a whole.",
        "Without a choice of the publisher the first by name is taken, and the rows of others are left out with a warning.",
        "The newest period that was published, and how late, stand among the notes on the data.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new Working(question);

    private static bool IsOfCompanies(string measure) => measure != "size";

    /// <summary>What rivals sold in one period of some grain, summed from the finer ones that the publisher knows.</summary>
    private static IEnumerable<IGrouping<string, Estimate>> RivalsIn(IEnumerable<Estimate> estimates, string own) =>
        estimates.Where(estimate => !string.Equals(estimate.Record.Company, own, StringComparison.OrdinalIgnoreCase))
            .GroupBy(estimate => estimate.Record.Company!);

    private static decimal SumOf(IEnumerable<Estimate> estimates) => estimates.Sum(estimate => estimate.Record.Value);

    /// <summary>An estimate that counts.</summary>
    private sealed record Estimate(MarketSize Record, DateOnly Day, long Version, StoredRecord Stored);

    /// <summary>Collects estimates and keeps of each period, publisher, company and segment the newest. There are few of them.</summary>
    private sealed class Book(ReportingCalendar calendar, DateOnly before)
    {
        private readonly Dictionary<(string Publisher, DateOnly Day, Segment Segment), Estimate> _newest = [];

        public void Add(StoredRecord stored, WarningLog? warnings)
        {
            var record = MarketSize.From(stored.Body);
            var day = record.At.Day(calendar.DayOf);
            if (day >= before)
                return;

            var currency = calendar.Settings.Currency;
            if (record.Currency is { } own && !string.Equals(own, currency, StringComparison.OrdinalIgnoreCase))
            {
                warnings?.Note("foreign_currency", $"{{0}} estimates are not in {currency}, the reporting currency, and left out.", true,
                    stored, $"{record.Value} {own}");
                return;
            }

            var estimate = new Estimate(record, day, stored.Version, stored);
            var key = (record.Publisher ?? "", day, record.Segment);
            if (!_newest.TryGetValue(key, out var other))
            {
                _newest[key] = estimate;
                return;
            }

            var isNewer = (record.Published ?? DateOnly.MinValue, stored.Version)
                .CompareTo((other.Record.Published ?? DateOnly.MinValue, other.Version)) > 0;
            var (kept, left) = isNewer ? (estimate, other) : (other, estimate);
            _newest[key] = kept;
            warnings?.Note("revised", "{0} estimates were replaced by newer ones of their publisher.", false, left.Stored,
                FormattableString.Invariant($"{left.Record.Value} became {kept.Record.Value}")
                    + (kept.Record.Note is { } note ? $": {note}" : ""));
        }

        public DateOnly? First => _newest.Count == 0 ? null : _newest.Values.Min(estimate => estimate.Day);

        /// <summary>The estimates of a metric's publisher, of the market or of companies.</summary>
        public IReadOnlyList<Estimate> Of(Metric metric, WarningLog? warnings)
        {
            var kind = _newest.Values.Where(estimate => estimate.Record.Company is null != IsOfCompanies(metric.Measure)).ToArray();
            var publisher = Publisher.Of(metric) is var chosen and not Any
                ? chosen
                : kind.Select(estimate => estimate.Record.Publisher ?? "").Distinct().Order(StringComparer.Ordinal).FirstOrDefault() ?? "";
            foreach (var left in kind.Where(estimate => Publisher.Of(metric) == Any && (estimate.Record.Publisher ?? "") != publisher))
            {
                warnings?.Note("several_publishers",
                    $"{{0}} estimates are left out: they are not of '{Escaped(publisher)}'. Choose one with: {{{{ publisher: … }}}}.",
                    true, left.Stored, $"publisher '{left.Record.Publisher}'");
            }

            Estimate[] own =
            [
                .. kind.Where(estimate => string.Equals(estimate.Record.Publisher ?? "", publisher, StringComparison.OrdinalIgnoreCase))
                    .OrderBy(estimate => estimate.Day),
            ];
            if (own is [.., var last])
                warnings?.Note("published", Escaped(LagInWords(metric, publisher, last)), false, last.Stored, last.Record.Note ?? "");
            return own;
        }

        private string LagInWords(Metric metric, string publisher, Estimate last)
        {
            var period = calendar.Containing(metric.NativeGrain, last.Day);
            var lag = last.Record.Published is { } published
                ? FormattableString.Invariant(
                    $", published on {published:d MMM yyyy}, {published.DayNumber - period.LastDay.DayNumber} days after its end")
                : "; when it was published the source does not say";
            var name = publisher.Length > 0 ? publisher : "The publisher";
            return $"{name} has estimates up to {calendar.Name(metric.NativeGrain, period)}{lag}.";
        }

        private static string Escaped(string text) =>
            text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
    }

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly WarningLog _warnings = new();
        private readonly Book _book = new(context.Calendar, context.CompleteThrough);

        public void Add(StoredRecord record) => _book.Add(record, _warnings);

        public ModelResult Finish()
        {
            var outputs = new List<ModelOutput>();
            var warnings = new List<DataWarning>(_warnings.Warnings);
            foreach (var metric in context.Metrics)
            {
                var log = new WarningLog();
                var estimates = _book.Of(metric, log);
                warnings.AddRange(log.Warnings.Select(warning => warning with { Metrics = [metric.Id] }));
                outputs.AddRange(metric.Measure == "largest_rival" ? Largest(metric, estimates) : [Sums(metric, estimates)]);
            }

            return new ModelResult(_book.First, outputs) { Warnings = warnings };
        }

        private ModelOutput Sums(Metric metric, IEnumerable<Estimate> estimates)
        {
            var sums = new NativeSums(metric, context.Calendar);
            foreach (var estimate in estimates)
                sums.Add(estimate.Day, estimate.Record.Segment, estimate.Record.Value);
            return sums.Output();
        }

        private IEnumerable<ModelOutput> Largest(Metric metric, IReadOnlyList<Estimate> estimates) =>
            from grain in Enum.GetValues<Grain>()
            where grain >= metric.NativeGrain
            select new ModelOutput(metric.Id, grain,
            [
                .. from cut in metric.StoredCuts
                   from segment in estimates.GroupBy(estimate => estimate.Record.Segment.On(cut))
                   select new SeriesPoints(new SeriesKey(metric.Id, grain, segment.Key),
                   [
                       .. from period in segment.GroupBy(estimate => context.Calendar.Containing(grain, estimate.Day).Start)
                          orderby period.Key
                          let rivals = RivalsIn(period, Own.Of(metric)).Select(SumOf).ToArray()
                          where rivals.Length > 0
                          select new Point(period.Key, (double)rivals.Max()),
                   ]),
            ]);
    }

    private sealed class Working(WorkingQuestion question) : IWorkingRun
    {
        private readonly Book _book = new(question.Calendar, question.Known.End);

        public void Add(StoredRecord record) => _book.Add(record, null);

        public ModelWorking Finish()
        {
            var lines = new WorkingLines(question,
            [
                new WorkingColumn("period begins", WorkingKind.Day), new WorkingColumn("publisher", WorkingKind.Text),
                    new WorkingColumn("company", WorkingKind.Text),
                new WorkingColumn("published", WorkingKind.Day), new WorkingColumn("note", WorkingKind.Text),
                .. question.Metric.Dimensions.Where(dimension => dimension != "company").Select(dimension =>
                    new WorkingColumn(dimension, WorkingKind.Text)),
                .. RecordLines.RecordColumns,
            ]);
            var isLargest = question.Measure == "largest_rival";
            var grain = isLargest ? question.Grain : question.Metric.NativeGrain;
            var estimates = _book.Of(question.Metric, null)
                .Where(estimate => question.Period.Contains(question.Calendar.Containing(grain, estimate.Day).Start)
                    && (isLargest ? question.Asks(estimate.Record.Segment) : question.AsksOfFinest(estimate.Record.Segment)));
            if (isLargest)
                estimates = RivalsIn(estimates, Own.Of(question.Metric)).MaxBy(SumOf) ?? Enumerable.Empty<Estimate>();
            foreach (var estimate in estimates)
            {
                var record = estimate.Record;
                lines.Add(question.Calendar.Containing(grain, estimate.Day).Start, record.Segment.On(question.Metric.Dimensions),
                    record.Value, () =>
                [
                    estimate.Day, record.Publisher, record.Company, record.Published, record.Note,
                    .. question.Metric.Dimensions.Where(dimension => dimension != "company").Select(dimension =>
                        record.Segment[dimension] ?? Segment.NoValue),
                    .. RecordLines.CellsOf(estimate.Stored),
                ]);
            }

            return lines.Finish(isLargest ? "Each line is an estimate of the largest rival in the period."
                : "Each line is an estimate of the period.");
        }
    }
}
