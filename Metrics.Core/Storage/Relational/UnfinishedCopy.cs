using Dapper;

namespace Metrics.Core.Storage.Relational;

/// <summary>
/// The mark of a move that has begun and is not finished, in the database that things are moved to; the table is there only as long as
/// the move goes on, and is never copied.
/// </summary>
internal sealed class UnfinishedCopy(Database database)
{
    public const string TableName = "unfinished_copy";

    /// <summary>What is being moved where, in the words of <see cref="BeginAsync"/>; null where nothing is.</summary>
    public async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await database.TablesAsync(connection, cancellationToken)).Any(table => table.Name == TableName)
            ? await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                $"select what from {TableName} where id = 1", cancellationToken: cancellationToken))
            : null;
    }

    public Task BeginAsync(string what, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.ExecuteAsync($"""
            create table if not exists {TableName} (id bigint primary key, what text not null);
            insert into {TableName} (id, what) values (1, @what);
            """, new { what }, cancellationToken), cancellationToken);

    /// <summary>Takes the mark away, and says that boards may show something else now.</summary>
    /// <param name="source">The database whose data version the new one is greater than.</param>
    public async Task EndAsync(Database source, CancellationToken cancellationToken)
    {
        var before = await new SqlDataVersion(source).ReadAsync(cancellationToken);
        await database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync(
                "update data_version set version = case when version > @before then version else @before end + 1 where id = 1",
                new { before }, cancellationToken);
            await transaction.ExecuteAsync($"drop table {TableName}", null, cancellationToken);
        }, cancellationToken);
    }
}
