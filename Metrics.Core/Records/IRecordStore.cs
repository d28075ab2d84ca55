namespace Metrics.Core.Records;

/// <summary>Names one stream of one source.</summary>
public sealed record StreamId(string Source, string Stream)
{
    public override string ToString() => $"{Source}/{Stream}";
}

/// <summary>One read of one file or page set of a stream: which read it belongs to, and in which order parts of it came.</summary>
/// <param name="Begin">The number that all parts of this read start from; rows marked with less were not seen in it.</param>
/// <param name="Part">This part's number, at least <paramref name="Begin"/>; increases from part to part.</param>
public sealed record ReadMark(long Begin, long Part);

/// <summary>What happened to the records of a page.</summary>
/// <param name="Conflicts">Records whose key stood in the same part before with other content; they were not taken, and are kept as rejects.</param>
public sealed record AppendOutcome(long New, long Changed, long Unchanged, IReadOnlyList<Record> Conflicts);

/// <summary>A record in its newest version.</summary>
/// <param name="Version">Increases with every version that is appended to the store.</param>
public sealed record StoredRecord(StreamId Stream, string Key, long Version, RecordBody Body);

/// <summary>A version that was appended to a record.</summary>
/// <param name="Before">What the record said before; null for a new one.</param>
/// <param name="After">What it says in this version; null where it vanished.</param>
public sealed record RecordChange(StreamId Stream, string Key, long Version, RecordBody? Before, RecordBody? After);

/// <summary>Keeps records as append-only versions by key; a vanished record gets a version that says so.</summary>
public interface IRecordStore
{
    /// <summary>Where the next read of a stream begins: what the connector stored with its last page, or null before the first.</summary>
    Task<string?> CheckpointAsync(StreamId stream, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a page of records with its rejects and checkpoint, all or nothing: after a crash the page is read again, and storing it
    /// twice leaves the store as storing it once. A record whose content is the stored one is only marked as seen, and so is one that a
    /// reject stands for: what a spoilt row said before is kept.
    /// </summary>
    /// <param name="learnedAt">When this sync learned of the page, UTC.</param>
    /// <param name="sync">The sync run that brings it.</param>
    Task<AppendOutcome> AppendAsync(
        StreamId stream, ReadMark mark, IReadOnlyList<Record> records, IReadOnlyList<Reject> rejects, string checkpoint,
        DateTimeOffset learnedAt, long sync, CancellationToken cancellationToken);

    /// <summary>Marks the records that a complete read did not see as vanished, and stores the checkpoint of the complete read; says how many vanished.</summary>
    Task<long> CompleteReadAsync(StreamId stream, ReadMark mark, string checkpoint, DateTimeOffset learnedAt, long sync, CancellationToken cancellationToken);

    /// <summary>The number of records of a stream that have not vanished.</summary>
    Task<long> CountAsync(StreamId stream, CancellationToken cancellationToken);

    /// <summary>A number for the next read that is greater than any used before for this stream.</summary>
    Task<long> NextMarkAsync(StreamId stream, CancellationToken cancellationToken);

    /// <summary>The current records of some streams, stream by stream in the order of their first version.</summary>
    IAsyncEnumerable<StoredRecord> ReadAsync(IReadOnlyCollection<StreamId> streams, CancellationToken cancellationToken);

    /// <summary>
    /// The versions of some streams after one, oldest first; of a record with several all of them, each with the one before it.
    /// </summary>
    IAsyncEnumerable<RecordChange> ChangesAsync(IReadOnlyCollection<StreamId> streams, long since, CancellationToken cancellationToken);

    /// <summary>A text by which a version is known again, in this store and no other; null where it has no such version.</summary>
    Task<string?> VersionMarkAsync(long version, CancellationToken cancellationToken);

    /// <summary>The number of the newest version in some streams, 0 where they are empty: two equal answers mean that nothing was appended between.</summary>
    Task<long> NewestVersionAsync(IReadOnlyCollection<StreamId> streams, CancellationToken cancellationToken);
}
