using Metrics.Core.Records;

namespace Metrics.Core.Connectors;

public enum SyncOutcome
{
    Running,
    Succeeded,

    /// <summary>Good rows were taken, others rejected.</summary>
    SucceededWithRejects,
    Failed,

    /// <summary>The process ended in the middle; what was stored by then is kept and the next sync goes on from there.</summary>
    Interrupted,
}

/// <summary>What one sync did with one stream, in records.</summary>
/// <param name="CompleteThrough">The first local day that this stream does not cover yet; null before the first good read.</param>
/// <param name="Error">Why the stream could not be read, or null.</param>
/// <param name="ErrorIsTemporary">Whether trying again may help without anybody changing anything.</param>
public sealed record StreamRun(
    string Stream, long Read, long New, long Changed, long Vanished, long Rejected, DateOnly? CompleteThrough, string? Error, bool ErrorIsTemporary = false);

/// <summary>One sync of one source.</summary>
public sealed record SyncRun(
    long Id, string Source, DateTimeOffset Started, DateTimeOffset? Finished, SyncOutcome Outcome, string? Message, IReadOnlyList<StreamRun> Streams)
{
    public bool Good => Outcome is SyncOutcome.Succeeded or SyncOutcome.SucceededWithRejects;
}

/// <summary>Remembers syncs and what they rejected.</summary>
public interface ISourceStore
{
    /// <summary>Notes that a sync of a source began, and gives its number. Runs of the source that never ended become interrupted.</summary>
    Task<long> BeginAsync(string source, DateTimeOffset started, CancellationToken cancellationToken);

    /// <summary>Notes how a sync ended.</summary>
    Task FinishAsync(SyncRun run, CancellationToken cancellationToken);

    /// <summary>The newest runs of a source, newest first.</summary>
    Task<IReadOnlyList<SyncRun>> RunsAsync(string source, int most, CancellationToken cancellationToken);

    /// <summary>The newest good run of a source, or null.</summary>
    Task<SyncRun?> LastGoodAsync(string source, CancellationToken cancellationToken);

    /// <summary>The first local day that the good reads of a stream do not cover yet; null before the first.</summary>
    Task<DateOnly?> CompleteThroughAsync(StreamId stream, CancellationToken cancellationToken);

    /// <summary>The rejects of the newest read of each stream of a source, in the order of reading.</summary>
    Task<IReadOnlyList<(string Stream, Reject Reject)>> RejectsAsync(string source, int most, CancellationToken cancellationToken);

    /// <summary>How many rejects the newest read of each stream of a source left.</summary>
    Task<long> RejectCountAsync(string source, CancellationToken cancellationToken);
}
