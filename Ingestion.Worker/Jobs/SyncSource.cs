using Ingestion.Worker.Pipeline;
using Metrics.Core.Definitions;
using Metrics.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Jobs;

/// <summary>Brings one source and the metrics that it feeds up to date. Safe to run twice and to be cut short.</summary>
public sealed partial class SyncSource(LiveDefinition live, SourceSync sync, ILogger<SyncSource> log)
{
    /// <summary>Whether the source was synced, or is no longer there to be; false means: try again later.</summary>
    public async Task<bool> RunAsync(string source, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindSource(source) is not { } known)
            return true;

        try
        {
            // null: another process is at it, and what it does is as good.
            return await sync.RunAsync(company, known, full: false, progress: null, cancellationToken) is not { Run.Good: false };
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFailed(source, StorageFault.Describe(fault) ?? fault.Message, fault);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sync of {Source} failed: {Reason}")]
    private partial void LogFailed(string source, string reason, Exception fault);
}
