using Metrics.Core.Access;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Metrics.Core.Tests.Storage;

/// <summary>What processes on the same data know of each other, on every engine.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class SharedStateTests(Engine engine)
{
    private ScratchDatabase _database = null!;
    private ServiceProvider _one = null!;
    private ServiceProvider _other = null!;

    private static CancellationToken None => CancellationToken.None;

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        (_one, _other) = (Process(), Process());
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _database.Dispose();
    }

    [Test]
    public async Task A_lock_is_held_by_one_until_it_lets_go()
    {
        var held = await Locks(_one).TryTakeAsync("billing", None);

        Assert.That(held, Is.Not.Null);
        Assert.That(await Locks(_other).TryTakeAsync("billing", None), Is.Null);
        Assert.That(await Locks(_one).TryTakeAsync("billing", None), Is.Null, "not even by the same process");
        await using (var another = await Locks(_other).TryTakeAsync("usage", None))
            Assert.That(another, Is.Not.Null);

        await held!.DisposeAsync();
        await using var taken = await Locks(_other).TryTakeAsync("billing", None);
        Assert.That(taken, Is.Not.Null);
    }

    [Test]
    public async Task Who_waits_for_a_lock_gets_it_when_it_is_free()
    {
        var held = await Locks(_one).TakeAsync("billing", None);
        var waiting = Locks(_other).TakeAsync("billing", None);
        Assert.That(waiting.IsCompleted, Is.False);

        await held.DisposeAsync();
        await using var taken = await waiting;
        Assert.That(taken, Is.Not.Null);
    }

    [Test]
    public async Task A_change_of_warnings_moves_the_data_version_and_the_same_warnings_do_not()
    {
        var warning = new DataWarning("off_scale", "2 scores are off their scale and left out.", 2, true, [new("survey/scores", "7", "14")]);
        var before = await Version(_other).ReadAsync(None);
        await States(_one).SetWarningsAsync("satisfaction", [], None);
        Assert.That(await Version(_other).ReadAsync(None), Is.EqualTo(before), "nothing was wrong before, and nothing is");

        await States(_one).SetWarningsAsync("satisfaction", [warning], None);
        var warned = await Version(_other).ReadAsync(None);
        Assert.That(warned, Is.GreaterThan(before));
        await States(_other).SetWarningsAsync("satisfaction", [warning], None);
        Assert.That(await Version(_other).ReadAsync(None), Is.EqualTo(warned));

        await States(_one).SetWarningsAsync("satisfaction", [warning with { Rows = 3 }], None);
        var more = await Version(_other).ReadAsync(None);
        Assert.That(more, Is.GreaterThan(warned));
        Assert.That((await States(_other).WarningsAsync(None)).Single().Rows, Is.EqualTo(3));
        await States(_one).SetWarningsAsync("satisfaction", [], None);
        Assert.That(await Version(_other).ReadAsync(None), Is.GreaterThan(more));
    }

    [Test]
    public async Task A_change_of_targets_or_watermarks_moves_the_data_version_for_everybody()
    {
        var before = await Version(_other).ReadAsync(None);
        await _one.GetRequiredService<ITargetStore>().AppendAsync(
            new TargetChange("visits", Target.DefaultVersion, Metrics.Core.Periods.Grain.Week, "2026-W46", Segment.Total, 1, null, "Anna", Some.Instant("2026-11-16T08:00:00Z")), None);
        var afterTarget = await Version(_other).ReadAsync(None);
        await _one.GetRequiredService<IWatermarkStore>().AdvanceAsync(
            [new Watermark("visits", Some.Day("2026-11-01"), Some.Day("2026-11-16"), Some.Instant("2026-11-16T08:00:00Z"))], None);
        var afterWatermark = await Version(_other).ReadAsync(None);
        await Version(_one).AdvanceAsync(None);

        Assert.That((long[])[before, afterTarget, afterWatermark, await Version(_other).ReadAsync(None)], Is.Ordered.And.Unique);
    }

    [Test]
    public async Task A_key_that_one_process_keeps_is_there_for_the_other_and_stays_as_it_is()
    {
        await _one.GetRequiredService<IProtectionKeys>().AddAsync("key-1", "<key id='1'/>", None);
        await _other.GetRequiredService<IProtectionKeys>().AddAsync("key-1", "<key id='2'/>", None);

        Assert.That(await _other.GetRequiredService<IProtectionKeys>().AllAsync(None), Is.EqualTo((string[])["<key id='1'/>"]));
    }

    [Test]
    public async Task Watermarks_come_back_in_the_order_of_time_and_as_of_a_moment()
    {
        var store = _one.GetRequiredService<IWatermarkStore>();
        foreach (var (through, at) in (IEnumerable<(string, string)>)[("2026-11-09", "2026-11-09T06:00:00Z"), ("2026-11-09", "2026-11-10T06:00:00Z"), ("2026-11-16", "2026-11-16T06:00:00Z")])
            await store.AdvanceAsync([new Watermark("mrr", Some.Day("2026-01-01"), Some.Day(through), Some.Instant(at)), new Watermark("users", Some.Day("2026-01-01"), Some.Day(through), Some.Instant(at))], None);

        var now = (await _other.GetRequiredService<IWatermarkStore>().ReadAsync(["mrr", "absent"], null, None)).Single().Value;
        Assert.That(now.Watermarks.Select(mark => mark.CompleteThrough), Is.EqualTo((DateOnly[])[Some.Day("2026-11-09"), Some.Day("2026-11-16")]), "what did not move is not kept twice");
        Assert.That(now.AsOf, Is.EqualTo(Some.Instant("2026-11-16T06:00:00Z")));

        var before = (await store.ReadAsync(["mrr"], Some.Instant("2026-11-12T00:00:00Z"), None)).Single().Value;
        Assert.That(before.Newest.CompleteThrough, Is.EqualTo(Some.Day("2026-11-09")));
        Assert.That(await store.ReadAsync([], null, None), Is.Empty);
    }

    [Test]
    public async Task Runs_keep_the_order_of_their_streams_and_those_that_never_ended_are_interrupted()
    {
        var store = _one.GetRequiredService<ISourceStore>();
        var now = Some.Instant("2026-11-16T06:00:00Z");
        var first = await store.BeginAsync("shop", now, None);
        var second = await store.BeginAsync("shop", now, None);
        StreamRun[] streams =
        [
            new("zebra", 5, 4, 3, 2, 1, Some.Day("2026-11-16"), null), new("apple", 5, 4, 3, 2, 1, null, "It failed.", ErrorIsTemporary: true),
        ];
        await store.FinishAsync(new SyncRun(second, "shop", now, now, SyncOutcome.Failed, "It failed.", streams), None);

        var runs = await _other.GetRequiredService<ISourceStore>().RunsAsync("shop", 5, None);
        Assert.That(runs.Select(run => (run.Id, run.Outcome)), Is.EqualTo(((long, SyncOutcome)[])[(second, SyncOutcome.Failed), (first, SyncOutcome.Interrupted)]));
        Assert.That(runs[0].Streams, Is.EqualTo(streams));
        Assert.That(await store.CompleteThroughAsync(new("shop", "zebra"), None), Is.EqualTo(Some.Day("2026-11-16")));
        Assert.That(await store.LastGoodAsync("shop", None), Is.Null);
    }

    [Test]
    public async Task Many_processes_may_open_new_data_at_once()
    {
        using var fresh = new ScratchDatabase(engine);
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            using var database = fresh.Open();
            return await new SqlDataVersion(database).ReadAsync(None);
        })));

        Assert.That(opened, Is.All.EqualTo(1));
    }

    private static IWorkLock Locks(ServiceProvider process) => process.GetRequiredService<IWorkLock>();

    private static IModelStateStore States(ServiceProvider process) => process.GetRequiredService<IModelStateStore>();

    private static IDataVersion Version(ServiceProvider process) => process.GetRequiredService<IDataVersion>();

    private ServiceProvider Process() => new ServiceCollection()
        .AddLogging()
        .AddStorage(new StorageOptions { DataFolder = _database.Folder, Database = _database.Address })
        .BuildServiceProvider();
}
