using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class TargetStoreTests(Engine engine)
{
    private static readonly DateTimeOffset Monday = Some.Instant("2026-11-16T08:00:00.123456Z");

    private ScratchDatabase _database = null!;
    private ServiceProvider _services = null!;

    private ITargetStore Store => _services.GetRequiredService<ITargetStore>();

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        _services = new ServiceCollection()
            .AddLogging()
            .AddStorage(new StorageOptions { DataFolder = _database.Folder, Database = _database.Address })
            .AddSingleton(TimeProvider.System)
            .AddSingleton<TargetReader>()
            .BuildServiceProvider();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        _database.Dispose();
    }

    [TestCase("0.0000000000000000000000000001")]
    [TestCase("-123456789012345678.1234567890")]
    [TestCase("1.50")]
    [TestCase("999999999999999999999999")]
    public async Task A_change_comes_back_with_every_digit(string value)
    {
        var change = Change(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)) with
        {
            Segment = Segment.Of([("region", "Côte d'Ivoire"), ("plan", "Pro")]), Note = "Why; 'quoted'\nand more",
        };

        await Store.AppendAsync(change, CancellationToken.None);

        var read = (await Store.CurrentAsync(CancellationToken.None)).Single();
        Assert.That(read, Is.EqualTo(change));
        Assert.That(read.Value!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(value));
    }

    [Test]
    public async Task The_newest_change_of_a_target_counts_and_the_others_are_kept()
    {
        await AppendAsync(Change(1), Change(2) with { By = "Berta" }, Change(3) with { Version = "stretch" }, Change(4) with { Metric = "lost" });

        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Select(change => change.Value), Is.EqualTo(new decimal?[] { 2, 3, 4 }));
        Assert.That((await Store.HistoryAsync("visits", CancellationToken.None)).Select(change => (change.Value, change.By)),
            Is.EqualTo(new (decimal?, string)[] { (3, "Anna"), (2, "Berta"), (1, "Anna") }));
    }

    [Test]
    public async Task A_withdrawn_target_is_absent_and_its_story_is_not()
    {
        await AppendAsync(Change(1), Change(null) with { Note = "A mistake" });

        Assert.That(await Store.CurrentAsync(CancellationToken.None), Is.Empty);
        Assert.That((await Store.HistoryAsync("visits", CancellationToken.None)).Select(change => change.Value), Is.EqualTo(new decimal?[] { null, 1 }));
    }

    [Test]
    public async Task Targets_of_the_page_lie_on_top_of_the_files_until_they_are_withdrawn()
    {
        var calendar = Some.Calendar();
        var faults = new List<Fault>();
        var catalog = MetricCatalog.Read([("metrics/test.yaml", "metrics: [{ id: visits, name: Visits, unit: count, over_time: sum }]")], faults);
        var files = TargetFiles.Read([("targets/a.csv", "metric,grain,period,value\nvisits,week,2026-W46,100\nvisits,week,2026-W47,100\n")], calendar, catalog, faults);
        Assert.That(faults, Is.Empty);
        var reader = _services.GetRequiredService<TargetReader>();

        await AppendAsync(Change(120), Change(5) with { Metric = "gone" }, Change(5) with { Segment = Segment.Of([("gone", "x")]) });
        var set = await reader.ReadAsync(calendar, catalog, files, CancellationToken.None);
        await AppendAsync(Change(null));
        var withdrawn = await reader.ReadAsync(calendar, catalog, files, CancellationToken.None);

        Assert.That(set.Targets.Select(target => (target.Value, target.Edit?.By)), Is.EquivalentTo(new (decimal, string?)[] { (120, "Anna"), (100, null) }));
        Assert.That(withdrawn.Targets.Select(target => (target.Value, target.File)), Is.All.EqualTo((100m, "targets/a.csv")));
    }

    [Test]
    public async Task Several_changes_are_made_together_but_for_those_that_somebody_else_made_first()
    {
        await AppendAsync(Change(1), Change(5) with { Period = "2026-W47" }, Change(null) with { Period = "2026-W47" });

        var refused = await Store.AppendAsync(
        [
            new CheckedChange(Change(2) with { By = "Berta", At = Later }, Monday),
            new CheckedChange(Change(3) with { By = "Berta", At = Later, Period = "2026-W47" }, Seen: null),
            new CheckedChange(Change(4) with { By = "Berta", At = Later, Period = "2026-W48" }, Seen: null),
        ], CancellationToken.None);
        var late = await Store.AppendAsync(
        [
            new CheckedChange(Change(9) with { By = "Carl" }, Monday), new CheckedChange(Change(9) with { By = "Carl", Period = "2026-W48" }, Seen: null),
            new CheckedChange(Change(7) with { By = "Carl", Period = "2026-W49" }, Seen: null),
        ], CancellationToken.None);

        Assert.That(refused, Is.Empty, "what was withdrawn is as if it had never been set");
        Assert.That(late.Select(change => change.Period), Is.EqualTo(new[] { "2026-W46", "2026-W48" }));
        Assert.That((await Store.CurrentAsync(CancellationToken.None)).Select(change => change.Value), Is.EqualTo(new decimal?[] { 2, 3, 4, 7 }));
    }

    [Test]
    public async Task The_history_is_told_by_metric_version_and_person_newest_first()
    {
        await AppendAsync(Change(1), Change(2) with { By = "Berta" }, Change(3) with { Version = "stretch" }, Change(4) with { Metric = "lost" });

        Assert.That(await ToldAsync(new TargetHistoryQuery()), Is.EqualTo(new decimal?[] { 4, 3, 2, 1 }));
        Assert.That(await ToldAsync(new TargetHistoryQuery(Metric: "visits")), Is.EqualTo(new decimal?[] { 3, 2, 1 }));
        Assert.That(await ToldAsync(new TargetHistoryQuery(Version: "stretch")), Is.EqualTo(new decimal?[] { 3 }));
        Assert.That(await ToldAsync(new TargetHistoryQuery(By: "Anna", Most: 2)), Is.EqualTo(new decimal?[] { 4, 3 }));

        async Task<decimal?[]> ToldAsync(TargetHistoryQuery query) =>
            [.. (await Store.HistoryAsync(query, CancellationToken.None)).Select(change => change.Value)];
    }

    private static DateTimeOffset Later => Monday + TimeSpan.FromMinutes(1);

    private static TargetChange Change(decimal? value) =>
        new("visits", Target.DefaultVersion, Grain.Week, "2026-W46", Segment.Total, value, null, "Anna", Monday);

    private async Task AppendAsync(params TargetChange[] changes)
    {
        foreach (var change in changes)
            await Store.AppendAsync(change, CancellationToken.None);
    }
}
