using Ingestion.Worker.Jobs;
using Quartz;

namespace Ingestion.Worker.Scheduling;

/// <summary>Runs <see cref="SyncSource"/> for the source that names the job; a failed sync is tried again with back-off.</summary>
[DisallowConcurrentExecution]
internal sealed class SyncSourceJob(SyncSource job, SourceSchedule schedule) : IJob
{
    private const string Attempt = "attempt";

    /// <summary>When a failed sync is tried again. After the last of these the source waits for its schedule.</summary>
    private static readonly TimeSpan[] BackOff = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var source = context.JobDetail.Key.Name;
        // Two processes that start at once both find the source overdue; the second finds it synced by now.
        if (context.MergedJobDataMap.ContainsKey(SourceSchedule.OnlyIfOverdue) && !await schedule.IsOverdueAsync(source, cancellationToken))
            return;

        using (schedule.Began(source))
        {
            if (await job.RunAsync(source, cancellationToken))
            {
                await context.Scheduler.TriggerJob(EvaluateAlertsJob.Key, cancellationToken);
                return;
            }
        }

        var attempt = context.MergedJobDataMap.TryGetInt(Attempt, out var tried) ? tried : 0;
        if (attempt >= BackOff.Length)
            return;

        var retry = TriggerBuilder.Create()
            .ForJob(context.JobDetail.Key)
            .WithIdentity(source, "retry")
            .UsingJobData(Attempt, attempt + 1)
            .StartAt(context.FireTimeUtc + BackOff[attempt])
            .Build();
        try
        {
            if (await context.Scheduler.RescheduleJob(retry.Key, retry, cancellationToken) is null)
                await context.Scheduler.ScheduleJob(retry, cancellationToken: cancellationToken);
        }
        catch (SchedulerException)
        {
            // The database that went away has the schedule, too: the request waits in this process until it is back.
            schedule.Request(source);
        }
    }
}
