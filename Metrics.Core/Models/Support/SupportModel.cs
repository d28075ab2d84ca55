using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Support;

/// <summary>How many tickets there are and how long people wait, from ticket records (KPIS §1.4). Waits are in seconds.</summary>
public sealed class SupportModel : IRecordModel, IModelWorking
{
    private static readonly Choice Hours = new("hours", "Which hours a wait counts.", "calendar")
    {
        Options = [("calendar", "every hour, day and night"), ("business", "the business hours of calendar.yaml, without its holidays")],
    };

    public string Name => "support";

    public IReadOnlyList<string> RecordTypes { get; } = [Ticket.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        .. Measure.Of("created", "resolved", "open", "unanswered", "first_responses", "resolutions"),
        new Measure("first_response_seconds") { With = [Hours] },
        new Measure("resolution_seconds") { With = [Hours] },
        new Measure("first_response_time") { With = [Quantile.Choice, Hours], IsPerPeriod = true },
        new Measure("resolution_time") { With = [Quantile.Choice, Hours], IsPerPeriod = true },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A ticket is created and resolved on local days of the workspace's zone; it is open at the end of each day "
            + "from its creation up to the day of its resolution.",
        "Waits for a first response belong to the day on which the ticket was created, waits for a resolution to the "
            + "day on which it was resolved.",
        "A ticket that is neither answered nor resolved is unanswered: its wait is not over, so it is counted beside "
            + "the waits and not in them.",
        "Medians and percentiles are taken of all tickets of the period and segment, and never averaged.",
        "Business hours are one schedule for all tickets, in the workspace's zone and with its changes to and from summer time.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => question.Measure switch
    {
        "open" => new OpenTickets(question),
        "first_response_time" or "resolution_time" => new Waits(question),
        _ => new Tickets(question),
    };

    private static bool IsBusiness(Metric metric) =>
        metric.Measure is "first_response_seconds" or "resolution_seconds" or "first_response_time" or "resolution_time"
            && Hours.Of(metric) == "business";

    private static TicketReader ReaderOf(ReportingCalendar calendar, bool business) =>
        new(calendar, business ? new BusinessClock(calendar) : null);

    /// <summary>On which day a ticket adds how much to a measure; null where it adds nothing.</summary>
    private static (DateOnly Day, decimal Amount)? Adds(string measure, ReadTicket ticket) => measure switch
    {
        "created" => (ticket.Created, 1),
        "resolved" => ticket.Resolved is { } day ? (day, 1) : null,
        "unanswered" => ticket.IsUnanswered ? (ticket.Created, 1) : null,
        "first_responses" => ticket.ToResponse is null ? null : (ticket.Created, 1),
        "resolutions" => ticket.ToResolution is null ? null : (ticket.Resolved!.Value, 1),
        "first_response_seconds" or "first_response_time" => ticket.ToResponse is { } wait ? (ticket.Created, Seconds(wait)) : null,
        _ => ticket.ToResolution is { } wait ? (ticket.Resolved!.Value, Seconds(wait)) : null,
    };

    private static decimal Seconds(TimeSpan wait) => (decimal)wait.Ticks / TimeSpan.TicksPerSecond;

    private static WorkingColumn[] Columns(Metric metric) =>
    [
        new WorkingColumn("ticket", WorkingKind.Text), new WorkingColumn("created", WorkingKind.Text),
            new WorkingColumn("first response", WorkingKind.Text),
        new WorkingColumn("resolved", WorkingKind.Text),
        .. metric.Dimensions.Select(dimension => new WorkingColumn(dimension, WorkingKind.Text)), .. RecordLines.RecordColumns,
    ];

    private static object?[] Cells(WorkingQuestion question, ReadTicket read, StoredRecord record)
    {
        var ticket = read.Ticket;
        return
        [
            ticket.Id, InWords(ticket.At), InWords(ticket.FirstResponse), InWords(ticket.Resolved),
            .. question.Metric.Dimensions.Select(dimension => ticket.Segment[dimension] ?? Segment.NoValue), .. RecordLines.CellsOf(record),
        ];

        string? InWords(RecordMoment? moment) => moment switch
        {
            { Date: { } day } => FormattableString.Invariant($"{day:yyyy-MM-dd}"),
            { Instant: { } instant } => FormattableString.Invariant($"{question.Calendar.LocalTimeOf(instant):yyyy-MM-dd HH:mm:ss}"),
            _ => null,
        };
    }

    private sealed class Run : IModelRun
    {
        private readonly ModelContext _context;
        private readonly WarningLog _warnings = new();
        private readonly (TicketReader Reader, DaySums[] Sums, (string Measure, Quantiles Values)[] Quantiles)[] _byHours;
        private readonly StockDays[] _open;
        private DateOnly? _first;

        public Run(ModelContext context)
        {
            _context = context;
            _open = [.. context.Metrics.Where(metric => metric.Measure == "open").Select(metric => new StockDays(metric))];
            _byHours =
            [
                .. context.Metrics.Where(metric => metric.Measure != "open").GroupBy(IsBusiness).OrderBy(group => group.Key).Select(group =>
                    (
                    ReaderOf(context.Calendar, group.Key),
                    group.Where(metric => !IsWait(metric)).Select(metric => new DaySums(metric)).ToArray(),
                    group.Where(IsWait).Select(metric => (metric.Measure, new Quantiles(metric, context.Calendar))).ToArray())),
            ];
            if (_byHours.Length == 0)
                _byHours = [(ReaderOf(context.Calendar, false), [], [])];

            static bool IsWait(Metric metric) => metric.Measure is "first_response_time" or "resolution_time";
        }

        public void Add(StoredRecord record)
        {
            var isFirst = true;
            foreach (var (reader, sums, quantiles) in _byHours)
            {
                var ticket = reader.Read(record, isFirst ? _warnings : null);
                if (ticket.Created >= _context.CompleteThrough)
                    return;

                if (isFirst)
                    Note(ticket);
                isFirst = false;
                foreach (var sum in sums)
                {
                    if (Adds(sum.Metric.Measure, ticket) is { } adds && adds.Day < _context.CompleteThrough)
                        sum.Add(adds.Day, ticket.Ticket.Segment, adds.Amount);
                }

                foreach (var (measure, values) in quantiles)
                {
                    if (Adds(measure, ticket) is { } adds && adds.Day < _context.CompleteThrough)
                        values.Add(adds.Day, ticket.Ticket.Segment, adds.Amount);
                }
            }
        }

        public ModelResult Finish()
        {
            var days = _first is { } first ? new Period(first, _context.CompleteThrough) : null;
            return new ModelResult(_first,
            [
                .. _byHours.SelectMany(group => group.Sums).Select(sum => sum.Output()),
                .. _byHours.SelectMany(group => group.Quantiles).SelectMany(pair => pair.Values.Outputs()),
                .. _open.Select(open => open.Output(days)),
            ])
            {
                Warnings = _warnings.Warnings,
            };
        }

        private void Note(ReadTicket ticket)
        {
            if (_first is null || ticket.Created < _first)
                _first = ticket.Created;
            foreach (var open in ticket.IsOpenEnded ? [] : _open)
                open.Add(ticket.Created, ticket.Resolved, ticket.Ticket.Segment, 1);
        }
    }

    /// <summary>The tickets that are counted or whose waits are added up, each on its day.</summary>
    private sealed class Tickets(WorkingQuestion question) : IWorkingRun
    {
        private readonly TicketReader _reader = ReaderOf(question.Calendar, IsBusiness(question.Metric));
        private readonly WorkingLines _lines = new(question, Columns(question.Metric));

        public void Add(StoredRecord record)
        {
            var ticket = _reader.Read(record, null);
            if (ticket.Created < question.Known.End && Adds(question.Measure, ticket) is { } adds
                && question.Days?.Contains(adds.Day) == true
                && question.AsksOfFinest(ticket.Ticket.Segment))
            {
                _lines.Add(adds.Day, ticket.Ticket.Segment.On(question.Metric.Dimensions), adds.Amount, () =>
                    Cells(question, ticket, record));
            }
        }

        public ModelWorking Finish() => _lines.Finish(question.Measure switch
        {
            "created" => "Each line is a ticket that was created in the period.",
            "resolved" or "resolutions" => "Each line is a ticket that was resolved in the period.",
            "unanswered" => "Each line is a ticket of the period that is neither answered nor resolved.",
            "first_responses" => "Each line is a ticket of the period that was answered.",
            _ => "Each line is a ticket with the seconds that it waited.",
        });
    }

    private sealed class Waits(WorkingQuestion question) : IWorkingRun
    {
        private readonly TicketReader _reader = ReaderOf(question.Calendar, IsBusiness(question.Metric));
        private readonly QuantileLines _lines = new(question, Columns(question.Metric));

        public void Add(StoredRecord record)
        {
            var ticket = _reader.Read(record, null);
            if (ticket.Created < question.Known.End && Adds(question.Measure, ticket) is { } adds
                && question.Days?.Contains(adds.Day) == true
                && question.Asks(ticket.Ticket.Segment))
            {
                _lines.Add(adds.Day, adds.Amount, () => Cells(question, ticket, record));
            }
        }

        public ModelWorking Finish() => _lines.Finish(question.Measure == "first_response_time"
            ? "a ticket that was created in the period, with the seconds to its first response"
            : "a ticket that was resolved in the period, with the seconds from its creation");
    }

    private sealed class OpenTickets(WorkingQuestion question) : IWorkingRun
    {
        private readonly TicketReader _reader = ReaderOf(question.Calendar, false);
        private readonly StockLines _lines = new(question, Columns(question.Metric));

        public void Add(StoredRecord record)
        {
            var ticket = _reader.Read(record, null);
            if (!ticket.IsOpenEnded && ticket.Created < question.Known.End)
                _lines.Add(ticket.Created, ticket.Resolved, ticket.Ticket.Segment, 1, () => Cells(question, ticket, record));
        }

        public ModelWorking Finish() => _lines.Finish("Each line is a ticket that is open at the end of the day.");
    }
}
