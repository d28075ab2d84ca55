using System.Net;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

/// <summary>What pages say while a server of the stores is away, or takes something not.</summary>
public sealed class ServerFaultTests
{
    [Test]
    public async Task A_board_is_held_while_the_figures_cannot_be_read_and_other_pages_say_what_is_wrong()
    {
        var version = new FallibleVersion();
        await using var dashboard = await RunningDashboard.StartAsync(configure: services => services.AddSingleton<IDataVersion>(version));
        var before = await dashboard.PageAsync("/");
        Assert.That(before.QuerySelector(".note.watch")?.TextContent ?? "", Does.Not.Contain("cannot be read"));

        version.IsAway = true;
        var held = await dashboard.PageAsync("/");
        Assert.That(held.QuerySelector(".note.watch")!.TextContent, Does.Contain("The figures cannot be read just now").And.Contain("as it was at").And.Contain("It is away."));
        Assert.That(held.QuerySelectorAll(".card .value").Select(value => value.TextContent), Is.EqualTo(before.QuerySelectorAll(".card .value").Select(value => value.TextContent)));

        var never = await dashboard.PageAsync("/boards/weekly?week=2026-W10", HttpStatusCode.ServiceUnavailable);
        Assert.That(never.QuerySelector("main")!.TextContent, Does.Contain("cannot be read just now").And.Contain("Nothing is lost"));
    }

    [Test]
    public async Task Lines_that_the_series_server_did_not_take_are_shown_with_the_reason()
    {
        await using var dashboard = await RunningDashboard.StartAsync(configure: services => services.AddSingleton<IQuarantine>(new OneLine()));

        var panel = (await dashboard.PageAsync("/sources")).QuerySelector("#quarantine")!;

        Assert.That(panel.QuerySelector("h2")!.TextContent, Is.EqualTo("1 line that InfluxDB did not take"));
        Assert.That(panel.QuerySelector("code")!.TextContent, Is.EqualTo("kpi,metric=<b>mrr</b> value=1"));
        Assert.That(panel.QuerySelector("li")!.TextContent, Does.Contain("field type conflict"));
    }

    private sealed class FallibleVersion : IDataVersion
    {
        private long _version;

        public bool IsAway { get; set; }

        public Task<long> ReadAsync(CancellationToken cancellationToken) =>
            IsAway ? throw new StoreUnreachableException("It is away.") : Task.FromResult(Interlocked.Increment(ref _version));

        public Task AdvanceAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class OneLine : IQuarantine
    {
        public Task<(IReadOnlyList<QuarantinedLine> Newest, long Count)> ReadAsync(int most, CancellationToken cancellationToken) =>
            Task.FromResult<(IReadOnlyList<QuarantinedLine>, long)>(
                ([new QuarantinedLine(new FakeClock("2026-11-16T06:00:00Z").Now, "mrr", "kpi,metric=<b>mrr</b> value=1", "field type conflict")], 1));
    }
}
