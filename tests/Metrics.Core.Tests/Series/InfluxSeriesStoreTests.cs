using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Connectors;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Tests.Support.Servers;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Series;

[TestFixture(false)]
[TestFixture(true)]
public sealed class InfluxSeriesStoreTests(bool authentication) : SeriesStoreContract
{
    private readonly List<IDisposable> _open = [];
    private ScratchDatabase _database = null!;
    private BreakingLog _log = null!;
    private string _setting = "";

    protected override (string First, string Last) Days => ("1678-01-01", "2261-12-31");

    private InfluxServer Server => InfluxServer.Shared(authentication);

    private string DatabaseName => _setting[(_setting.LastIndexOf('/') + 1)..];

    [TearDown]
    public void Close()
    {
        foreach (var one in Enumerable.Reverse(_open))
            one.Dispose();
        _open.Clear();
        _database.Dispose();
    }

    [Test]
    public void Days_that_no_time_in_nanoseconds_can_name_refuse_the_whole_batch([Values("1677-12-31", "2262-01-01")] string day) => Assert.Multiple(async () =>
    {
        Assert.That(async () => await Store.WriteAsync([Mrr.With(("2026-11-01", 1), (day, 2))], Sync(1), None), Throws.ArgumentException.With.Message.Contains(day));
        Assert.That(await Store.ReadAsync(Query(), None), Is.Empty);
    });

    [TestCase("first")]
    [TestCase("time")]
    [TestCase("pl an")]
    public void A_dimension_that_cannot_be_a_tag_is_refused_by_name(string name) => Assert.That(
        async () => await Store.WriteAsync([Key("mrr", (name, "Pro")).With(("2026-11-01", 1))], Sync(1), None),
        Throws.ArgumentException.With.Message.Contains($"'{name}'"));

    [Test]
    public async Task The_database_is_made_with_shards_of_a_year()
    {
        await Store.ReadAsync(Query(), None);

        Assert.That(Server.Query($"SHOW RETENTION POLICIES ON \"{DatabaseName}\""), Does.Contain("[\"autogen\",\"0s\",\"8736h0m0s\",1,true]"));
    }

