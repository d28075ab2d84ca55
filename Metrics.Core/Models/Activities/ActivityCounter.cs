using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Activities;

/// <summary>To which segment a user belongs for a count.</summary>
public enum CountedBy
{
    /// <summary>To every segment in which they did something, looked at by itself.</summary>
    Activity,

    /// <summary>To that of their signup, with all that they did.</summary>
    Signup,
}

/// <summary>
/// A metric of what users did, as a sum over users: what one user adds to it depends on that user alone. So a late event takes back
/// what its user added before and adds what they add now, and all others stay as they are.
/// </summary>
internal abstract class ActivityCounter
{
    private readonly HashSet<string> _cuts;

    /// <param name="own">A dimension that the count itself gives; null for none.</param>
    /// <param name="create">Makes the series of a grain.</param>
    protected ActivityCounter(Metric metric, string? own, Func<Grain, CountedSeries> create)
    {
        (Metric, Own) = (metric, own is not null && metric.Dimensions.Contains(own) ? own : null);
        Series = [.. (metric.RollsUp ? [metric.NativeGrain] : Enum.GetValues<Grain>().Where(grain => grain >= metric.NativeGrain)).Select(create)];
        _cuts = [.. metric.StoredCuts.Select(cut => string.Join(',', cut))];
        Cuts = [.. metric.StoredCuts
            .Select(cut => (IReadOnlyList<string>)[.. cut.Where(dimension => dimension != own)])
            .DistinctBy(cut => string.Join(',', cut))];
    }

    public Metric Metric { get; }

    /// <summary>The dimension that the count itself gives and the metric declares.</summary>
    public string? Own { get; }

    /// <summary>The stored cuts, without the own dimension.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cuts { get; }

    public IReadOnlyList<CountedSeries> Series { get; }

    /// <summary>The only event that counts; null where every one does.</summary>
    public string? Event { get; protected init; }

    public CountedBy By { get; protected init; } = CountedBy.Activity;

    /// <summary>How many days after a place's day its figure cannot be known yet: those of an open window.</summary>
    public int ClosesAfter { get; protected init; }

    /// <summary>Adds what a user adds, or takes it back.</summary>
    /// <param name="segments">The segment of a number.</param>
    /// <param name="sign">1 to add, -1 to take back.</param>
    public abstract void Count(UserDays user, IReadOnlyList<Segment> segments, int sign);

    /// <summary>The lanes in which a user counts: that of their segment, and that of it with a value of the own dimension.</summary>
    protected Lanes LanesOf(CountedSeries series, UserDays user, IReadOnlyList<Segment> segments, int number, Func<int, string> value)
    {
        var cut = segments[user.Segment].Cut;
        var plain = _cuts.Contains(cut) ? series.LaneOf(segments, user.Segment, -1, null) : -1;
        return new Lanes(plain, Own is null ? -1 : series.LaneOf(segments, user.Segment, number, value));
    }

    /// <summary>The lane of a user's segment, for counts without a dimension of their own.</summary>
    protected static int LaneOf(CountedSeries series, UserDays user, IReadOnlyList<Segment> segments) => series.LaneOf(segments, user.Segment, -1, null);

    /// <summary>Two lanes, of which either may be none.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    protected readonly record struct Lanes(int Plain, int Own)
    {
        public void Add(Tally tally, int place, long amount)
        {
            if (Plain >= 0)
                tally.Add(Plain, place, amount);
            if (Own >= 0)
                tally.Add(Own, place, amount);
        }

        public void AddRun(Tally tally, int from, int to, long amount)
        {
            if (Plain >= 0)
                tally.AddRun(Plain, from, to, amount);
            if (Own >= 0)
                tally.AddRun(Own, from, to, amount);
        }
    }
}
