using Metrics.Core.Connectors;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Ingestion.Worker.Scheduling;

internal static class SchedulingServices
{
    public static IServiceCollection AddQuartzScheduling(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            // Room for alerts beside syncs: neither waits for a slow mail server.
            quartz.UseDefaultThreadPool(maxConcurrency: 4);
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
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddSingleton<SourceSchedule>();
        services.AddSingleton<ISyncRequests>(provider => provider.GetRequiredService<SourceSchedule>());
        services.AddHostedService(provider => provider.GetRequiredService<SourceSchedule>());
        return services;
    }
}
