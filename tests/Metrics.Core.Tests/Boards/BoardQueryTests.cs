using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Boards;

/// <summary>What a board makes of a comparison, a segment and a grain that it is asked for, and its scorecard.</summary>
public sealed class BoardQueryTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, over_time: sum, dimensions: [plan, region], missing: zero }
          - { id: revenue, name: Revenue, unit: currency, over_time: sum, dimensions: [region] }
          - { id: lost, name: Lost customers, unit: count, over_time: sum, direction: down }
          - { id: per_visit, name: Revenue per visit, unit: currency, formula: revenue / visits }
          - { id: weekly_only, name: By week alone, unit: count, native_grain: week, over_time: sum }
        """;

    private static readonly Board Board = new("weekly", "Weekly", Grain.Week, [new BoardSection("All", [Tile("visits"), Tile("lost")])], "boards/weekly.yaml", 1);

    private readonly FakeClock _clock = new("2026-11-16T08:00:00Z");
    private readonly ReportingCalendar _calendar = new(new CalendarSettings { TimeZone = "Europe/Berlin" });
    private TempFolder _folder = null!;
    private ServiceProvider _services = null!;
    private MetricCatalog _catalog = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _folder = new TempFolder();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddStorage(new StorageOptions { DataFolder = _folder.Path });
        services.AddSingleton<MetricReader>().AddSingleton<KnownDays>().AddSingleton<ProcessReader>().AddSingleton<BoardBuilder>().AddSingleton<BoardDimensions>();
        _services = services.BuildServiceProvider();
        var faults = new List<Fault>();
        _catalog = MetricCatalog.Read([("metrics/test.yaml", Metrics)], faults);
        Assert.That(faults, Is.Empty);

        // Weeks 42 to 45: 70, 140, 210, 280 visits in the EU, W46 has 350; ten a day in the US, all on the plan Pro.
        var week = Day("2026-10-12");
        for (var i = 1; i <= 5; i++, week = week.AddDays(7))
            await WriteAsync("visits", Visits("EU", "Pro"), week, week.AddDays(7), 10 * i);
        await WriteAsync("visits", Visits("US", "Pro"), Day("2026-10-12"), Day("2026-11-16"), 10);
        await WriteAsync("revenue", Segment.Of([("region", "EU")]), Day("2026-10-12"), Day("2026-11-16"), 5);
        await WriteAsync("lost", Segment.Total, Day("2026-10-12"), Day("2026-11-16"), 2);
        await KnownAsync("visits", "revenue", "lost", "weekly_only");
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task The_mean_of_the_four_periods_before_evens_out_an_odd_one()
    {
        var tile = (await BuildAsync(new BoardQuery { Comparison = BoardComparison.Average, Segment = Of(("region", "EU")) })).Tiles.First();

        // (70 + 140 + 210 + 280) / 4 = 175; 350 is twice that.
        Assert.That(tile.Compared, Is.EqualTo(new Delta(1, DeltaKind.Relative, Verdict.Favorable)));
        Assert.That(tile.Change!.Amount, Is.EqualTo(0.25m));
    }

    [Test]
    public async Task Of_four_periods_before_all_must_be_complete()
    {
        var week = new BoardQuery { Comparison = BoardComparison.Average, Period = Week("2026-W45") };

        Assert.That((await BuildAsync(week)).Tiles.First().Compared, Is.Null);
    }

    [Test]
    public async Task A_plan_is_what_the_figure_is_compared_with_and_its_variance()
    {
        var targets = new TargetBook([new Target("lost", Target.DefaultVersion, Grain.Week, Week("2026-W46"), Segment.Total, 10, null, "targets.csv", 2)]);

        var board = await BuildAsync(new BoardQuery { Comparison = BoardComparison.Plan }, targets);
        var (visits, lost) = (board.Tiles.First(), board.Tiles.Last());

        Assert.That(lost.Compared, Is.EqualTo(new Delta(0.4m, DeltaKind.Relative, Verdict.Unfavorable)));
        Assert.That(lost.Variance, Is.EqualTo(lost.Compared));
        Assert.That(visits.Compared, Is.Null);
        Assert.That((board.ComparedWith.Short, board.AlsoWith.Short), Is.EqualTo(("plan", "last year")));
    }

    [Test]
    public async Task Compared_with_last_year_the_period_before_comes_second()
    {
        var board = await BuildAsync(new BoardQuery { Comparison = BoardComparison.Year });

        Assert.That((board.ComparedWith, board.AlsoWith.Short), Is.EqualTo((new ComparisonName("last year", "on last year"), "W45")));
        Assert.That(board.AlsoOf(board.Tiles.First()), Is.EqualTo(board.Tiles.First().Change));
        Assert.That(board.Tiles.First().Compared, Is.Null);
    }

    [Test]
    public async Task A_segment_narrows_the_tiles_that_know_it_and_leaves_the_others_as_they_are()
    {
        var board = await BuildAsync(new BoardQuery { Segment = Of(("region", "EU")) });
        var (visits, lost) = (board.Tiles.First(), board.Tiles.Last());

        Assert.That((visits.Value!.Value, visits.Filter, visits.NotBy.Count), Is.EqualTo((350m, "EU", 0)));
        Assert.That((lost.Value!.Value, lost.Filter), Is.EqualTo((14m, (string?)null)));
        Assert.That(lost.NotBy, Is.EqualTo(new[] { "region" }));
        Assert.That(board.MatchesSegment);
    }

    [Test]
    public async Task Several_dimensions_narrow_together_as_far_as_a_metric_knows_them()
    {
        var board = await BuildAsync(new BoardQuery { Segment = Of(("region", "US"), ("plan", "Pro")) }, tiles: [Tile("visits"), Tile("revenue"), Tile("per_visit")]);

        Assert.That(board.Tiles.Select(tile => string.Join(",", tile.NotBy)), Is.EqualTo(new[] { "", "plan", "plan" }));
        Assert.That(board.Tiles.First().Value!.Value, Is.EqualTo(70));
    }

    [Test]
    public async Task A_tile_s_own_filter_stays()
    {
        var own = Tile("visits") with { Filter = new Dictionary<string, IReadOnlyList<string>> { ["region"] = ["EU", "US"], ["plan"] = ["Pro"] } };

        var eu = await BuildAsync(new BoardQuery { Segment = Of(("region", "EU")) }, tiles: [own]);
        var asia = await BuildAsync(new BoardQuery { Segment = Of(("region", "Asia")) }, tiles: [own]);

        Assert.That(eu.Tiles.Single().Value!.Value, Is.EqualTo(350));
        Assert.That((asia.Tiles.Single().Value!.Value, asia.Tiles.Single().NotBy.Single()), Is.EqualTo((420m, "region")));
    }

    [TestCase("EU", "Pro", true)]
    [TestCase("EU", "Basic", false)]
    [TestCase("Asia", "Pro", false)]
    public async Task A_segment_of_which_nothing_was_ever_known_matches_nothing(string region, string plan, bool matches)
    {
        var board = await BuildAsync(new BoardQuery { Segment = Of(("region", region), ("plan", plan)) });

        Assert.That(board.MatchesSegment, Is.EqualTo(matches));
    }

    [Test]
    public async Task What_a_board_can_be_narrowed_to_is_what_the_store_knows()
    {
        var dimensions = await _services.GetRequiredService<BoardDimensions>().ReadAsync(Board, _catalog, CancellationToken.None);

        Assert.That(dimensions.Select(one => $"{one.Name}: {string.Join(" ", one.Values)}"), Is.EqualTo(new[] { "plan: Pro", "region: EU US" }));
    }

    [Test]
    public async Task A_weekly_board_can_be_stepped_by_month()
    {
        var board = await BuildAsync(new BoardQuery { Grain = Grain.Month, Period = _calendar.Containing(Grain.Month, Day("2026-11-01")) });

        Assert.That((board.Key, board.Board.Grain, board.PreviousKey), Is.EqualTo(("2026-11", Grain.Month, "2026-10")));
        Assert.That(board.Tiles.First().Value!.Value, Is.EqualTo(30 + 7 * 40 + 7 * 50 + 15 * 10));
        Assert.That(board.Tiles.First().Months, Is.Empty);
    }

    [Test]
    public async Task Every_tile_has_what_a_scorecard_shows()
    {
        var board = await BuildAsync(BoardQuery.Newest, tiles: [Tile("visits") with { Chart = TileChart.None }, Tile("weekly_only") with { Chart = TileChart.Trend }]);
        var row = ScorecardRow.Of(board, board.Tiles.First());

        Assert.That(board.Recent.Select(period => period.Label), Is.EqualTo(Enumerable.Range(34, 13).Select(week => $"W{week}")));
        Assert.That(row.Recent.Select(value => value.Value).TakeLast(3), Is.EqualTo(new decimal?[] { 280, 350, 420 }));
        Assert.That(row.Line, Has.Count.EqualTo(26));
        Assert.That(row.ToDate(Grain.Month)!.Value.Value, Is.EqualTo(30 + 7 * 40 + 7 * 50 + 15 * 10));
        Assert.That(ScorecardRow.Of(board, board.Tiles.Last()).ToDate(Grain.Month), Is.Null);
    }

    [Test]
    public async Task The_scorecard_is_a_table_of_its_own()
    {
        var table = ScorecardReport.Of(await BuildAsync(BoardQuery.Newest));

        Assert.That(table.Columns, Has.Count.EqualTo(table.Rows[0].Count));
        Assert.That(table.Columns[5].Name, Is.EqualTo("2026-W34"));
        Assert.That(table.Rows[0][17], Is.EqualTo(420m));
    }

    [TestCase(Unit.Currency, "$k", "2.5", "31.2", "2500", "31200")]
    [TestCase(Unit.Count, "", "178", "1,204", "178", "1204")]
    [TestCase(Unit.Percent, "%", "2.1", "101.6", "0.021", "1.016")]
    [TestCase(Unit.Score, "", "42.0", "4.5", "42", "4.5")]
    [TestCase(Unit.Duration, "h", "0.5", "3.5", "1800", "12600")]
    public void A_row_says_its_unit_once(Unit unit, string said, string first, string second, string oneText, string otherText)
    {
        var (one, other) = (decimal.Parse(oneText, CultureInfo.InvariantCulture), decimal.Parse(otherText, CultureInfo.InvariantCulture));
        var format = new ValueFormat(unit, "USD").ForRow([one, other, null]);

        Assert.That((format.RowUnit, format.Bare(one), format.Bare(other), format.Bare(null)), Is.EqualTo((said, first, second, "–")));
    }

    private static Tile Tile(string metric) => new() { Metric = metric };

    private static Segment Of(params (string, string)[] values) => Segment.Of(values);

    private static Segment Visits(string region, string plan) => Segment.Of([("plan", plan), ("region", region)]);

    private Task<BoardSnapshot> BuildAsync(BoardQuery query, TargetBook? targets = null, Tile[]? tiles = null) =>
        _services.GetRequiredService<BoardBuilder>().BuildAsync(
            tiles is null ? Board : Board with { Sections = [new BoardSection("All", tiles)] }, _calendar, _catalog, targets ?? TargetBook.Empty, query,
            CancellationToken.None);

    private Period Week(string key)
    {
        Assert.That(_calendar.TryParse(Grain.Week, key, out var period));
        return period!;
    }

    private Task WriteAsync(string metric, Segment segment, DateOnly first, DateOnly end, double perDay)
    {
        var points = Enumerable.Range(0, end.DayNumber - first.DayNumber).Select(i => new Point(first.AddDays(i), perDay)).ToArray();
        return _services.GetRequiredService<ISeriesStore>().WriteAsync(
            [new SeriesPoints(new SeriesKey(metric, Grain.Day, segment), points)], new WriteStamp(_clock.Now, "test"), CancellationToken.None);
    }

    private Task KnownAsync(params string[] metrics) => _services.GetRequiredService<IWatermarkStore>().AdvanceAsync(
        [.. metrics.Select(metric => new Watermark(metric, Day("2026-10-12"), Day("2026-11-16"), _clock.Now))], CancellationToken.None);

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
