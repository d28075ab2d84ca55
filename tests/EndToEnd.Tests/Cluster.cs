using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Tests.Support;
using Tests.Support.Servers;

namespace EndToEnd.Tests;

/// <summary>
/// Several workers and web processes on one InfluxDB and one PostgreSQL, as they would run on machines of their own: a worker is killed,
/// each server goes away and comes back.
/// </summary>
[NonParallelizable]
public sealed partial class Cluster
{
    private const int Orders = 400_000;
    private static readonly string[] Countries = ["AT", "CH", "DE", "FR", "IT", "NL"];

    private readonly List<KpiProcess> _processes = [];
    private TempFolder _folder = null!;
    private PostgresServer _postgres = null!;
    private InfluxServer _influx = null!;
    private string _database = null!;
    private Dictionary<string, string> _servers = null!;

    [SetUp]
    public void StartServers()
    {
        _folder = new TempFolder();
        _postgres = new PostgresServer();
        _postgres.Start();
        _influx = new InfluxServer(authentication: true);
        _influx.Start();
        _database = _postgres.Create();
        _servers = new Dictionary<string, string>
        {
            ["KPI_DATABASE"] = _postgres.AddressOf(_database), ["KPI_SERIES"] = _influx.AddressOf("kpi"), ["KPI_WORKER"] = "off",
            ["KPI_WORKSPACE"] = _folder["ws"], ["KPI_DATA"] = _folder["data"],
        };
        _folder.Write("ws/calendar.yaml", "time_zone: Europe/Berlin\ncurrency: EUR\n");
        _folder.Write("ws/metrics/shop.yaml", """
            metrics:
              - { id: revenue, name: Revenue, unit: currency, over_time: sum, over_segments: sum, missing: zero, dimensions: [country] }
            """);
        _folder.Write("ws/boards/weekly.yaml", "id: weekly\nname: Weekly\nsections: [{ name: Shop, tiles: [{ metric: revenue }] }]\n");
        _folder.Write("ws/sources/shop.yaml", """
            id: shop
            connector: csv
            schedule: "0 0 6 * * ?"
            streams:
              - { name: orders, file: data/orders.csv, record: metric_value, key: [order], time: { column: day }, metrics: { revenue: amount }, dimensions: { country: country } }
            """);
    }

    [TearDown]
    public void Stop()
    {
        foreach (var process in _processes)
            process.Dispose();
        _processes.Clear();
        _influx.Dispose();
        _postgres.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_sync_whose_worker_is_killed_is_finished_by_the_other_and_ends_as_if_nothing_had_happened()
    {
        WriteOrders(Orders);
        var first = Run("run");
        await Eventually.HoldsAsync(() => first.HasExited || Number("select coalesce(sum(live), 0) from stream") > 0, "the first worker has begun");
        Run("run");
        await Eventually.HoldsAsync(() => Number("select count(*) from qrtz_scheduler_state") == 2, "the second worker is there");
        var before = Number("select sum(live) from stream");
        await first.KillAsync();
        Assert.That(before, Is.InRange(1, Orders - 1), "it was in the middle");

        await Eventually.HoldsAsync(() => Number("select count(*) from sync_run where outcome = 'Succeeded'") == 1, "the second worker has finished");
        await Eventually.HoldsAsync(() => Number("select count(*) from watermark") == 1, "and computed the metric");

        Assert.That(_postgres.Query(_database, "select outcome from sync_run order by id").Split('\n'), Is.EqualTo((string[])["Interrupted", "Succeeded"]));
        Assert.That(Number("select count(*) from record_version"), Is.EqualTo(Orders), "no row was stored twice");
        Assert.That(await ExportAsync(_servers), Is.EqualTo(await ExportUndisturbedAsync(Orders)));
    }

    [Test]
    public async Task Every_web_process_shows_what_a_sync_brings_and_reads_the_forms_of_the_others()
    {
        WriteOrders(2_000);
        var (one, other) = (Serve(), Serve());
        Run("run");
        await SeesAsync(one, "2,000");
        await SeesAsync(other, "2,000");

        // A form that one process gave is sent to the other, which lets a worker do it.
        WriteOrders(3_000);
        await AskForSyncAsync(one, other);
        await SeesAsync(one, "3,000");
        await SeesAsync(other, "3,000");
        Assert.That(Number("select count(*) from sync_run"), Is.EqualTo(2));
        Assert.That(Number("select count(*) from protection_key"), Is.EqualTo(1), "who starts second finds the key of the first");
    }

    [Test]
    public async Task While_InfluxDB_is_away_boards_are_held_and_say_so_and_writes_wait_and_then_land()
    {
        WriteOrders(2_000);
        var web = Serve();
        Run("run");
        await SeesAsync(web, "2,000");

        _influx.Stop();
        await SeesAsync(web, "cannot be read just now");
        WriteOrders(3_000);
        await AskForSyncAsync(web, web);
        await Eventually.HoldsAsync(() => Number("select sum(live) from stream") == 3_000, "the records have come, and their points wait");
        await SeesAsync(web, "cannot be read just now");
        Assert.That(await PageAsync(web, "/"), Does.Contain("2,000"), "the last board is held");
        var metric = await AnswerAsync(web, "/metrics/revenue");
        Assert.That(metric.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(metric.Text, Does.Contain("Nothing is lost"));

        _influx.Start();
        await SeesAsync(web, "3,000");
        await SeesNoMoreAsync(web, "cannot be read just now");
        Assert.That(await ExportAsync(_servers), Is.EqualTo(await ExportUndisturbedAsync(2_000, 3_000)));
    }

    [Test]
    public async Task After_PostgreSQL_was_restarted_everything_goes_on()
    {
        WriteOrders(2_000);
        var web = Serve();
        var worker = Run("run");
        await SeesAsync(web, "2,000");

        _postgres.Stop();
        await SeesAsync(web, "cannot be read just now");
        Assert.That(await PageAsync(web, "/"), Does.Contain("2,000"), "the last board is held");
        _postgres.Start();

        WriteOrders(3_000);
        await SeesNoMoreAsync(web, "cannot be read just now");
        await AskForSyncAsync(web, web);
        await SeesAsync(web, "3,000");
        Assert.That(worker.HasExited, Is.False);
    }

    /// <summary>As many orders as asked for, over the weeks before the running one; the total of the newest whole week is their number.</summary>
    private void WriteOrders(int count)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var monday = today.AddDays(-((int)today.DayOfWeek + 6) % 7);
        var rows = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},{monday.AddDays(-1 - i % 7):yyyy-MM-dd},{Countries[i % 6]},1\n"));
        _folder.Write("ws/data/orders.csv", "order,day,country,amount\n" + string.Concat(rows));
    }

