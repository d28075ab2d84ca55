using Metrics.Core.Models.Engagement;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Activities;

/// <summary>
/// Who is behind a figure of users: since it is a sum over users, each of them is counted by itself, and is a line where that gives
/// anything. Of events and amounts the events are the lines.
/// </summary>
internal sealed class ActivityWorking(IActivityModel model, WorkingQuestion question) : IWorkingRun
{
    private readonly ActivityHistory _history = new(question.Calendar);

    public static IWorkingRun Of(IActivityModel model, WorkingQuestion question) =>
        model is EngagementModel && question.Measure is "events" or "amount" ? new EventWorking(question) : new ActivityWorking(model, question);

    public void Add(StoredRecord record)
    {
        var isSignup = record.Body.Text("event") is null;
        var user = _history.UserOf(record.Body);
        _history.Add(user, _history.VisitOf(record.Body, isSignup));
    }

    public ModelWorking Finish()
    {
        _history.Pack();
        var counter = model.CounterOf(question.Metric, _history);
        var end = question.Known.End.DayNumber + counter.ClosesAfter;
        var numbers = new PeriodNumbers(question.Calendar);
        var counts = new ActivityCounts(_history, [counter], numbers);
        var isMoney = question.Metric.Unit == Catalog.Unit.Currency;
        var lines = new WorkingLines(
            question,
            [
                new WorkingColumn("user", WorkingKind.Text), new WorkingColumn("signed up", WorkingKind.Day),
                new WorkingColumn("first event", WorkingKind.Day), new WorkingColumn("last event", WorkingKind.Day),
                new WorkingColumn("events", WorkingKind.Count),
            ],
            countsLines: !isMoney && question.Measure != "sessions" && question.Measure != "signups" && question.Measure != "funnel_seconds");
        var grain = question.Metric.RollsUp ? question.Metric.NativeGrain : question.Grain;
        var series = counter.Series.FirstOrDefault(one => one.Grain == grain);
        var places = series is null ? [] : question.StoredPeriods
            .Select(period => (period.Start, Place: question.Calendar.NumberOf(grain, period.Start))).ToArray();
        if (series is { HasZeros: true })
        {
            // Every day has a point, so the last one counts even where nobody is in it.
            places = question.Metric.OverTime == Catalog.OverTime.Last ? [.. places.TakeLast(1)] : places;
            foreach (var (day, _) in places)
                lines.HasPoint(day);
        }

        for (var user = 0; user < _history.Users && places.Length > 0; user++)
        {
            counts.Count(_history.Of(user), new Horizon(end, end), 1);
            foreach (var segment in series!.Segments.Where(IsAsked))
            {
                foreach (var (day, place) in places)
                {
                    if (series.At(segment, place) is not 0 and var value)
                        lines.Add(day, segment, value, () => CellsOf(user, end), _history.Of(user).Length);
                }
            }

            series.Tally.Clear();
        }

        return lines.Finish(question.Measure switch
        {
            "sessions" => "Each line is a user with the number of their sessions.",
            "signups" => "Each line is an account that was created.",
            "funnel_seconds" => "Each line is a user with the seconds they took.",
            _ when isMoney => "Each line is a user with what they bring.",
            _ => "Each line is a user, who counts once whatever they did.",
        });
    }

    private bool IsAsked(Segment segment) => question.AddsSegments
        ? question.Asks(segment)
        : segment.Values.Count == question.Filter.Count && question.Asks(segment);

    private object?[] CellsOf(int user, int end)
    {
        DateOnly? signup = null, first = null, last = null;
        var events = 0m;
        foreach (ref readonly var visit in _history.Of(user))
        {
            if (visit.Day >= end)
                break;
            var day = DateOnly.FromDayNumber(visit.Day);
            if (visit.IsSignup)
                signup ??= day;
            else
                (first, last, events) = (first ?? day, day, events + visit.Count);
        }

        return [_history.NameOf(user), signup, first, last, events];
    }

    /// <summary>The events themselves, each counting one or its amount.</summary>
    private sealed class EventWorking(WorkingQuestion question) : IWorkingRun
    {
        private readonly bool _amounts = question.Measure == "amount";
        private readonly string? _event = ActivityChoices.EventOf(question.Metric);
        private readonly RecordLines _lines = new(question, new WorkingColumn("user", WorkingKind.Text), new WorkingColumn("event", WorkingKind.Text));

        public void Add(StoredRecord record)
        {
            if (record.Body.Text("event") is null)
                return;

            var activity = Activity.From(record.Body);
            var day = activity.At.Day(question.Calendar.DayOf);
            if (question.Days?.Contains(day) != true || (_event is not null && activity.Event != _event))
                return;

            var segment = Segment.Of(
                [.. activity.Segment.Values.Where(pair => pair.Key != Sums.Dimension), KeyValuePair.Create(Sums.Dimension, activity.Event)]);
            if (question.AsksOfFinest(segment))
            {
                var amount = _amounts ? activity.Amount ?? 0 : 1;
                var point = question.Calendar.Containing(question.Metric.NativeGrain, day).Start;
                _lines.Add(record, day, point, segment, segment.On(question.Metric.Dimensions), amount, activity.User, activity.Event);
            }
        }

        public ModelWorking Finish() => _lines.Finish(_amounts
            ? "Each line is an event of the period with the amount that belongs to it."
            : "Each line is an event of the period.");
    }
}
