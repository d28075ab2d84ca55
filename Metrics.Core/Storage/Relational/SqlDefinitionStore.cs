using System.Text.Json;
using Dapper;
using Metrics.Core.Models;

namespace Metrics.Core.Storage.Relational;

/// <summary>The versions of the models' definitions.</summary>
internal sealed class SqlDefinitionStore(Database database) : IDefinitionStore
{
    public async Task<IReadOnlyList<DefinitionVersion>> VersionsAsync(string model, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Number, string? Since, string Choices)>(new CommandDefinition(
            "select number, since, choices from definition_version where model = @model order by number", new { model },
            cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new DefinitionVersion(
                model, (int)row.Number, row.Since is null ? null : Columns.Day(row.Since),
                JsonSerializer.Deserialize<Dictionary<string, string>>(row.Choices)!)),
        ];
    }

    public Task KeepAsync(DefinitionVersion version, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync("""
                insert into definition_version (model, number, since, choices, at) values (@Model, @number, @since, @choices, @at)
                on conflict (model, number) do update set since = excluded.since
                """,
                new
                {
                    version.Model,
                    number = (long)version.Number,
                    since = version.Since is { } day ? Columns.Text(day) : null,
                    choices = JsonSerializer.Serialize(version.Choices),
                    at = Columns.Micros(at),
                }, cancellationToken);
            await transaction.NoteChangeAsync(cancellationToken);
        }, cancellationToken);
}
