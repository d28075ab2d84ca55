using Metrics.Core.Series;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Storage;
using Metrics.Core.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Tests.Support.Servers;

namespace Metrics.Core.Tests.Series;

[TestFixture(false)]
[TestFixture(true)]
public sealed class InfluxSeriesStoreTests(bool authentication) : SeriesStoreContract
{
    private readonly List<IDisposable> _open = [];

    protected override (string First, string Last) Days => ("1678-01-01", "2261-12-31");

    [TearDown]
    public void Close()
    {
        foreach (var one in Enumerable.Reverse(_open))
            one.Dispose();
        _open.Clear();
    }

    protected override Task<ISeriesStore> OpenEmptyAsync()
    {
        var options = InfluxOptions.Parse(InfluxServer.Shared(authentication).NewDatabase());
        var database = new ScratchDatabase(Engine.Sqlite);
        var log = new SqlRestatementLog(database.Database, new FileWorkLock(new StorageOptions { DataFolder = database.Folder }));
        var store = new InfluxSeriesStore(options, log, NullLogger<InfluxSeriesStore>.Instance, TimeProvider.System);
        _open.AddRange([database, log, store]);
        return Task.FromResult<ISeriesStore>(store);
    }
}