    private KpiProcess Run(params IReadOnlyList<string> arguments)
    {
        var process = KpiProcess.StartProgram("dotnet", [DemoProcess.Executable, .. arguments], _servers);
        _processes.Add(process);
        return process;
    }

    private HttpClient Serve()
    {
        var port = FreePort();
        Run("--port", port.ToString(CultureInfo.InvariantCulture));
        return new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    private static Task SeesAsync(HttpClient web, string text) => Eventually.HoldsAsync(
        () => PageAsync(web, "/").GetAwaiter().GetResult().Contains(text, StringComparison.Ordinal), $"the board says '{text}'");

    private static Task SeesNoMoreAsync(HttpClient web, string text) => Eventually.HoldsAsync(
        () => PageAsync(web, "/").GetAwaiter().GetResult() is { Length: > 0 } page && !page.Contains(text, StringComparison.Ordinal),
        $"the board no longer says '{text}'");

    private static async Task AskForSyncAsync(HttpClient from, HttpClient to)
    {
        using var page = await from.GetAsync(new Uri("/sources", UriKind.Relative));
        var html = await page.Content.ReadAsStringAsync();
        var form = SyncForm().Match(html);
        Assert.That(form.Success, Is.True, html);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(form.Groups["action"].Value, UriKind.Relative))
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", WebUtility.HtmlDecode(form.Groups["token"].Value))]),
        };
        if (page.Headers.TryGetValues("Set-Cookie", out var cookies))
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0])));
        using var answer = await to.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    private static async Task<string> PageAsync(HttpClient web, string address) => (await AnswerAsync(web, address)).Text;

    /// <summary>A process that is not there yet has nothing to say.</summary>
    private static async Task<(HttpStatusCode Status, string Text)> AnswerAsync(HttpClient web, string address)
    {
        try
        {
            using var answer = await web.GetAsync(new Uri(address, UriKind.Relative));
            return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
        }
        catch (HttpRequestException)
        {
            return (HttpStatusCode.ServiceUnavailable, "");
        }
    }

    /// <summary>The same in one undisturbed process without servers.</summary>
    /// <param name="orders">How many orders there were at each sync.</param>
    private async Task<string[]> ExportUndisturbedAsync(params int[] orders)
    {
        var embedded = new Dictionary<string, string> { ["KPI_WORKSPACE"] = _folder["ws"], ["KPI_DATA"] = _folder["embedded"] };
        foreach (var count in orders)
        {
            WriteOrders(count);
            using var sync = KpiProcess.StartProgram("dotnet", [DemoProcess.Executable, "sync"], embedded);
            var result = await sync.EndAsync();
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
        }

        return await ExportAsync(embedded);
    }

    /// <summary>The figures of every day and country, without the moment as of which they are known.</summary>
    private static async Task<string[]> ExportAsync(Dictionary<string, string> environment)
    {
        using var export = KpiProcess.StartProgram(
            "dotnet", [DemoProcess.Executable, "export", "--metric", "revenue", "--grain", "day", "--by", "country"], environment);
        var result = await export.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return [.. result.Output.Split('\n').Select(line => string.Join(',', line.Split(',').Where((_, i) => i != 6)))];
    }

    private long Number(string sql)
    {
        try
        {
            return long.TryParse(_postgres.Query(_database, sql), CultureInfo.InvariantCulture, out var number) ? number : 0;
        }
        catch (InvalidOperationException)
        {
            // The table is not there yet.
            return 0;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("""<form[^>]*action="(?<action>[^"]*sync[^"]*)".*?name="__RequestVerificationToken"[^>]*value="(?<token>[^"]*)"|<form[^>]*action="(?<action>[^"]*sync[^"]*)".*?value="(?<token>[^"]*)"[^>]*name="__RequestVerificationToken""", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex SyncForm();
}
