using Dapper;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Relational;

/// <summary>The number that every process on one database looks at.</summary>
internal sealed class SqlDataVersion(Database database) : IDataVersion
{
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select version from data_version where id = 1", cancellationToken: cancellationToken));
    }

    public Task AdvanceAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.NoteChangeAsync(cancellationToken), cancellationToken);
}
