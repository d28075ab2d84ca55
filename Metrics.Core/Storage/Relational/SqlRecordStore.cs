using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Metrics.Core.Records;

namespace Metrics.Core.Storage.Relational;

/// <summary>Record versions, their newest state and what was rejected.</summary>
internal sealed class SqlRecordStore(Database database) : IRecordStore
{
    public async Task<string?> CheckpointAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select checkpoint from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken));
    }

    public async Task<long> NextMarkAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return 1 + await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select last_mark from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken));
    }

    public async Task<long> CountAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select live from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken));
    }

    public Task<AppendOutcome> AppendAsync(
        StreamId stream, ReadMark mark, IReadOnlyList<Record> records, IReadOnlyList<Reject> rejects, string checkpoint,
        DateTimeOffset learnedAt, long sync, CancellationToken cancellationToken) =>
        InTransactionAsync(stream, mark, checkpoint, learnedAt, sync, records, page =>
        {
            foreach (var record in records)
                page.Append(record);
            foreach (var reject in rejects)
                page.Refuse(reject);
            return Task.FromResult(new AppendOutcome(page.New, page.Changed, page.Unchanged, page.Conflicts));
        }, cancellationToken);

    public Task<long> CompleteReadAsync(
        StreamId stream, ReadMark mark, string checkpoint, DateTimeOffset learnedAt, long sync, CancellationToken cancellationToken) =>
        InTransactionAsync(stream, mark, checkpoint, learnedAt, sync, [], async page =>
        {
            await page.Rows.DropRejectsBeforeAsync(mark.Begin, cancellationToken);
            return page.Bury(await page.Rows.UnseenSinceAsync(mark.Begin, cancellationToken));
        }, cancellationToken);

    public async IAsyncEnumerable<StoredRecord> ReadAsync(IReadOnlyCollection<StreamId> streams, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var stream in streams)
        {
            await foreach (var (key, version, body) in database.RecordsAsync(connection, stream, cancellationToken))
            {
                // The document's memory is the array that it was parsed from; nothing is pooled, so nothing is disposed.
                yield return new StoredRecord(stream, key, version, new RecordBody(JsonDocument.Parse(body).RootElement));
            }
        }
    }

    public async IAsyncEnumerable<RecordChange> ChangesAsync(
        IReadOnlyCollection<StreamId> streams, long since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var numbers = new Dictionary<long, StreamId>();
        foreach (var stream in streams)
        {
            if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
                "select id from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken)) is { } number)
                numbers[number] = stream;
        }

        var rows = connection.QueryUnbufferedAsync<(long Stream, string Key, long Version, string? Body, string? Before)>($"""
            select v.stream, v.key, v.id, v.body, b.body
              from record_version v
              left join record_version b on b.id = v.before
             where v.id > @since and {database.In("v.stream", "streams")}
             order by v.id
            """, new { since, streams = numbers.Keys.ToArray() });
        await foreach (var row in rows.WithCancellation(cancellationToken))
            yield return new RecordChange(numbers[row.Stream], row.Key, row.Version, Parsed(row.Before), Parsed(row.Body));

        static RecordBody? Parsed(string? body) => body is null ? null : new RecordBody(JsonDocument.Parse(body).RootElement);
    }

    public async Task<string?> VersionMarkAsync(long version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select cast(stream as text) || ' ' || key || ' ' || cast(learned_at as text) from record_version where id = @version",
            new { version }, cancellationToken: cancellationToken));
    }

    public async Task<long> NewestVersionAsync(IReadOnlyCollection<StreamId> streams, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        long newest = 0;
        foreach (var stream in streams)
        {
            newest = Math.Max(newest, await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "select newest from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken)));
        }

        return newest;
    }

    private Task<T> InTransactionAsync<T>(
        StreamId stream, ReadMark mark, string checkpoint, DateTimeOffset learnedAt, long sync, IReadOnlyList<Record> records,
        Func<RecordPage, Task<T>> work, CancellationToken cancellationToken) => database.WriteAsync(async transaction =>
    {
        var id = await transaction.ScalarAsync<long>("""
            insert into stream (source, name) values (@Source, @Stream)
            on conflict (source, name) do update set source = excluded.source
            returning id
            """, stream, cancellationToken);
        var next = 1 + await transaction.ScalarAsync<long>("select coalesce(max(id), 0) from record_version", null, cancellationToken);
        await using var rows = database.RecordRows(transaction, new RecordStamp(id, mark.Part, Columns.Micros(learnedAt), sync));
        await rows.PrepareAsync(records, cancellationToken);
        var page = new RecordPage(rows, mark, next);
        var result = await work(page);
        await rows.FlushAsync(cancellationToken);
        await transaction.ExecuteAsync("""
            update stream
               set checkpoint = @checkpoint, last_mark = case when last_mark > @Part then last_mark else @Part end, live = live + @live,
                   newest = coalesce(@Newest, newest)
             where id = @id
            """, new { checkpoint, mark.Part, live = page.LiveChange, page.Newest, id }, cancellationToken);
        return result;
    }, cancellationToken);
}
