using Ingestion.Worker.Jobs;
using Quartz;

namespace Ingestion.Worker.Scheduling;

/// <summary>Runs <see cref="EvaluateAlerts"/>: every minute, and right after a sync.</summary>
[DisallowConcurrentExecution]
internal sealed class EvaluateAlertsJob(EvaluateAlerts job) : IJob
{
    public static readonly JobKey Key = new("evaluate", "alerts");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (await job.RunAsync(cancellationToken))
            await context.Scheduler.TriggerJob(DeliverNotificationsJob.Key, cancellationToken);
    }
}

/// <summary>Runs <see cref="DeliverNotifications"/>: every minute, and right after an alert changed its state.</summary>
[DisallowConcurrentExecution]
internal sealed class DeliverNotificationsJob(DeliverNotifications job) : IJob
{
    public static readonly JobKey Key = new("deliver", "alerts");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await job.RunAsync(cancellationToken);
}
