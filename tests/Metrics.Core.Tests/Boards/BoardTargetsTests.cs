using Metrics.Core.Boards;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Boards;

/// <summary>What stands beside the figure of a tile: months, spans to date, targets and the status against them.</summary>
public sealed class BoardTargetsTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, over_time: sum, dimensions: [region] }
          - { id: lost, name: Lost, unit: count, over_time: sum, direction: down }
          - { id: load, name: Load, unit: count, over_time: mean, direction: range }
          - { id: stock, name: Stock, unit: count, over_time: last }
        """;

    private Company _company = null!;

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task Six_weeks_and_twelve_full_months_stand_beside_the_year_before()
    {
        Open(Some.Calendar());
        await FillAsync("visits", "2024-01-01", "2026-11-16", day => day.Year == 2026 ? 20 : 10);

        var tile = (await BuildAsync("2026-W46")).Tiles.Single();

        Assert.That(tile.Periods.Select(week => week.Key), Is.EqualTo(new[] { "2026-W41", "2026-W42", "2026-W43", "2026-W44", "2026-W45", "2026-W46" }));
        Assert.That(tile.Periods.Select(week => (week.Value.Value, week.PreviousYear.Value)), Is.All.EqualTo(((decimal?)140, (decimal?)70)));
        Assert.That(tile.Months.Select(month => month.Key), Is.EqualTo(new[]
        {
            "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10",
        }));
        Assert.That(tile.Months[2].Value.Value, Is.EqualTo(620));
        Assert.That(tile.Months[2].PreviousYear.Value, Is.EqualTo(310));
        Assert.That(tile.Months[2].Change!.Amount, Is.EqualTo(1), "twice the December before");
        Assert.That(tile.Months[2].YearChange!.Amount, Is.EqualTo(1));
        Assert.That(tile.Months[0].Change!.Amount, Is.EqualTo(-1 / 31m).Within(1e-20m), "the first month is compared with one that is not shown");
    }

    [TestCase(1, "2026-01", "2026-12", 10)]
    [TestCase(7, "2026-07", "2027-06", 4)]
    public async Task The_months_of_the_fiscal_year_are_empty_where_they_are_not_over(int yearStarts, string first, string last, int over)
    {
        Open(Some.Calendar(yearStarts));
        await FillAsync("visits", "2024-01-01", "2026-12-01", _ => 10);

        // The store knows all of November, but the board's week does not.
        var months = (await BuildAsync("2026-W46", tile: new Tile { Metric = "visits", Months = TwelveMonths.FiscalYear })).Tiles.Single().Months;

        Assert.That((months[0].Key, months[^1].Key, months.Count), Is.EqualTo((first, last, 12)));
        Assert.That(months.Take(over).Select(month => month.Value.Value), Is.All.Not.Null);
        Assert.That(months.Skip(over).Select(month => (month.Value.Value, month.Change, month.YearChange)), Is.All.EqualTo(((decimal?)null, (Delta?)null, (Delta?)null)));
        Assert.That(months[over].PreviousYear.Value, Is.EqualTo(300), "the year before stands there all the same");
    }

    [TestCase(1, 460, 3190)]
    [TestCase(7, 460, 1380)]
    [TestCase(2, 150, 2880)]
    public async Task Month_quarter_and_year_to_date_end_with_the_week_and_follow_the_fiscal_year(int yearStarts, int quarter, int year)
    {
        Open(Some.Calendar(yearStarts));
        await FillAsync("visits", "2024-01-01", "2026-11-20", day => day.Year == 2026 ? 10 : 5);

        var spans = (await BuildAsync("2026-W46")).Tiles.Single().ToDates;

        Assert.That(spans.Select(span => span.Label), Is.EqualTo(new[] { "MTD", "QTD", "YTD" }));
        Assert.That(spans.Select(span => span.Value.Value), Is.EqualTo(new decimal?[] { 150, quarter, year }));
        Assert.That(spans.Select(span => span.YearChange!.Amount), Is.All.EqualTo(1));
    }

    [TestCase("visits", 70, TargetStatus.OnTrack)]
    [TestCase("visits", 77, TargetStatus.AtRisk)]
    [TestCase("visits", 78, TargetStatus.OffTrack)]
    [TestCase("lost", 70, TargetStatus.OnTrack)]
    [TestCase("lost", 64, TargetStatus.AtRisk)]
    [TestCase("lost", 63, TargetStatus.OffTrack)]
    [TestCase("load", 10, TargetStatus.OnTrack)]
    [TestCase("load", 11, TargetStatus.AtRisk)]
    [TestCase("load", 8, TargetStatus.OffTrack)]
    public async Task A_complete_week_is_on_track_from_the_target_at_risk_from_nine_tenths_and_off_track_below(string metric, decimal target, TargetStatus status)
    {
        Open(Some.Calendar());
        await FillAsync(metric, "2026-10-01", "2026-11-16", _ => 10);

        var tile = (await BuildAsync("2026-W46", [(metric, "budget", "2026-W46", target)], tile: new Tile { Metric = metric })).Tiles.Single();

        Assert.That(tile.Status, Is.EqualTo(status));
        Assert.That(tile.Target!.Value, Is.EqualTo(target));
    }

    [Test]
    public async Task The_first_version_of_the_board_that_says_something_of_a_period_wins_there()
    {
        Open(Some.Calendar());
        await FillAsync("visits", "2025-10-01", "2026-11-16", _ => 10);

        var tile = (await BuildAsync("2026-W46", [("visits", "reforecast-1", "2026-11", 360), ("visits", "budget", "2026", 3650)], ["reforecast-1", "budget"])).Tiles.Single();

        Assert.That(tile.Target!.Value, Is.EqualTo(84));
        Assert.That(tile.Target.Target.Version, Is.EqualTo("reforecast-1"));
        Assert.That(tile.Periods[0].Target!.Value, Is.EqualTo(70));
        Assert.That(tile.Periods[^3].Target!.Target.Version, Is.EqualTo("budget"), "W44 lies only partly in November");
        Assert.That(tile.Months[^1].Target!.Value, Is.EqualTo(310));
    }

    [Test]
    public async Task The_path_of_a_stock_begins_at_its_last_figure_before_the_month()
    {
        Open(Some.Calendar());
        await FillAsync("stock", "2026-09-01", "2026-11-16", day => day < Some.Day("2026-11-01") ? 100 : 130);

        var tile = (await BuildAsync("2026-W46", [("stock", "budget", "2026-11", 160)], tile: new Tile { Metric = "stock" })).Tiles.Single();

        Assert.That(tile.Target!.Value, Is.EqualTo(130), "half of the way from 100 to 160 at half of November");
        Assert.That(tile.Status, Is.EqualTo(TargetStatus.OnTrack));
    }

    [Test]
    public async Task A_week_whose_days_have_a_target_only_in_part_has_none()
    {
        Open(Some.Calendar());
        await FillAsync("visits", "2026-10-01", "2026-11-16", _ => 10);

        var tile = (await BuildAsync("2026-W44", [("visits", "budget", "2026-11", 300)])).Tiles.Single();

        Assert.That(tile.Target, Is.Null);
        Assert.That(tile.Status, Is.EqualTo(TargetStatus.NoTarget));
    }

    [Test]
    public async Task Targets_of_a_segment_speak_of_a_tile_of_it_alone()
    {
        Open(Some.Calendar());
        await FillAsync("visits", "2026-10-01", "2026-11-16", _ => 10);
        var eu = new Dictionary<string, IReadOnlyList<string>> { ["region"] = ["EU"] };
        var both = new Dictionary<string, IReadOnlyList<string>> { ["region"] = ["EU", "US"] };
        (string, string, string, decimal)[] targets = [("visits", "budget", "2026-W46", 90)];

        Assert.That((await BuildAsync("2026-W46", targets, tile: new Tile { Metric = "visits", Filter = eu }, segment: eu)).Tiles.Single().Target!.Value, Is.EqualTo(90));
        Assert.That((await BuildAsync("2026-W46", targets, segment: eu)).Tiles.Single().Target, Is.Null);
        Assert.That((await BuildAsync("2026-W46", targets, tile: new Tile { Metric = "visits", Filter = both }, segment: eu)).Tiles.Single().Target, Is.Null);
    }

    [TestCase("2026-W47", TileState.Running)]
    [TestCase("2026-W46", TileState.NotCurrent)]
    public async Task A_week_that_runs_or_waits_for_its_source_is_not_judged(string week, TileState state)
    {
        Open(Some.Calendar(), now: state == TileState.Running ? "2026-11-19" : "2026-11-16");
        await FillAsync("visits", "2026-10-01", state == TileState.Running ? "2026-11-18" : "2026-11-14", _ => 10);

        var tile = (await BuildAsync(week, [("visits", "budget", week, 1)])).Tiles.Single();

        Assert.That(tile.State, Is.EqualTo(state));
        Assert.That(tile.Status, Is.EqualTo(TargetStatus.NotCurrent));
        Assert.That(tile.Attainment, Is.Null);
        Assert.That(tile.Target!.Value, Is.EqualTo(1), "what was promised is shown all the same");
    }

    [Test]
    public async Task A_comparison_with_an_incomplete_base_is_undefined_or_shown_and_flagged()
    {
        Open(Some.Calendar());
        await FillAsync("visits", "2025-11-12", "2026-11-16", _ => 10);

        var strict = (await BuildAsync("2026-W46")).Tiles.Single();
        var asIs = (await BuildAsync("2026-W46", incompleteBase: IncompleteBase.AsIs)).Tiles.Single();

        Assert.That(strict.YearChange, Is.Null);
        Assert.That(strict.YearAgo!.Value, Is.Null);
        Assert.That(asIs.YearAgo!.Value, Is.EqualTo(50), "five of seven days");
        Assert.That(asIs.YearChange!.Amount, Is.EqualTo(0.4m));
        Assert.That(asIs.YearChange.OfIncomplete, Is.True);
        Assert.That(asIs.Change!.OfIncomplete, Is.False);
        Assert.That((strict.ToDates[2].PreviousYear.Value, asIs.ToDates[2].PreviousYear.Value), Is.EqualTo(((decimal?)null, (decimal?)40)));
    }

    [TestCase(Grain.Day, "2026-11-15", 6, 12, "MTD QTD YTD", "2026-11-10")]
    [TestCase(Grain.Month, "2026-10", 12, 0, "QTD YTD", "2025-11")]
    [TestCase(Grain.Quarter, "2026-Q3", 8, 0, "YTD", "2024-Q4")]
    public async Task A_board_by_another_grain_shows_its_own_periods(Grain grain, string key, int periods, int months, string spans, string first)
    {
        Open(Some.Calendar());
        await FillAsync("visits", "2023-01-01", "2026-11-16", _ => 10);

        var board = await BuildAsync(null, grain: grain);
        var tile = board.Tiles.Single();

        Assert.That(board.Key, Is.EqualTo(key));
        Assert.That((tile.Periods.Count, tile.Months.Count, tile.Periods[0].Key), Is.EqualTo((periods, months, first)));
        Assert.That(string.Join(' ', tile.ToDates.Select(span => span.Label)), Is.EqualTo(spans));
        Assert.That(tile.Periods.Select(period => period.Value.Value), Is.EqualTo(tile.Periods.Select(period => (decimal?)period.Period.Days * 10)));
    }

    private void Open(ReportingCalendar calendar, string now = "2026-11-16T08:00:00Z") => _company = new Company(Metrics, now, calendar);

    private async Task FillAsync(string metric, string from, string before, Func<DateOnly, double> value)
    {
        var segment = metric == "visits" ? Segment.Of([("region", "EU")]) : Segment.Total;
        await _company.WriteAsync(new SeriesPoints(
            new SeriesKey(metric, Grain.Day, segment), [.. Some.DaysFrom(Some.Day(from), Some.Day(before)).Select(day => new Point(day, value(day)))]));
        await _company.KnownAsync(from, before, metric);
    }

    private Task<BoardSnapshot> BuildAsync(
        string? period, IReadOnlyList<(string Metric, string Version, string Period, decimal Value)>? targets = null, string[]? versions = null, Tile? tile = null,
        IncompleteBase incompleteBase = IncompleteBase.Undefined, Grain grain = Grain.Week, IReadOnlyDictionary<string, IReadOnlyList<string>>? segment = null)
    {
        var calendar = _company.Calendar;
        var book = new TargetBook((targets ?? []).Select(written =>
        {
            Assert.That(calendar.TryParse(written.Period, out var of, out var days), Is.True);
            var cut = Segment.Of((segment ?? new Dictionary<string, IReadOnlyList<string>>()).Select(pair => KeyValuePair.Create(pair.Key, pair.Value[0])));
            return new Target(written.Metric, written.Version, of, days!, cut, written.Value, null, "targets/a.csv", 2);
        }));
        Period? asked = null;
        Assert.That(period is null || calendar.TryParse(grain, period, out asked), Is.True);
        var board = new Board("test", "Test", grain, [new BoardSection("All", [tile ?? new Tile { Metric = "visits" }])], "boards/test.yaml", 1)
        {
            Versions = versions ?? [Target.DefaultVersion], IncompleteBase = incompleteBase,
        };
        var reader = new MetricReader(_company.Store, _company.Watermarks, _company.Clock);
        return new BoardBuilder(reader, new KnownDays(_company.Store, _company.Watermarks), _company.ModelStates, _company.Processes, _company.Clock)
            .BuildAsync(board, calendar, _company.Catalog, book, new BoardQuery { Period = asked }, CancellationToken.None);
    }
}
