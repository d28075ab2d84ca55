using System.Data.Common;
using System.Globalization;
using Dapper;
using Metrics.Core.Records;
using Npgsql;
using NpgsqlTypes;

namespace Metrics.Core.Storage.Relational;

/// <summary>
/// The rows of a page on a PostgreSQL server: what is known of the page's keys is read at once, what the page does to them is kept here,
/// and written at once in the end.
/// </summary>
internal sealed class PostgresRecordRows(DbTransaction transaction, RecordStamp stamp) : RecordRows(transaction, stamp)
{
    /// <summary>How many further occurrences of one line are looked up at once.</summary>
    private const int OccurrencesAtOnce = 256;

    private readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Key, ReadOnlyMemory<byte> Body, long? Before)> _versions = [];
    private readonly List<Reject> _rejects = [];

    public override async Task PrepareAsync(IReadOnlyList<Record> records, CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(records.Count, StringComparer.Ordinal);
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            if (record?.Key is { } key)
                keys.Add(Storable(key));
            else if (record is not null)
                keys.Add(RecordPage.KeyOf(record.Digest, occurrences[record.Digest] = occurrences.GetValueOrDefault(record.Digest) + 1));
        }

        var found = await Transaction.Connection!.QueryAsync<(string Key, string? Digest, long Version, long Seen)>(new CommandDefinition(
            Select, new { Stamp.Stream, keys = keys.ToArray() }, Transaction, cancellationToken: cancellationToken));
        Know(keys, found);
    }

    public override bool TryClaim(string key, string digest, long version)
    {
        key = Storable(key);
        if (HeadOf(key).IsStored)
            return false;

        _heads[key] = new Head(digest, version, Stamp.Part, IsStored: true, IsChanged: true, IsFresh: true);
        return true;
    }

    public override (string? Digest, long Seen, long Version) Find(string key)
    {
        var head = HeadOf(Storable(key));
        return (head.Digest, head.Seen, head.Version);
    }

    public override void See(string key)
    {
        key = Storable(key);
        if (HeadOf(key) is { IsStored: true } head)
            _heads[key] = head with { Seen = Stamp.Part, IsChanged = true };
    }

    public override void Replace(string key, string? digest, long version)
    {
        key = Storable(key);
        _heads[key] = new Head(digest, version, Stamp.Part, IsStored: true, IsChanged: true, HeadOf(key).IsFresh);
    }

    public override void AddVersion(long version, string key, ReadOnlyMemory<byte> body, long? before) =>
        _versions.Add((version, Storable(key), body, before));

    public override void AddReject(Reject reject) => _rejects.Add(reject);

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await FlushVersionsAsync(cancellationToken);
        await FlushFreshHeadsAsync(cancellationToken);
        KeyValuePair<string, Head>[] changed = [.. _heads.Where(head => head.Value is { IsChanged: true, IsFresh: false })];
        if (changed.Length > 0)
        {
            await Transaction.ExecuteAsync("""
                update record_head h
                   set digest = changed.digest, version = changed.version, seen = @Part
                  from unnest(@keys, @digests, @versions) as changed (key, digest, version)
                 where h.stream = @Stream and h.key = changed.key
                """,
                new
                {
                    Stamp.Stream, Stamp.Part, keys = changed.Select(head => head.Key).ToArray(),
                    digests = changed.Select(head => head.Value.Digest).ToArray(), versions = changed.Select(head => head.Value.Version).ToArray(),
                },
                cancellationToken);
        }

        foreach (var reject in _rejects)
        {
            await Transaction.ExecuteAsync("""
                insert into reject (stream, mark, sync, file, line, column_name, value, reason)
                values (@Stream, @Part, @Sync, @file, @Line, @column, @value, @reason)
                """,
                new
                {
                    Stamp.Stream, Stamp.Part, Stamp.Sync, file = Storable(reject.File), Line = (long)reject.Line, column = Storable(reject.Column),
                    value = Storable(reject.Value), reason = Storable(reject.Reason),
                },
                cancellationToken);
        }
    }

    private const string Select = "select key, digest, version, seen from record_head where stream = @Stream and key = any(@keys)";

    private async Task FlushVersionsAsync(CancellationToken cancellationToken)
    {
        if (_versions.Count == 0)
            return;

        var connection = (NpgsqlConnection)Transaction.Connection!;
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy record_version (id, stream, key, learned_at, sync, body, before) from stdin (format binary)", cancellationToken);
        foreach (var (version, key, body, before) in _versions)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(Stamp.Stream, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(key, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(Stamp.LearnedAt, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(Stamp.Sync, NpgsqlDbType.Bigint, cancellationToken);
            if (body.IsEmpty)
                await copy.WriteNullAsync(cancellationToken);
            else
                await copy.WriteAsync(body, NpgsqlDbType.Text, cancellationToken);
            if (before is { } replaced)
                await copy.WriteAsync(replaced, NpgsqlDbType.Bigint, cancellationToken);
            else
                await copy.WriteNullAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private async Task FlushFreshHeadsAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<string, Head>[] fresh = [.. _heads.Where(head => head.Value.IsFresh)];
        if (fresh.Length == 0)
            return;

        var connection = (NpgsqlConnection)Transaction.Connection!;
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy record_head (stream, key, digest, version, seen) from stdin (format binary)", cancellationToken);
        foreach (var (key, head) in fresh)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(Stamp.Stream, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(key, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(head.Digest, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(head.Version, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(head.Seen, NpgsqlDbType.Bigint, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private Head HeadOf(string key)
    {
        if (_heads.TryGetValue(key, out var head))
            return head;

        // A key that the page did not announce: a row that was rejected, or a line that stood in the file more often before.
        string[] keys = key.LastIndexOf('#') is > 0 and var mark && int.TryParse(key.AsSpan(mark + 1), CultureInfo.InvariantCulture, out var occurrence)
            ?
            [
                key,
                .. Enumerable.Range(occurrence + 1, OccurrencesAtOnce).Select(next => RecordPage.KeyOf(key[..mark], next)).Where(next => !_heads.ContainsKey(next)),
            ]
            : [key];
        Know(keys, Transaction.Connection!.Query<(string, string?, long, long)>(Select, new { Stamp.Stream, keys }, Transaction));
        return _heads[key];
    }

    private void Know(IEnumerable<string> keys, IEnumerable<(string Key, string? Digest, long Version, long Seen)> found)
    {
        foreach (var key in keys)
            _heads[key] = default;
        foreach (var (key, digest, version, seen) in found)
            _heads[key] = new Head(digest, version, seen, IsStored: true, IsChanged: false, IsFresh: false);
    }

    /// <summary>A text that the server can hold: it knows no NUL.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Storable(string? text) =>
        text is not null && text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;

    /// <summary>What is known of a key.</summary>
    /// <param name="IsFresh">Claimed by this page: the server does not have it yet.</param>
    private readonly record struct Head(string? Digest, long Version, long Seen, bool IsStored, bool IsChanged, bool IsFresh);
}
