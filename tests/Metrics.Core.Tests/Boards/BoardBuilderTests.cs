using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Boards;

public sealed class BoardBuilderTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, over_time: sum, owner: Marketing, dimensions: [region] }
          - { id: lost, name: Lost customers, unit: count, over_time: sum, direction: down }
          - { id: rate, name: Rate, unit: percent, over_time: mean, over_segments: none }
          - { id: monthly, name: Monthly, unit: count, native_grain: month }
        """;

    private static readonly Segment Eu = Segment.Of([("region", "EU")]);
    private static readonly Segment Us = Segment.Of([("region", "US")]);

    private readonly FakeClock _clock = new("2026-11-16T08:00:00Z");
    private readonly ReportingCalendar _calendar = new(new CalendarSettings { TimeZone = "Europe/Berlin" });
    private TempFolder _folder = null!;
    private ServiceProvider _services = null!;
    private MetricCatalog _catalog = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TempFolder();
        _clock.Now = DateTimeOffset.Parse("2026-11-16T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddStorage(new StorageOptions { DataFolder = _folder.Path });
        services.AddSingleton<MetricReader>().AddSingleton<KnownDays>().AddSingleton<ProcessReader>().AddSingleton<BoardBuilder>().AddSingleton<MetricSheetBuilder>();
        _services = services.BuildServiceProvider();
        var faults = new List<Fault>();
        _catalog = MetricCatalog.Read([("metrics/test.yaml", Metrics)], faults);
        Assert.That(faults, Is.Empty);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_tile_shows_its_week_against_the_week_before_and_the_year_before()
    {
        await WriteAsync("visits", Eu, "2025-10-01", "2026-11-09", 10);
        await WriteAsync("visits", Eu, "2026-11-09", "2026-11-16", 12);
        await KnownAsync("visits", "2025-10-01", "2026-11-16");

        var board = await BuildAsync("visits");

        var tile = board.Tiles.Single();
        Assert.That(board.Title, Is.EqualTo("Week 46 · 9 – 15 November 2026"));
        Assert.That(board.Completeness, Is.EqualTo("complete"));
        Assert.That(tile.State, Is.EqualTo(TileState.Complete));
        Assert.That(tile.Value!.Value, Is.EqualTo(84));
        Assert.That(tile.Change, Is.EqualTo(new Delta(0.2m, DeltaKind.Relative, Verdict.Favorable)));
        Assert.That(tile.YearChange!.Amount, Is.EqualTo(0.2m));
        Assert.That(tile.Periods, Has.Count.EqualTo(6));
        Assert.That(tile.Months, Has.Count.EqualTo(12));
        Assert.That(tile.AsOf, Is.EqualTo(_clock.Now));
    }

    [Test]
    public async Task A_late_source_is_not_compared_and_says_how_much_is_known()
    {
        await WriteAsync("visits", Eu, "2026-10-01", "2026-11-14", 10);
        await KnownAsync("visits", "2026-10-01", "2026-11-14");

        var tile = (await BuildAsync("visits", "2026-W46")).Tiles.Single();

        Assert.That(tile.State, Is.EqualTo(TileState.NotCurrent));
        Assert.That(tile.Value!.CoveredDays, Is.EqualTo(5));
        Assert.That(tile.Value.Value, Is.EqualTo(50));
        Assert.That(tile.Previous!.Complete, Is.True);
        Assert.That(tile.Change, Is.Null);
        Assert.That(tile.YearChange, Is.Null);
    }

    [Test]
    public async Task A_complete_week_is_not_compared_with_an_incomplete_one()
    {
        await WriteAsync("visits", Eu, "2026-11-04", "2026-11-16", 10);
        await KnownAsync("visits", "2026-11-04", "2026-11-16");

        var tile = (await BuildAsync("visits")).Tiles.Single();

        Assert.That(tile.State, Is.EqualTo(TileState.Complete));
        Assert.That(tile.Previous!.Value, Is.EqualTo(50));
        Assert.That(tile.Change, Is.Null);
        Assert.That(tile.Periods[^2].Value.Complete, Is.False);
    }

    [Test]
    public async Task The_running_week_is_shown_when_asked_for_and_not_compared()
    {
        _clock.Now = _clock.Now.AddDays(2);
        await WriteAsync("visits", Eu, "2026-10-01", "2026-11-18", 10);
        await KnownAsync("visits", "2026-10-01", "2026-11-18");

        var board = await BuildAsync("visits", "2026-W47");

        Assert.That(board.Completeness, Is.EqualTo("2 of 7 days over"));
        Assert.That(board.NextKey, Is.Null);
        Assert.That(board.Tiles.Single().State, Is.EqualTo(TileState.Running));
        Assert.That(board.Tiles.Single().Change, Is.Null);
    }

    [Test]
    public async Task By_default_the_newest_week_with_a_complete_tile_is_shown()
    {
        await WriteAsync("visits", Eu, "2021-01-01", "2021-09-29", 10);
        await KnownAsync("visits", "2021-01-01", "2021-09-29");

        var board = await BuildAsync("visits");

        Assert.That(board.Key, Is.EqualTo("2021-W38"));
        Assert.That(board.LateFor, Is.EqualTo("W46 2026"));
    }

    [Test]
    public async Task A_hole_in_the_newest_weeks_is_stepped_over()
    {
        await WriteAsync("visits", Eu, "2026-08-01", "2026-11-10", 10);
        await KnownAsync("visits", "2026-08-01", "2026-11-16");

        Assert.That((await BuildAsync("visits")).Key, Is.EqualTo("2026-W45"));
    }

    [Test]
    public async Task One_complete_tile_is_enough_for_the_newest_week()
    {
        await WriteAsync("visits", Eu, "2026-08-01", "2026-11-16", 10);
        await KnownAsync("visits", "2026-08-01", "2026-11-16");
        await WriteAsync("lost", Segment.Total, "2026-08-01", "2026-11-12", 1);
        await KnownAsync("lost", "2026-08-01", "2026-11-12");

        var board = await BuildAsync(["visits", "lost"]);

        Assert.That(board.Key, Is.EqualTo("2026-W46"));
        Assert.That(board.LateFor, Is.Null);
        Assert.That(board.Completeness, Is.EqualTo("1 of 2 metrics complete"));
    }

    [Test]
    public async Task A_board_without_data_shows_the_last_week_and_no_figures()
    {
        var board = await BuildAsync("visits");

        Assert.That(board.Key, Is.EqualTo("2026-W46"));
        Assert.That(board.HasData, Is.False);
        Assert.That(board.LateFor, Is.Null);
        Assert.That(board.Tiles.Single().State, Is.EqualTo(TileState.NoData));
    }

    [Test]
    public async Task Fewer_losses_are_good_news()
    {
        await WriteAsync("lost", Segment.Total, "2026-11-02", "2026-11-09", 4);
        await WriteAsync("lost", Segment.Total, "2026-11-09", "2026-11-16", 3);
        await KnownAsync("lost", "2026-11-02", "2026-11-16");

        var change = (await BuildAsync("lost")).Tiles.Single().Change;

        Assert.That(change, Is.EqualTo(new Delta(-0.25m, DeltaKind.Relative, Verdict.Favorable)));
    }

    [Test]
    public async Task A_percentage_changes_by_points()
    {
        await WriteAsync("rate", Segment.Total, "2026-11-02", "2026-11-09", 0.40);
        await WriteAsync("rate", Segment.Total, "2026-11-09", "2026-11-16", 0.44);
        await KnownAsync("rate", "2026-11-02", "2026-11-16");

        var change = (await BuildAsync("rate")).Tiles.Single().Change!;

        Assert.That(change, Is.EqualTo(new Delta(0.04m, DeltaKind.Points, Verdict.Favorable)));
        Assert.That(change.InWords(new ValueFormat(Unit.Percent, "USD")), Is.EqualTo("up 4.0 percentage points"));
    }

    [Test]
    public async Task A_base_of_zero_gives_the_difference_and_no_percentage()
    {
        await WriteAsync("visits", Eu, "2026-11-02", "2026-11-09", 0);
        await WriteAsync("visits", Eu, "2026-11-09", "2026-11-16", 2);
        await KnownAsync("visits", "2026-11-02", "2026-11-16");

        Assert.That((await BuildAsync("visits")).Tiles.Single().Change, Is.EqualTo(new Delta(14, DeltaKind.Absolute, Verdict.Favorable)));
    }

    [Test]
    public async Task A_tile_can_be_narrowed_to_a_segment()
    {
        await WriteAsync("visits", Eu, "2026-11-02", "2026-11-16", 10);
        await WriteAsync("visits", Us, "2026-11-02", "2026-11-16", 100);
        await KnownAsync("visits", "2026-11-02", "2026-11-16");
        var filter = new Dictionary<string, IReadOnlyList<string>> { ["region"] = ["EU"] };

        var board = await BuildAsync([new Tile { Metric = "visits" }, new Tile { Metric = "visits", Filter = filter }]);

        Assert.That(board.Tiles.Select(tile => tile.Value!.Value), Is.EqualTo(new decimal?[] { 770, 70 }));
        Assert.That(board.Tiles.Last().Filter, Is.EqualTo("EU"));
    }

    [Test]
    public async Task A_tile_that_cannot_be_read_says_why_and_leaves_the_others_alone()
    {
        await WriteAsync("visits", Eu, "2026-11-02", "2026-11-16", 10);
        await KnownAsync("visits", "2026-11-02", "2026-11-16");

        var board = await BuildAsync(["monthly", "visits"]);

        Assert.That(board.Tiles.First().State, Is.EqualTo(TileState.NotReadable));
        Assert.That(board.Tiles.First().Reason, Does.Contain("month"));
        Assert.That(board.Tiles.Last().Value!.Value, Is.EqualTo(70));
    }

    [Test]
    public async Task A_sheet_lists_periods_newest_first_and_compares_the_oldest_it_shows()
    {
        await WriteAsync("visits", Eu, "2024-01-01", "2026-11-16", 10);
        await WriteAsync("visits", Us, "2026-11-09", "2026-11-16", 1);
        await KnownAsync("visits", "2024-01-01", "2026-11-16");

        var sheet = await _services.GetRequiredService<MetricSheetBuilder>()
            .BuildAsync(_calendar, _catalog, new SheetQuery(_catalog["visits"], Grain.Week) { By = "region" }, CancellationToken.None);

        Assert.That(sheet.Rows, Has.Count.EqualTo(MetricSheetBuilder.LookBack(Grain.Week)));
        Assert.That(sheet.Rows[0].Key, Is.EqualTo("2026-W46"));
        Assert.That(sheet.Rows[0].Value.Value, Is.EqualTo(77));
        Assert.That(sheet.Rows[^1].Change, Is.Not.Null);
        Assert.That(sheet.Breakdown!.Rows.Select(row => (row.Segment, row.Value.Value)), Is.EqualTo(new (string?, decimal?)[] { ("EU", 70), ("US", 7) }));
    }

    [Test]
    public async Task A_restated_tile_knows_what_it_was_when_its_week_first_was_complete()
    {
        await WriteAsync("visits", Eu, "2025-10-01", "2026-11-16", 10);
        await WriteAsync("lost", Segment.Total, "2025-10-01", "2026-11-16", 1);
        await KnownAsync("visits", "2025-10-01", "2026-11-16");
        await KnownAsync("lost", "2025-10-01", "2026-11-16");
        _clock.Now += TimeSpan.FromHours(3);
        await WriteAsync("visits", Eu, "2026-11-12", "2026-11-13", 14);

        var tiles = (await BuildAsync(["visits", "lost"])).Tiles.ToArray();

        Assert.That((tiles[0].Value!.Value, tiles[0].RestatedFrom, tiles[0].KnownThrough), Is.EqualTo((74m, 70m, Day("2026-11-15"))));
        Assert.That((tiles[1].Value!.Restated, tiles[1].RestatedFrom), Is.EqualTo((false, (decimal?)null)));
    }

    private Task<BoardSnapshot> BuildAsync(string metric, string? week = null) => BuildAsync([new Tile { Metric = metric }], week);

    private Task<BoardSnapshot> BuildAsync(string[] metrics) => BuildAsync([.. metrics.Select(metric => new Tile { Metric = metric })]);

    private Task<BoardSnapshot> BuildAsync(Tile[] tiles, string? week = null)
    {
        Period? period = null;
        Assert.That(week is null || _calendar.TryParse(Grain.Week, week, out period));
        var board = new Board("weekly", "Weekly", Grain.Week, [new BoardSection("All", tiles)], "boards/weekly.yaml", 1);
        return _services.GetRequiredService<BoardBuilder>().BuildAsync(board, _calendar, _catalog, TargetBook.Empty, new BoardQuery { Period = period }, CancellationToken.None);
    }

    private Task WriteAsync(string metric, Segment segment, string from, string to, double perDay)
    {
        var (first, end) = (Day(from), Day(to));
        var points = Enumerable.Range(0, end.DayNumber - first.DayNumber).Select(i => new Point(first.AddDays(i), perDay)).ToArray();
        return _services.GetRequiredService<ISeriesStore>().WriteAsync(
            [new SeriesPoints(new SeriesKey(metric, Grain.Day, segment), points)], new WriteStamp(_clock.Now, "test"), CancellationToken.None);
    }

    private Task KnownAsync(string metric, string from, string through) =>
        _services.GetRequiredService<IWatermarkStore>().AdvanceAsync(
            [new Watermark(metric, Day(from), Day(through), _clock.Now)], CancellationToken.None);

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
