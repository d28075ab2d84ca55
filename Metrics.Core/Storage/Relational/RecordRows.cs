using System.Data.Common;
using Dapper;
using Metrics.Core.Records;

namespace Metrics.Core.Storage.Relational;

/// <summary>What all rows of one page carry.</summary>
/// <param name="Stream">The number of the stream.</param>
/// <param name="Part">The part of the read that the page belongs to; rows that it meets are marked with it.</param>
internal sealed record RecordStamp(long Stream, long Part, long LearnedAt, long Sync);

/// <summary>
/// The rows that one page of records reads and writes, inside its transaction. A file of a million records asks a few million times, so
/// each engine does it in its own fastest way; what is decided about a record is the same: <see cref="RecordPage"/>.
/// </summary>
internal abstract class RecordRows(DbTransaction transaction, RecordStamp stamp) : IAsyncDisposable
{
    protected DbTransaction Transaction { get; } = transaction;

    protected RecordStamp Stamp { get; } = stamp;

    /// <summary>Says which records will be asked for.</summary>
    public virtual Task PrepareAsync(IReadOnlyList<Record> records, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes a key that no record of the stream has; false where one has it.</summary>
    public abstract bool TryClaim(string key, string digest, long version);

    /// <summary>
    /// What is known of a key that is taken: the digest of its content, null where it vanished, the part that saw it last, and its
    /// newest version.
    /// </summary>
    public abstract (string? Digest, long Seen, long Version) Find(string key);

    /// <summary>Notes that this part has seen a key; one that is not taken is passed over.</summary>
    public abstract void See(string key);

    /// <summary>Gives a key new content; null: it vanished.</summary>
    public abstract void Replace(string key, string? digest, long version);

    /// <summary>Appends a version; without a body it says that the record vanished.</summary>
    /// <param name="before">The version that it takes the place of; null for the first one of a key.</param>
    public abstract void AddVersion(long version, string key, ReadOnlyMemory<byte> body, long? before);

    public abstract void AddReject(Reject reject);

    /// <summary>Writes what was not written yet.</summary>
    public virtual Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DropRejectsBeforeAsync(long mark, CancellationToken cancellationToken) =>
        Transaction.ExecuteAsync("delete from reject where stream = @Stream and mark < @mark", new { Stamp.Stream, mark }, cancellationToken);

    /// <summary>The keys of the stream that are there and were last seen before a mark.</summary>
    public async Task<IReadOnlyList<string>> UnseenSinceAsync(long mark, CancellationToken cancellationToken) =>
        (await Transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select key from record_head where stream = @Stream and seen < @mark and digest is not null order by version",
            new { Stamp.Stream, mark }, Transaction, cancellationToken: cancellationToken))).AsList();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
