using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Metrics.Core.Records;
using Metrics.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Relational;

/// <summary>The operational database in one SQLite file.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly string _connectionString;

    // One writer at a time in this process; other processes wait on the engine's own lock.
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <param name="path">The file; it is created with its tables where it is not there.</param>
    public SqliteDatabase(string path)
    {
        SqliteEngine.Start();
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        Name = path;
        Migrate();
    }

    public override string Name { get; }

    public override Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<DbConnection>(Open());
    }

    public override async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
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
            _writing.Release();
        }
    }

    public override string In(string column, string parameter) => $"{column} in @{parameter}";

    public override RecordRows RecordRows(DbTransaction transaction, RecordStamp stamp) => new SqliteRecordRows(transaction, stamp);

    public override async IAsyncEnumerable<(string Key, long Version, byte[] Body)> RecordsAsync(
        DbConnection connection, StreamId stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        using var rows = new Statement((SqliteConnection)connection, """
            select h.key, h.version, v.body
              from record_head h
              join record_version v on v.id = h.version
             where h.stream = (select id from stream where source = ?1 and name = ?2) and h.digest is not null
             order by h.version
            """);
        rows.Bind(1, stream.Source).Bind(2, stream.Stream);
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (rows.Text(0), rows.Long(1), rows.Utf8(2).ToArray());
        }
    }

    public override async Task<IReadOnlyList<Table>> TablesAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Table, string Column, string Type, long Place)>(new CommandDefinition("""
            select t.name, c.name, c.type, c.pk
              from sqlite_master t, pragma_table_info(t.name) c
             where t.type = 'table' and t.name not like 'sqlite@_%' escape '@'
             order by t.name, c.cid
            """, cancellationToken: cancellationToken));
        return Table.From(rows);
    }

    public override async Task InsertAsync(
        DbTransaction transaction, Table table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var insert = transaction.Connection!.CreateCommand();
        insert.Transaction = transaction;
        var names = table.Columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"@v{i}")).ToArray();
        insert.CommandText = $"insert into {table.Quoted} ({table.ColumnList}) values ({string.Join(", ", names)})";
        foreach (var name in names)
            insert.Parameters.Add(new SqliteParameter(name, null));
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++)
                insert.Parameters[i].Value = row[i] ?? DBNull.Value;
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // The engine gives the number after the greatest that is there.
    public override Task ContinueNumbersAsync(DbTransaction transaction, Table table, CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose() => _writing.Dispose();

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000; pragma cache_size = -65536; pragma wal_autocheckpoint = 8192");
        return connection;
    }

    /// <summary>Applies the numbered files that this file has not seen, in one transaction with their number.</summary>
    private void Migrate()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        foreach (var (number, sql) in MigrationsAfter(connection.ExecuteScalar<int>("pragma user_version", transaction: transaction)))
            connection.Execute(sql + string.Create(CultureInfo.InvariantCulture, $"\npragma user_version = {number};"), transaction: transaction);
        transaction.Commit();
    }
}
