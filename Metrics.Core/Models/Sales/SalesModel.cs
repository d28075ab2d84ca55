using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Sales;

/// <summary>The pipeline and what becomes of it, from opportunity records (KPIS §1.4).</summary>
public sealed class SalesModel : IRecordModel, IModelWorking
{
    public string Name => "sales";

    public IReadOnlyList<string> RecordTypes { get; } = [Opportunity.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        .. Measure.Of("created", "created_amount", "open_deals", "pipeline", "won", "won_amount", "lost", "lost_amount", "cycle_seconds"),
        new Measure("cycle") { With = [Quantile.Choice], IsPerPeriod = true },
        new Measure("closing") { IsPerPeriod = true },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A deal is open at the end of each day from its creation up to the day on which it was closed. Its amount is "
            + "the one that the source says now.",
        "Won and lost deals count on the day on which they were closed. A win rate is of closed deals alone: those "
            + "that stay open too long make it look better.",
        "A sales cycle is the days from creation to closing of a won deal.",
        "The pipeline that closes in a period is that of deals open at its end, or now while it runs, whose expected close lies in it.",
        "A deal without an amount counts as a deal, and as nothing in amounts.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new Working(question);

    /// <summary>On which day a deal adds how much to a measure; null where it adds nothing.</summary>
    private static (DateOnly Day, decimal Amount)? Adds(string measure, Deal deal) => (measure, deal.Closed, deal.Opportunity.Won) switch
    {
        ("created", _, _) => (deal.Created, 1),
        ("created_amount", _, _) => (deal.Created, deal.Amount),
        (_, { }, _) when !deal.IsDated => null,
        ("won", { } day, true) => (day, 1),
        ("lost", { } day, false) => (day, 1),
        ("won_amount", { } day, true) => (day, deal.Amount),
        ("lost_amount", { } day, false) => (day, deal.Amount),
        ("cycle_seconds" or "cycle", { } day, true) when deal.Cycle is { } cycle => (day, cycle),
        _ => null,
    };

    /// <summary>Whether a deal is part of what closes in a period, as far as it is known.</summary>
    private static bool IsClosing(Deal deal, Period period, DateOnly knownBefore) =>
        deal.Opportunity.ExpectedClose is { } expected && period.Contains(expected)
        && deal.IsOpenOn((period.End < knownBefore ? period.End : knownBefore).AddDays(-1));

    private sealed class Run : IModelRun
    {
        private readonly ModelContext _context;
        private readonly WarningLog _warnings = new();
        private readonly DaySums[] _sums;
        private readonly (StockDays Days, bool IsAmount)[] _stocks;
        private readonly Quantiles[] _cycles;
        private readonly Closing[] _closing;
        private DateOnly? _first;

        public Run(ModelContext context)
        {
            _context = context;
            _stocks = [.. Of("open_deals", "pipeline").Select(metric => (new StockDays(metric), metric.Measure == "pipeline"))];
            _cycles = [.. Of("cycle").Select(metric => new Quantiles(metric, context.Calendar))];
            _closing = [.. Of("closing").Select(metric => new Closing(metric, context.Calendar, context.CompleteThrough))];
            _sums = [.. context.Metrics.Except(Of("open_deals", "pipeline", "cycle", "closing")).Select(metric => new DaySums(metric))];

            IEnumerable<Metric> Of(params string[] measures) => context.Metrics.Where(metric => measures.Contains(metric.Measure));
        }

        public void Add(StoredRecord record)
        {
            if (Deal.Read(record, _context.Calendar, _warnings) is not { } deal || deal.Created >= _context.CompleteThrough)
                return;

            if (_first is null || deal.Created < _first)
                _first = deal.Created;
            var segment = deal.Opportunity.Segment;
            foreach (var sum in _sums)
            {
                if (Adds(sum.Metric.Measure, deal) is { } adds && adds.Day < _context.CompleteThrough)
                    sum.Add(adds.Day, segment, adds.Amount);
            }

            foreach (var cycles in _cycles)
            {
                if (Adds("cycle", deal) is { } adds && adds.Day < _context.CompleteThrough)
                    cycles.Add(adds.Day, segment, adds.Amount);
            }

            foreach (var (days, isAmount) in deal.IsDated ? _stocks : [])
                days.Add(deal.Created, deal.Closed, segment, isAmount ? deal.Amount : 1);
            foreach (var closing in _closing)
                closing.Add(deal);
        }

        public ModelResult Finish()
        {
            var days = _first is { } first ? new Period(first, _context.CompleteThrough) : null;
            return new ModelResult(_first,
            [
                .. _sums.Select(sum => sum.Output()), .. _stocks.Select(stock => stock.Days.Output(days)),
                .. _cycles.SelectMany(cycles => cycles.Outputs()), .. _closing.SelectMany(closing => closing.Outputs()),
            ])
            {
                Warnings = _warnings.Warnings,
            };
        }
    }

    /// <summary>What closes in each period of each grain and cut: a deal belongs to the one period that holds its expected close.</summary>
    private sealed class Closing(Metric metric, ReportingCalendar calendar, DateOnly before)
    {
        private readonly Dictionary<(Grain Grain, Segment Segment), SortedDictionary<DateOnly, decimal>> _sums = [];

        private IEnumerable<Grain> Grains => Enum.GetValues<Grain>().Where(grain => grain >= metric.NativeGrain);

        public void Add(Deal deal)
        {
            if (deal.Opportunity.ExpectedClose is not { } expected)
                return;

            foreach (var grain in Grains)
            {
                var period = calendar.Containing(grain, expected);
                if (period.Start >= before || !IsClosing(deal, period, before))
                    continue;

                foreach (var cut in metric.StoredCuts)
                {
                    var key = (grain, deal.Opportunity.Segment.On(cut));
                    if (!_sums.TryGetValue(key, out var periods))
                        _sums[key] = periods = [];
                    periods[period.Start] = periods.GetValueOrDefault(period.Start) + deal.Amount;
                }
            }
        }

        public IEnumerable<ModelOutput> Outputs() => Grains.Select(grain => new ModelOutput(metric.Id, grain,
        [
            .. _sums.Where(series => series.Key.Grain == grain).Select(series => new SeriesPoints(
                new SeriesKey(metric.Id, grain, series.Key.Segment),
                    [.. series.Value.Select(period => new Point(period.Key, (double)period.Value))])),
        ]));
    }

    private sealed class Working : IWorkingRun
    {
        private readonly WorkingQuestion _question;
        private readonly WorkingLines _lines;
        private readonly StockLines _stock;
        private readonly QuantileLines _cycles;

        public Working(WorkingQuestion question)
        {
            _question = question;
            WorkingColumn[] columns =
            [
                new WorkingColumn("deal", WorkingKind.Text), new WorkingColumn("stage", WorkingKind.Text),
                    new WorkingColumn("created", WorkingKind.Day),
                new WorkingColumn("expected close", WorkingKind.Day), new WorkingColumn("closed", WorkingKind.Day),
                .. question.Metric.Dimensions.Where(dimension => dimension != "stage").Select(dimension =>
                    new WorkingColumn(dimension, WorkingKind.Text)),
                .. RecordLines.RecordColumns,
            ];
            (_lines, _stock, _cycles) = (new WorkingLines(question, columns), new StockLines(question, columns),
                new QuantileLines(question, columns));
        }

        public void Add(StoredRecord record)
        {
            if (Deal.Read(record, _question.Calendar, null) is not { } deal || deal.Created >= _question.Known.End)
                return;

            var segment = deal.Opportunity.Segment;
            switch (_question.Measure)
            {
                case "open_deals" or "pipeline":
                    if (deal.IsDated)
                        _stock.Add(deal.Created, deal.Closed, segment, _question.Measure == "pipeline" ? deal.Amount : 1, Cells);
                    break;
                case "closing":
                    if (_question.Asks(segment) && _question.Period.Start < _question.Known.End
                        && IsClosing(deal, _question.Period, _question.Known.End))
                        _lines.Add(_question.Period.Start, Segment.Total, deal.Amount, Cells);
                    break;
                case "cycle":
                    if (Adds("cycle", deal) is { } cycle && _question.Days?.Contains(cycle.Day) == true && _question.Asks(segment))
                        _cycles.Add(cycle.Day, cycle.Amount, Cells);
                    break;
                default:
                    if (Adds(_question.Measure, deal) is { } adds && _question.Days?.Contains(adds.Day) == true
                        && _question.AsksOfFinest(segment))
                        _lines.Add(adds.Day, segment.On(_question.Metric.Dimensions), adds.Amount, Cells);
                    break;
            }

            object?[] Cells() =>
            [
                deal.Opportunity.Id, deal.Opportunity.Stage, deal.Created, deal.Opportunity.ExpectedClose, deal.Closed,
                .. _question.Metric.Dimensions.Where(dimension => dimension != "stage").Select(dimension =>
                    segment[dimension] ?? Segment.NoValue),
                .. RecordLines.CellsOf(record),
            ];
        }

        public ModelWorking Finish() => _question.Measure switch
        {
            "open_deals" or "pipeline" => _stock.Finish("Each line is a deal that is open at the end of the day."),
            "cycle" => _cycles.Finish("a deal that was won in the period, with the seconds in its days from creation to closing"),
            "closing" => _lines.Finish("Each line is an open deal that is expected to close in the period."),
            "created" or "created_amount" => _lines.Finish("Each line is a deal that was created in the period."),
            "lost" or "lost_amount" => _lines.Finish("Each line is a deal that was lost in the period."),
            _ => _lines.Finish("Each line is a deal that was won in the period."),
        };
    }
}
