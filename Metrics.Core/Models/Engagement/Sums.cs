using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Engagement;

/// <summary>Events, or the amounts that belong to them, added up; by their kind where the metric has the dimension <c>event</c>.</summary>
internal sealed class Sums : ActivityCounter
{
    public const string Dimension = "event";

    private readonly Func<int, string> _nameOf;
    private readonly bool _amounts;

    public Sums(Metric metric, ActivityHistory history, bool amounts, string? name)
        : base(metric, Dimension, grain => new CountedSeries(metric, grain, Dimension, isRunning: false, amounts ? Visit.AmountUnits : 1) { HasZeros = false }) =>
        (_nameOf, _amounts, Event) = (number => history.Events[number], amounts, name);

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        foreach (var series in Series)
        {
            foreach (var visit in user.Visits)
            {
                LanesOf(series, user, segments, visit.Event, _nameOf)
                    .Add(series.Tally, user.Numbers.Of(series.Grain, visit.Day), sign * (_amounts ? visit.Amount : visit.Count));
            }
        }
    }
}

/// <summary>
/// Visits of the product: runs of events of one user with no longer pause than some minutes, dated by the day on which they begin. Events
/// of which only the day is known are one session a day.
/// </summary>
internal sealed class Sessions : ActivityCounter
{
    private readonly int _pause;

    /// <param name="pause">The longest pause inside a session, in minutes.</param>
    public Sessions(Metric metric, int pause, string? name)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false }) => (_pause, Event) = (pause, name);

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        foreach (var series in Series)
        {
            var lane = LaneOf(series, user, segments);
            var (lastDay, lastMinute) = (int.MinValue, (long)int.MinValue);
            foreach (var visit in user.Visits)
            {
                var isNew = visit.Minute == Visit.NoMinute ? visit.Day != lastDay : visit.Minute - lastMinute > _pause;
                if (isNew)
                    series.Tally.Add(lane, user.Numbers.Of(series.Grain, visit.Day), sign);
                lastDay = visit.Day;
                if (visit.Minute != Visit.NoMinute)
                    lastMinute = visit.Minute;
            }
        }
    }
}
