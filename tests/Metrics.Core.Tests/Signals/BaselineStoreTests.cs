using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Metrics.Core.Tests.Signals;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class BaselineStoreTests(Engine engine)
{
    private ScratchDatabase _database = null!;
    private ServiceProvider _services = null!;

    private IBaselineStore Store => _services.GetRequiredService<IBaselineStore>();

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        _services = new ServiceCollection().AddLogging()
            .AddStorage(new StorageOptions { DataFolder = _database.Folder, Database = _database.Address }).BuildServiceProvider();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        _database.Dispose();
    }

    [Test]
    public async Task What_was_decided_comes_back_as_it_was_and_in_order()
    {
        BaselineChange[] changes =
        [
            Change(BaselineKind.PhaseStart, "2026-W39", null),
            Change(BaselineKind.Locked, "2026-W01", "2026-W20") with { Method = LimitMethod.Median, Segment = Segment.Of(("region", "Côte d'Ivoire")) },
            Change(BaselineKind.Default, null, null) with { Metric = "mrr", Grain = Grain.Month, Reason = "Why; 'quoted'\nand more" },
        ];

        var before = await _services.GetRequiredService<IDataVersion>().ReadAsync(CancellationToken.None);
        foreach (var change in changes)
            await Store.AppendAsync(change, CancellationToken.None);

        Assert.That(await Store.AllAsync(CancellationToken.None), Is.EqualTo(changes));
        Assert.That(await Store.HistoryAsync("visits", CancellationToken.None), Is.EqualTo(new[] { changes[1], changes[0] }));
        Assert.That(
            await _services.GetRequiredService<IDataVersion>().ReadAsync(CancellationToken.None), Is.GreaterThan(before),
            "boards that are kept are computed again");
    }

    [Test]
    public async Task Of_each_series_what_was_decided_after_the_last_return_to_the_default_counts()
    {
        var calendar = Some.Calendar();
        await Store.AppendAsync(Change(BaselineKind.PhaseStart, "2026-W10", null), CancellationToken.None);
        await Store.AppendAsync(Change(BaselineKind.Default, null, null), CancellationToken.None);
        await Store.AppendAsync(Change(BaselineKind.PhaseStart, "2026-W39", null), CancellationToken.None);
        await Store.AppendAsync(Change(BaselineKind.PhaseStart, "2026-W20", null), CancellationToken.None);
        await Store.AppendAsync(Change(BaselineKind.PhaseStart, "2026-W39", null) with { Reason = "Better known" }, CancellationToken.None);
        await Store.AppendAsync(Change(BaselineKind.PhaseStart, "2026-W99", null), CancellationToken.None);

        var book = new BaselineBook(calendar, await Store.AllAsync(CancellationToken.None));

        var choices = book.Of("visits", Grain.Week, Segment.Total);
        Assert.That(
            choices.Phases.Select(phase => (calendar.Key(Grain.Week, phase.From), phase.Change.Reason)),
            Is.EqualTo(new[] { ("2026-W20", "A price change"), ("2026-W39", "Better known") }));
        Assert.That(choices.Earliest, Is.EqualTo(choices.Phases[^1].From.Start));
        Assert.That(book.Of("visits", Grain.Month, Segment.Total).IsDefault, Is.True);
        Assert.That(book.Of("visits", Grain.Week, null).IsDefault, Is.True);
    }

    private static BaselineChange Change(BaselineKind kind, string? from, string? to) => new(
        "visits", Grain.Week, Segment.Total, kind, from, to, LimitMethod.Mean, "A price change", "Anna", Some.Instant("2026-11-16T08:00:00.123456Z"));
}
