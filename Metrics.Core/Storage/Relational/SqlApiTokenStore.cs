using System.Text.Json;
using Dapper;
using Metrics.Core.Access;

namespace Metrics.Core.Storage.Relational;

/// <summary>The tokens that let programs in.</summary>
internal sealed class SqlApiTokenStore(Database database) : IApiTokenStore
{
    public Task<ApiToken?> AddAsync(string name, IReadOnlyList<string> writes, byte[] digest, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            var id = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition("""
                insert into api_token (id, name, writes, digest, created_at)
                select coalesce(max(id), 0) + 1, @name, @writes, @digest, @at
                  from api_token
                having coalesce(sum(case when name = @name and revoked_at is null then 1 else 0 end), 0) = 0
                returning id
                """,
                new { name, writes = JsonSerializer.Serialize(writes), digest = Convert.ToHexStringLower(digest), at = Columns.Micros(at) },
                transaction, cancellationToken: cancellationToken));
            return id is { } made ? new ApiToken(made, name, writes, at, null, null) : null;
        }, cancellationToken);

    public async Task<IReadOnlyList<ApiToken>> AllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            select id, name, writes, digest, created_at as CreatedAt, last_used_at as LastUsedAt, revoked_at as RevokedAt
              from api_token
             order by id
            """, cancellationToken: cancellationToken));
        return [.. rows.Select(Token)];
    }

    public async Task<IReadOnlyList<TokenDigest>> InForceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            select id, name, writes, digest, created_at as CreatedAt, last_used_at as LastUsedAt, revoked_at as RevokedAt
              from api_token
             where revoked_at is null
             order by id
            """, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new TokenDigest(Token(row), Convert.FromHexString(row.Digest)))];
    }

    public Task<bool> RevokeAsync(long id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction => await transaction.ExecuteAsync(
            "update api_token set revoked_at = @at where id = @id and revoked_at is null", new { id, at = Columns.Micros(at) }, cancellationToken) > 0,
            cancellationToken);

    public Task UsedAsync(long id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.ExecuteAsync(
            "update api_token set last_used_at = @at where id = @id", new { id, at = Columns.Micros(at) }, cancellationToken), cancellationToken);

    private static ApiToken Token(Row row) => new(
        row.Id, row.Name, JsonSerializer.Deserialize<string[]>(row.Writes)!, Columns.Moment(row.CreatedAt),
        row.LastUsedAt is { } used ? Columns.Moment(used) : null, row.RevokedAt is { } revoked ? Columns.Moment(revoked) : null);

    private sealed record Row(long Id, string Name, string Writes, string Digest, long CreatedAt, long? LastUsedAt, long? RevokedAt);
}
