using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Engagement;

/// <summary>Active users (distinct for each grain and cut), events and the amounts that belong to them, from activity records.</summary>
public sealed class EngagementModel : IModel
{
    public string Name => "engagement";

    public IReadOnlyList<string> RecordTypes { get; } = [Activity.Type.Name];

    public IReadOnlyList<string> Measures { get; } = ["active_users", "events", "amount"];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A user is active in a period with at least one event in it, by local days of the workspace's zone.",
        "Active users are counted anew for every period and segment and never added up: who comes on two days is one user of the week.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

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
            _counts =
            [
                .. context.Metrics.Where(metric => metric.Model == "engagement.active_users").SelectMany(metric => Enum.GetValues<Grain>()
                    .Where(grain => grain >= metric.NativeGrain)
                    .Select(grain => new DistinctCount(metric, grain, context.Calendar))),
            ];
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
                _withEvent[(activity.Segment, activity.Event)] = segment = Segment.Of([.. activity.Segment.Values.Where(pair => pair.Key != "event"), KeyValuePair.Create("event", activity.Event)]);
            foreach (var sum in _sums)
                sum.Add(day, segment, sum.Metric.Model == "engagement.amount" ? activity.Amount ?? 0 : 1);
        }

        public ModelResult Finish() => new(_first, [.. _counts.Select(count => count.Output()), .. _sums.Select(sum => sum.Output())]);
    }
}
