using System.Runtime.InteropServices;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Engagement;

/// <summary>Active users (distinct for each grain and cut), events and the amounts that belong to them, from activity records.</summary>
public sealed class EngagementModel : IRecordModel, IModelWorking
{
    public string Name => "engagement";

    public IReadOnlyList<string> RecordTypes { get; } = [Activity.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } = [.. Measure.Of("active_users", "events", "amount")];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A user is active in a period with at least one event in it, by local days of the workspace's zone.",
        "Active users are counted anew for every period and segment and never added up: who comes on two days is one user of the week.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => question.Measure == "active_users" ? new Users(question) : new Events(question);

    /// <summary>The dimensions of an activity's amounts: its own, and the event itself.</summary>
    private static Segment WithEvent(Activity activity) => Segment.Of(
        [.. activity.Segment.Values.Where(pair => pair.Key != "event"), KeyValuePair.Create("event", activity.Event)]);

    private sealed class Run : IModelRun
    {
        private readonly ModelContext _context;
        private readonly DistinctCount[] _counts;
        private readonly DaySums[] _sums;
        private readonly Dictionary<(Segment, string), Segment> _withEvent = [];
        private DateOnly? _first;

        public Run(ModelContext context)
        {
            _context = context;
            _counts = [.. context.Metrics.Where(metric => metric.Model == "engagement.active_users").Select(metric => new DistinctCount(metric, context.Calendar))];
            _sums = [.. context.Metrics.Where(metric => metric.Model != "engagement.active_users").Select(metric => new DaySums(metric))];
        }

        public void Add(StoredRecord record)
        {
            var activity = Activity.From(record.Body);
            var day = activity.At.Day(_context.Calendar.DayOf);
            if (day >= _context.CompleteThrough)
                return;

            if (_first is null || day < _first)
                _first = day;
            foreach (var count in _counts)
                count.Add(activity.User, day, activity.Segment);
            if (!_withEvent.TryGetValue((activity.Segment, activity.Event), out var segment))
                _withEvent[(activity.Segment, activity.Event)] = segment = WithEvent(activity);
            foreach (var sum in _sums)
                sum.Add(day, segment, sum.Metric.Model == "engagement.amount" ? activity.Amount ?? 0 : 1);
        }

        public ModelResult Finish() => new(_first, [.. _counts.SelectMany(count => count.Outputs()), .. _sums.Select(sum => sum.Output())]);
    }

    /// <summary>Who was active, with the number of their events: a user is a line of each period and series in which they count.</summary>
    private sealed class Users(WorkingQuestion question) : IWorkingRun
    {
        private readonly IReadOnlyList<Period> _periods = question.StoredPeriods;
        private readonly Dictionary<(DateOnly Point, Segment Series, string User), Seen> _users = [];

        public void Add(StoredRecord record)
        {
            var activity = Activity.From(record.Body);
            var day = activity.At.Day(question.Calendar.DayOf);
            if (day >= question.Known.End || !question.Asks(activity.Segment))
                return;
            if (_periods.FirstOrDefault(period => period.Contains(day)) is not { } period)
                return;

            var key = (period.Start, question.SeriesOf(activity.Segment), activity.User);
            _users[key] = _users.TryGetValue(key, out var seen)
                ? new Seen(seen.Events + 1, day < seen.First ? day : seen.First, day > seen.Last ? day : seen.Last)
                : new Seen(1, day, day);
        }

        public ModelWorking Finish()
        {
            var lines = new WorkingLines(
                question,
                [
                    new WorkingColumn("user", WorkingKind.Text), new WorkingColumn("first event", WorkingKind.Day),
                    new WorkingColumn("last event", WorkingKind.Day), new WorkingColumn("events", WorkingKind.Count),
                ],
                countsLines: true);
            foreach (var (key, seen) in _users)
                lines.Add(key.Point, key.Series, 1, () => [key.User, seen.First, seen.Last, (decimal)seen.Events], seen.Events);
            return lines.Finish("Each line is a user with at least one event in the period, and counts once however many there were.");
        }

        [StructLayout(LayoutKind.Auto)]
        private readonly record struct Seen(int Events, DateOnly First, DateOnly Last);
    }

    /// <summary>The events themselves, each counting one or its amount.</summary>
    private sealed class Events(WorkingQuestion question) : IWorkingRun
    {
        private readonly bool _amounts = question.Measure == "amount";
        private readonly RecordLines _lines = new(question, new WorkingColumn("user", WorkingKind.Text), new WorkingColumn("event", WorkingKind.Text));

        public void Add(StoredRecord record)
        {
            var activity = Activity.From(record.Body);
            var day = activity.At.Day(question.Calendar.DayOf);
            if (question.Days?.Contains(day) != true)
                return;

            var segment = WithEvent(activity);
            if (question.AsksOfFinest(segment))
            {
                var amount = _amounts ? activity.Amount ?? 0 : 1;
                _lines.Add(record, day, day, segment, segment.On(question.Metric.Dimensions), amount, activity.User, activity.Event);
            }
        }

        public ModelWorking Finish() => _lines.Finish(_amounts
            ? "Each line is an event of the period with the amount that belongs to it."
            : "Each line is an event of the period.");
    }
}
