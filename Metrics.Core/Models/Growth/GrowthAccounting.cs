using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Growth;

/// <summary>A row of growth accounting.</summary>
internal enum GrowthRow
{
    /// <summary>Never active before.</summary>
    New,

    /// <summary>Active in the period before, too.</summary>
    Retained,

    /// <summary>Active once, but not in the period before.</summary>
    Resurrected,

    /// <summary>Active in the period before and no longer.</summary>
    Churned,
}

/// <summary>
/// Growth accounting of one row, for every grain: active = new + retained + resurrected, and active − active before = new + resurrected −
/// churned (KPIS §1.3).
/// </summary>
internal sealed class GrowthAccounting : ActivityCounter
{
    private readonly GrowthRow _row;

    public GrowthAccounting(Metric metric, GrowthRow row, string? name)
        : base(metric, null, grain => new CountedSeries(metric, grain, null, isRunning: false) { HasZeros = false }) => (_row, Event) = (row, name);

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        foreach (var series in Series)
        {
            var lane = LaneOf(series, user, segments);
            var places = user.PlacesOf(series.Grain);
            for (var i = 0; i < places.Count; i++)
            {
                var follows = i > 0 && places[i] == places[i - 1] + 1;
                var counts = _row switch
                {
                    GrowthRow.New => i == 0,
                    GrowthRow.Retained => follows,
                    GrowthRow.Resurrected => i > 0 && !follows,
                    _ => i + 1 == places.Count || places[i + 1] != places[i] + 1,
                };
                if (counts)
                    series.Tally.Add(lane, _row == GrowthRow.Churned ? places[i] + 1 : places[i], sign);
            }
        }
    }

    /// <summary>The rows by the name of their measure.</summary>
    public static IReadOnlyDictionary<string, GrowthRow> Rows { get; } = new Dictionary<string, GrowthRow>
    {
        ["new_users"] = GrowthRow.New,
        ["retained_users"] = GrowthRow.Retained,
        ["resurrected_users"] = GrowthRow.Resurrected,
        ["churned_users"] = GrowthRow.Churned,
    };
}
