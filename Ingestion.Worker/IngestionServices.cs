using Ingestion.Worker.Channels.Email;
using Ingestion.Worker.Jobs;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Scheduling;
using Metrics.Core;
using Metrics.Core.Alerts;
using Metrics.Core.Connectors;
using Metrics.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker;

public static class IngestionServices
{
    /// <summary>A workspace's definition and the connectors it may name: what verbs need that look at no data.</summary>
    public static IServiceCollection AddDefinition(this IServiceCollection services, string workspace) =>
        services.AddLiveDefinition(workspace).AddConnectors();

    /// <summary>Connectors and pipelines, alerts and their channel: what verbs need that sync and evaluate by hand.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddConnectors();
        services.AddSingleton<SyncPipeline>();
        services.AddSingleton<ModelFeeds>();
        services.AddSingleton<ActivityPipeline>();
        services.AddSingleton<ModelPipeline>();
        services.AddSingleton<SourceSync>();
        services.AddSingleton(provider => EmailOptions.Read(name => Setting(provider.GetService<IConfiguration>(), name)));
        services.AddSingleton<INotificationChannel, EmailChannel>();
        services.AddSingleton<EvaluateAlerts>();
        services.AddSingleton<DeliverNotifications>();
        return services;
    }

    /// <summary>Syncs by the clock and on request, and alerts after them.</summary>
    /// <param name="storage">Where the schedule is kept: in this process, or in a database that several share.</param>
    /// <param name="runsJobs">False: this process only asks for syncs, and others on the same database do them.</param>
    public static IServiceCollection AddScheduledIngestion(this IServiceCollection services, StorageOptions storage, bool runsJobs = true)
    {
        services.AddIngestion();
        services.AddSingleton<SyncSource>();
        services.AddQuartzScheduling(storage, runsJobs);
        return services;
    }

    private static string? Setting(IConfiguration? configuration, string name) => Environment.GetEnvironmentVariable(name) ?? name switch
    {
        EmailOptions.SmtpVariable => configuration?["Email:Smtp"],
        EmailOptions.FromVariable => configuration?["Email:From"],
        _ => configuration?["Email:Url"],
    };

    private static IServiceCollection AddConnectors(this IServiceCollection services) =>
        services.AddSingleton<IScheduleSyntax, CronSyntax>().AddEach<IConnector>(typeof(IngestionServices).Assembly);
}
