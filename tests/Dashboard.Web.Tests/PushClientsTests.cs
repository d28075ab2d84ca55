using System.ComponentModel;
using System.Text.Json;
using Metrics.Core.Access;
using Metrics.Core.Push;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

/// <summary>The public clients of InfluxDB, of both generations, against the running dashboard.</summary>
public sealed class PushClientsTests
{
    private const string Metrics = "metrics:\n  - { id: page_views, name: Page views, unit: count, dimensions: [region] }\n";
    private const string Board = "id: weekly\nname: Weekly\nsections:\n  - name: Web\n    tiles: [{ metric: page_views }]\n";

    [Test]
    public async Task Public_clients_write_as_they_write_to_InfluxDB()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Support", "Servers");
        foreach (var package in (string[])["@influxdata/influxdb-client", "influx"])
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules", package)))
                Assert.Ignore($"{package} is not installed; 'npm ci' in {folder} does that.");
        }

        await using var dashboard = await RunningDashboard.StartAsync("metrics/push.yaml", Metrics, data: false);
        dashboard.Write("boards/weekly.yaml", Board);
        var secret = TokenSecret.New();
        await dashboard.Services.GetRequiredService<IApiTokenStore>().AddAsync(
            "clients", [ApiToken.Everything], TokenSecret.DigestOf(secret), dashboard.Clock.Now, CancellationToken.None);

        var result = await RunAsync(Path.Combine(folder, "push.js"), dashboard.Address.ToString().TrimEnd('/'), secret);

        Assert.That(JsonSerializer.Deserialize<string[]>(result.Output), Is.EqualTo(new[]
        {
            "v2 ns ok", "v2 us ok", "v2 ms ok", "v2 s ok", "v2 wrong token 401", "v2 computed metric 422", "v2 unknown metric ok",
            "v1 createDatabase ok", "v1 n ok", "v1 u ok", "v1 ms ok", "v1 s ok", "v1 m ok", "v1 h ok",
            "v1 wrong token 401", "v1 computed metric 400", "v1 query 400",
        }), result.ToString());

        // The hour of the point began on the day before in Berlin; all other precisions are exact enough for its day.
        var file = await dashboard.Http.GetStringAsync(new Uri("/metrics/page_views.csv?grain=day&by=region", UriKind.Relative));
        foreach (var region in (string[])["new ns", "new us", "new ms", "new s"])
            Assert.That(file, Does.Contain($"page_views,2026-11-15,2026-11-15,{region},7,"));
        foreach (var region in (string[])["old n", "old u", "old ms", "old s", "old m"])
            Assert.That(file, Does.Contain($"page_views,2026-11-15,2026-11-15,{region},8.5,"));
        Assert.That(file, Does.Contain("2026-11-1").And.Contain(",old h,8.5,"));
        Assert.That((await dashboard.PageAsync("/")).QuerySelector(".card .value")!.TextContent, Is.EqualTo("79"));
        Assert.That((await dashboard.Services.GetRequiredService<IPushInbox>().GroupsAsync(CancellationToken.None)).Select(group => group.Measurement), Is.EqualTo(new[] { "nobody" }));
    }

    private static async Task<KpiResult> RunAsync(string script, string address, string secret)
    {
        try
        {
            using var node = KpiProcess.StartProgram("node", [script, address, secret]);
            return await node.EndAsync();
        }
        catch (Win32Exception missing)
        {
            Assert.Ignore($"The clients need node: {missing.Message}");
            throw;
        }
    }
}
