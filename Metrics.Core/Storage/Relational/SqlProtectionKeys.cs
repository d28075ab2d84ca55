using Dapper;
using Metrics.Core.Access;

namespace Metrics.Core.Storage.Relational;

/// <summary>The keys of cookies and forms.</summary>
internal sealed class SqlProtectionKeys(Database database) : IProtectionKeys
{
    public async Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "select xml from protection_key order by name", cancellationToken: cancellationToken))).AsList();
    }

    public Task AddAsync(string name, string xml, CancellationToken cancellationToken) => database.WriteAsync(transaction => transaction.ExecuteAsync(
        "insert into protection_key (name, xml) values (@name, @xml) on conflict (name) do nothing", new { name, xml }, cancellationToken), cancellationToken);
}
