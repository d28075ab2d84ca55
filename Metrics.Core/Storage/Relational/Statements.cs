using System.Data.Common;
using Dapper;

namespace Metrics.Core.Storage.Relational;

/// <summary>Statements inside a transaction.</summary>
internal static class Statements
{
    public static Task<int> ExecuteAsync(this DbTransaction transaction, string sql, object? row, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, row, transaction, cancellationToken: cancellationToken));

    public static async Task<T> ScalarAsync<T>(this DbTransaction transaction, string sql, object? row, CancellationToken cancellationToken) =>
        (await transaction.Connection!.ExecuteScalarAsync<T>(new CommandDefinition(sql, row, transaction, cancellationToken: cancellationToken)))!;

    /// <summary>Says, together with the change itself, that boards may show something else now.</summary>
    public static Task NoteChangeAsync(this DbTransaction transaction, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("update data_version set version = version + 1 where id = 1", null, cancellationToken);
}
