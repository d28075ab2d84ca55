using Metrics.Core.Records;
using Metrics.Core.Workspace;

namespace Metrics.Core.Connectors;

/// <summary>Up to which day a successful read of a stream is complete.</summary>
public enum CompleteThrough
{
    /// <summary>The source told all it knew at the moment of reading: every day before the read's day is complete.</summary>
    Read,

    /// <summary>Only the newest day that stands in the data, for exports that run behind.</summary>
    Data,
}

/// <summary>One kind of thing that a source delivers, with how its rows become records.</summary>
/// <param name="Settings">The stream's keys as written, for the connector's own.</param>
/// <param name="Fingerprint">Changes when the definition changes, so that the stream is read anew.</param>
public sealed record SourceStream(StreamId Id, FieldMapping Mapping, CompleteThrough CompleteThrough, YamlMap Settings, string Fingerprint)
{
    public string Name => Id.Stream;
}

/// <summary>One configured system that records come from.</summary>
/// <param name="Schedule">A cron expression in the workspace's zone (seconds first), or null for syncs by hand only.</param>
/// <param name="FreshWithin">How long after a due time the last good sync still counts as current.</param>
public sealed record Source(string Id, string Connector, string? Schedule, TimeSpan FreshWithin, IReadOnlyList<SourceStream> Streams, string File, int Line);
