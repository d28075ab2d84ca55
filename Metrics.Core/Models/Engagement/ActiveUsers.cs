using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Engagement;

/// <summary>Distinct users with a visit in the period.</summary>
internal sealed class ActiveUsers : ActivityCounter
{
    public ActiveUsers(Metric metric, string? name)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false }) => Event = name;

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        foreach (var series in Series)
        {
            var lane = LaneOf(series, user, segments);
            foreach (var place in user.PlacesOf(series.Grain))
                series.Tally.Add(lane, place, sign);
        }
    }
}

/// <summary>Distinct users with a visit in some days that end with a day: the rolling WAU and MAU.</summary>
internal sealed class RollingUsers : ActivityCounter
{
    private readonly int _days;

    public RollingUsers(Metric metric, int days, string? name)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: true) { HasZeros = true }) => (_days, Event) = (days, name);

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        var series = Series[0];
        var lane = LaneOf(series, user, segments);
        var (from, to) = (0, 0);
        foreach (var day in user.Days)
        {
            if (day > to && to > 0)
                series.Tally.AddRun(lane, from, to, sign);
            if (day > to || to == 0)
                from = day;
            to = day + _days;
        }

        series.Tally.AddRun(lane, from, to, sign);
    }
}

/// <summary>
/// Users by the number of days on which they came, of some days that end with a day: the L7 and L28 histograms, or those of them who
/// came on enough days. Who did not come at all is in neither.
/// </summary>
internal sealed class DaysActive : ActivityCounter
{
    /// <summary>The dimension of the histogram: the number of days, in two digits.</summary>
    public const string Dimension = "days";

    private readonly List<int> _ends = [];
    private readonly int _atLeast;
    private readonly int _days;

    /// <param name="atLeast">On how many days a user must have come; the histogram has its own dimension and takes 1.</param>
    public DaysActive(Metric metric, int days, int atLeast, string? name)
        : base(metric, Dimension, grain => new CountedSeries(metric, grain, Dimension, isRunning: true) { HasZeros = true }) =>
        (_days, _atLeast, Event) = (days, atLeast, name);

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        // A visit counts from its day on until it leaves the window; between two such moments the number of days stands.
        _ends.Clear();
        var (series, days, since, entered, left) = (Series[0], user.Days, 0, 0, 0);
        while (left < days.Count)
        {
            var enters = entered < days.Count && days[entered] <= days[left] + _days;
            var next = enters ? days[entered] : days[left] + _days;
            if (next > since && entered - left >= _atLeast)
                LanesOf(series, user, segments, entered - left, Name).AddRun(series.Tally, since, next, sign);
            since = next;
            if (enters)
                entered++;
            else
                left++;
        }
    }

    private static string Name(int days) => days.ToString("00", System.Globalization.CultureInfo.InvariantCulture);
}
