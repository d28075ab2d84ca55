using System.Globalization;
using Ingestion.Worker.Scheduling;
using Metrics.Core;
using Metrics.Core.Connectors;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Quartz;
using Tests.Support;
using Tests.Support.Servers;

namespace Ingestion.Worker.Tests.Scheduling;

/// <summary>Several workers on one database, with a clock that only the test moves.</summary>
public sealed class ClusterTests
{
    private const string Zone = "Europe/Berlin";

    private readonly List<IHost> _workers = [];
    private FakeClock _clock = null!;
    private StorageOptions _storage = null!;
    private TempFolder _folder = null!;

    [SetUp]
    public void WriteCompany()
    {
        _folder = new TempFolder();
        _storage = new StorageOptions { DataFolder = _folder["data"], Database = PostgresServer.Shared.NewDatabase() };
        _folder.Write("ws/calendar.yaml", $"time_zone: {Zone}\ncurrency: EUR\n");
        _folder.Write("ws/metrics/shop.yaml", "metrics:\n  - { id: revenue, name: Revenue, unit: currency, over_time: sum, over_segments: sum, missing: zero }\n");
        _folder.Write("ws/data/orders.csv", "order,day,amount\n1,2026-03-01,10\n2,2026-03-02,20\n");
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync();
            worker.Dispose();
        }

        _workers.Clear();
        _folder.Dispose();
    }

    [TestCase("2026-03-28T00:00:00Z", "0 30 2 * * ?", "2026-03-28T01:30Z 2026-03-29T01:00Z 2026-03-30T00:30Z", Description = "summer time begins: 2:30 does not exist, and 3:00 is the first moment after it")]
    [TestCase("2026-10-24T00:00:00Z", "0 30 2 * * ?", "2026-10-24T00:30Z 2026-10-25T00:30Z 2026-10-26T01:30Z", Description = "summer time ends: 2:30 exists twice, and counts once")]
    [TestCase("2026-10-24T12:00:00Z", "0 0 6 * * ?", "2026-10-25T05:00Z 2026-10-26T05:00Z")]
    public async Task A_source_is_synced_once_at_each_due_time_over_both_changes_of_summer_time(string start, string schedule, string due)
    {
        var expected = due.Split(' ');
        _clock = new FakeClock(start);
        WriteSource(schedule);
        await StartAsync(workers: 2);
        await Eventually.HoldsAsync(() => Runs().Count == 1 && IsIdle(), "the source that was never synced is synced at the start");

        var end = DateTimeOffset.Parse(expected[^1], CultureInfo.InvariantCulture).AddHours(2);
        while (_clock.Now < end)
        {
            _clock.Now += TimeSpan.FromMinutes(30);
            var passed = expected.Count(moment => DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture) <= _clock.Now);
            await Eventually.HoldsAsync(() => Runs().Count >= passed + 1 && IsIdle(), $"the sync of {_clock.Now:u} has run");
        }

        Assert.That(
            Runs().Skip(1).Select(run => run.Started.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)),
            Is.EqualTo(expected));
        Assert.That(Runs().Select(run => run.Outcome), Is.All.EqualTo(SyncOutcome.Succeeded));
    }

    [Test]
    public async Task A_worker_that_starts_later_leaves_the_schedule_as_it_is_and_syncs_nothing_again()
    {
        _clock = new FakeClock("2026-11-16T12:00:00Z");
        WriteSource("0 0 6 * * ?");
        await StartAsync(workers: 1);
        await Eventually.HoldsAsync(() => Runs().Count == 1 && IsIdle(), "the first worker has synced");
        await StartAsync(workers: 2);
        _clock.Now += TimeSpan.FromHours(1);
        _workers[2].Services.GetRequiredService<ISyncRequests>().Request("shop");

        await Eventually.HoldsAsync(() => Runs().Count == 2 && IsIdle(), "what was asked for has been done");
        Assert.That(Runs(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_process_that_only_asks_has_its_request_done_by_a_worker()
    {
        _clock = new FakeClock("2026-11-16T12:00:00Z");
        WriteSource(schedule: null);
        await StartAsync(workers: 1, runsJobs: false);
        _workers[0].Services.GetRequiredService<ISyncRequests>().Request("shop");
        await Eventually.HoldsAsync(() => _workers[0].Services.GetRequiredService<ISyncRequests>().IsRunning("shop"), "it waits");
        Assert.That(Runs(), Is.Empty);

        await StartAsync(workers: 1);
        await Eventually.HoldsAsync(() => Runs().Count == 1 && IsIdle(), "the worker has done it");
    }

    private void WriteSource(string? schedule) => _folder.Write("ws/sources/shop.yaml", $$"""
        id: shop
        connector: csv
        {{(schedule is null ? "" : $"schedule: \"{schedule}\"")}}
        streams:
          - { name: orders, file: data/orders.csv, record: metric_value, key: [order], time: { column: day }, metrics: { revenue: amount } }
        """);

    private async Task StartAsync(int workers, bool runsJobs = true)
    {
        for (var i = 0; i < workers; i++)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton<TimeProvider>(_clock);
            builder.Services.AddStorage(_storage);
            builder.Services.AddCore(_folder["ws"]);
            builder.Services.AddScheduledIngestion(_storage, runsJobs);
            var worker = builder.Build();
            _workers.Add(worker);
            await worker.StartAsync();
        }
    }

    private IReadOnlyList<SyncRun> Runs() =>
        [.. _workers[0].Services.GetRequiredService<ISourceStore>().RunsAsync("shop", 100, CancellationToken.None).GetAwaiter().GetResult().Reverse()];

    /// <summary>Nothing runs, and nothing that is due now waits to run.</summary>
    private bool IsIdle()
    {
        var scheduler = _workers[^1].Services.GetRequiredService<ISchedulerFactory>().GetScheduler().AsTask().GetAwaiter().GetResult();
        var triggers = scheduler.GetTriggersOfJob(SourceSchedule.KeyOf("shop")).AsTask().GetAwaiter().GetResult();
        return Runs().All(run => run.Outcome != SyncOutcome.Running)
            && triggers.All(trigger => trigger.NextFireTimeUtc is { } next && next > _clock.Now);
    }
}
