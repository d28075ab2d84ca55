using System.Globalization;
using System.Text;
using Metrics.Core.Access;
using Metrics.Core.Alerts;
using Metrics.Core.Annotations;
using Metrics.Core.Connectors;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Migration;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;
using Tests.Support.Servers;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Storage;

/// <summary>What moves from files to real servers and back answers as it did before.</summary>
public sealed class StorageMigrationTests
{
    private const int LastSync = 9;

    private static readonly string[] Locks = ["shop", "_models", "_alerts", "_notifications"];

    private static readonly string[] HostileTexts =
        ["it's \"quoted\"", "a,b=c", "line\nbreak\r\n", "back\\slash", "{}", "Zoë 日本 🚀", "(none", " leading and trailing ", "%5C", "100%"];

    private readonly List<ServiceProvider> _open = [];
    private TempFolder _folder = null!;
    private StorageOptions _files = null!;
    private StorageOptions _server = null!;
    private StorageOptions _filesAgain = null!;

    private static CancellationToken None => CancellationToken.None;

    [SetUp]
    public void Place()
    {
        _folder = new TempFolder();
        _files = new StorageOptions { DataFolder = _folder["files"] };
        _filesAgain = new StorageOptions { DataFolder = _folder["again"] };
        _server = new StorageOptions
        {
            DataFolder = _folder["files"], Series = InfluxServer.Shared(authentication: false).NewDatabase(), Database = PostgresServer.Shared.NewDatabase(),
        };
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        foreach (var one in _open)
            await one.DisposeAsync();
        _open.Clear();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Test]
    public async Task Every_read_of_a_rich_history_is_the_same_in_files_on_servers_and_in_files_again()
    {
        await FillSeriesAsync(Stores(_files));
        var before = await AllSeriesAsync(Stores(_files));
        Assert.That(before, Has.Length.GreaterThan(500), "there is something to compare");

        var there = await MoveAsync(_files, _server);
        var onServer = await AllSeriesAsync(Stores(_server));
        var back = await MoveAsync(_server with { DataFolder = _filesAgain.DataFolder }, _filesAgain);

        Assert.That(onServer, Is.EqualTo(before));
        Assert.That(await AllSeriesAsync(Stores(_filesAgain)), Is.EqualTo(before));
        Assert.That((back.Series, back.Points, back.Restatements), Is.EqualTo((there.Series, there.Points, there.Restatements)));
        Assert.That(await AllSeriesAsync(Stores(_files)), Is.EqualTo(before), "the source is as it was");
    }

    [Test]
    public async Task Two_changes_at_one_moment_are_one_after_the_move_and_read_the_same_as_of_any_moment()
    {
        var store = Series(Stores(_files));
        await store.WriteAsync([Mrr.With(("2026-11-01", 1), ("2026-11-02", 1))], Sync(1), None);
        foreach (var value in (double[])[2, 3])
            await store.WriteAsync([Mrr.With(("2026-11-01", value))], Sync(2), None);
        await store.DeleteAsync("mrr", Some.Days("2026-11-02..2026-11-02"), Sync(3), None);
        await store.WriteAsync([Mrr.With(("2026-11-02", 9))], Sync(3), None);

        await MoveAsync(_files, _server);
        await MoveAsync(_server with { DataFolder = _filesAgain.DataFolder }, _filesAgain);

        Restatement[] folded =
        [
            new(Mrr, Some.Day("2026-11-01"), 1, 3, Minute(2), "sync 2"), new(Mrr, Some.Day("2026-11-02"), 1, 9, Minute(3), "sync 3"),
        ];
        foreach (var options in (StorageOptions[])[_server, _filesAgain])
        {
            Assert.That(await Series(Stores(options)).RestatementsAsync(Query(), None), Is.EqualTo(folded));
            for (var minute = 0; minute < 5; minute++)
            {
                var query = Query() with { AsOf = Minute(minute) };
                Assert.That((await Series(Stores(options)).ReadAsync(query, None)).Text(), Is.EqualTo((await store.ReadAsync(query, None)).Text()));
            }
        }
    }

