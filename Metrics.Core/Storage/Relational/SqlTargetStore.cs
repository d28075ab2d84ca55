using System.Globalization;
using Dapper;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Metrics.Core.Storage.Relational;

/// <summary>The targets that were set on the page.</summary>
internal sealed class SqlTargetStore(Database database) : ITargetStore
{
    public Task AppendAsync(TargetChange change, CancellationToken cancellationToken)
    {
        var row = new
        {
            change.Metric, change.Version, grain = change.Grain.Name(), change.Period, segment = change.Segment.Text,
            value = change.Value?.ToString(CultureInfo.InvariantCulture), change.Note, change.By, at = Columns.Micros(change.At),
        };
        return database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync("""
                insert into target_change (metric, version, grain, period, segment, value, note, set_by, set_at)
                values (@Metric, @Version, @grain, @Period, @segment, @value, @Note, @By, @at)
                """, row, cancellationToken);
            await transaction.NoteChangeAsync(cancellationToken);
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<TargetChange>> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            select metric, version, grain, period, segment, value, note, set_by as SetBy, set_at as SetAt
              from target_change
             where value is not null
               and id in (select max(id) from target_change group by metric, version, grain, period, segment)
             order by id
            """, cancellationToken: cancellationToken));
        return [.. rows.Select(Change)];
    }

    public async Task<IReadOnlyList<TargetChange>> HistoryAsync(string metric, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            select metric, version, grain, period, segment, value, note, set_by as SetBy, set_at as SetAt
              from target_change
             where metric = @metric
             order by id desc
            """, new { metric }, cancellationToken: cancellationToken));
        return [.. rows.Select(Change)];
    }

    private static TargetChange Change(Row row) => new(
        row.Metric, row.Version, GrainNames.TryParse(row.Grain)!.Value, row.Period, Segment.Parse(row.Segment),
        row.Value is null ? null : decimal.Parse(row.Value, NumberStyles.Number, CultureInfo.InvariantCulture),
        row.Note, row.SetBy, Columns.Moment(row.SetAt));

    private sealed record Row(
        string Metric, string Version, string Grain, string Period, string Segment, string? Value, string? Note, string SetBy, long SetAt);
}
