using Metrics.Core.Connectors;
using Metrics.Core.Definitions;

namespace Ingestion.Worker.Pipeline;

/// <summary>What a sync of one source did, to its records and to the metrics that are computed from them.</summary>
public sealed record SourceSyncResult(SyncRun Run, IReadOnlyList<ModelRun> Models);

/// <summary>One sync of one source, and then the models; never two of a source at once.</summary>
public sealed class SourceSync(SyncPipeline pipeline, ModelPipeline models, ISourceLock locks)
{
    private const string ModelsLock = "_models";

    /// <summary>null where the source is being synced already, by this process or another one.</summary>
    public async Task<SourceSyncResult?> RunAsync(CompanyDefinition company, Source source, bool full, IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        using var taken = locks.TryTake(source.Id);
        if (taken is null)
            return null;

        var run = await pipeline.RunAsync(company, source, full, progress, cancellationToken);
        return new SourceSyncResult(run, await RunModelsAsync(company, run, cancellationToken));
    }

    /// <summary>Models read what several sources bring, so they run one after the other; who comes while others run waits.</summary>
    private async Task<IReadOnlyList<ModelRun>> RunModelsAsync(CompanyDefinition company, SyncRun run, CancellationToken cancellationToken)
    {
        IDisposable? turn;
        while ((turn = locks.TryTake(ModelsLock)) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);

        using (turn)
            return await models.RunAsync(company, run, cancellationToken);
    }
}
