using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Storage;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class SqlRestatementLogTests(Engine engine)
{
    private ScratchDatabase _database = null!;
    private SqlRestatementLog _log = null!;

    private static CancellationToken None => CancellationToken.None;

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        _log = new SqlRestatementLog(_database.Database, new FileWorkLock(new StorageOptions { DataFolder = _database.Folder }));
    }

    [TearDown]
    public void Close()
    {
        _log.Dispose();
        _database.Dispose();
    }

    [Test]
    public async Task A_change_that_is_added_twice_is_one_and_two_at_one_moment_are_from_the_first_to_the_second()
    {
        await _log.CommitAsync([], [Change(1, 5, 6), Change(1, null, 6, day: 2), Change(1, double.Epsilon, null, day: 3)], None);
        await _log.CommitAsync([], [Change(1, 5, 6)], None);
        await _log.CommitAsync([], [Change(1, 6, 7)], None);

        Assert.That(
            (await _log.UpToAsync(Query(), None)).Select(row => (row.Change.Day.Day, row.Change.Old, row.Change.New, row.FirstWritten)),
            Is.EqualTo(((int, double?, double?, DateTimeOffset)[])[(1, 5, 7, Minute(0)), (2, null, 6, Minute(0)), (3, double.Epsilon, null, Minute(0))]));
    }

    [Test]
    public async Task Changes_are_read_up_to_and_after_a_moment_and_the_newest_of_each_point()
    {
        await _log.CommitAsync([], [Change(1, 5, 6), Change(1, 1, 2, plan: "Pro")], None);
        await _log.CommitAsync([], [Change(2, 6, 7), Change(2, 1, 2, day: 9)], None);

        Assert.That((await _log.UpToAsync(Query() with { AsOf = Minute(1) }, None)).Select(row => row.Change.New), Is.EqualTo((double?[])[6]));
        Assert.That((await _log.AfterAsync(Query() with { AsOf = Minute(1) }, None)).Select(row => row.Change.New), Is.EqualTo((double?[])[7, 2]));
        Assert.That((await _log.NewestAsync("mrr", Grain.Day, "", Some.Days("2026-11-01..2026-11-05"), None)).Single(), Is.EqualTo(Change(2, 6, 7)));
        Assert.That(await _log.NewestAsync("mrr", Grain.Day, null, Some.Days("2026-11-01..2026-11-30"), None), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_change_is_corrected_to_what_came_of_it_and_goes_where_nothing_did()
    {
        await _log.CommitAsync([], [Change(1, 5, 6), Change(1, 5, 6, day: 2)], None);
        await _log.CommitAsync([Change(1, 5, 5), Change(1, 5, 8, day: 2)], [Change(1, 5, 9)], None);

        Assert.That((await _log.UpToAsync(Query(), None)).Select(row => row.Change.New), Is.EqualTo((double?[])[9, 8]));
    }

    [Test]
    public async Task Many_changes_are_kept_in_one_go_and_a_thousand_refused_lines_at_most()
    {
        await _log.CommitAsync([], [.. Enumerable.Range(1, 28).SelectMany(day => Enumerable.Range(0, 8).Select(minute => Change(minute, day, minute, day: day)))], None);
        await _log.QuarantineAsync([.. Enumerable.Range(0, 900).Select(Line)], None);
        await _log.QuarantineAsync([.. Enumerable.Range(900, 300).Select(Line)], None);

        Assert.That(await _log.UpToAsync(Query(), None), Has.Count.EqualTo(28 * 8));
        await using var connection = await _database.Database.OpenAsync(None);
        await using var command = connection.CreateCommand();
        command.CommandText = "select line from quarantined_line order by id";
        var lines = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        Assert.That(lines, Has.Count.EqualTo(1_000));
        Assert.That(lines[0], Is.EqualTo("line 200"));

        static QuarantinedLine Line(int number) => new(Minute(1), "mrr", $"line {number}", "why");
    }

    [Test]
    public async Task A_turn_is_waited_for()
    {
        var first = await _log.TurnAsync(["mrr", "users"], None);
        var second = _log.TurnAsync(["mrr"], None);
        Assert.That(second.IsCompleted, Is.False);

        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }

    private static LoggedChange Change(int minute, double? before, double? after, int day = 1, string? plan = null) => new(
        new Restatement(plan is null ? Mrr : Key("mrr", ("plan", plan)), new DateOnly(2026, 11, day), before, after, Minute(minute), "sync"), Minute(0));
}
