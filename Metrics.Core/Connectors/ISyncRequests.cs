namespace Metrics.Core.Connectors;

/// <summary>Asks the worker for syncs, and tells what it is about to do.</summary>
public interface ISyncRequests
{
    /// <summary>Asks for a sync of a source now and returns at once. While one of the same source runs or waits, nothing is added.</summary>
    void Request(string source);

    /// <summary>Whether a sync of a source runs or waits to run.</summary>
    bool IsRunning(string source);

    /// <summary>The first moment after another at which a source's schedule is due; null where it has no schedule.</summary>
    DateTimeOffset? NextRun(string source, DateTimeOffset after);
}
