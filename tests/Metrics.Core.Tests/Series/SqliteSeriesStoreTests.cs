using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Series;
using Metrics.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Tests.Support;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Series;

public sealed class SqliteSeriesStoreTests : SeriesStoreContract
{
    private readonly List<SqliteSeriesStore> _open = [];
    private TempFolder _folder = null!;

    [TearDown]
    public void Close()
    {
        foreach (var store in _open)
            store.Dispose();
        _open.Clear();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Test]
    public async Task A_file_that_is_opened_again_still_holds_everything()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1), ("2026-11-02", 2))], Sync(1), None);
        await Store.WriteAsync([Mrr.With(("2026-11-02", 3))], Sync(2), None);

        var again = Open();

        Assert.That((await again.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=1 2026-11-02=3"]));
        Assert.That(await again.RestatementsAsync(Query(), None), Has.Count.EqualTo(1));
        Assert.That((await again.ReadAsync(Query() with { AsOf = Minute(1) }, None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=1 2026-11-02=2"]));
    }

    [Test]
    public void A_file_of_a_newer_version_is_refused_in_words_and_left_as_it_is()
    {
        Pragma("pragma user_version = 7");

        Assert.That(Open, Throws.InvalidOperationException.With.Message.Contains(_folder["series.db"]).And.Message.Contains("newer version (schema 7"));
        Assert.That(Pragma("pragma user_version"), Is.EqualTo(7));
    }

    [Test]
    public async Task A_file_of_the_first_version_is_read_and_written_on()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), None);
        Pragma("drop table change; pragma user_version = 1");

        var upgraded = Open();
        await upgraded.WriteAsync([Mrr.With(("2026-11-02", 2))], Sync(2), None);

        Assert.That((await upgraded.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=1 2026-11-02=2"]));
        Assert.That(Pragma("pragma user_version"), Is.EqualTo(2));
    }

    [Test]
    public void What_anybody_writes_is_read_by_everybody_from_then_on() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Writes, writes => AreReadByBothAsync(writes).GetAwaiter().GetResult()));

    [Test]
    public async Task A_cut_of_very_many_segments_is_read_like_any_other()
    {
        await Store.WriteAsync(
            [.. Enumerable.Range(0, SeriesMemory.MostSeries + 1).Select(i => Key("mrr", ("plan", $"P{i}")).With(("2026-11-01", i), ("2026-11-02", i)))], Sync(1), None);

        var found = await Store.ReadAsync(Query(cut: "plan", days: "2026-11-02..2026-11-02"), None);

        Assert.That(found, Has.Count.EqualTo(SeriesMemory.MostSeries + 1));
        Assert.That(found.SelectMany(one => one.Points).Sum(point => point.Value), Is.EqualTo(SeriesMemory.MostSeries * (SeriesMemory.MostSeries + 1) / 2));
    }

    [Test]
    public async Task Whoever_reads_while_others_write_sees_every_write_whole()
    {
        var other = Open();
        var done = false;
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 60; i++)
            {
                var store = i % 2 == 0 ? Store : other;
                await store.WriteAsync([Key("mrr", ("plan", "a")).With(("2026-11-01", i)), Key("mrr", ("plan", "b")).With(("2026-11-01", i))], Sync(i), None);
            }

            Volatile.Write(ref done, true);
        });

        var torn = await Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            var (last, wrong) = (0.0, 0);
            do
            {
                var found = await (reader % 2 == 0 ? Store : other).ReadAsync(Query(cut: "plan"), None);
                double[] values = [.. found.SelectMany(one => one.Points).Select(point => point.Value)];
                wrong += values.Length is not (0 or 2) || values.Distinct().Count() > 1 || values.FirstOrDefault() < last ? 1 : 0;
                last = values.FirstOrDefault();
            }
            while (!Volatile.Read(ref done));
            return wrong;
        })));
        await writing;

        Assert.That(torn, Is.All.Zero);
    }

    private static Arbitrary<(int Store, string Metric, string Plan, int Day, int Value)[]> Writes { get; } = (
        from store in Gen.Choose(0, 1)
        from metric in Gen.Elements("mrr", "arr")
        from plan in Gen.Elements("", "a", "b")
        from day in Gen.Choose(1, 4)
        from value in Gen.Choose(-1, 3)
        select (store, metric, plan, day, value)).ArrayOf().ToArbitrary();

    /// <summary>Writes by two processes, deleting where the value is below 0; both read after each.</summary>
    private async Task<bool> AreReadByBothAsync((int Store, string Metric, string Plan, int Day, int Value)[] writes)
    {
        using var folder = new TempFolder();
        using SqliteSeriesStore one = new(folder["series.db"]), other = new(folder["series.db"]);
        SqliteSeriesStore[] stores = [one, other];
        var model = new SortedDictionary<(string Metric, string Plan, int Day), int>();
        var at = 0;
        foreach (var (store, metric, plan, day, value) in writes)
        {
            var date = new DateOnly(2026, 11, day);
            if (value >= 0)
            {
                model[(metric, plan, day)] = value;
                var key = plan.Length == 0 ? Key(metric) : Key(metric, ("plan", plan));
                await stores[store].WriteAsync([new SeriesPoints(key, [new Point(date, value)])], Sync(++at), None);
            }
            else
            {
                foreach (var gone in model.Keys.Where(key => key.Metric == metric && key.Day == day).ToArray())
                    model.Remove(gone);
                await stores[store].DeleteAsync(metric, new Metrics.Core.Periods.Period(date, date.AddDays(1)), Sync(++at), None);
            }

            foreach (var reader in stores)
            {
                var found = (await reader.ReadAsync(Query() with { Metrics = ["mrr", "arr"], Days = Periods.Some.Days("2026-11-02..2026-11-03") }, None))
                    .Concat(await reader.ReadAsync(Query(cut: "plan") with { Metrics = ["mrr", "arr"], Days = Periods.Some.Days("2026-11-02..2026-11-03") }, None))
                    .SelectMany(series => series.Points, (series, point) => (series.Key.Metric, Plan: series.Key.Segment["plan"] ?? "", point.Day.Day, Value: (int)point.Value))
                    .OrderBy(row => (row.Metric, row.Plan, row.Day));
                if (!found.SequenceEqual(model.Where(row => row.Key.Day is 2 or 3).Select(row => (row.Key.Metric, row.Key.Plan, row.Key.Day, row.Value)).OrderBy(row => (row.Metric, row.Plan, row.Day))))
                    return false;
            }
        }

        return true;
    }

    protected override Task<ISeriesStore> OpenEmptyAsync()
    {
        _folder = new TempFolder();
        return Task.FromResult<ISeriesStore>(Open());
    }

    private SqliteSeriesStore Open()
    {
        var store = new SqliteSeriesStore(_folder["series.db"]);
        _open.Add(store);
        return store;
    }

    private long Pragma(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["series.db"]}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as long? ?? 0;
    }
}
