using System.Text;
using Metrics.Core.Records;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using NUnit.Framework;

namespace Metrics.Core.Tests.Records;

/// <summary>What the record store promises, on every engine.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class RecordStoreTests(Engine engine)
{
    private static readonly StreamId Stream = new("billing", "subscriptions");
    private static readonly DateTimeOffset Now = Some.Instant("2026-11-16T06:00:00Z");

    private ScratchDatabase _database = null!;
    private SqlRecordStore _store = null!;

    private static CancellationToken None => CancellationToken.None;

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        _store = new SqlRecordStore(_database.Database);
    }

    [TearDown]
    public void Close() => _database.Dispose();

    [Test]
    public async Task Storing_a_page_twice_leaves_the_store_as_storing_it_once([Values] bool keyed)
    {
        Record[] page = keyed ? [Keyed("1", "a"), Keyed("2", "b")] : [Line("a"), Line("b"), Line("a")];

        var first = await AppendAsync(page);
        var newest = await _store.NewestVersionAsync([Stream], None);
        var second = await AppendAsync(page);

        Assert.That((first.New, first.Unchanged), Is.EqualTo((page.Length, 0)));
        Assert.That((second.New, second.Changed, second.Unchanged), Is.EqualTo((0, 0, page.Length)));
        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(page.Length));
        Assert.That(await _store.NewestVersionAsync([Stream], None), Is.EqualTo(newest), "nothing was appended");
    }

    [Test]
    public async Task Changed_content_is_a_new_version_under_the_same_key()
    {
        await AppendAsync(Keyed("1", "a"), Keyed("2", "b"));
        var newest = await _store.NewestVersionAsync([Stream], None);
        var outcome = await AppendAsync(Keyed("1", "A"), Keyed("2", "b"));

        Assert.That((outcome.New, outcome.Changed, outcome.Unchanged), Is.EqualTo((0, 1, 1)));
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["2=b", "1=A"]), "in the order of their newest version");
        Assert.That(await _store.NewestVersionAsync([Stream], None), Is.GreaterThan(newest));
    }

    [Test]
    public async Task A_record_that_a_complete_read_did_not_see_vanishes_and_may_come_back()
    {
        await AppendAsync(Keyed("1", "a"), Keyed("2", "b"));
        await CompleteAsync(Keyed("1", "a"));
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["1=a"]));
        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(1));

        var back = await AppendAsync(Keyed("2", "b"));
        Assert.That(back.New, Is.EqualTo(1));
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["1=a", "2=b"]));
        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(2));
    }

    [Test]
    public async Task Two_identical_lines_of_a_file_are_two_records_and_in_two_files_one()
    {
        var begin = await _store.NextMarkAsync(Stream, None);
        await AppendAsync(new ReadMark(begin, begin), Line("a"), Line("a"));
        await AppendAsync(new ReadMark(begin, begin), Line("a"));
        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(3), "a second page of the same file");

        await AppendAsync(new ReadMark(begin, begin + 1), Line("a"), Line("a"), Line("b"));
        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(4), "another file brings only the line that is not known yet");
    }

    [Test]
    public async Task A_line_that_stands_there_once_less_vanishes_once()
    {
        await AppendAsync(Line("a"), Line("a"), Line("a"));
        await CompleteAsync(Line("a"), Line("a"));

        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(2));
    }

    [Test]
    public async Task A_key_that_stands_twice_in_a_file_with_different_content_is_a_conflict_and_the_first_counts()
    {
        var outcome = await AppendAsync(Keyed("1", "a"), Keyed("1", "a"), Keyed("1", "b"));

        Assert.That((outcome.New, outcome.Unchanged), Is.EqualTo((1, 1)));
        Assert.That(outcome.Conflicts.Select(record => Encoding.UTF8.GetString(record.Body.Span)), Is.EqualTo((string[])["""{"v":"b"}"""]));
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["1=a"]));
    }

    [Test]
    public async Task Of_several_files_of_a_read_the_first_that_has_a_key_counts()
    {
        var begin = await _store.NextMarkAsync(Stream, None);
        await AppendAsync(new ReadMark(begin, begin), Keyed("1", "newest"));
        var older = await AppendAsync(new ReadMark(begin, begin + 1), Keyed("1", "older"));

        Assert.That(older.Conflicts, Is.Empty);
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["1=newest"]));
    }

    [Test]
    public async Task The_checkpoint_is_stored_with_the_page_or_not_at_all()
    {
        Assert.That(await _store.CheckpointAsync(Stream, None), Is.Null);
        await AppendAsync(Keyed("1", "a"));
        var before = await _store.CheckpointAsync(Stream, None);
        Record broken = new("2", null!, null, 0);

        Assert.That(
            async () => await _store.AppendAsync(Stream, new ReadMark(9, 9), [Keyed("3", "c"), broken, null!], [], "later", Now, 1, None),
            Throws.Exception);

        Assert.That(await _store.CheckpointAsync(Stream, None), Is.EqualTo(before));
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["1=a"]));
    }

    [Test]
    public async Task Only_the_rejects_of_the_newest_complete_read_are_kept()
    {
        var sources = new SqlSourceStore(_database.Database);
        for (var read = 1; read <= 2; read++)
        {
            var mark = new ReadMark(await _store.NextMarkAsync(Stream, None), await _store.NextMarkAsync(Stream, None));
            await _store.AppendAsync(Stream, mark, [], [new Reject("a.csv", read, "amount", "x", "'x' is not a number.")], "c", Now, read, None);
            await _store.CompleteReadAsync(Stream, mark, "c", Now, read, None);
        }

        Assert.That((await sources.RejectsAsync("billing", 10, None)).Select(reject => reject.Reject.Line), Is.EqualTo((long[])[2]));
        Assert.That(await sources.RejectCountAsync("billing", None), Is.EqualTo(1));
    }

    [Test]
    public async Task A_line_that_stands_in_a_file_very_often_is_that_many_records_also_over_several_pages()
    {
        var begin = await _store.NextMarkAsync(Stream, None);
        foreach (var page in Enumerable.Repeat(Enumerable.Repeat(Line("a"), 200).ToArray(), 4))
            await AppendAsync(new ReadMark(begin, begin), page);

        Assert.That(await _store.CountAsync(Stream, None), Is.EqualTo(800));
    }

    [Test]
    public async Task A_reject_keeps_what_its_row_said_before()
    {
        await AppendAsync(Keyed("1", "a"), Keyed("2", "b"));
        var mark = new ReadMark(await _store.NextMarkAsync(Stream, None), await _store.NextMarkAsync(Stream, None));
        var spoilt = new Reject("a.csv", 3, "amount", "x\0y", "'x' is not a number.") { Keys = ["2", "unknown"] };
        await _store.AppendAsync(Stream, mark, [Keyed("1", "a")], [spoilt], "c", Now, 1, None);
        var vanished = await _store.CompleteReadAsync(Stream, mark, "c", Now, 1, None);

        Assert.That(vanished, Is.Zero);
        Assert.That(await ContentAsync(), Is.EqualTo((string[])["1=a", "2=b"]));
    }

    [Test]
    public async Task Pages_of_several_streams_that_are_stored_at_once_all_get_numbers_of_their_own()
    {
        var streams = Enumerable.Range(0, 8).Select(i => new StreamId("s", $"{i}")).ToArray();
        await Task.WhenAll(streams.Select(stream => Task.Run(() =>
            _store.AppendAsync(stream, new ReadMark(1, 1), [Keyed("1", "a"), Keyed("2", "b")], [], "c", Now, 1, None))));

        var versions = new List<long>();
        await foreach (var record in _store.ReadAsync(streams, None))
            versions.Add(record.Version);
        Assert.That(versions.Order(), Is.EqualTo(Enumerable.Range(1, 16)));
    }

    [Test]
    public async Task What_was_appended_after_a_version_is_told_with_what_it_takes_the_place_of()
    {
        await AppendAsync(Keyed("1", "a"), Keyed("2", "b"));
        var since = await _store.NewestVersionAsync([Stream], None);
        var mark = await _store.VersionMarkAsync(since, None);
        await AppendAsync(Keyed("1", "c"), Keyed("3", "d"));
        await AppendAsync(Keyed("1", "e"));
        await CompleteAsync(Keyed("1", "e"), Keyed("3", "d"));
        await _store.AppendAsync(Stream with { Stream = "other" }, new ReadMark(1, 1), [Keyed("1", "z")], [], "c", Now, 1, None);

        var changes = new List<string>();
        await foreach (var change in _store.ChangesAsync([Stream], since, None))
            changes.Add($"{change.Key}: {change.Before?.Text("v") ?? "-"} {change.After?.Text("v") ?? "-"}");

        Assert.That(changes, Is.EqualTo((string[])["1: a c", "3: - d", "1: c e", "2: b -"]));
        Assert.That(await _store.NewestVersionAsync([Stream], None), Is.EqualTo(since + 4));
        Assert.That((await _store.VersionMarkAsync(since, None), await _store.VersionMarkAsync(since + 100, None)), Is.EqualTo((mark, (string?)null)));
    }

    [Test]
    public async Task Streams_know_nothing_of_each_other()
    {
        await AppendAsync(Keyed("1", "a"));
        var other = Stream with { Stream = "invoices" };

        Assert.That(await _store.CountAsync(other, None), Is.Zero);
        Assert.That(await _store.NewestVersionAsync([other], None), Is.Zero);
        Assert.That(await _store.CheckpointAsync(other, None), Is.Null);
    }

    private static Record Keyed(string key, string content) => new(key, content, Encoding.UTF8.GetBytes($$"""{"v":"{{content}}"}"""), 1);

    private static Record Line(string content) => Keyed("", content) with { Key = null };

    private async Task<AppendOutcome> AppendAsync(params Record[] page)
    {
        var mark = await _store.NextMarkAsync(Stream, None);
        return await AppendAsync(new ReadMark(mark, mark), page);
    }

    private Task<AppendOutcome> AppendAsync(ReadMark mark, params Record[] page) =>
        _store.AppendAsync(Stream, mark, page, [], $"after {mark.Part}", Now, 1, None);

    private async Task CompleteAsync(params Record[] page)
    {
        var mark = await _store.NextMarkAsync(Stream, None);
        await AppendAsync(new ReadMark(mark, mark), page);
        await _store.CompleteReadAsync(Stream, new ReadMark(mark, mark), "complete", Now, 1, None);
    }

    private async Task<string[]> ContentAsync()
    {
        var found = new List<string>();
        await foreach (var record in _store.ReadAsync([Stream], None))
            found.Add($"{record.Key}={record.Body.Text("v")}");
        return [.. found];
    }
}