    [Test]
    public async Task A_point_that_was_removed_before_the_move_comes_back_with_its_history()
    {
        var store = Series(Stores(_files));
        await store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), None);
        await store.ReplaceAsync("mrr", Grain.Day, [], Sync(2), None);
        await MoveAsync(_files, _server);

        var outcome = await Series(Stores(_server)).WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(3), None);

        Assert.That(outcome.Changed, Is.EqualTo(1));
        Assert.That((await Series(Stores(_server)).ReadAsync(Query(), None)).Single().Points.Single().FirstWritten, Is.EqualTo(Minute(1)));
    }

    [Test]
    public async Task Every_table_answers_as_before_on_servers_and_in_files_again()
    {
        await FillTablesAsync(Stores(_files));
        _ = Series(Stores(_files));
        var before = await AllTablesAsync(_files);

        await MoveAsync(_files, _server);
        var onServer = await AllTablesAsync(_server);
        await MoveAsync(_server with { DataFolder = _filesAgain.DataFolder }, _filesAgain);

        Assert.That(before.Split('\n'), Has.Length.GreaterThan(5_000));
        Assert.That(onServer, Is.EqualTo(before));
        Assert.That(await AllTablesAsync(_filesAgain), Is.EqualTo(before));
        Assert.That(await Version(_server), Is.GreaterThan(await Version(_files)), "boards that are kept by their number are looked at anew");
        Assert.That(await Version(_filesAgain), Is.GreaterThan(await Version(_server)));
    }

    [Test]
    public async Task Numbers_that_tables_give_go_on_after_the_move()
    {
        await FillTablesAsync(Stores(_files));
        _ = Series(Stores(_files));
        await MoveAsync(_files, _server);

        var runs = Stores(_server).GetRequiredService<ISourceStore>();
        var newest = (await runs.RunsAsync("shop", 1, None)).Single().Id;
        Assert.That(await runs.BeginAsync("shop", Minute(9), None), Is.EqualTo(newest + 1));
        Assert.That(async () => await AppendAsync(Stores(_server), "more", 10), Throws.Nothing);
    }

    [Test]
    public async Task A_table_that_is_added_later_is_copied_too()
    {
        using (var database = new SqliteDatabase(Path.Combine(Directory.CreateDirectory(_files.DataFolder).FullName, "kpi.db")))
        {
            await database.WriteAsync(transaction => transaction.ExecuteAsync(
                "create table later (a text not null, b bigint not null, c double precision, primary key (b, a)) without rowid; insert into later values ('ü', 7, 0.1), ('x', 7, null)",
                null, None), None);
        }

        _ = Series(Stores(_files));
        Assert.That(async () => await MoveAsync(_files, _server), Throws.TypeOf<MigrationRefusedException>().With.Message.Contains("has no table later"));

        using var server = new PostgresDatabase(_server.Database!, _server.Patience, TimeProvider.System);
        await server.WriteAsync(transaction => transaction.ExecuteAsync(
            "create table later (a text collate \"C\" not null, b bigint not null, c double precision, primary key (b, a))", null, None), None);
        await MoveAsync(_files, _server);
        Assert.That(
            await server.WriteAsync(transaction => transaction.ScalarAsync<string>("select string_agg(a || ':' || coalesce(c::text, '-'), ' ' order by a) from later", null, None), None),
            Is.EqualTo("x:- ü:0.1"));
    }

    [Test]
    public async Task A_move_that_is_interrupted_anywhere_goes_on_and_ends_the_same([Values] bool toServer)
    {
        await FillSeriesAsync(Stores(_files));
        await FillTablesAsync(Stores(_files));
        if (!toServer)
            await MoveAsync(_files, _server);
        var (from, to) = toServer ? (_files, _server) : (_server with { DataFolder = _filesAgain.DataFolder }, _filesAgain);
        var (series, tables) = (await AllSeriesAsync(Stores(from)), await AllTablesAsync(from));

        foreach (var after in (int[])[1, 4, 9, 14, 18, 21])
        {
            using var stop = new CancellationTokenSource();
            var steps = 0;
            Assert.That(
                async () => await new StorageMigration(from, to, TimeProvider.System).RunAsync(Locks, new Told(_ => CancelAt(++steps)), stop.Token),
                Throws.InstanceOf<OperationCanceledException>(), $"after {after}");

            void CancelAt(int step)
            {
                if (step >= after)
                    stop.Cancel();
            }
        }

        var outcome = await MoveAsync(from, to);
        Assert.That(outcome.IsResumed, Is.True);
        Assert.That(await AllSeriesAsync(Stores(to)), Is.EqualTo(series));
        Assert.That(await AllTablesAsync(to), Is.EqualTo(tables));
    }

    [Test]
    public async Task A_series_that_was_only_half_written_is_made_whole()
    {
        await FillSeriesAsync(Stores(_files));
        using (var stop = new CancellationTokenSource())
        {
            Assert.That(
                async () => await new StorageMigration(_files, _server, TimeProvider.System).RunAsync(
                    Locks, new Told(told => Cancel(told, stop)), stop.Token),
                Throws.InstanceOf<OperationCanceledException>());
        }

        // As a process leaves it that is killed between the log and the points, or between two batches of lines.
        var database = new Uri(_server.Series!["influxdb+".Length..]).AbsolutePath.Trim('/');
        InfluxServer.Shared(authentication: false).Query("DELETE FROM kpi WHERE time >= '2026-11-02T00:00:00Z'", database);
        InfluxServer.Shared(authentication: false).Write(database, "kpi,metric=mrr,grain=day value=77,first=1 0");
        await MoveAsync(_files, _server);

        Assert.That(await AllSeriesAsync(Stores(_server)), Is.EqualTo(await AllSeriesAsync(Stores(_files))));

        static void Cancel(MigrationProgress told, CancellationTokenSource stop)
        {
            if (told is { Unit: "series", Part: "mrr" })
                stop.Cancel();
        }
    }

    [Test]
    public async Task Only_the_points_move_where_no_database_is_named_and_their_restatements_go_beside_the_rest()
    {
        await FillSeriesAsync(Stores(_files));
        await FillTablesAsync(Stores(_files));
        var tables = await AllTablesAsync(_files);
        var half = _server with { Database = null };

        var outcome = await MoveAsync(_files, half);

        Assert.That((outcome.Tables, outcome.Rows), Is.EqualTo((0, 0)));
        Assert.That(await AllSeriesAsync(Stores(half)), Is.EqualTo(await AllSeriesAsync(Stores(_files))));
        Assert.That(await AllTablesAsync(_files), Is.EqualTo(tables));
    }

    [Test]
    public async Task Everything_but_the_points_moves_with_the_restatements_of_a_series_server()
    {
        var half = _server with { Database = null };
        await FillSeriesAsync(Stores(half));
        await FillTablesAsync(Stores(half));
        var series = await AllSeriesAsync(Stores(half));

        var outcome = await MoveAsync(half, _server);

        Assert.That(outcome.Points, Is.Zero);
        Assert.That(await AllSeriesAsync(Stores(_server)), Is.EqualTo(series));
        Assert.That(await AllTablesAsync(_server), Is.EqualTo(await AllTablesAsync(half)));
    }

    [Test]
    public async Task A_target_that_holds_something_else_is_left_alone([Values("points", "tables")] string what)
    {
        await FillSeriesAsync(Stores(_files));
        if (what == "points")
            await Series(Stores(_server with { Database = null, DataFolder = _folder["other"] })).WriteAsync([Mrr.With(("2020-01-01", 1))], Sync(1), None);
        else
            await Stores(_server with { Series = null }).GetRequiredService<IProtectionKeys>().AddAsync("key", "<key/>", None);

        Assert.That(
            async () => await MoveAsync(_files, _server),
            Throws.TypeOf<MigrationRefusedException>().With.Message.Contains("already").And.Message.Contains(what == "points" ? "mrr by day" : "protection_key"));
        Assert.That(
            await Stores(_server with { Series = null }).GetRequiredService<IProtectionKeys>().AllAsync(None), Has.Count.EqualTo(what == "points" ? 0 : 1));
    }

    [Test]
    public async Task What_was_moved_is_not_moved_again_and_nothing_is_overwritten()
    {
        await FillSeriesAsync(Stores(_files));
        await MoveAsync(_files, _server);
        await Series(Stores(_server)).WriteAsync([Mrr.With(("2026-12-24", 1))], Sync(20), None);

        Assert.That(async () => await MoveAsync(_files, _server), Throws.TypeOf<MigrationRefusedException>());
        Assert.That((await Series(Stores(_server)).LastAsync(Mrr, None))?.Day, Is.EqualTo(Some.Day("2026-12-24")));
    }

    [Test]
    public async Task The_remainder_of_another_move_is_left_alone_and_is_no_source()
    {
        await FillSeriesAsync(Stores(_files));
        using (var stop = new CancellationTokenSource())
        {
            Assert.That(
                async () => await new StorageMigration(_files, _server, TimeProvider.System).RunAsync(Locks, new Told(_ => stop.Cancel()), stop.Token),
                Throws.InstanceOf<OperationCanceledException>());
        }

        var other = new StorageOptions { DataFolder = _folder["other"] };
        await FillSeriesAsync(Stores(other));
        _ = await Version(other);
        Assert.That(async () => await MoveAsync(other, _server), Throws.TypeOf<MigrationRefusedException>().With.Message.Contains("another move"));
        Assert.That(
            async () => await MoveAsync(_server with { DataFolder = _filesAgain.DataFolder }, _filesAgain),
            Throws.TypeOf<MigrationRefusedException>().With.Message.Contains("not finished"));
    }

    [Test]
    public async Task A_source_that_is_being_synced_is_not_moved()
    {
        await FillSeriesAsync(Stores(_files));
        await using var held = await Stores(_files).GetRequiredService<IWorkLock>().TryTakeAsync("shop", None);

        Assert.That(
            async () => await MoveAsync(_files, _server),
            Throws.InvalidOperationException.With.Message.EqualTo("shop is being synced; stop the workers first."));
    }

    [Test]
    public async Task A_day_or_dimension_that_the_server_cannot_keep_is_named()
    {
        await Series(Stores(_files)).WriteAsync([Mrr.With(("1492-10-12", 1))], Sync(1), None);
        Assert.That(async () => await MoveAsync(_files, _server), Throws.TypeOf<MigrationRefusedException>().With.Message.Contains("1492-10-12"));
    }

    [Test]
    public async Task A_server_that_is_away_is_said_at_once()
    {
        await FillSeriesAsync(Stores(_files));
        var away = _server with { Series = "influxdb+http://127.0.0.1:9/kpi" };

        var fault = await Assert.CatchAsync(async () => await MoveAsync(_files, away));
        Assert.That(StorageFault.Describe(fault!), Does.Contain("does not answer"));
    }

    private static async Task<MigrationOutcome> MoveAsync(StorageOptions from, StorageOptions to) =>
        await new StorageMigration(from, to, TimeProvider.System).RunAsync(Locks, new Told(_ => { }), None);

    private static async Task FillSeriesAsync(ServiceProvider stores)
    {
        var store = Series(stores);
        SeriesKey[] keys =
        [
            Mrr, Mrr with { Grain = Grain.Week }, Mrr with { Grain = Grain.Month }, Key("customers"), Key("gone"),
            .. HostileTexts.Select(text => Key("mrr", ("plan", text))),
            .. HostileTexts.Take(4).Select(text => Key("mrr", ("plan", text), ("region", "EU"))),
            .. Enumerable.Range(0, 45).Select(i => Key("visits", ("channel", $"c{i}"))),
        ];
        await store.WriteAsync(
            [.. keys.Select((key, i) => key.With(("2026-11-01", 0.1 + i), ("2026-11-02", double.Epsilon), ("2026-11-03", -0.0), ("2026-11-09", 1e300 / (i + 1)), ("1999-12-31", 1.0 / 3)))],
            Sync(1) with { At = Minute(1).AddMicroseconds(123_457) }, None);
        await store.WriteAsync([.. keys.Take(12).Select(key => key.With(("2026-11-02", 4_503_599_627_370_497.5), ("2026-11-10", 7)))], Sync(2), None);
        await store.WriteAsync([Mrr.With(("2026-11-01", 100), ("2026-11-02", 5))], Sync(3), None);
        await store.DeleteAsync("mrr", Some.Days("2026-11-02..2026-11-03"), Sync(4), None);
        await store.WriteAsync([Mrr.With(("2026-11-02", 6))], Sync(5), None);
        await store.ReplaceAsync("customers", Grain.Day, [Key("customers").With(("2026-11-03", 5), ("2026-11-04", 6))], Sync(6), None);
        await store.ReplaceAsync("gone", Grain.Day, [], Sync(7), None);
        await store.WriteAsync([Mrr.With(("2026-11-01", 101))], new WriteStamp(Minute(8).AddMicroseconds(1), "Anna's \"fix\""), None);
    }

    private static async Task<string[]> AllSeriesAsync(ServiceProvider stores)
    {
        var store = Series(stores);
        var lines = new List<string>();
        foreach (var metric in (string[])["mrr", "customers", "gone", "visits", "absent"])
        {
            foreach (var grain in Enum.GetValues<Grain>())
            {
                lines.Add($"{metric} {grain} {await store.ExtentAsync(metric, grain, None)}");
                foreach (var cut in (string[][])[[], ["plan"], ["plan", "region"], ["channel"]])
                {
                    var query = new SeriesQuery { Metrics = [metric], Grain = grain, Cut = cut, Days = Some.Days("1990-01-01..2026-12-31") };
                    var moments = Enumerable.Range(0, LastSync + 1).SelectMany(minute => (DateTimeOffset?[])[Minute(minute), Minute(minute).AddMicroseconds(123_457)]);
                    foreach (var moment in (DateTimeOffset?[])[null, .. moments])
                    {
                        lines.AddRange((await store.ReadAsync(query with { AsOf = moment }, None)).SelectMany(series => series.Points.Select(point =>
                            $"{moment:O} {series.Key} {series.Key.Segment.Text} {point.Day:O} {BitConverter.DoubleToInt64Bits(point.Value):x} {point.FirstWritten:O}")));
                    }

                    // Which of two changes at one moment comes first is not said.
                    lines.AddRange((await store.RestatementsAsync(query, None)).Select(change => $"{change.At:O} {change.Key.Segment.Text} {change}").Order(StringComparer.Ordinal));
                }
            }

            foreach (var dimension in (string[])["plan", "region", "channel"])
                lines.Add($"{metric} {dimension} {string.Join('|', await store.DimensionValuesAsync(metric, dimension, None))}");
        }

        return [.. lines];
    }

    private static async Task FillTablesAsync(ServiceProvider stores)
    {
        await AppendAsync(stores, "orders", 5_000);
        await AppendAsync(stores, "customers", 30);
        var records = stores.GetRequiredService<IRecordStore>();
        await records.CompleteReadAsync(new("shop", "customers"), new ReadMark(100, 100), "done", Minute(3), 2, None);
        var sources = stores.GetRequiredService<ISourceStore>();
        for (var i = 0; i < 3; i++)
        {
            var run = await sources.BeginAsync("shop", Minute(i), None);
            await sources.FinishAsync(
                new SyncRun(run, "shop", Minute(i), Minute(i + 1), SyncOutcome.Succeeded, null, [new("orders", 5, 4, 3, 2, 1, Some.Day("2026-11-16"), null)]), None);
        }

        await stores.GetRequiredService<IWatermarkStore>().AdvanceAsync([new Watermark("mrr", Some.Day("2026-01-01"), Some.Day("2026-11-16"), Minute(1))], None);
        await stores.GetRequiredService<ITargetStore>().AppendAsync(
            new TargetChange("mrr", Target.DefaultVersion, Grain.Week, "2026-W46", Segment.Total, 1.10m, "why 'so'", "Zoë", Minute(2)), None);
        await stores.GetRequiredService<IAnnotationStore>().AppendAsync(
            new AnnotationChange("sale", new Annotation("sale", Some.Days("2026-11-01..2026-11-02"), "Zoë's \"sale\"", AnnotationKind.Campaign)
            {
                Metrics = ["mrr"], Segment = Segment.Of(("plan", "Zoë")),
            }, AnnotationOrigin.Page, "Zoë", Minute(2)), null, None);
        await stores.GetRequiredService<INarrativeStore>().AppendAsync(
            new CommentEntry("weekly", "2026-W46", "mrr:target", Stance.Investigating, "why 'so'", "Zoë", Minute(2)), None);
        await stores.GetRequiredService<INarrativeStore>().AppendAsync(
            new DecisionEntry("d1", "weekly", "2026-W46", "Ask", null, Some.Day("2026-11-20"), false, "Zoë", Minute(3)), None);
        await stores.GetRequiredService<IBaselineStore>().AppendAsync(
            new BaselineChange(
                "mrr", Grain.Week, Segment.Total, BaselineKind.Locked, "2026-W01", "2026-W20", LimitMethod.Median, "why 'so'", "Zoë", Minute(2)), None);
        var status = new AlertStatus { State = AlertState.Firing, Since = Minute(1), Value = 27_600.12m };
        await stores.GetRequiredService<IAlertStore>().RecordAsync(
            new AlertRecord("mrr_low", [], [new AlertInstance("mrr_low", Segment.Of(("plan", "Zoë")), status)], []), None);
        await stores.GetRequiredService<IApiTokenStore>().AddAsync("telegraf", ["shop."], [1, 2, 3], Minute(1), None);
        await stores.GetRequiredService<IProtectionKeys>().AddAsync("key-1", "<key id='1'/>", None);
    }

    private static async Task AppendAsync(ServiceProvider stores, string stream, int count)
    {
        var records = stores.GetRequiredService<IRecordStore>();
        var id = new StreamId("shop", stream);
        Record[] page = [.. Enumerable.Range(0, count).Select(i => Record(string.Create(CultureInfo.InvariantCulture, $"{stream} {i} {HostileTexts[i % HostileTexts.Length]}"), i))];
        var mark = await records.NextMarkAsync(id, None);
        await records.AppendAsync(
            id, new ReadMark(mark, mark), page, [new Reject("orders.csv", 3, "amount", "twenty", "is not a number")], $"checkpoint {stream}", Minute(1), 1, None);
    }

    private static Record Record(string key, int number) =>
        new(key, string.Create(CultureInfo.InvariantCulture, $"digest {number}"),
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}},"text":"ä \"x\""}""")), number + 2);

    /// <summary>Every row of every table but those that a database keeps for itself, as text.</summary>
    private static async Task<string> AllTablesAsync(StorageOptions options)
    {
        using Database database = options.Database is { } address
            ? new PostgresDatabase(address, options.Patience, TimeProvider.System)
            : new SqliteDatabase(Path.Combine(Directory.CreateDirectory(options.DataFolder).FullName, "kpi.db"));
        await using var connection = await database.OpenAsync(None);
        var text = new StringBuilder();
        foreach (var table in (await database.TablesAsync(connection, None)).Where(table => table.Name is not ("migration" or "data_version" or "restatement")))
        {
            await using var select = connection.CreateCommand();
            select.CommandText = $"select {table.ColumnList} from {table.Quoted} order by {table.KeyList}";
            await using var rows = await select.ExecuteReaderAsync(None);
            while (await rows.ReadAsync(None))
            {
                text.Append(CultureInfo.InvariantCulture, $"{table.Name}");
                for (var i = 0; i < rows.FieldCount; i++)
                    text.Append('|').Append(rows.IsDBNull(i) ? "null" : Convert.ToString(rows.GetValue(i), CultureInfo.InvariantCulture));
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    private static ISeriesStore Series(ServiceProvider stores) => stores.GetRequiredService<ISeriesStore>();

    private Task<long> Version(StorageOptions options) => Stores(options).GetRequiredService<IDataVersion>().ReadAsync(None);

    private ServiceProvider Stores(StorageOptions options)
    {
        var stores = new ServiceCollection().AddLogging().AddStorage(options).BuildServiceProvider();
        _ = stores.GetRequiredService<Database>();
        _open.Add(stores);
        return stores;
    }

    private sealed class Told(Action<MigrationProgress> then) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value) => then(value);
    }
}
