using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Relational;

/// <summary>The operational database: opens connections, and brings the tables up to date when it is first used.</summary>
internal sealed class Database : IDisposable
{
    private readonly string _connectionString;

    /// <param name="path">The file; it is created with its tables where it is not there.</param>
    public Database(string path)
    {
        SqliteEngine.Start();
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        Path = path;
        Migrate();
    }

    public string Path { get; }

    /// <summary>One writer at a time in this process; other processes wait on the engine's own lock.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    public void Dispose() => Writing.Dispose();

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000; pragma cache_size = -65536; pragma wal_autocheckpoint = 8192");
        return connection;
    }

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Task.FromResult(Open());
    }

    public async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await Writing.WaitAsync(cancellationToken);
        try
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction();
            var result = await work(transaction);
            transaction.Commit();
            return result;
        }
        finally
        {
            Writing.Release();
        }
    }

    /// <summary>Applies the numbered files that this database has not seen, each in one transaction with its number.</summary>
    private void Migrate()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var applied = connection.ExecuteScalar<int>("pragma user_version", transaction: transaction);
        var migrations = Migrations();
        if (applied > migrations.Count)
            throw new InvalidOperationException($"{Path} was written by a newer version (migration {applied}, this one knows {migrations.Count}). Use that version, or another data folder.");

        for (var number = applied + 1; number <= migrations.Count; number++)
            connection.Execute(migrations[number - 1] + string.Create(CultureInfo.InvariantCulture, $"\npragma user_version = {number};"), transaction: transaction);
        transaction.Commit();
    }

    private static List<string> Migrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith("Metrics.Core.Storage.Relational.Migrations.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return reader.ReadToEnd();
                }),
        ];
    }
}
