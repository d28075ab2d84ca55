using Metrics.Core.Models;
using Metrics.Core.Periods;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>A change of policy on a whole workspace: what was shown stays, and what follows is computed anew.</summary>
public sealed class DefinitionPolicyTests
{
    private Company _company = null!;

    [SetUp]
    public async Task SyncOnceAsync()
    {
        _company = new Company();
        _company.Folder.Write("sources/billing.yaml", """
            id: billing
            connector: csv
            streams:
              - name: subscriptions
                file: data/subscriptions.csv
                record: subscription_period
                key: [subscription]
            """);
        _company.Folder.Write("data/subscriptions.csv", """
            subscription,customer,start,end,amount,discount,discount_duration
            1,anna,2026-02-01,,100,40,repeating
            2,bert,2026-02-10,2026-03-12,50,,
            """);
        await _company.SyncAsync("billing");
    }

    [TearDown]
    public void TidyUp() => _company.Dispose();

    [Test]
    public async Task Days_before_a_change_keep_their_figures_and_the_change_moves_nothing()
    {
        Assert.That(await _company.FigureAsync("mrr", Grain.Day, "2026-03-11"), Is.EqualTo("110"));

        _company.Folder.Write("policies/revenue.yaml", "model: revenue\nsince: 2026-03-10\nchoices: { discounts: recurring }\n");
        _company.Clock.Now += TimeSpan.FromHours(1);
        await _company.SyncAsync("billing");

        Assert.That(await _company.FigureAsync("mrr", Grain.Day, "2026-03-09"), Is.EqualTo("110"));
        Assert.That(await _company.FigureAsync("mrr", Grain.Day, "2026-03-10"), Is.EqualTo("150 restated"));
        Assert.That(await _company.FigureAsync("mrr_expansion", Grain.Day, "2026-03-10"), Is.EqualTo("0"));
        Assert.That(await _company.FigureAsync("mrr_churn", Grain.Day, "2026-03-12"), Is.EqualTo("50"));
        var versions = await _company.Services.GetRequiredService<IDefinitionStore>().VersionsAsync("revenue", CancellationToken.None);
        Assert.That(versions.Select(version => (version.Number, $"{version.Since:yyyy-MM-dd}", version.Choices["discounts"])),
            Is.EqualTo(new[] { (1, "", "all"), (2, "2026-03-10", "recurring") }));
    }

    [Test]
    public async Task A_change_without_a_beginning_holds_from_the_day_on_which_it_is_first_seen()
    {
        _company.Folder.Write("policies/revenue.yaml", "model: revenue\nchoices: { discounts: recurring }\n");
        _company.Clock.Now += TimeSpan.FromHours(1);
        await _company.SyncAsync("billing");
        Assert.That(await _company.FigureAsync("mrr", Grain.Day, "2026-03-19"), Is.EqualTo("60"));

        _company.Clock.Now += TimeSpan.FromDays(2);
        await _company.SyncAsync("billing");

        Assert.That(await _company.FigureAsync("mrr", Grain.Day, "2026-03-19"), Is.EqualTo("60"));
        Assert.That(await _company.FigureAsync("mrr", Grain.Day, "2026-03-20"), Is.EqualTo("100"));
    }
}
