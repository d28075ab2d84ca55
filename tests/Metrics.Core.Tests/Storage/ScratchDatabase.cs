using Metrics.Core.Storage.Relational;
using Microsoft.Data.Sqlite;
using Tests.Support;
using Tests.Support.Servers;

namespace Metrics.Core.Tests.Storage;

/// <summary>The engines that everything but points is kept on.</summary>
public enum Engine
{
    Sqlite,
    Postgres,
}

/// <summary>An empty operational database of one engine, gone when disposed.</summary>
internal sealed class ScratchDatabase : IDisposable
{
    private readonly TempFolder _folder = new();

    public ScratchDatabase(Engine engine)
    {
        (Engine, Address) = (engine, engine == Engine.Postgres ? PostgresServer.Shared.NewDatabase() : null);
        Database = Open();
    }

    public Engine Engine { get; }

    /// <summary>The server's address; null for the file.</summary>
    public string? Address { get; }

    public Database Database { get; }

    public string Folder => _folder.Path;

    /// <summary>The same database again, as another process would open it.</summary>
    public Database Open() => Address is null ? new SqliteDatabase(_folder["kpi.db"]) : new PostgresDatabase(Address, TimeSpan.FromSeconds(10), TimeProvider.System);

    public void Dispose()
    {
        Database.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
