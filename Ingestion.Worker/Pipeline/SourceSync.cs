using Metrics.Core.Connectors;
using Metrics.Core.Definitions;

namespace Ingestion.Worker.Pipeline;

/// <summary>What a sync of one source did, to its records and to the metrics that are computed from them.</summary>
public sealed record SourceSyncResult(SyncRun Run, IReadOnlyList<ModelRun> Models);

/// <summary>One sync of one source, and then the models; never two of a source at once.</summary>
public sealed class SourceSync(SyncPipeline pipeline, ModelPipeline models, IWorkLock locks)
{
    private const string ModelsLock = "_models";

    /// <summary>null where the source is being synced already, by this process or another one.</summary>
    /// <exception cref="LockLostException">The server that keeps the locks went away in the middle.</exception>
    public async Task<SourceSyncResult?> RunAsync(CompanyDefinition company, Source source, bool full, IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        await using var taken = await locks.TryTakeAsync(source.Id, cancellationToken);
        if (taken is null)
            return null;

        return await taken.RunAsync(async stop =>
        {
            var run = await pipeline.RunAsync(company, source, full, progress, stop);
            return new SourceSyncResult(run, await RunModelsAsync(company, run, stop));
        }, cancellationToken);
    }

    /// <summary>Models read what several sources bring, so they run one after the other; who comes while others run waits.</summary>
    private async Task<IReadOnlyList<ModelRun>> RunModelsAsync(CompanyDefinition company, SyncRun run, CancellationToken cancellationToken)
    {
        await using var turn = await locks.TakeAsync(ModelsLock, cancellationToken);
        return await turn.RunAsync(stop => models.RunAsync(company, run, stop), cancellationToken);
    }
}
