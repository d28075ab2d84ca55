using Metrics.Core.Periods;

namespace Metrics.Core.Boards;

/// <summary>The runs of days that the tiles of a board show for one of its periods.</summary>
internal sealed class BoardSpans
{
    // Half a year of weeks: enough to see a season, few enough for a tile.
    private const int TrendLength = 26;
    private const int MonthsShown = 12;

    private readonly ReportingCalendar _calendar;
    private readonly Grain _grain;

    /// <param name="looksFarBack">Whether a metric of the board paces its targets by a profile.</param>
    public BoardSpans(Board board, ReportingCalendar calendar, Period shown, bool ended, bool looksFarBack)
    {
        (_calendar, _grain, Shown, Ended) = (calendar, board.Grain, shown, ended);
        ToDateGrains = Longer(_grain);
        History = [.. Enumerable.Range(1 - HistoryOf(_grain), HistoryOf(_grain)).Select(by => calendar.Shift(_grain, shown, by))];
        Period[] periods = [.. board.Tiles.SelectMany(Periods).Append(shown)];
        Period[] months = _grain < Grain.Month ? [.. board.Tiles.SelectMany(Months)] : [];
        List<Period> all =
        [
            .. periods, .. periods.Select(period => calendar.YearAgo(_grain, period)), .. History,
            .. months, .. months.Select(month => calendar.YearAgo(Grain.Month, month)),
            .. ToDateGrains.Select(longer => calendar.ToDate(longer, shown.LastDay)),
            .. ToDateGrains.Select(longer => calendar.ToDateYearAgo(longer, shown.LastDay)),
        ];

        // A stock's path to the target of a year begins with the figure of the year before, which costs little to have at hand.
        all.Add(calendar.Previous(Grain.Year, calendar.Containing(Grain.Year, shown.Start)));

        if (looksFarBack)
        {
            // A profile takes the course of the year before the periods that are shown and of those that their landing is judged by.
            var oldest = calendar.Containing(Grain.Year, all.Min(span => span.Start));
            all.Add(calendar.Previous(Grain.Year, oldest));
        }

        All = new Period(all.Min(span => span.Start), all.Max(span => span.End));
    }

    /// <summary>The grains that a period is looked at to date in: month, quarter and year as far as they are longer.</summary>
    public static IReadOnlyList<Grain> Longer(Grain grain) => [.. new[] { Grain.Month, Grain.Quarter, Grain.Year }.Where(longer => longer > grain)];

    public Period Shown { get; }

    public bool Ended { get; }

    /// <summary>Days that hold all spans.</summary>
    public Period All { get; }

    public IReadOnlyList<Grain> ToDateGrains { get; }

    /// <summary>
    /// The periods up to the shown one that it is judged against, oldest first: two of every season where the grain has seasons, and
    /// more than process limits need.
    /// </summary>
    public IReadOnlyList<Period> History { get; }

    /// <summary>The periods of the board's grain that a tile shows, and the one before them, oldest first.</summary>
    public IReadOnlyList<Period> Periods(Tile tile)
    {
        var count = tile.Chart == TileChart.Trend ? TrendLength : CountOf(_grain);
        return [.. Enumerable.Range(-count, count + 1).Select(by => _calendar.Shift(_grain, Shown, by))];
    }

    /// <summary>The twelve months that a tile shows, and the one before them, oldest first.</summary>
    public IReadOnlyList<Period> Months(Tile tile)
    {
        var month = _calendar.Containing(Grain.Month, Shown.LastDay);
        var last = tile.Months == TwelveMonths.FiscalYear
            ? _calendar.Containing(Grain.Month, _calendar.Containing(Grain.Year, Shown.LastDay).LastDay)
            : month.End <= Shown.End ? month : _calendar.Previous(Grain.Month, month);
        return [.. Enumerable.Range(-MonthsShown, MonthsShown + 1).Select(by => _calendar.Shift(Grain.Month, last, by))];
    }

    private static int HistoryOf(Grain grain) => grain switch
    {
        Grain.Day => 92,
        Grain.Week => 106,
        Grain.Month => 37,
        Grain.Quarter => 24,
        _ => 12,
    };

    private static int CountOf(Grain grain) => grain switch
    {
        Grain.Day or Grain.Week => 6,
        Grain.Month => 12,
        Grain.Quarter => 8,
        _ => 5,
    };
}
