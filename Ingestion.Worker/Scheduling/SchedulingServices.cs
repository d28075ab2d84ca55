using Metrics.Core.Connectors;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Ingestion.Worker.Scheduling;

internal static class SchedulingServices
{
    /// <summary>How often a worker says that it is alive, and how long after its last sign the others take over what it was doing.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TakenOverAfter = TimeSpan.FromSeconds(4);

    /// <param name="runsJobs">False: this process plans and asks, and others work.</param>
    public static IServiceCollection AddQuartzScheduling(this IServiceCollection services, StorageOptions storage, bool runsJobs)
    {
        services.AddQuartz(quartz =>
        {
            // Room for alerts beside syncs: neither waits for a slow mail server.
            quartz.UseDefaultThreadPool(maxConcurrency: 4);
            if (storage.IsShared)
                UseSharedSchedule(quartz);

            quartz.AddJob<EvaluateAlertsJob>(job => job.WithIdentity(EvaluateAlertsJob.Key).StoreDurably());
            quartz.AddJob<DeliverNotificationsJob>(job => job.WithIdentity(DeliverNotificationsJob.Key).StoreDurably());
            foreach (var key in (JobKey[])[EvaluateAlertsJob.Key, DeliverNotificationsJob.Key])
            {
                quartz.AddTrigger(trigger => trigger
                    .ForJob(key)
                    .WithIdentity(key.Name, key.Group)
                    .StartNow()
                    .WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromMinutes(1)).RepeatForever()));
            }
        });
        if (runsJobs)
            services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddSingleton<SourceSchedule>();
        services.AddSingleton<ISyncRequests>(provider => provider.GetRequiredService<SourceSchedule>());
        services.AddHostedService(provider => provider.GetRequiredService<SourceSchedule>());
        return services;
    }

    /// <summary>The schedule in the database, worked off by any number of processes: each firing by one of them.</summary>
    private static void UseSharedSchedule(IQuartzBuilder quartz)
    {
        quartz.ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = "kpi-dashboard";
            scheduler.GenerateInstanceId = true;
            // What another process plans is seen at the next look.
            scheduler.IdleWaitTime = TimeSpan.FromSeconds(2);
        });
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.UseRegisteredDataSource = true);
            store.ProvisionSchema();
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = SignOfLife;
                cluster.CheckinMisfireThreshold = TakenOverAfter;
            });
        });
    }
}
