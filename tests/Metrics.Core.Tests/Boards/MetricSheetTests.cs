using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Boards;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Boards;

/// <summary>What a metric's sheet says beside its newest value: its parts, and what it once was.</summary>
public sealed class MetricSheetTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, over_time: sum, dimensions: [region] }
          - { id: users, name: Users, unit: count, over_time: distinct, over_segments: none, dimensions: [region] }
          - { id: stock, name: Stock, unit: count, over_time: last }
          - { id: double, name: Double, unit: count, formula: visits * 2 }
        """;

    private Company _company = null!;

    [SetUp]
    public void Open() => _company = new Company(Metrics, "2026-11-16T08:00:00Z");

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task Parts_have_shares_that_add_up_to_the_total_with_the_small_ones_together()
    {
        for (var i = 0; i < 30; i++)
            await _company.WriteAsync(Daily("visits", Segment.Of(("region", $"r{i:00}")), "2026-11-02", 14, 30 - i));
        await _company.KnownAsync("2026-11-02", "2026-11-16", "visits");

        var breakdown = (await SheetAsync("visits", "region")).Breakdown!;

        Assert.That(breakdown.Rows, Has.Count.EqualTo(Breakdown.MostRows + 1));
        Assert.That((breakdown.Rows[^1].Name, breakdown.Rows[^1].Segment, breakdown.More), Is.EqualTo(("Other 10", (string?)null, 10)));
        Assert.That(breakdown.Rows.Sum(row => row.Value.Value), Is.EqualTo(breakdown.Total.Value.Value).And.EqualTo(7 * 465));
        Assert.That(Math.Abs(breakdown.Rows.Sum(row => row.Share!.Value) - 1), Is.LessThan(1e-20m));
        Assert.That((breakdown.Rows[0].Bar, breakdown.Rows[0].Name), Is.EqualTo((1.0, "r00")));
        Assert.That(breakdown.Rows[^1].Change!.Sign, Is.Zero);
    }

    [Test]
    public void Shares_add_up_whatever_the_segments_are() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(15),
        Prop.ForAll(Arb.From(Gen.Choose(0, 40).ListOf().Select(list => list.Take(25).ToArray())), values =>
        {
            using var company = new Company(Metrics, "2026-11-16T08:00:00Z");
            for (var i = 0; i < values.Length; i++)
                company.WriteAsync(Daily("visits", Segment.Of(("region", i == 0 ? "" : $"r{i}")), "2026-11-09", 7, values[i])).GetAwaiter().GetResult();
            company.KnownAsync("2026-11-09", "2026-11-16", "visits").GetAwaiter().GetResult();
            var breakdown = SheetAsync(company, "visits", "region", null).GetAwaiter().GetResult().Breakdown;
            return breakdown is null || (breakdown.Rows.Sum(row => row.Value.Value ?? 0) == (breakdown.Total.Value.Value ?? 0)
                && (breakdown.Total.Share is null || Math.Abs(breakdown.Rows.Sum(row => row.Share ?? 0) - 1) < 1e-20m));
        }));

    [Test]
    public async Task Segments_that_do_not_add_up_have_no_shares_and_the_total_of_its_own()
    {
        foreach (var (segment, value) in new[] { (Segment.Total, 9d), (Segment.Of(("region", "EU")), 7), (Segment.Of(("region", "US")), 5) })
            await _company.WriteAsync(new SeriesPoints(new SeriesKey("users", Grain.Week, segment), [new Point(Some.Day("2026-11-09"), value)]));
        await _company.KnownAsync("2026-11-02", "2026-11-16", "users");

        var breakdown = (await SheetAsync("users", "region")).Breakdown!;

        Assert.That(breakdown.AddsUp, Is.False);
        Assert.That(breakdown.Rows.Select(row => (row.Name, row.Value.Value, row.Share)), Is.EqualTo(new (string, decimal?, decimal?)[] { ("EU", 7, null), ("US", 5, null) }));
        Assert.That(breakdown.Total.Value.Value, Is.EqualTo(9));
    }

    [TestCase("visits", 70, 85)]
    [TestCase("double", 140, 170)]
    public async Task A_period_that_changed_after_it_was_complete_is_restated_with_its_cause(string metric, decimal then, decimal now)
    {
        await CorrectedAsync();

        var sheet = await SheetAsync(metric, null);
        var restated = (await RestatedAsync(sheet)).Periods.Single();

        Assert.That((restated.Key, restated.Then, restated.Now, restated.Difference), Is.EqualTo(("2026-W45", (decimal?)then, (decimal?)now, (decimal?)(now - then))));
        Assert.That(restated.Since, Is.EqualTo(Some.Instant("2026-11-16T08:00:00Z")));
        Assert.That(restated.Changes.Select(change => (change.Metric.Id, change.Day, change.Segment.ToString(), change.Old, change.New, change.Sync)),
            Is.EqualTo(new (string, DateOnly, string, decimal?, decimal?, string?)[] { ("visits", Some.Day("2026-11-04"), "EU", 10, 25, "test") }));
    }

    [Test]
    public async Task As_of_a_moment_a_sheet_is_what_it_was_and_tells_what_came_after()
    {
        await CorrectedAsync();
        _company.Clock.Now = Some.Instant("2026-11-23T08:00:00Z");
        await _company.WriteAsync(Daily("visits", Segment.Of(("region", "EU")), "2026-11-16", 7, 12));
        await _company.KnownAsync("2026-11-02", "2026-11-23", "visits");

        var sheet = await SheetAsync("visits", "region", Some.Instant("2026-11-17T00:00:00Z"));

        Assert.That(sheet.Rows.Select(row => (row.Key, row.Value.Value, row.Value.Complete)), Is.EqualTo(new (string, decimal?, bool)[] { ("2026-W46", 70, true), ("2026-W45", 70, true) }));
        Assert.That(sheet.Breakdown!.Total.Value.Value, Is.EqualTo(70));
        Assert.That((await RestatedAsync(sheet)).Periods.Select(period => (period.Key, period.Then, period.Now)),
            Is.EqualTo(new (string, decimal?, decimal?)[] { ("2026-W45", 70, 85) }), "a week that was not there yet went on and was not restated");
    }

    [Test]
    public async Task A_point_that_was_not_there_at_all_came_late()
    {
        await CorrectedAsync();
        await _company.WriteAsync(Daily("visits", Segment.Of(("region", "US")), "2026-11-05", 1, 3));

        var changes = (await RestatedAsync(await SheetAsync("visits", null))).Periods.Single().Changes;

        Assert.That(changes.Select(change => (change.Segment.ToString(), change.Old, change.New, change.Sync)),
            Is.EquivalentTo(new (string, decimal?, decimal?, string?)[] { ("EU", 10, 25, "test"), ("US", null, 3, null) }));
    }

    [Test]
    public async Task Before_the_first_sync_nothing_was_known()
    {
        await CorrectedAsync();

        Assert.That((await SheetAsync("visits", null, Some.Instant("2026-11-15T00:00:00Z"))).Known, Is.Null);
    }

    [Test]
    public async Task The_message_says_the_newest_complete_period_and_how_it_moved()
    {
        await CorrectedAsync();

        Assert.That((await SheetAsync("visits", null)).Message, Is.EqualTo("Visits: 70 in W46 · 9–15 Nov 2026, down 17.6 percent on the week before."));
    }

    [Test]
    public async Task Complete_periods_stand_against_what_was_planned_for_them()
    {
        await CorrectedAsync();

        var sheet = await PlannedAsync("visits", new PlannedRow("week", "2026-W46", 80), new PlannedRow("month", "2026-11", 300));

        Assert.That(sheet.Rows.Select(row => (row.Key, row.Target?.Value, row.Status)).Take(2), Is.EqualTo(
            new (string, decimal?, TargetStatus?)[]
        {
            ("2026-W46", 80, TargetStatus.OffTrack), ("2026-W45", 70, TargetStatus.OnTrack),
        }));
        Assert.That(sheet.Newest!.Attainment, Is.EqualTo(0.875m));
        Assert.That(sheet.Message, Does.EndWith("on the week before, 87.5\u00A0% of the week's target."));
    }

    [Test]
    public async Task The_path_of_a_stock_begins_at_its_figure_also_where_that_is_not_shown()
    {
        await _company.WriteAsync(Daily("stock", Segment.Total, "2025-01-01", 684, 100));
        await _company.KnownAsync("2025-01-01", "2026-11-16", "stock");

        var sheet = await PlannedAsync("stock", new PlannedRow("year", "2026", 465));

        // From 100 at the end of 2025 to 465: one more each day.
        Assert.That(sheet.Rows.Single(row => row.Key == "2026-W46").Target!.Value, Is.EqualTo(100 + 319));
        Assert.That(sheet.Rows.Single(row => row.Key == "2025-W52").Target, Is.Null);
    }

    /// <summary>Two weeks of 10 a day, known on Monday; on Wednesday the 4th turns out to have been 25.</summary>
    private async Task CorrectedAsync()
    {
        await _company.WriteAsync(Daily("visits", Segment.Of(("region", "EU")), "2026-11-02", 14, 10));
        await _company.KnownAsync("2026-11-02", "2026-11-16", "visits");
        _company.Clock.Now = Some.Instant("2026-11-18T09:00:00Z");
        await _company.WriteAsync(Daily("visits", Segment.Of(("region", "EU")), "2026-11-04", 1, 25));
    }

    private static SeriesPoints Daily(string metric, Segment segment, string from, int days, double value) => new(
        new SeriesKey(metric, Grain.Day, segment), [.. Enumerable.Range(0, days).Select(i => new Point(Some.Day(from).AddDays(i), value))]);

    private Task<MetricSheet> PlannedAsync(string metric, params IReadOnlyList<PlannedRow> rows)
    {
        var entries = rows.Select(row => new TargetEntry(
            metric, Target.DefaultVersion, row.Grain, row.Period, $"{row.Value}", [], ""));
        var book = new TargetBook(entries.Select(entry => entry.Read(_company.Calendar, _company.Catalog).Target!));
        var known = _company.Catalog[metric];
        var plans = book.PlansOf(_company.Calendar, _company.Catalog, known, [Target.DefaultVersion], Segment.Total);
        return new MetricSheetBuilder(Reader(_company), new KnownDays(_company.Store, _company.Watermarks), _company.Processes, _company.Clock).BuildAsync(
            _company.Calendar, _company.Catalog, new SheetQuery(known, Grain.Week) { Plans = plans }, CancellationToken.None);
    }

    private Task<MetricSheet> SheetAsync(string metric, string? by, DateTimeOffset? asOf = null) => SheetAsync(_company, metric, by, asOf);

    private static Task<MetricSheet> SheetAsync(Company company, string metric, string? by, DateTimeOffset? asOf) =>
        new MetricSheetBuilder(Reader(company), new KnownDays(company.Store, company.Watermarks), company.Processes, company.Clock)
            .BuildAsync(
                company.Calendar, company.Catalog, new SheetQuery(company.Catalog[metric], Grain.Week) { By = by, AsOf = asOf }, CancellationToken.None);

    private Task<Restated> RestatedAsync(MetricSheet sheet) =>
        new RestatedReader(Reader(_company), _company.Store, _company.Watermarks).ReadAsync(_company.Calendar, _company.Catalog, sheet, CancellationToken.None);

    private static MetricReader Reader(Company company) => new(company.Store, company.Watermarks, company.Clock);

    private sealed record PlannedRow(string Grain, string Period, int Value);
}
