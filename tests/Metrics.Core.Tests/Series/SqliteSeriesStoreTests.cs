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
