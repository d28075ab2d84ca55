using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Retention;

/// <summary>
/// Users by the day of their first visit or signup, day 0: those who came back in a window of days after it, those who came back from a
/// day on, or all whose window has closed. N-day retention is a window of one day, bracket retention one of several.
/// </summary>
internal sealed class Returning : ActivityCounter
{
    private readonly int _from;
    private readonly int? _to;
    private readonly bool _all;
    private readonly bool _bySignup;

    /// <param name="from">The first day of the window.</param>
    /// <param name="to">Its last day; null where every later day counts.</param>
    /// <param name="all">Whether all are counted, and not those alone who came back.</param>
    public Returning(Metric metric, int from, int? to, bool all, bool bySignup, string? name)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false })
    {
        (_from, _to, _all, _bySignup, Event) = (from, to, all, bySignup, name);
        (By, ClosesAfter) = (bySignup ? CountedBy.Signup : CountedBy.Activity, to ?? from);
    }

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        if (user.IsAgain)
            return;

        var first = _bySignup ? user.Signups[0].Day : user.Days[0];
        if (!_all && !user.Days.Exists(day => day >= first + _from && (_to is not { } to || day <= first + to)))
            return;

        foreach (var series in Series)
            series.Tally.Add(LaneOf(series, user, segments), user.Numbers.Of(series.Grain, first), sign);
    }
}
