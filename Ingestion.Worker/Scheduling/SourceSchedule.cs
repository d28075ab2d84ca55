using System.Collections.Concurrent;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Ingestion.Worker.Scheduling;

/// <summary>
/// Keeps the scheduler in step with the workspace: a job a source, on its schedule in the workspace's zone; takes requests for syncs
/// now. Where the scheduler keeps nothing between starts, a source whose due time passed while nobody ran is synced at the start; where
/// processes share a schedule it knows that itself, and whoever comes later leaves what is planned as it is.
/// </summary>
internal sealed partial class SourceSchedule(
    ISchedulerFactory schedulers, LiveDefinition live, ISourceStore sources, StorageOptions storage, TimeProvider clock, ILogger<SourceSchedule> log)
    : BackgroundService, ISyncRequests
{
    /// <summary>The jobs of sources, told apart from the others.</summary>
    public const string Group = "sources";

    /// <summary>Marks a firing that is only wanted while the source is overdue.</summary>
    public const string OnlyIfOverdue = "only-if-overdue";

    private static readonly TimeSpan LookForChanges = TimeSpan.FromSeconds(5);

    /// <summary>How long a request that another process may be working on is shown as waiting.</summary>
    private static readonly TimeSpan Handed = TimeSpan.FromSeconds(10);

    // The value: when the scheduler was told; null: not yet. A request that comes after its source has begun is a new one.
    private readonly ConcurrentDictionary<string, long?> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CronExpression> _schedules = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0);

    public static JobKey KeyOf(string source) => new(source, Group);

    public void Request(string source)
    {
        if (_waiting.TryAdd(source, null))
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

    /// <summary>Whether a source's schedule was due since its last good sync; one that never succeeded is.</summary>
    public async Task<bool> IsOverdueAsync(string source, CancellationToken cancellationToken) =>
        await sources.LastGoodAsync(source, cancellationToken) is not { } last || NextRun(source, last.Started) <= clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IScheduler? scheduler = null;
        var planned = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                scheduler ??= await schedulers.GetScheduler(stoppingToken);
                await PlanAsync(scheduler, planned, stoppingToken);
                await HandOnAsync(scheduler, planned, stoppingToken);
            }
            catch (Exception away) when (away is not OperationCanceledException && storage.IsShared)
            {
                // The database is away: what was asked for waits here.
                LogNotPlanned(StorageFault.Describe(away) ?? away.Message);
            }

            await _wake.WaitAsync(LookForChanges, stoppingToken);
        }
    }

    /// <summary>Tells the scheduler what was asked for.</summary>
    private async Task HandOnAsync(IScheduler scheduler, Dictionary<string, string> planned, CancellationToken cancellationToken)
    {
        foreach (var (source, told) in _waiting.ToArray())
        {
            var isOver = told is { } at && storage.IsShared && clock.GetElapsedTime(at) > Handed;
            if (!planned.ContainsKey(source) || isOver)
            {
                _waiting.TryRemove(source, out _);
            }
            else if (told is null)
            {
                await scheduler.TriggerJob(KeyOf(source), cancellationToken);
                _waiting.TryUpdate(source, clock.GetTimestamp(), null);
            }
        }
    }

    /// <summary>Adds, changes and removes jobs where the workspace's sources are others than planned.</summary>
    private async Task PlanAsync(IScheduler scheduler, Dictionary<string, string> planned, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var zone = company.Calendar.Settings.TimeZone;
        foreach (var gone in planned.Keys.Where(id => company.FindSource(id) is null).ToArray())
        {
            await scheduler.DeleteJob(KeyOf(gone), cancellationToken);
            planned.Remove(gone);
        }

        foreach (var source in company.Sources)
        {
            var plan = $"{source.Schedule} {zone}";
            if (planned.TryGetValue(source.Id, out var known) && known == plan)
                continue;

            await PlanAsync(scheduler, source, plan, zone, isNew: known is null, cancellationToken);
            planned[source.Id] = plan;
        }
    }

    private async Task PlanAsync(IScheduler scheduler, Source source, string plan, string zone, bool isNew, CancellationToken cancellationToken)
    {
        var key = KeyOf(source.Id);
        var trigger = new TriggerKey(source.Id, "schedule");
        if (await scheduler.GetJobDetail(key, cancellationToken) is null)
        {
            // Recovery: what a process did not finish because it ended is done by another one.
            var job = JobBuilder.Create<SyncSourceJob>().WithIdentity(key).StoreDurably().RequestRecovery().Build();
            await scheduler.AddJob(job, AddJobOptions.Replacing, cancellationToken);
        }

        if (source.Schedule is null || CronOf(source.Schedule, zone) is null)
        {
            if (source.Schedule is not null)
                LogUnreadable(source.Id, source.Schedule);
            await scheduler.UnscheduleJob(trigger, cancellationToken);
            return;
        }

        if ((await scheduler.GetTrigger(trigger, cancellationToken))?.Description != plan)
        {
            await scheduler.ScheduleJob(TriggerBuilder.Create(clock)
                .ForJob(key)
                .WithIdentity(trigger)
                .WithDescription(plan)
                .StartAt(clock.GetUtcNow())
                .WithCronSchedule(source.Schedule, schedule => schedule.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build(), ScheduleJobOptions.Replacing, cancellationToken);
        }

        if (isNew && await IsOverdueAsync(source.Id, cancellationToken))
        {
            await ScheduleAsync(scheduler, TriggerBuilder.Create(clock)
                .ForJob(key)
                .WithIdentity(source.Id, "overdue")
                .UsingJobData(OnlyIfOverdue, true)
                .StartAt(clock.GetUtcNow())
                .Build(), cancellationToken);
        }
    }

    /// <summary>Schedules what no other process has scheduled in the meantime.</summary>
    private static async Task ScheduleAsync(IScheduler scheduler, ITrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            if (await scheduler.GetTrigger(trigger.Key, cancellationToken) is null)
                await scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
        }
        catch (ObjectAlreadyExistsException)
        {
            // As good.
        }
    }

    private CronExpression? CronOf(string schedule, string zone)
    {
        if (_schedules.TryGetValue($"{schedule} {zone}", out var known))
            return known;
        if (!CronExpression.TryParse(schedule, out var cron))
            return null;
        return _schedules[$"{schedule} {zone}"] = cron.WithTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The schedule could not be looked at, and is again in a moment: {Reason}")]
    private partial void LogNotPlanned(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Source {Source} has the schedule '{Schedule}', which is no Quartz cron expression; it is synced by hand only")]
    private partial void LogUnreadable(string source, string schedule);

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
