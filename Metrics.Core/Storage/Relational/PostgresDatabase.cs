using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Dapper;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Npgsql;
using NpgsqlTypes;

namespace Metrics.Core.Storage.Relational;

/// <summary>The operational database on a PostgreSQL server, shared by any number of processes.</summary>
internal sealed partial class PostgresDatabase : Database
{
    /// <summary>How long after having waited in vain nobody waits again, so that pages answer at once while the server is away.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly SemaphoreSlim _migrating = new(1, 1);
    private bool _isCurrent;
    private long? _awaySince;

    /// <param name="address">Such as <c>postgresql://USER:PASSWORD@HOST:PORT/NAME</c>; options of the connection may follow as a query.</param>
    /// <param name="patience">How long a connection is tried for while the server starts again.</param>
    /// <exception cref="StorageSettingException">The address cannot be understood; the message does not repeat its password.</exception>
    public PostgresDatabase(string address, TimeSpan patience, TimeProvider clock)
    {
        var settings = PostgresAddress.Parse(address);
        (_patience, _clock) = (patience, clock);
        _source = NpgsqlDataSource.Create(settings);
        Name = string.Create(CultureInfo.InvariantCulture, $"the PostgreSQL database {settings.Database} on {settings.Host}:{settings.Port}");
    }

    public override string Name { get; }

    /// <summary>Connections for parts that bring tables of their own.</summary>
    public DbDataSource Source => _source;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_isCurrent)
            await MigrateAsync(cancellationToken);
        return await ConnectAsync(cancellationToken);
    }

    public override async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended(current_schema() || ':write', 0))", transaction: transaction, cancellationToken: cancellationToken));
        var result = await work(transaction);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public override string In(string column, string parameter) => $"{column} = any(@{parameter})";

    public override RecordRows RecordRows(DbTransaction transaction, RecordStamp stamp) => new PostgresRecordRows(transaction, stamp);

    public override async IAsyncEnumerable<(string Key, long Version, byte[] Body)> RecordsAsync(
        DbConnection connection, StreamId stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select h.key, h.version, v.body
              from record_head h
              join record_version v on v.id = h.version
             where h.stream = (select id from stream where source = $1 and name = $2) and h.digest is not null
             order by h.version
            """, (NpgsqlConnection)connection)
        {
            Parameters = { new() { Value = stream.Source }, new() { Value = stream.Stream } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            yield return (rows.GetString(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2));
    }

    public override async Task<IReadOnlyList<Table>> TablesAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Table, string Column, string Type, long Place)>(new CommandDefinition("""
            select c.relname, a.attname, format_type(a.atttypid, null), coalesce(array_position(k.conkey, a.attnum), 0)
              from pg_class c
              join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
             where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
             order by c.relname collate "C", a.attnum
            """, cancellationToken: cancellationToken));
        return Table.From(rows);
    }

    public override async Task InsertAsync(
        DbTransaction transaction, Table table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var copy = await ((NpgsqlConnection)transaction.Connection!).BeginBinaryImportAsync(
            $"copy {table.Quoted} ({table.ColumnList}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            foreach (var value in row)
            {
                await (value switch
                {
                    null => copy.WriteNullAsync(cancellationToken),
                    string text => copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken),
                    long number => copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken),
                    double number => copy.WriteAsync(number, NpgsqlDbType.Double, cancellationToken),
                    _ => copy.WriteAsync((byte[])value, NpgsqlDbType.Bytea, cancellationToken),
                });
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    public override async Task ContinueNumbersAsync(DbTransaction transaction, Table table, CancellationToken cancellationToken)
    {
        var numbered = await transaction.Connection!.QueryAsync<string>(new CommandDefinition("""
            select attname
              from pg_attribute
             where attrelid = @name::regclass and attidentity <> '' and not attisdropped
            """, new { name = table.Quoted }, transaction, cancellationToken: cancellationToken));
        foreach (var column in numbered)
        {
            await transaction.ExecuteAsync($"""
                select setval(pg_get_serial_sequence(@name, @column), coalesce((select max({Table.Quote(column)}) from {table.Quoted}), 0) + 1, false)
                """, new { name = table.Quoted, column }, cancellationToken);
        }
    }

    public override void Dispose()
    {
        _source.Dispose();
        _migrating.Dispose();
    }

    /// <summary>
    /// A connection that answers. One from the pool may belong to a server that was restarted since; then the pool is emptied.
    /// </summary>
    internal async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        while (true)
        {
            var connection = _source.CreateConnection();
            try
            {
                await connection.OpenAsync(cancellationToken);
                await connection.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: cancellationToken));
                _awaySince = null;
                return connection;
            }
            catch (Exception away) when (PostgresFault.IsAway(away))
            {
                NpgsqlConnection.ClearPool(connection);
                await connection.DisposeAsync();
                var isImpatient = _awaySince is { } since && _clock.GetElapsedTime(since) < Impatience;
                if (isImpatient || _clock.GetElapsedTime(started) >= _patience)
                {
                    if (!isImpatient)
                        _awaySince = _clock.GetTimestamp();
                    throw new StoreUnreachableException($"{char.ToUpperInvariant(Name[0])}{Name[1..]} cannot be reached.", away);
                }

                await Task.Delay(TryAgainAfter, cancellationToken);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await _migrating.WaitAsync(cancellationToken);
        try
        {
            if (_isCurrent)
                return;

            await using var connection = await ConnectAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Several processes may start at once: the first one migrates, the others find it done.
            await connection.ExecuteAsync(new CommandDefinition("""
                select pg_advisory_xact_lock(hashtextextended(current_schema() || ':migrate', 0));
                create table if not exists migration (number bigint primary key);
                """, transaction: transaction, cancellationToken: cancellationToken));
            var applied = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "select coalesce(max(number), 0) from migration", transaction: transaction, cancellationToken: cancellationToken));
            foreach (var (number, sql) in MigrationsAfter((int)applied))
            {
                await connection.ExecuteAsync(new CommandDefinition(Translate(sql), transaction: transaction, cancellationToken: cancellationToken));
                await connection.ExecuteAsync(new CommandDefinition(
                    "insert into migration (number) values (@number)", new { number = (long)number }, transaction, cancellationToken: cancellationToken));
            }

            await transaction.CommitAsync(cancellationToken);
            _isCurrent = true;
        }
        finally
        {
            _migrating.Release();
        }
    }

    /// <summary>
    /// What SQLite's tables say in its own words: a number that the table gives, rows without a number, and texts that compare byte by
    /// byte.
    /// </summary>
    private static string Translate(string sql) => TextColumn().Replace(
        sql.Replace("integer primary key", "bigint generated by default as identity primary key", StringComparison.Ordinal)
            .Replace(") without rowid;", ");", StringComparison.Ordinal),
        "text collate \"C\"");

    [GeneratedRegex(@"\btext\b", RegexOptions.ExplicitCapture)]
    private static partial Regex TextColumn();
}
