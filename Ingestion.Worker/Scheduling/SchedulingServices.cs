using Metrics.Core.Connectors;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Ingestion.Worker.Scheduling;

internal static class SchedulingServices
{
    public static IServiceCollection AddQuartzScheduling(this IServiceCollection services)
    {
        services.AddQuartz(quartz => quartz.UseDefaultThreadPool(maxConcurrency: 2));
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddSingleton<SourceSchedule>();
        services.AddSingleton<ISyncRequests>(provider => provider.GetRequiredService<SourceSchedule>());
        services.AddHostedService(provider => provider.GetRequiredService<SourceSchedule>());
        return services;
    }
}
