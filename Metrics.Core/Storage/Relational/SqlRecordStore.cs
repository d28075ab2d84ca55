using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Metrics.Core.Records;
using Metrics.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Relational;

/// <summary>Record versions, their newest state and what was rejected.</summary>
internal sealed class SqlRecordStore(Database database) : IRecordStore
{
    public async Task<string?> CheckpointAsync(StreamId stream, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select checkpoint from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken));
    }

    public async Task<long> NextMarkAsync(StreamId stream, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return 1 + await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select last_mark from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken));
    }

    public async Task<long> CountAsync(StreamId stream, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select live from stream where source = @Source and name = @Stream", stream, cancellationToken: cancellationToken));
    }

    public Task<AppendOutcome> AppendAsync(
        StreamId stream, ReadMark mark, IReadOnlyList<Record> records, IReadOnlyList<Reject> rejects, string checkpoint,
        DateTimeOffset learnedAt, long sync, CancellationToken cancellationToken) =>
        InTransactionAsync(stream, mark, checkpoint, learnedAt, sync, write =>
        {
            foreach (var record in records)
                write.Append(record);
            foreach (var reject in rejects)
                write.Refuse(reject);
            return new AppendOutcome(write.New, write.Changed, write.Unchanged, write.Conflicts);
        }, cancellationToken);

    public Task<long> CompleteReadAsync(
        StreamId stream, ReadMark mark, string checkpoint, DateTimeOffset learnedAt, long sync, CancellationToken cancellationToken) =>
        InTransactionAsync(stream, mark, checkpoint, learnedAt, sync, write =>
        {
            write.DropOldRejects();
            return write.BuryUnseen();
        }, cancellationToken);

    public async IAsyncEnumerable<StoredRecord> ReadAsync(IReadOnlyCollection<StreamId> streams, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        foreach (var stream in streams)
        {
            await Task.CompletedTask;
            using var rows = new Statement(connection, """
                select h.key, h.version, v.body
                  from record_head h
                  join record_version v on v.id = h.version
                 where h.stream = (select id from stream where source = ?1 and name = ?2) and h.digest is not null
                 order by h.version
                """);
            rows.Bind(1, stream.Source).Bind(2, stream.Stream);
            while (rows.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                // The document's memory is the array that it was parsed from; nothing is pooled, so nothing is disposed.
                var body = JsonDocument.Parse(rows.Utf8(2).ToArray()).RootElement;
                yield return new StoredRecord(stream, rows.Text(0), rows.Long(1), new RecordBody(body));
            }
        }
    }

    public async Task<long> NewestVersionAsync(IReadOnlyCollection<StreamId> streams, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        long newest = 0;
        foreach (var stream in streams)
        {
            newest = Math.Max(newest, await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "select coalesce(max(version), 0) from record_head where stream = (select id from stream where source = @Source and name = @Stream)",
                stream, cancellationToken: cancellationToken)));
        }

        return newest;
    }

    private async Task<T> InTransactionAsync<T>(
        StreamId stream, ReadMark mark, string checkpoint, DateTimeOffset learnedAt, long sync, Func<Writer, T> work, CancellationToken cancellationToken)
    {
        await database.Writing.WaitAsync(cancellationToken);
        try
        {
            using var connection = database.Open();
            using var transaction = connection.BeginTransaction();
            var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition("""
                insert into stream (source, name) values (@Source, @Stream)
                on conflict (source, name) do update set source = excluded.source
                returning id
                """, stream, transaction, cancellationToken: cancellationToken));
            using var write = new Writer(connection, id, mark, learnedAt, sync);
            var result = work(write);
            await connection.ExecuteAsync(new CommandDefinition(
                "update stream set checkpoint = @checkpoint, last_mark = max(last_mark, @Part), live = live + @live where id = @id",
                new { checkpoint, mark.Part, live = write.LiveChange, id }, transaction, cancellationToken: cancellationToken));
            transaction.Commit();
            return result;
        }
        finally
        {
            database.Writing.Release();
        }
    }

    /// <summary>The statements of one page. They run on the engine's handle: a file of a million rows binds them four million times.</summary>
    private sealed class Writer : IDisposable
    {
        private const int MostRemembered = 50_000;

        private readonly Statement _claim;
        private readonly Statement _find;
        private readonly Statement _see;
        private readonly Statement _replace;
        private readonly Statement _version;
        private readonly Statement _refuse;
        private readonly SqliteConnection _connection;
        private readonly ReadMark _mark;
        private readonly long _stream;
        private readonly long _learnedAt;
        private readonly long _sync;
        private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
        private readonly List<Record> _conflicts = [];
        private long _nextVersion;

        public Writer(SqliteConnection connection, long stream, ReadMark mark, DateTimeOffset learnedAt, long sync)
        {
            (_connection, _stream, _mark, _learnedAt, _sync) = (connection, stream, mark, Columns.Micros(learnedAt), sync);
            _nextVersion = 1 + connection.ExecuteScalar<long>("select coalesce(max(id), 0) from record_version");

            _claim = new Statement(connection, "insert into record_head (stream, key, digest, version, seen) values (?1, ?2, ?3, ?4, ?5) on conflict (stream, key) do nothing");
            _find = new Statement(connection, "select digest, seen from record_head where stream = ?1 and key = ?2");
            _see = new Statement(connection, "update record_head set seen = ?3 where stream = ?1 and key = ?2");
            _replace = new Statement(connection, "update record_head set digest = ?3, version = ?4, seen = ?5 where stream = ?1 and key = ?2");
            _version = new Statement(connection, "insert into record_version (id, stream, key, learned_at, sync, body) values (?1, ?2, ?3, ?4, ?5, ?6)");
            _refuse = new Statement(connection, "insert into reject (stream, mark, sync, file, line, column_name, value, reason) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
            _claim.Bind(1, stream).Bind(5, mark.Part);
            _find.Bind(1, stream);
            _see.Bind(1, stream).Bind(3, mark.Part);
            _replace.Bind(1, stream).Bind(5, mark.Part);
            _version.Bind(2, stream).Bind(4, _learnedAt).Bind(5, sync);
            _refuse.Bind(1, stream).Bind(2, mark.Part).Bind(3, sync);
        }

        public long New { get; private set; }

        public long Changed { get; private set; }

        public long Unchanged { get; private set; }

        public long LiveChange { get; private set; }

        public IReadOnlyList<Record> Conflicts => _conflicts;

        public void Append(Record record)
        {
            if (record.Key is { } key)
            {
                if (!TryPlace(key, record, isContent: false))
                    Conflict(key, record);
                return;
            }

            // The same line again in one part is another record: its key is the content and the number of its occurrence.
            var occurrence = _occurrences.GetValueOrDefault(record.Digest) + 1;
            while (!TryPlace(string.Create(CultureInfo.InvariantCulture, $"{record.Digest}#{occurrence}"), record, isContent: true))
                occurrence++;
            if (_occurrences.Count < MostRemembered || _occurrences.ContainsKey(record.Digest))
                _occurrences[record.Digest] = occurrence;
        }

        public void Refuse(Reject reject)
        {
            _refuse.Bind(4, reject.File).Bind(5, reject.Line).Bind(6, reject.Column).Bind(7, reject.Value).Bind(8, reject.Reason);
            _refuse.Run();
            foreach (var key in reject.Keys)
                See(key);
        }

        /// <summary>Only the rejects of the newest complete read are kept; older ones were mended or come again.</summary>
        public void DropOldRejects() =>
            _connection.Execute("delete from reject where stream = @_stream and mark < @Begin", new { _stream, _mark.Begin });

        public long BuryUnseen()
        {
            var unseen = _connection.Query<string>(
                "select key from record_head where stream = @_stream and seen < @Begin and digest is not null", new { _stream, _mark.Begin }).AsList();
            foreach (var key in unseen)
            {
                _replace.Bind(2, key).Bind(3, (string?)null).Bind(4, _nextVersion);
                _replace.Run();
                WriteVersion(key, default);
            }

            LiveChange -= unseen.Count;
            return unseen.Count;
        }

        public void Dispose()
        {
            foreach (var statement in (Statement[])[_claim, _find, _see, _replace, _version, _refuse])
                statement.Dispose();
        }

        private void Conflict(string key, Record record)
        {
            _conflicts.Add(record);
            if (record.Origin is { } origin)
            {
                var shown = key.Replace('\u001F', ' ');
                Refuse(new Reject(
                    origin.File, record.Line, origin.KeyColumns, shown.Length > Reject.LongestValue ? shown[..Reject.LongestValue] : shown,
                    $"the key '{shown}' stands in this file before, with other values; only the first row was taken."));
            }
        }

        /// <summary>False where the key is taken in this part: by another row (content keys), or by one with other content (declared keys).</summary>
        private bool TryPlace(string key, Record record, bool isContent)
        {
            _claim.Bind(2, key).Bind(3, record.Digest).Bind(4, _nextVersion);
            if (_claim.Run() == 1)
            {
                WriteVersion(key, record.Body);
                New++;
                LiveChange++;
                return true;
            }

            _find.Bind(2, key);
            _find.Step();
            var digest = _find.IsNull(0) ? null : _find.Text(0);
            var seen = _find.Long(1);
            _find.Reset();

            var same = digest == record.Digest;
            if (seen >= _mark.Part)
            {
                Unchanged += same && !isContent ? 1 : 0;
                return same && !isContent;
            }

            // An earlier part of this read, a newer file, has spoken for this key already.
            if (seen >= _mark.Begin)
            {
                Unchanged++;
                if (isContent)
                    See(key);
                return true;
            }

            if (same)
            {
                See(key);
                Unchanged++;
                return true;
            }

            _replace.Bind(2, key).Bind(3, record.Digest).Bind(4, _nextVersion);
            _replace.Run();
            WriteVersion(key, record.Body);
            if (digest is null)
            {
                New++;
                LiveChange++;
            }
            else
            {
                Changed++;
            }

            return true;
        }

        private void See(string key)
        {
            _see.Bind(2, key);
            _see.Run();
        }

        private void WriteVersion(string key, ReadOnlyMemory<byte> body)
        {
            _version.Bind(1, _nextVersion++).Bind(3, key);
            if (body.IsEmpty)
                _version.Bind(6, (string?)null);
            else
                _version.Bind(6, body.Span);
            _version.Run();
        }
    }
}
