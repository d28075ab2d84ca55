using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Dev;

/// <summary>Made-up tiles of the sample company's W46 2026, one for each state that a tile can be in.</summary>
internal static class TileStories
{
    // How the weeks, and the months before them, stand to the newest figure: a little up and down, and a rise.
    private static readonly decimal[] Weeks = [0.962m, 0.978m, 0.969m, 0.99m, 0.985m, 1m];
    private static readonly decimal[] Months = [0.8m, 0.82m, 0.81m, 0.84m, 0.86m, 0.87m, 0.89m, 0.9m, 0.93m, 0.94m, 0.97m, 0.99m];

    private const decimal YearBefore = 0.83m;

    private static readonly ReportingCalendar Calendar = new(new CalendarSettings { TimeZone = "Europe/Berlin", Currency = "USD" });
    private static readonly Period Week = Calendar.Containing(Grain.Week, new DateOnly(2026, 11, 9));

    /// <summary>Monday morning, after the first syncs.</summary>
    private static readonly DateTimeOffset Monday = Calendar.InstantOf(new DateTime(2026, 11, 16, 6, 10, 0, DateTimeKind.Unspecified));

    public static BoardSnapshot Board { get; } = new()
    {
        Board = new Board("weekly", "Weekly product board", Grain.Week, [], "boards/weekly.yaml", 1),
        Period = Week,
        Key = Calendar.Key(Grain.Week, Week),
        Name = Calendar.Name(Grain.Week, Week),
        Title = Calendar.Title(Grain.Week, Week),
        PreviousKey = Calendar.Key(Grain.Week, Calendar.Previous(Grain.Week, Week)),
        PreviousName = Calendar.ShortLabel(Grain.Week, Calendar.Previous(Grain.Week, Week)),
        TimeZone = "Europe/Berlin",
        Currency = "USD",
        TakenAt = Monday,
        Ended = true,
        ElapsedDays = Week.Days,
        Sections = [],
    };

    public static TileSnapshot NoData { get; } = Of("mrr", "Monthly recurring revenue", Unit.Currency, "Finance", null, 0) with
    {
        State = TileState.NoData, Reason = "No source has delivered it yet.", Status = TargetStatus.NotCurrent,
    };

    public static TileSnapshot Running { get; } = Of("signups", "Signups", Unit.Count, "Marketing", 92, 3) with
    {
        State = TileState.Running, Status = TargetStatus.NotCurrent, Change = null, YearChange = null,
    };

    public static TileSnapshot Stale { get; } = Of("active_users", "Active users", Unit.Count, "Product", 1538, 5) with
    {
        State = TileState.NotCurrent, Status = TargetStatus.NotCurrent, Change = null, YearChange = null, KnownThrough = new DateOnly(2026, 11, 13),
    };

    public static TileOutlook StaleOutlook { get; } = new(Monday.AddHours(24), null);

    public static TileSnapshot Failing { get; } = Of("expansion_mrr", "Expansion MRR", Unit.Currency, "Finance", 28_400, 5) with
    {
        State = TileState.NotCurrent, Status = TargetStatus.NotCurrent, Change = null, YearChange = null, KnownThrough = new DateOnly(2026, 11, 13),
    };

    public static TileOutlook FailingOutlook { get; } =
        new(Monday.AddHours(24), new FailedSource("billing", Monday.AddMinutes(-8), "data/invoices.csv could not be opened: permission denied."));

    public static TileSnapshot Restated { get; } = Of("mrr", "Monthly recurring revenue", Unit.Currency, "Finance", 2_466_300m, Week.Days) with
    {
        RestatedFrom = 2_421_800m,
    };

    public static TileSnapshot NoTarget { get; } = Of("website_visits", "Website visits", Unit.Count, "Marketing", 10_020, Week.Days);

    private static TileSnapshot Of(string id, string name, Unit unit, string owner, decimal? newest, int covered)
    {
        var metric = new Metric { Id = id, Name = name, Unit = unit, Owner = owner };
        var periods = Enumerable.Range(0, Weeks.Length).Select(i => Period(metric, Grain.Week, i - Weeks.Length + 1, newest * Weeks[i], covered)).ToArray();
        var last = periods[^1];
        return new TileSnapshot
        {
            Tile = new Tile { Metric = id },
            Metric = metric,
            Name = name,
            Format = new ValueFormat(unit, "USD"),
            State = TileState.Complete,
            Status = TargetStatus.NoTarget,
            Value = last.Value with { Restated = id == "mrr" && newest is not null },
            Previous = periods[^2].Value,
            YearAgo = last.PreviousYear,
            Change = last.Change,
            YearChange = last.YearChange,
            Periods = periods,
            Months = [.. Enumerable.Range(0, Months.Length).Select(i => Period(metric, Grain.Month, i - Months.Length, newest * Months[i] * 4, int.MaxValue))],
        };
    }

    private static TilePeriod Period(Metric metric, Grain grain, int back, decimal? value, int covered)
    {
        var period = Calendar.Shift(grain, Calendar.Containing(grain, Week.Start), back);
        var isNewest = grain == Grain.Week && back == 0;
        var known = Known(period, value, isNewest ? covered : period.Days);
        var before = Known(Calendar.YearAgo(grain, period), value * YearBefore, period.Days);
        var previous = known with { Value = value * Weeks[^2] };
        return new TilePeriod(
            period, Calendar.Key(grain, period), Calendar.ShortLabel(grain, period), Calendar.Name(grain, period), known, before, null,
            Delta.Between(metric, previous, known), Delta.Between(metric, before, known));
    }

    private static PeriodValue Known(Period period, decimal? value, int covered) =>
        new(period, value, Math.Min(covered, period.Days), covered >= period.Days, Monday, Restated: false);
}
