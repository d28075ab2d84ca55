using System.Runtime.InteropServices;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Activities;

/// <summary>Shows each user to the counters in the shape in which they count: one segment of one cut at a time.</summary>
internal sealed class ActivityCounts
{
    private readonly ActivityHistory _history;
    private readonly View[] _views;
    private readonly UserDays _user;
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<Segment, int> _numbers = [];
    private readonly List<Visit> _activity = [];
    private readonly List<Visit> _signups = [];
    private readonly List<Visit> _filtered = [];

    public ActivityCounts(ActivityHistory history, IEnumerable<ActivityCounter> counters, PeriodNumbers numbers)
    {
        (_history, _user) = (history, new UserDays(numbers));
        _views =
        [
            .. counters.GroupBy(counter => (counter.By, counter.Event)).Select(view => new View(view.Key.By, view.Key.Event,
            [
                .. view.SelectMany(counter => counter.Cuts, (counter, cut) => (counter, cut)).GroupBy(pair => string.Join(',', pair.cut))
                    .Select(cut => new Cut(cut.First().cut, [.. cut.Select(pair => pair.counter)])),
            ])),
        ];
    }

    /// <summary>Counts a user, or takes back what they counted.</summary>
    /// <param name="horizon">What lies at or after it does not count yet.</param>
    public void Count(ReadOnlySpan<Visit> visits, Horizon horizon, int sign)
    {
        _activity.Clear();
        _signups.Clear();
        foreach (ref readonly var visit in visits)
        {
            if (visit.IsSignup && visit.Day < horizon.Signup)
                _signups.Add(visit);
            else if (!visit.IsSignup && visit.Day < horizon.Activity)
                _activity.Add(visit);
        }

        foreach (var view in _views)
        {
            if (Filtered(view.Event) is not { } shown)
                continue;
            if (view.By == CountedBy.Signup)
                CountSignups(view, shown, sign);
            else if (shown.Count > 0)
                CountActivity(view, shown, sign);
        }
    }

    /// <summary>The visits of one event, or all; null where nobody ever did it.</summary>
    private List<Visit>? Filtered(string? name)
    {
        if (name is null)
            return _activity;
        if (_history.EventNumber(name) is not { } number)
            return null;

        _filtered.Clear();
        foreach (ref readonly var visit in CollectionsMarshal.AsSpan(_activity))
        {
            if (visit.Event == number)
                _filtered.Add(visit);
        }

        return _filtered;
    }

    private void CountActivity(View view, List<Visit> shown, int sign)
    {
        var visits = CollectionsMarshal.AsSpan(shown);
        var isOne = true;
        for (var i = 1; i < visits.Length && isOne; i++)
            isOne = visits[i].Segment == visits[0].Segment;

        foreach (var cut in view.Cuts)
        {
            if (isOne || cut.Dimensions.Count == 0)
            {
                _user.Begin(NumberOf(cut, visits[0].Segment));
                _user.Visits.AddRange(shown);
                _user.Signups.AddRange(_signups);
                Show(cut, sign);
                continue;
            }

            cut.Groups.Clear();
            foreach (ref readonly var visit in visits)
            {
                var segment = NumberOf(cut, visit.Segment);
                if (!cut.Groups.TryGetValue(segment, out var group))
                    cut.Groups[segment] = group = [];
                group.Add(visit);
            }

            foreach (var (segment, group) in cut.Groups)
            {
                _user.Begin(segment);
                _user.Visits.AddRange(group);
                _user.Signups.AddRange(_signups);
                Show(cut, sign);
            }
        }
    }

    /// <summary>Each signup is shown in its own segment, the first one with all that the user did.</summary>
    private void CountSignups(View view, List<Visit> shown, int sign)
    {
        for (var i = 0; i < _signups.Count; i++)
        {
            foreach (var cut in view.Cuts)
            {
                _user.Begin(NumberOf(cut, _signups[i].Segment));
                if (i == 0)
                    _user.Visits.AddRange(shown);
                _user.Signups.Add(_signups[i]);
                _user.IsAgain = i > 0;
                Show(cut, sign);
            }
        }
    }

    private void Show(Cut cut, int sign)
    {
        foreach (var counter in cut.Counters)
            counter.Count(_user, _segments, sign);
    }

    /// <summary>The number of what a segment of the history is on a cut.</summary>
    private int NumberOf(Cut cut, int segment)
    {
        while (cut.Numbers.Count <= segment)
            cut.Numbers.Add(-1);
        if (cut.Numbers[segment] is >= 0 and var known)
            return known;

        var on = _history.Segments[segment].On(cut.Dimensions);
        if (!_numbers.TryGetValue(on, out var number))
        {
            _numbers[on] = number = _segments.Count;
            _segments.Add(on);
        }

        return cut.Numbers[segment] = number;
    }

    private sealed record View(CountedBy By, string? Event, Cut[] Cuts);

    private sealed record Cut(IReadOnlyList<string> Dimensions, ActivityCounter[] Counters)
    {
        public List<int> Numbers { get; } = [];

        public Dictionary<int, List<Visit>> Groups { get; } = [];
    }
}

/// <summary>The numbers of the first local days that the sources do not cover yet.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Horizon(int Activity, int Signup);
