using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Commands;

/// <summary>Servers that are named wrongly, or are not there: said in words at the start, and with the right exit code.</summary>
public sealed class ServerSettingsTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void WriteWorkspace()
    {
        _folder = new TempFolder();
        _folder.Write("ws/calendar.yaml", "currency: EUR\n");
        _folder.Write("ws/metrics/shop.yaml", "metrics: [{ id: revenue, name: Revenue, unit: currency, over_time: sum }]\n");
        _folder.Write("ws/sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - { name: orders, file: data/orders.csv, record: metric_value, time: { column: day }, metrics: { revenue: amount } }
            """);
        _folder.Write("ws/data/orders.csv", "day,amount\n2026-11-01,5\n");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("run", "KPI_DATABASE", "postgresql://u:secret@127.0.0.1:9/kpi", "The PostgreSQL database kpi on 127.0.0.1:9 cannot be reached.")]
    [TestCase("run", "KPI_DATABASE", "mysql://u:secret@127.0.0.1/kpi", "KPI_DATABASE is not an address of a PostgreSQL database")]
    [TestCase("run", "KPI_SERIES", "http://u:secret@127.0.0.1/kpi", "KPI_SERIES begins with neither")]
    [TestCase("sync", "KPI_DATABASE", "postgresql://u:secret@127.0.0.1:9/kpi", "cannot be reached")]
    [TestCase("sync", "KPI_SERIES", "http://u:secret@127.0.0.1/kpi", "KPI_SERIES begins with neither")]
    [TestCase("export --metric revenue --grain day", "KPI_SERIES", "influxdb+http://u:secret@127.0.0.1:9/kpi", "does not answer")]
    public async Task A_server_that_cannot_be_used_is_told_in_one_sentence_without_its_password(string verb, string variable, string address, string message)
    {
        using var process = KpiProcess.StartWith(
            new Dictionary<string, string> { [variable] = address }, [.. verb.Split(' '), "--workspace", _folder["ws"], "--data", _folder["data"]]);
        var result = await process.EndAsync();

        Assert.That(result.ExitCode, Is.EqualTo(3), result.ToString());
        Assert.That(result.Errors, Does.Contain(message).And.Not.Contain("secret").And.Not.Contain("   at "));
    }
}
