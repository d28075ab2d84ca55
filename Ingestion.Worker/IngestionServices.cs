using Ingestion.Worker.Jobs;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Scheduling;
using Metrics.Core;
using Metrics.Core.Connectors;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker;

public static class IngestionServices
{
    /// <summary>A workspace's definition and the connectors it may name: what verbs need that look at no data.</summary>
    public static IServiceCollection AddDefinition(this IServiceCollection services, string workspace) =>
        services.AddLiveDefinition(workspace).AddConnectors();

    /// <summary>Connectors and pipelines: what a sync by hand needs.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddConnectors();
        services.AddSingleton<SyncPipeline>();
        services.AddSingleton<ModelPipeline>();
        services.AddSingleton<SourceSync>();
        return services;
    }

    /// <summary>Syncs by the clock and on request, inside this process.</summary>
    public static IServiceCollection AddScheduledIngestion(this IServiceCollection services)
    {
        services.AddIngestion();
        services.AddSingleton<SyncSource>();
        services.AddQuartzScheduling();
        return services;
    }

    private static IServiceCollection AddConnectors(this IServiceCollection services) =>
        services.AddSingleton<IScheduleSyntax, CronSyntax>().AddEach<IConnector>(typeof(IngestionServices).Assembly);
}
