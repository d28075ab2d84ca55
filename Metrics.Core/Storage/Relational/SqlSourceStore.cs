using Dapper;
using Metrics.Core.Connectors;
using Metrics.Core.Records;

namespace Metrics.Core.Storage.Relational;

/// <summary>Syncs, what each did with its streams, and what was rejected.</summary>
internal sealed class SqlSourceStore(Database database) : ISourceStore
{
    private const string Good = "('Succeeded', 'SucceededWithRejects')";

    public Task<long> BeginAsync(string source, DateTimeOffset started, CancellationToken cancellationToken) => database.WriteAsync(async transaction =>
    {
        var row = new { source, at = Columns.Micros(started) };
        await transaction.ExecuteAsync("""
            update sync_run
               set outcome = 'Interrupted', finished = @at,
                   message = 'The process ended in the middle. What was stored by then is kept; the next sync goes on from there.'
             where source = @source and outcome = 'Running'
            """, row, cancellationToken);
        return await transaction.ScalarAsync<long>(
            "insert into sync_run (source, started, outcome) values (@source, @at, 'Running') returning id", row, cancellationToken);
    }, cancellationToken);

    public Task FinishAsync(SyncRun run, CancellationToken cancellationToken) => database.WriteAsync(async transaction =>
    {
        await transaction.ExecuteAsync(
            "update sync_run set finished = @finished, outcome = @outcome, message = @Message where id = @Id",
            new { finished = run.Finished is { } at ? Columns.Micros(at) : (long?)null, outcome = run.Outcome.ToString(), run.Message, run.Id },
            cancellationToken);
        foreach (var (place, stream) in run.Streams.Index())
        {
            await transaction.ExecuteAsync("""
                insert into sync_stream (
                    run, place, stream, rows_read, rows_new, rows_changed, rows_vanished, rows_rejected, complete_through, error,
                    error_is_temporary)
                values (@Id, @place, @Stream, @Read, @New, @Changed, @Vanished, @Rejected, @completeThrough, @Error, @isTemporary)
                """,
                new
                {
                    run.Id, place = (long)place, stream.Stream, stream.Read, stream.New, stream.Changed, stream.Vanished, stream.Rejected, stream.Error,
                    isTemporary = stream.ErrorIsTemporary ? 1L : 0,
                    completeThrough = stream.CompleteThrough is { } day ? Columns.Text(day) : null,
                },
                cancellationToken);
        }

        // Boards say which source fails.
        await transaction.NoteChangeAsync(cancellationToken);
    }, cancellationToken);

    public Task<IReadOnlyList<SyncRun>> RunsAsync(string source, int most, CancellationToken cancellationToken) =>
        QueryAsync("where source = @source order by id desc limit @most", source, most, cancellationToken);

    public async Task<SyncRun?> LastGoodAsync(string source, CancellationToken cancellationToken) =>
        (await QueryAsync($"where source = @source and outcome in {Good} order by id desc limit 1", source, 1, cancellationToken)) is [var run] ? run : null;

    public async Task<DateOnly?> CompleteThroughAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var text = await connection.ExecuteScalarAsync<string?>(new CommandDefinition("""
            select max(s.complete_through)
              from sync_stream s
              join sync_run r on r.id = s.run
             where r.source = @Source and s.stream = @Stream and s.error is null
            """, stream, cancellationToken: cancellationToken));
        return text is null ? null : Columns.Day(text);
    }

    public async Task<IReadOnlyList<(string Stream, Reject Reject)>> RejectsAsync(string source, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Stream, string File, long Line, string? Column, string? Value, string Reason)>(new CommandDefinition("""
            select s.name, r.file, r.line, r.column_name, r.value, r.reason
              from reject r
              join stream s on s.id = r.stream
             where s.source = @source
             order by r.id
             limit @most
            """, new { source, most }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => (row.Stream, new Reject(row.File, row.Line, row.Column, row.Value, row.Reason)))];
    }

    public async Task<long> RejectCountAsync(string source, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from reject r join stream s on s.id = r.stream where s.source = @source", new { source }, cancellationToken: cancellationToken));
    }

    private async Task<IReadOnlyList<SyncRun>> QueryAsync(string filter, string source, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var runs = (await connection.QueryAsync<(long Id, string Source, long Started, long? Finished, string Outcome, string? Message)>(new CommandDefinition(
            "select id, source, started, finished, outcome, message from sync_run " + filter, new { source, most }, cancellationToken: cancellationToken))).AsList();
        var streams = (await connection.QueryAsync<(long Run, string Stream, long Read, long New, long Changed, long Vanished, long Rejected, string? Through, string? Error, long IsTemporary)>(new CommandDefinition($"""
            select run, stream, rows_read, rows_new, rows_changed, rows_vanished, rows_rejected, complete_through, error, error_is_temporary
              from sync_stream
             where {database.In("run", "runs")}
             order by place, stream
            """, new { runs = runs.Select(run => run.Id).ToArray() }, cancellationToken: cancellationToken))).ToLookup(stream => stream.Run);
        return
        [
            .. runs.Select(run => new SyncRun(
                run.Id, run.Source, Columns.Moment(run.Started), run.Finished is { } finished ? Columns.Moment(finished) : null,
                Enum.Parse<SyncOutcome>(run.Outcome), run.Message,
                [
                    .. streams[run.Id].Select(stream => new StreamRun(
                        stream.Stream, stream.Read, stream.New, stream.Changed, stream.Vanished, stream.Rejected,
                        stream.Through is { } day ? Columns.Day(day) : null, stream.Error, stream.IsTemporary != 0)),
                ])),
        ];
    }
}
