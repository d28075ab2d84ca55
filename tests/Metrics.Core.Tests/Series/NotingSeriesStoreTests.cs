using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Sqlite;
using Metrics.Core.Tests.Periods;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Tests.Support;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Series;

public sealed class NotingSeriesStoreTests : SeriesStoreContract
{
    private readonly CountedVersion _version = new();
    private NotingSeriesStore? _store;
    private TempFolder _folder = null!;

    [TearDown]
    public void Close()
    {
        _store?.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Test]
    public async Task Only_what_changes_something_moves_the_data_version()
    {
        var versions = new List<long> { _version.Now };
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1), ("2026-11-02", 2))], Sync(1), None);
        versions.Add(_version.Now);
        await Store.ReplaceAsync("mrr", Metrics.Core.Periods.Grain.Day, [Mrr.With(("2026-11-01", 1))], Sync(2), None);
        versions.Add(_version.Now);
        await Store.DeleteAsync("mrr", Some.Days("2026-11-01..2026-11-01"), Sync(3), None);
        versions.Add(_version.Now);
        Assert.That(versions, Is.Ordered.And.Unique);

        await Store.WriteAsync([], Sync(4), None);
        await Store.DeleteAsync("mrr", Some.Days("2026-11-01..2026-11-01"), Sync(4), None);
        await Store.ReadAsync(Query(), None);
        Assert.That(_version.Now, Is.EqualTo(versions[^1]));
    }

    protected override Task<ISeriesStore> OpenEmptyAsync()
    {
        _folder = new TempFolder();
        return Task.FromResult<ISeriesStore>(_store = new NotingSeriesStore(new SqliteSeriesStore(_folder["series.db"]), _version));
    }

    private sealed class CountedVersion : IDataVersion
    {
        private long _now;

        public long Now => Interlocked.Read(ref _now);

        public Task<long> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Now);

        public Task AdvanceAsync(CancellationToken cancellationToken) => Task.FromResult(Interlocked.Increment(ref _now));
    }
}
