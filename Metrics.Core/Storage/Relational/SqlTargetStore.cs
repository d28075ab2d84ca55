using System.Data.Common;
using System.Globalization;
using Dapper;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Metrics.Core.Storage.Relational;

/// <summary>The targets that were set on the page.</summary>
internal sealed class SqlTargetStore(Database database) : ITargetStore
{
    public Task AppendAsync(TargetChange change, CancellationToken cancellationToken) => database.WriteAsync(async transaction =>
    {
        await InsertAsync(transaction, change, cancellationToken);
        await transaction.NoteChangeAsync(cancellationToken);
    }, cancellationToken);

    public async Task<IReadOnlyList<TargetChange>> AppendAsync(IReadOnlyCollection<CheckedChange> changes, CancellationToken cancellationToken)
    {
        var refused = new List<TargetChange>();
        await database.WriteAsync(async transaction =>
        {
            // Said first, it keeps every other writer waiting: two people who save at the same moment look one after the other.
            refused.Clear();
            await transaction.NoteChangeAsync(cancellationToken);
            foreach (var (change, seen) in changes)
            {
                var newest = await transaction.ScalarAsync<long?>("""
                    select case when value is null then null else set_at end
                      from target_change
                     where metric = @Metric and version = @Version and grain = @grain and period = @Period and segment = @segment
                     order by id desc
                     limit 1
                    """, new { change.Metric, change.Version, grain = change.Grain.Name(), change.Period, segment = change.Segment.Text }, cancellationToken);
                if (newest == (seen is { } at ? Columns.Micros(at) : null))
                    await InsertAsync(transaction, change, cancellationToken);
                else
                    refused.Add(change);
            }
        }, cancellationToken);
        return refused;
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

    public async Task<IReadOnlyList<TargetChange>> HistoryAsync(TargetHistoryQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            select metric, version, grain, period, segment, value, note, set_by as SetBy, set_at as SetAt
              from target_change
             where (@Metric is null or metric = @Metric)
               and (@Version is null or version = @Version)
               and (@By is null or set_by = @By)
             order by id desc
             limit @Most
            """, query, cancellationToken: cancellationToken));
        return [.. rows.Select(Change)];
    }

    private static Task<int> InsertAsync(DbTransaction transaction, TargetChange change, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("""
            insert into target_change (metric, version, grain, period, segment, value, note, set_by, set_at)
            values (@Metric, @Version, @grain, @Period, @segment, @value, @Note, @By, @at)
            """,
            new
            {
                change.Metric, change.Version, grain = change.Grain.Name(), change.Period, segment = change.Segment.Text,
                value = change.Value?.ToString(CultureInfo.InvariantCulture), change.Note, change.By, at = Columns.Micros(change.At),
            },
            cancellationToken);

    private static TargetChange Change(Row row) => new(
        row.Metric, row.Version, GrainNames.TryParse(row.Grain)!.Value, row.Period, Segment.Parse(row.Segment),
        row.Value is null ? null : decimal.Parse(row.Value, NumberStyles.Number, CultureInfo.InvariantCulture),
        row.Note, row.SetBy, Columns.Moment(row.SetAt));

    private sealed record Row(
        string Metric, string Version, string Grain, string Period, string Segment, string? Value, string? Note, string SetBy, long SetAt);
}
