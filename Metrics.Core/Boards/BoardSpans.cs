using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;

namespace Metrics.Core.Boards;

/// <summary>The runs of days that the tiles of a board show for one of its periods.</summary>
internal sealed class BoardSpans
{
    // Half a year of weeks: enough to see a season, few enough for a tile.
    private const int TrendLength = 26;
    private const int MonthsShown = 12;

    // A quarter of weeks: what a scorecard shows beside each other.
    private const int RecentLength = 13;

    private readonly ReportingCalendar _calendar;
    private readonly Grain _grain;
    private readonly Dictionary<(string Metric, Segment? Segment), BaselineChoices> _choices;

    /// <param name="looksFarBack">Whether a metric of the board paces its targets by a profile.</param>
    public BoardSpans(Board board, ReportingCalendar calendar, Period shown, bool ended, BaselineBook baselines, bool looksFarBack)
    {
        (_calendar, _grain, Shown, Ended) = (calendar, board.Grain, shown, ended);
        ToDateGrains = Longer(_grain);
        var length = ProcessReader.LengthOf(_grain);
        History = [.. Enumerable.Range(1 - length, length).Select(by => calendar.Shift(_grain, shown, by))];
        _choices = board.Tiles.DistinctBy(SeriesOf).ToDictionary(SeriesOf, tile => baselines.Of(tile.Metric, _grain, SegmentOf(tile)));
        Period[] periods = [.. board.Tiles.SelectMany(Periods).Append(shown)];
        Period[] months = _grain < Grain.Month ? [.. board.Tiles.SelectMany(Months)] : [];
        List<Period> all =
        [
            .. periods, .. periods.Select(period => calendar.YearAgo(_grain, period)), .. History,
            .. board.Tiles.Select(tile => HistoryOf(tile)[0]),
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

    /// <summary>The periods that a scorecard shows, oldest first, the last one being the shown one.</summary>
    public static IReadOnlyList<Period> Recent(ReportingCalendar calendar, Grain grain, Period shown)
    {
        var length = Math.Min(RecentLength, ProcessReader.LengthOf(grain));
        return [.. Enumerable.Range(1 - length, length).Select(by => calendar.Shift(grain, shown, by))];
    }

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

    /// <summary>The same for a tile: longer where somebody chose a phase or a baseline that begins before.</summary>
    public IReadOnlyList<Period> HistoryOf(Tile tile) => ChoicesOf(tile).Earliest is { } earliest && earliest < History[0].Start
        ? _calendar.Covering(_grain, earliest, Shown.End)
        : History;

    /// <summary>What people decided about the limits of a tile's series.</summary>
    public BaselineChoices ChoicesOf(Tile tile) => _choices[SeriesOf(tile)];

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

    private static (string Metric, Segment? Segment) SeriesOf(Tile tile) => (tile.Metric, SegmentOf(tile));

    /// <summary>Null for several values of a dimension together, and for another figure than the metric's own.</summary>
    private static Segment? SegmentOf(Tile tile) => tile.OverTime is not null || tile.Filter.Values.Any(values => values.Count != 1)
        ? null
        : Segment.Of(tile.Filter.Select(pair => KeyValuePair.Create(pair.Key, pair.Value[0])));

    private static int CountOf(Grain grain) => grain switch
    {
        Grain.Day or Grain.Week => 6,
        Grain.Month => 12,
        Grain.Quarter => 8,
        _ => 5,
    };
}
