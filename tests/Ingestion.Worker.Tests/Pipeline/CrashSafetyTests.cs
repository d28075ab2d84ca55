using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Records;
using Metrics.Core.Series;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>
/// The process ends before the first, the second, the third … call of any store; then a sync goes through undisturbed.
/// Whenever it ended, the stores hold what they would hold if nothing had happened.
/// </summary>
public sealed class CrashSafetyTests
{
    [Test]
    public Task A_first_sync_may_end_anywhere() => MayEndAnywhereAsync(_ => Task.CompletedTask);

    [Test]
    public Task A_sync_of_changed_files_may_end_anywhere() => MayEndAnywhereAsync(async company =>
    {
        company.OrdersIn("data/orders-1.csv", "1,2026-03-01,DE,10", "2,2026-03-01,FR,20", "8,2026-03-03,FR,80", "9,2026-03-04,IT,bad");
        company.OrdersIn("data/orders-2.csv", "1,2026-03-01,DE,11");
        await company.CountsAsync();
    });

    private static async Task MayEndAnywhereAsync(Func<Company, Task> before)
    {
        var expected = await RunAsync(before, null);
        Assert.That(expected.Stored.Records, Has.Length.EqualTo(6));
        Assert.That(expected.Stored.Points, Has.Length.EqualTo(6));

        var crashed = true;
        var call = 0;
        while (crashed)
        {
            (crashed, var stored, var rejects) = await RunAsync(before, ++call);

            Assert.That(stored.Records, Is.EqualTo(expected.Stored.Records), $"records after the end before call {call}");
            Assert.That(stored.Points, Is.EqualTo(expected.Stored.Points), $"points after the end before call {call}");
            Assert.That(stored.Restatements, Is.EqualTo(expected.Stored.Restatements), $"restatements after the end before call {call}");
            Assert.That(rejects, Is.EqualTo(expected.Rejects), $"rejects after the end before call {call}");
        }

        Assert.That(call, Is.GreaterThan(15), "calls of stores");
    }

    private static async Task<(bool Crashed, (string[] Records, string[] Points, string[] Restatements) Stored, string[] Rejects)> RunAsync(
        Func<Company, Task> before, int? crashBefore)
    {
        using var company = new Company();
        await before(company);
        company.OrdersIn("data/orders-1.csv", "1,2026-03-01,DE,10", "2,2026-03-01,FR,21", "3,2026-03-02,DE,30", "4,2026-03-02",
            "5,2026-03-05,DE,50");
        company.OrdersIn("data/orders-2.csv", "1,2026-03-01,DE,12", "6,2026-03-02,FR,60", "6,2026-03-02,FR,61", "7,2026-03-06,FR,70", "x");

        var plan = new CrashPlan(crashBefore ?? int.MaxValue);
        company.Clock.Now += TimeSpan.FromHours(1);
        using (var disturbed = company.Again(services =>
        {
            plan.Guard<IRecordStore>(services);
            plan.Guard<ISourceStore>(services);
            plan.Guard<ISeriesStore>(services);
            plan.Guard<IWatermarkStore>(services);
            plan.Guard<IModelStateStore>(services);
        }))
        {
            try
            {
                await disturbed.SyncAsync();
            }
            catch (CrashException)
            {
                // As planned.
            }
        }

        await company.CountsAsync();
        return (plan.Crashed, company.Stored(), [.. (await company.RejectsAsync()).Order(StringComparer.Ordinal)]);
    }
}
