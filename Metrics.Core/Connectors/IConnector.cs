using Metrics.Core.Records;
using Metrics.Core.Workspace;

namespace Metrics.Core.Connectors;

/// <summary>Reads one kind of system as pages of rows. A connector never sees a store.</summary>
public interface IConnector
{
    /// <summary>What <c>connector:</c> of a source names.</summary>
    string Id { get; }

    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>The keys of a stream that only this connector reads.</summary>
    IReadOnlyList<Key> StreamKeys { get; }

    /// <summary>
    /// The pages of a stream after a checkpoint, oldest part last where parts overlap: the first occurrence of a key in a read counts.
    /// No page at all means that nothing changed since the checkpoint.
    /// </summary>
    /// <param name="workspace">Where relative paths start.</param>
    /// <param name="checkpoint">What the last stored page carried; null reads from the start.</param>
    /// <exception cref="ConnectorException">The source said no.</exception>
    IAsyncEnumerable<SourcePage> ReadAsync(WorkspaceFolder workspace, SourceStream stream, string? checkpoint, CancellationToken cancellationToken);
}

/// <summary>Some rows of one part (a file, an endpoint) of a stream.</summary>
public sealed record SourcePage
{
    /// <summary>The file or endpoint, as messages name it.</summary>
    public required string Part { get; init; }

    /// <summary>The part's number in this read, counted from 0.</summary>
    public required int PartNumber { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    public CellFormat Format { get; init; } = new();

    public required IReadOnlyList<SourceRow> Rows { get; init; }

    /// <summary>Rows that could not even be split into cells.</summary>
    public IReadOnlyList<Reject> Rejects { get; init; } = [];

    /// <summary>Where to go on after this page; opaque to everyone but the connector.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Whether a read starts with this page: what pages before it brought belongs to an earlier state of the source.</summary>
    public bool BeginsRead { get; init; }

    /// <summary>
    /// Whether this page ends a read that saw every row of the source, so that rows which were not seen have vanished. It has no rows
    /// of its own: those were stored with the pages before, so that a crash around this one repeats nothing.
    /// </summary>
    public bool CompletesFullRead { get; init; }

    /// <summary>How much of the read is done after this page, 0 to 1; null where nobody knows.</summary>
    public double? Progress { get; init; }
}

/// <summary>The source said no.</summary>
/// <param name="isPermanent">Whether trying again cannot help until somebody changes something, such as a missing column or a revoked key.</param>
public sealed class ConnectorException(string message, bool isPermanent, Exception? inner = null) : Exception(message, inner)
{
    public bool IsPermanent { get; } = isPermanent;
}
