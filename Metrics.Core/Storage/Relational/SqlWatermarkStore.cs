using System.Text.Json;
using Dapper;
using Metrics.Core.Models;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Relational;

/// <summary>How far each metric has come, and what each model last computed from.</summary>
internal sealed class SqlWatermarkStore(Database database) : IWatermarkStore, IModelStateStore
{
    public Task AdvanceAsync(IReadOnlyCollection<Watermark> watermarks, CancellationToken cancellationToken) => database.WriteAsync(async transaction =>
    {
        foreach (var watermark in watermarks)
        {
            var row = new { watermark.Metric, from = Columns.Text(watermark.DataFrom), through = Columns.Text(watermark.CompleteThrough), at = Columns.Micros(watermark.At) };
            await transaction.ExecuteAsync("""
                insert into watermark (metric, data_from, complete_through, at)
                select @Metric, @from, @through, @at
                 where not exists (
                    select 1 from (select data_from, complete_through from watermark where metric = @Metric order by at desc limit 1) newest
                     where newest.data_from = @from and newest.complete_through = @through)
                on conflict (metric, at) do update set data_from = excluded.data_from, complete_through = excluded.complete_through
                """, row, cancellationToken);
            await transaction.ExecuteAsync("""
                insert into metric_freshness (metric, as_of) values (@Metric, @at)
                on conflict (metric) do update set as_of = excluded.as_of
                """, row, cancellationToken);
        }

        await transaction.NoteChangeAsync(cancellationToken);
    }, cancellationToken);

    public async Task<IReadOnlyDictionary<string, MetricProgress>> ReadAsync(IReadOnlyCollection<string> metrics, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var limit = asOf is { } moment ? Columns.Micros(moment) : long.MaxValue;
        var rows = await connection.QueryAsync<(string Metric, string From, string Through, long At, long AsOf)>(new CommandDefinition($"""
            select w.metric, w.data_from, w.complete_through, w.at, f.as_of
              from watermark w
              join metric_freshness f on f.metric = w.metric
             where {database.In("w.metric", "metrics")} and w.at <= @limit
             order by w.metric, w.at
            """, new { metrics = metrics.ToArray(), limit }, cancellationToken: cancellationToken));
        return rows.GroupBy(row => row.Metric).ToDictionary(group => group.Key, group => new MetricProgress(
            [.. group.Select(row => new Watermark(row.Metric, Columns.Day(row.From), Columns.Day(row.Through), Columns.Moment(row.At)))],
            Columns.Moment(Math.Min(limit, group.First().AsOf))));
    }

    public async Task<string?> InputsAsync(string model, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select inputs from model_state where model = @model", new { model }, cancellationToken: cancellationToken));
    }

    public Task SetInputsAsync(string model, string inputs, CancellationToken cancellationToken) =>
        WriteAsync("""
            insert into model_state (model, inputs) values (@model, @inputs)
            on conflict (model) do update set inputs = excluded.inputs, fault = null
            """, new { model, inputs }, cancellationToken);

    public Task SetFaultAsync(string model, string fault, CancellationToken cancellationToken) =>
        WriteAsync("""
            insert into model_state (model, inputs, fault) values (@model, '', @fault)
            on conflict (model) do update set fault = excluded.fault
            """, new { model, fault }, cancellationToken);

    public Task SetWarningsAsync(string model, IReadOnlyList<DataWarning> warnings, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            var known = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
                "select body from model_warning where model = @model order by number", new { model }, transaction, cancellationToken: cancellationToken));
            string[] found = [.. warnings.Select(warning => JsonSerializer.Serialize(warning))];
            if (known.SequenceEqual(found))
                return;

            await transaction.ExecuteAsync("delete from model_warning where model = @model", new { model }, cancellationToken);
            for (var number = 0; number < found.Length; number++)
            {
                await transaction.ExecuteAsync(
                    "insert into model_warning (model, number, body) values (@model, @number, @body)",
                    new { model, number = (long)number, body = found[number] }, cancellationToken);
            }

            await transaction.NoteChangeAsync(cancellationToken);
        }, cancellationToken);

    public async Task<IReadOnlyList<DataWarning>> WarningsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var bodies = await connection.QueryAsync<string>(new CommandDefinition(
            "select body from model_warning order by model, number", cancellationToken: cancellationToken));
        return [.. bodies.Select(body => JsonSerializer.Deserialize<DataWarning>(body)!)];
    }

    public async Task<IReadOnlyDictionary<string, string>> FaultsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Model, string Fault)>(new CommandDefinition(
            "select model, fault from model_state where fault is not null order by model", cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Model, row => row.Fault);
    }

    private Task WriteAsync(string sql, object row, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.ExecuteAsync(sql, row, cancellationToken), cancellationToken);
}
