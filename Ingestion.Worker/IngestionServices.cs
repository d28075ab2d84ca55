using Ingestion.Worker.Pipeline;
using Metrics.Core;
using Metrics.Core.Connectors;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker;

public static class IngestionServices
{
    /// <summary>A workspace's definition and the connectors it may name: what verbs need that look at no data.</summary>
    public static IServiceCollection AddDefinition(this IServiceCollection services, string workspace) =>
        services.AddLiveDefinition(workspace).AddEach<IConnector>(typeof(IngestionServices).Assembly);

    /// <summary>Connectors and pipelines: what a sync by hand needs.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddEach<IConnector>(typeof(IngestionServices).Assembly);
        services.AddSingleton<SyncPipeline>();
        services.AddSingleton<ModelPipeline>();
        services.AddSingleton<SourceSync>();
        return services;
    }
}