    [Test]
    public async Task A_write_that_was_interrupted_after_its_restatement_is_told_once_when_it_is_done_again([Values] bool replace)
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 5), ("2026-11-02", 6))], Sync(1), None);
        SeriesPoints[] changed = [Mrr.With(("2026-11-01", 7), ("2026-11-03", 8))];

        _log.BreaksAfterCommit = true;
        Assert.That(() => WriteAsync(2), Throws.TypeOf<IOException>());
        Assert.That(await AtAsync(1), Is.EqualTo("2026-11-01=5 2026-11-02=6"));
        Assert.That(await AtAsync(null), Is.EqualTo("2026-11-01=5 2026-11-02=6"), "nothing of it has been stored");

        _log.BreaksAfterCommit = false;
        await WriteAsync(3);

        var kept = replace ? "" : " 2026-11-02=6";
        Assert.That(await AtAsync(null), Is.EqualTo($"2026-11-01=7{kept} 2026-11-03=8"));
        Assert.That(await AtAsync(3), Is.EqualTo($"2026-11-01=7{kept} 2026-11-03=8"));
        Assert.That(await AtAsync(2), Is.EqualTo("2026-11-01=5 2026-11-02=6"));
        Assert.That(
            (await Store.RestatementsAsync(Query(), None)).Select(row => (row.Day.Day, row.Old, row.New, row.Sync)),
            Is.EqualTo(((int, double?, double?, string)[])[(1, 5, 7, "sync 3"), .. replace ? [(2, 6, null, "sync 3")] : Array.Empty<(int, double?, double?, string)>()]));

        Task WriteAsync(int sync) =>
            replace ? Store.ReplaceAsync("mrr", Grain.Day, changed, Sync(sync), None) : Store.WriteAsync(changed, Sync(sync), None);
    }

    [Test]
    public async Task A_change_that_was_interrupted_and_taken_back_has_never_happened()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), None);
        _log.BreaksAfterCommit = true;
        Assert.That(async () => await Store.WriteAsync([Mrr.With(("2026-11-01", 7))], Sync(2), None), Throws.TypeOf<IOException>());
        _log.BreaksAfterCommit = false;

        Assert.That((await Store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(3), None)).Unchanged, Is.EqualTo(1));
        Assert.That(await Store.RestatementsAsync(Query(), None), Is.Empty);
    }

    [Test]
    public async Task A_point_that_was_to_come_back_and_did_not_is_settled_by_the_next_replacement()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), None);
        await Store.DeleteAsync("mrr", Some.Days("2026-11-01..2026-11-01"), Sync(2), None);
        _log.BreaksAfterCommit = true;
        Assert.That(async () => await Store.WriteAsync([Mrr.With(("2026-11-01", 7))], Sync(3), None), Throws.TypeOf<IOException>());
        _log.BreaksAfterCommit = false;

        await Store.ReplaceAsync("mrr", Grain.Day, [], Sync(4), None);
        Assert.That((await Store.RestatementsAsync(Query(), None)).Select(row => row.Sync), Is.EqualTo((string[])["sync 2"]));

        await Store.WriteAsync([Mrr.With(("2026-11-01", 8))], Sync(5), None);
        Assert.That((await Store.ReadAsync(Query(), None)).Single().Points.Single().FirstWritten, Is.EqualTo(Minute(1)));
        Assert.That(await AtAsync(1), Is.EqualTo("2026-11-01=5"));
        Assert.That(await AtAsync(4), Is.Null);
    }

    [Test]
    public async Task Writers_on_clocks_that_differ_leave_changes_in_the_order_in_which_they_happened()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), None);
        await Store.WriteAsync([Mrr.With(("2026-11-01", 2))], Sync(5), None);
        await Store.WriteAsync([Mrr.With(("2026-11-01", 3))], Sync(4), None);

        Assert.That(
            (await Store.RestatementsAsync(Query(), None)).Select(row => (row.Old, row.New)),
            Is.EqualTo(((double?, double?)[])[(1, 2), (2, 3)]));
        Assert.That(await AtAsync(5), Is.EqualTo("2026-11-01=2"));
    }

    [Test]
    public async Task A_line_that_the_server_refuses_is_set_aside_and_the_others_land()
    {
        await Store.ReadAsync(Query(), None);
        Assert.That(Server.Write(DatabaseName, "kpi,grain=day,metric=mrr value=\"text\" 1793577600"), Is.EqualTo(204), "somebody else wrote a text for 2 November");

        // The whole shard has a text for a value now, so the numbers of its year are refused and those of others land.
        var outcome = await Store.WriteAsync([Mrr.With(("2020-06-01", 1), ("2026-11-01", 2), ("2022-06-01", 3))], Sync(1), None);

        Assert.That(outcome, Is.EqualTo(new WriteOutcome(2, 0, 0, 0) { Refused = 1 }));
        Assert.That(await AtAsync(null, "2020-01-01..2025-12-31"), Is.EqualTo("2020-06-01=1 2022-06-01=3"));
    }

    [Test]
    public async Task A_metric_grows_no_more_series_than_are_kept_and_the_dimension_is_named()
    {
        var store = Open(most: 5);
        await store.WriteAsync([.. Enumerable.Range(0, 4).Select(i => Key("mrr", ("customer", $"c{i}"), ("plan", "Pro")).With(("2026-11-01", i)))], Sync(1), None);
        SeriesPoints[] more = [.. Enumerable.Range(3, 3).Select(i => Key("mrr", ("customer", $"c{i}"), ("plan", "Pro")).With(("2026-11-01", 9)))];

        Assert.That(async () => await store.WriteAsync(more, Sync(2), None),
            Throws.TypeOf<CardinalityException>().With.Message.Contains("'mrr'").And.Message.Contains("'customer' has 6 values"));
        Assert.That(async () => await Open(most: 5).WriteAsync(more, Sync(2), None), Throws.TypeOf<CardinalityException>(), "what others wrote counts");
        Assert.That(await store.ReadAsync(Query(cut: ["customer", "plan"]), None), Has.Count.EqualTo(4));
        Assert.That(await store.RestatementsAsync(Query(cut: ["customer", "plan"]), None), Is.Empty);

        Assert.That((await store.ReplaceAsync("mrr", Grain.Day, more, Sync(3), None)).Removed, Is.EqualTo(3), "what goes makes room");
    }

    [Test]
    public async Task A_write_waits_for_a_server_that_restarts()
    {
        using var server = new InfluxServer(authentication);
        server.Start();
        var store = Open(server.AddressOf("kpi"));
        await store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), None);

        server.Stop();
        Assert.That(async () => await store.ReadAsync(Query(), None), Throws.TypeOf<StoreUnreachableException>());
        var write = store.WriteAsync([Mrr.With(("2026-11-01", 2), ("2026-11-02", 3))], Sync(2), None);
        server.Start();

        Assert.That(await write, Is.EqualTo(new WriteOutcome(1, 1, 0, 0)));
        Assert.That((await store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=2 2026-11-02=3"]));
        Assert.That(await store.RestatementsAsync(Query(), None), Has.Count.EqualTo(1));
    }

    /// <summary>Whatever the encoder takes comes back from the server as it was.</summary>
    [Test]
    public void Every_line_that_is_written_comes_back()
    {
        var options = InfluxOptions.Parse(_setting);
        using var client = new InfluxClient(options, TimeProvider.System);
        Store.ReadAsync(Query(), None).GetAwaiter().GetResult();
        var number = 0;
        var texts = ArbMap.Default.ArbFor<string>().Filter(text => text is not null && IsEncoded(text));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(texts, ArbMap.Default.ArbFor<double>().Filter(double.IsFinite), (text, value) =>
        {
            var metric = $"line{++number}";
            var series = new ArrayBufferWriter<byte>();
            LineProtocol.WriteSeries(series, "lines", [KeyValuePair.Create("metric", metric), KeyValuePair.Create("tag", text)]);
            var batch = new LineBatch(1);
            batch.Add(series.WrittenSpan, value, 1.5, -86_400);
            var refused = client.WriteAsync(batch, None).GetAwaiter().GetResult();
            var back = client.SelectAsync(
                new InfluxQuery().Add("SELECT \"value\", \"first\" FROM \"lines\" WHERE ").WhereTag("metric", metric).Add(" GROUP BY \"tag\""), Patience.Page, None)
                .GetAwaiter().GetResult();
            return refused.Count == 0 && back is [{ Tags: [{ Value: var tag }], Points: [var point] }]
                && tag == text && point.Value.Equals(value) && point.Day == new DateOnly(1969, 12, 31);
        }));

        static bool IsEncoded(string text)
        {
            try
            {
                LineProtocol.WriteSeries(new ArrayBufferWriter<byte>(), "lines", [KeyValuePair.Create("tag", text)]);
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    protected override Task<ISeriesStore> OpenEmptyAsync()
    {
        _setting = Server.NewDatabase();
        _database = new ScratchDatabase(Engine.Sqlite);
        return Task.FromResult(Open());
    }

    private ISeriesStore Open(string? setting = null, int most = 10_000)
    {
        var parsed = InfluxOptions.Parse(setting ?? _setting);
        var options = new InfluxOptions { Address = parsed.Address, Database = parsed.Database, Authorization = parsed.Authorization, MostSeries = most };
        var log = new SqlRestatementLog(_database.Database, new FileWorkLock(new StorageOptions { DataFolder = _database.Folder }));
        _log = new BreakingLog(log);
        var store = new InfluxSeriesStore(options, _log, NullLogger<InfluxSeriesStore>.Instance, TimeProvider.System);
        _open.AddRange([log, store]);
        return store;
    }

    private async Task<string?> AtAsync(int? minute, string days = "2026-01-01..2026-12-31") =>
        (await Store.ReadAsync(Query(days: days) with { AsOf = minute is { } at ? Minute(at) : null }, None)).SingleOrDefault()?.Points.Text();

    /// <summary>A log after whose commits the process can end.</summary>
    private sealed class BreakingLog(IRestatementLog log) : IRestatementLog
    {
        public bool BreaksAfterCommit { get; set; }

        public Task<HeldLock> TurnAsync(IReadOnlyCollection<string> metrics, CancellationToken cancellationToken) => log.TurnAsync(metrics, cancellationToken);

        public Task<IReadOnlyList<LoggedChange>> UpToAsync(SeriesQuery query, CancellationToken cancellationToken) => log.UpToAsync(query, cancellationToken);

        public Task<IReadOnlyList<LoggedChange>> AfterAsync(SeriesQuery query, CancellationToken cancellationToken) => log.AfterAsync(query, cancellationToken);

        public Task<IReadOnlyList<LoggedChange>> NewestAsync(string metric, Grain grain, string? cut, Period days, CancellationToken cancellationToken) =>
            log.NewestAsync(metric, grain, cut, days, cancellationToken);

        public async Task CommitAsync(
            IReadOnlyCollection<LoggedChange> corrected, IReadOnlyCollection<LoggedChange> added, CancellationToken cancellationToken)
        {
            await log.CommitAsync(corrected, added, cancellationToken);
            if (BreaksAfterCommit)
                throw new IOException("The process ends here.");
        }

        public Task QuarantineAsync(IReadOnlyCollection<QuarantinedLine> lines, CancellationToken cancellationToken) => log.QuarantineAsync(lines, cancellationToken);

        public Task<IReadOnlyList<SeriesKey>> KeysAsync(CancellationToken cancellationToken) => log.KeysAsync(cancellationToken);

        public Task<IReadOnlyList<LoggedChange>> OfAsync(SeriesKey key, CancellationToken cancellationToken) => log.OfAsync(key, cancellationToken);

        public Task ForgetAsync(IReadOnlyCollection<SeriesKey> keys, CancellationToken cancellationToken) => log.ForgetAsync(keys, cancellationToken);
    }
}
