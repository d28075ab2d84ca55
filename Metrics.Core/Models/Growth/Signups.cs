using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Growth;

/// <summary>Accounts that were created, each on its day and in its segment.</summary>
internal sealed class Signups : ActivityCounter
{
    public Signups(Metric metric)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false }) => By = CountedBy.Signup;

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        foreach (var series in Series)
        {
            foreach (var signup in user.Signups)
                series.Tally.Add(LaneOf(series, user, segments), user.Numbers.Of(series.Grain, signup.Day), sign * signup.Count);
        }
    }
}

/// <summary>
/// Users by the day of their signup: those whose window has closed, or those of them who did something in it. The day of the signup is
/// day 0, and the window ends with the last moment of its last day.
/// </summary>
internal sealed class Activation : ActivityCounter
{
    private readonly int _days;
    private readonly bool _activated;

    /// <param name="activated">Whether those who did it are counted, and not all whose window has closed.</param>
    public Activation(Metric metric, int days, bool activated, string? name)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false })
    {
        (_days, _activated, Event) = (days, activated, activated ? name : null);
        (By, ClosesAfter) = (CountedBy.Signup, days);
    }

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        if (user.IsAgain)
            return;

        var signup = user.Signups[0];
        if (_activated && !user.Visits.Exists(visit => IsInWindow(visit, signup)))
            return;

        foreach (var series in Series)
            series.Tally.Add(LaneOf(series, user, segments), user.Numbers.Of(series.Grain, signup.Day), sign);
    }

    /// <summary>What was done in the minute of the signup counts; of what has no time the day decides.</summary>
    private bool IsInWindow(Visit visit, Visit signup) =>
        visit.Day <= signup.Day + _days
        && (visit.Day > signup.Day
            || (visit.Day == signup.Day && (visit.Minute == Visit.NoMinute || signup.Minute == Visit.NoMinute || visit.Minute >= signup.Minute)));
}
