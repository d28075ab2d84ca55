using System.Collections.Concurrent;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Ingestion.Worker.Scheduling;

/// <summary>
/// Keeps the scheduler in step with the workspace: a job a source, on its schedule in the workspace's zone; takes requests for syncs
/// now. The schedule lives in the workspace and the last runs in the store, so the scheduler itself keeps nothing between starts: a
/// source whose due time passed while nobody ran is synced at the start.
/// </summary>
internal sealed partial class SourceSchedule(ISchedulerFactory schedulers, LiveDefinition live, ISourceStore sources, TimeProvider clock, ILogger<SourceSchedule> log)
    : BackgroundService, ISyncRequests
{
    private static readonly TimeSpan LookForChanges = TimeSpan.FromSeconds(5);

    // The value: whether the scheduler has been told. A request that comes after its source has begun is a new one.
    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CronExpression> _schedules = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0);

    public void Request(string source)
    {
        if (_waiting.TryAdd(source, false))
            _wake.Release();
    }

    public bool IsRunning(string source) => _waiting.ContainsKey(source) || _running.ContainsKey(source);

    /// <summary>Notes that a sync of a source runs, until the answer is disposed.</summary>
    public IDisposable Began(string source)
    {
        _running[source] = 0;
        _waiting.TryRemove(source, out _);
        return new Ending(() => _running.TryRemove(source, out _));
    }

    public DateTimeOffset? NextRun(string source, DateTimeOffset after)
    {
        var company = live.Current;
        return company.FindSource(source)?.Schedule is { } schedule && CronOf(schedule, company.Calendar.Settings.TimeZone) is { } cron
            ? cron.GetNextValidTimeAfter(after)
            : null;
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        var planned = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!stoppingToken.IsCancellationRequested)
        {
            await PlanAsync(scheduler, planned, stoppingToken);
            foreach (var source in _waiting.Where(request => !request.Value).Select(request => request.Key).ToArray())
            {
                if (!planned.ContainsKey(source))
                    _waiting.TryRemove(source, out _);
                else if (_waiting.TryUpdate(source, true, false))
                    await scheduler.TriggerJob(new JobKey(source), stoppingToken);
            }

            await _wake.WaitAsync(LookForChanges, stoppingToken);
        }
    }

    /// <summary>Adds, changes and removes jobs where the workspace's sources are others than planned.</summary>
    private async Task PlanAsync(IScheduler scheduler, Dictionary<string, string> planned, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var zone = company.Calendar.Settings.TimeZone;
        foreach (var gone in planned.Keys.Where(id => company.FindSource(id) is null).ToArray())
        {
            await scheduler.DeleteJob(new JobKey(gone), cancellationToken);
            planned.Remove(gone);
        }

        foreach (var source in company.Sources)
        {
            var plan = $"{source.Schedule} {zone}";
            if (planned.TryGetValue(source.Id, out var known) && known == plan)
                continue;

            var isNew = known is null;
            planned[source.Id] = plan;
            var job = JobBuilder.Create<SyncSourceJob>().WithIdentity(source.Id).StoreDurably().Build();
            await scheduler.AddJob(job, AddJobOptions.Replacing, cancellationToken);
            await scheduler.UnscheduleJob(new TriggerKey(source.Id, "schedule"), cancellationToken);
            if (source.Schedule is null)
                continue;

            if (CronOf(source.Schedule, zone) is not { } cron)
            {
                LogUnreadable(source.Id, source.Schedule);
                continue;
            }

            await scheduler.ScheduleJob(TriggerBuilder.Create()
                .ForJob(job)
                .WithIdentity(source.Id, "schedule")
                .WithCronSchedule(source.Schedule, schedule => schedule.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build(), cancellationToken: cancellationToken);
            if (isNew && await IsOverdueAsync(source, cron, cancellationToken))
                await scheduler.TriggerJob(job.Key, cancellationToken);
        }
    }

    private async Task<bool> IsOverdueAsync(Source source, CronExpression cron, CancellationToken cancellationToken) =>
        await sources.LastGoodAsync(source.Id, cancellationToken) is not { } last || cron.GetNextValidTimeAfter(last.Started) <= clock.GetUtcNow();

    private CronExpression? CronOf(string schedule, string zone)
    {
        if (_schedules.TryGetValue($"{schedule} {zone}", out var known))
            return known;
        if (!CronExpression.TryParse(schedule, out var cron))
            return null;
        return _schedules[$"{schedule} {zone}"] = cron.WithTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Source {Source} has the schedule '{Schedule}', which is no Quartz cron expression; it is synced by hand only")]
    private partial void LogUnreadable(string source, string schedule);

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
