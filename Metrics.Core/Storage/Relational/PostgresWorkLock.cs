using Dapper;
using Metrics.Core.Connectors;
using Npgsql;

namespace Metrics.Core.Storage.Relational;

/// <summary>
/// An advisory lock of the server, held by a connection of its own: the server lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class PostgresWorkLock(PostgresDatabase database, TimeProvider clock) : IWorkLock
{
    public async Task<HeldLock?> TryTakeAsync(string name, CancellationToken cancellationToken)
    {
        var connection = await database.ConnectAsync(cancellationToken);
        try
        {
            var taken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "select pg_try_advisory_lock(hashtextextended(current_schema() || ':lock:' || @name, 0))", new { name }, cancellationToken: cancellationToken));
            if (taken)
                return new ConnectionHeld(connection, name, clock);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public async Task<bool> IsHeldAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            select exists (
                select 1
                  from pg_locks
                 where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
                   and (classid::bigint << 32 | objid::bigint) = hashtextextended(current_schema() || ':lock:' || @name, 0))
            """, new { name }, cancellationToken: cancellationToken));
    }

    private sealed class ConnectionHeld : HeldLock
    {
        private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);

        private readonly NpgsqlConnection _connection;
        private readonly string _name;
        private readonly CancellationTokenSource _lost = new();
        private readonly CancellationTokenSource _done = new();
        private readonly Task _watching;

        public ConnectionHeld(NpgsqlConnection connection, string name, TimeProvider clock)
        {
            (_connection, _name) = (connection, name);
            _watching = WatchAsync(clock);
        }

        public override CancellationToken Lost => _lost.Token;

        public override async ValueTask DisposeAsync()
        {
            await _done.CancelAsync();
            await _watching;
            try
            {
                // A connection that goes back to the pool would keep the lock.
                if (!_lost.IsCancellationRequested)
                    await _connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended(current_schema() || ':lock:' || @_name, 0))", new { _name });
            }
            catch (NpgsqlException)
            {
                // Gone, and the lock with it.
            }

            await _connection.DisposeAsync();
            _lost.Dispose();
            _done.Dispose();
        }

        /// <summary>Asks the connection now and then whether it is still there.</summary>
        private async Task WatchAsync(TimeProvider clock)
        {
            try
            {
                while (true)
                {
                    await Task.Delay(LookAfter, clock, _done.Token);
                    await _connection.ExecuteAsync("select 1");
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (NpgsqlException)
            {
                await _lost.CancelAsync();
            }
        }
    }
}
