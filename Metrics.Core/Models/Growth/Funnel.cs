using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Growth;

/// <summary>
/// Users who went through the first steps of a funnel in their order, by the day of the first one; or how long they took from the step
/// before. All steps have to be taken in the window that begins with the first.
/// </summary>
internal sealed class Funnel : ActivityCounter
{
    /// <summary>The step that is not an event.</summary>
    public const string Signup = "signup";

    private const int MinutesPerDay = 24 * 60;
    private const int SecondsPerMinute = 60;

    private readonly ActivityHistory _history;
    private readonly IReadOnlyList<string> _steps;
    private readonly int _days;
    private readonly bool _times;

    /// <param name="steps">The events, first to last; only those up to the step that is counted.</param>
    /// <param name="times">Whether the seconds since the step before are added up, and not users.</param>
    public Funnel(Metric metric, ActivityHistory history, IReadOnlyList<string> steps, int days, bool times)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false })
    {
        (_history, _steps, _days, _times) = (history, steps, days, times);
        (By, ClosesAfter) = (steps[0] == Signup ? CountedBy.Signup : CountedBy.Activity, days);
    }

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        if (user.IsAgain || Walk(user) is not var (day, seconds))
            return;

        foreach (var series in Series)
            series.Tally.Add(LaneOf(series, user, segments), user.Numbers.Of(series.Grain, day), sign * (_times ? seconds : 1));
    }

    /// <summary>The day of the first step and the seconds that the last one took; null where the last step was not reached.</summary>
    private (int Day, long Seconds)? Walk(UserDays user)
    {
        Visit? first = null, last = null, before = null;
        var taken = new List<int>(_steps.Count);
        foreach (var step in _steps)
        {
            before = last;
            if (step == Signup && first is null)
            {
                first = last = user.Signups[0];
                continue;
            }

            if (_history.EventNumber(step) is not { } number || Next(user, number, last, taken) is not { } at)
                return null;
            if (first is { } start && user.Visits[at].Day > start.Day + _days)
                return null;

            taken.Add(at);
            last = user.Visits[at];
            first ??= last;
        }

        return (first!.Value.Day, before is { } previous ? Seconds(previous, last!.Value) : 0);
    }

    /// <summary>
    /// The place of the first visit of a kind that is not before another one and is no step yet; null where there is none. Visits of one
    /// minute stand in no order that means anything, so those of the other's day are looked at again.
    /// </summary>
    private static int? Next(UserDays user, int number, Visit? after, List<int> taken)
    {
        var at = taken.Count == 0 ? 0 : taken[^1];
        while (at > 0 && after is { } other && user.Visits[at - 1].Day == other.Day)
            at--;
        for (; at < user.Visits.Count; at++)
        {
            var visit = user.Visits[at];
            if (visit.Event == number && !taken.Contains(at) && (after is not { } from || !IsBefore(visit, from)))
                return at;
        }

        return null;
    }

    /// <summary>Of two visits of one day of which one has no time, neither is before the other.</summary>
    private static bool IsBefore(Visit visit, Visit other) =>
        visit.Day != other.Day ? visit.Day < other.Day
        : visit.Minute != Visit.NoMinute && other.Minute != Visit.NoMinute && visit.Minute < other.Minute;

    private static long Seconds(Visit from, Visit to) => SecondsPerMinute
        * (from.Minute != Visit.NoMinute && to.Minute != Visit.NoMinute ? (long)to.Minute - from.Minute : (to.Day - from.Day) * (long)MinutesPerDay);
}
