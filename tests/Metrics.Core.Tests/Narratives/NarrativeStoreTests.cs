using Metrics.Core.Narratives;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using NUnit.Framework;

namespace Metrics.Core.Tests.Narratives;

/// <summary>What every store of reviews promises, on every engine.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class NarrativeStoreTests(Engine engine)
{
    private static readonly DateTimeOffset Monday = Some.Instant("2026-11-16T08:00:00.123456Z");

    private ScratchDatabase _database = null!;

    private static CancellationToken None => CancellationToken.None;

    private INarrativeStore Store => new SqlNarrativeStore(_database.Database);

    [SetUp]
    public void Open() => _database = new ScratchDatabase(engine);

    [TearDown]
    public void Close() => _database.Dispose();

    [Test]
    public async Task Comments_come_back_as_they_were_said_in_the_order_in_which_they_were()
    {
        CommentEntry[] said =
        [
            new("weekly", "2026-W46", "mrr:target:region=EU", Stance.Investigating, "Zoë's \"why\";\ntwo lines", "Anna", Monday),
            new("weekly", "2026-W46", "mrr:target:region=EU", Stance.Noise, "", "Berta", Monday),
            new("weekly", "2026-W45", "mrr:target", null, "", "Anna", Monday),
        ];
        foreach (var entry in said)
            await Store.AppendAsync(entry, None);
        await Store.AppendAsync(said[0] with { Board = "growth" }, None);

        var read = await Store.CommentsAsync("weekly", None);
        Assert.That(read.Select(entry => entry with { Number = 0 }), Is.EqualTo(said));
        Assert.That(read.Select(entry => entry.Number), Is.Ordered.And.Unique);
        Assert.That(await Store.CommentsAsync("nope", None), Is.Empty);
    }

    [Test]
    public async Task Decisions_come_back_with_who_until_when_and_whether_they_are_done()
    {
        DecisionEntry[] made =
        [
            new("d1", "weekly", "2026-W46", "Call them; 'all'", "Zoë", Some.Day("2026-11-20"), false, "Anna", Monday),
            new("d1", "weekly", "2026-W47", "Call them", null, null, true, "Berta", Monday),
            new("d1", "weekly", "2026-W47", "Call them", null, null, null, "Berta", Monday),
        ];
        foreach (var entry in made)
            await Store.AppendAsync(entry, None);

        Assert.That((await Store.DecisionsAsync("weekly", None)).Select(entry => entry with { Number = 0 }), Is.EqualTo(made));
        Assert.That(await Store.DecisionsAsync("growth", None), Is.Empty);
    }

    [Test]
    public async Task Every_entry_moves_the_data_version()
    {
        var versions = new SqlDataVersion(_database.Database);
        var before = await versions.ReadAsync(None);
        await Store.AppendAsync(new CommentEntry("weekly", "2026-W46", "mrr:target", Stance.Noise, "", "Anna", Monday), None);
        var between = await versions.ReadAsync(None);
        await Store.AppendAsync(new DecisionEntry("d", "weekly", "2026-W46", "x", null, null, false, "Anna", Monday), None);

        Assert.That((long[])[before, between, await versions.ReadAsync(None)], Is.Ordered.And.Unique);
    }
}
