using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Tests.Support;
using Tests.Support.Servers;

namespace Ingestion.Worker.Tests.Commands;

/// <summary>Moving to real servers and back on the command line: what it takes, what it says, and what a killed one leaves.</summary>
public sealed partial class MigrateVerbTests
{
    private const int Days = 400;
    private const int Shops = 60;

    private static readonly string[] Export =
        ["export", "--metric", "revenue", "--grain", "week", "--by", "shop", "--from", "2025-01-01", "--to", "2026-03-01"];

    private TempFolder _folder = null!;

    [SetUp]
    public void WriteWorkspace()
    {
        _folder = new TempFolder();
        _folder.Write("calendar.yaml", "currency: EUR\n");
        _folder.Write("metrics/shop.yaml", """
            metrics:
              - id: revenue
                name: Revenue
                unit: currency
                over_time: sum
                over_segments: sum
                missing: zero
                dimensions: [shop]
            """);
        _folder.Write("sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - name: orders
                file: data/orders.csv
                record: metric_value
                key: [order]
                time: { column: day }
                metrics: { revenue: amount }
                dimensions: { shop: shop }
            """);
        Orders(firstAmount: 10);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("", "--from")]
    [TestCase("--from embedded", "--to")]
    [TestCase("--from embedded --to cloud", "cloud")]
    [TestCase("--from server --to server", "--from and --to are both server")]
    [TestCase("--from embedded --to server", "Set KPI_SERIES to the InfluxDB of the points, KPI_DATABASE to")]
    public async Task A_command_line_at_fault_is_told_what_it_takes(string options, string message)
    {
        var result = await RunAsync(null, ["migrate", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Errors, Does.Contain(message).And.Not.Contain("   at "));
    }

    [Test]
    public async Task What_was_moved_is_exported_as_before_on_both_sides_and_the_summary_says_what_it_was()
    {
        var servers = Servers();
        await SyncAsync();
        Orders(firstAmount: 11);
        await SyncAsync();
        var before = await RunAsync(null, Export);

        var there = await RunAsync(servers, "migrate", "--from", "embedded", "--to", "server");
        Assert.That(there.ExitCode, Is.Zero, there.ToString());
        Assert.That(there.Output, Does.Contain($"{Shops} series, {Shops * Days} points, 1 restatements, all verified"));
        Assert.That(there.Output, Does.Contain("series.db").And.Not.Contain(Uri.EscapeDataString(PostgresServer.Password)));
        Assert.That(there.Errors, Does.Contain($"revenue: {Shops} of {Shops} series\n"));
        var back = await KpiAsync(servers, "again", "migrate", "--from", "server", "--to", "embedded");
        Assert.That(back.ExitCode, Is.Zero, back.ToString());

        Assert.That((await RunAsync(servers, Export)).Output, Is.EqualTo(before.Output).And.Not.Empty);
        Assert.That((await KpiAsync(null, "again", Export)).Output, Is.EqualTo(before.Output));
        var again = await RunAsync(servers, "migrate", "--from", "embedded", "--to", "server");
        Assert.That((again.ExitCode, again.Errors), Is.EqualTo((1, again.Errors)));
        Assert.That(again.Errors, Does.Contain("holds data already"));
    }

    [Test]
    public async Task One_that_is_killed_again_and_again_goes_on_and_ends_the_same()
    {
        var (database, points) = (PostgresServer.Shared.Create(), InfluxServer.Shared(authentication: false).NewDatabase());
        var servers = new Dictionary<string, string> { ["KPI_SERIES"] = points, ["KPI_DATABASE"] = PostgresServer.Shared.AddressOf(database) };
        await SyncAsync();
        var before = await RunAsync(null, Export);

        // From before the first page to the middle of the series.
        foreach (var (reached, what) in (IEnumerable<(Func<bool>, string)>)
            [
                (() => Rows(database, "unfinished_copy") > 0, "it has marked the target"),
                (() => Rows(database, "record_version") > 0, "records have come"),
                (() => PointsIn(points) > 0, "points have come"),
                (() => PointsIn(points) > Days, "more points have come"),
            ])
        {
            using var process = KpiProcess.StartWith(
                servers, "migrate", "--from", "embedded", "--to", "server", "--workspace", _folder.Path, "--data", _folder["store"]);
            await Eventually.HoldsAsync(() => process.HasExited || reached(), what);
            var killed = await process.KillAsync();
            Assert.That(killed.ExitCode, Is.Not.Zero, $"it was killed when {what}: {killed}");
        }

        var result = await RunAsync(servers, "migrate", "--from", "embedded", "--to", "server");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Contain("going on where it was interrupted"));
        Assert.That((await RunAsync(servers, Export)).Output, Is.EqualTo(before.Output).And.Not.Empty);
    }

    [Test]
    public async Task Servers_that_are_away_are_named_and_the_exit_code_says_so()
    {
        await SyncAsync();
        foreach (var (variable, address) in (IEnumerable<(string, string)>)
            [("KPI_SERIES", "influxdb+http://127.0.0.1:9/kpi"), ("KPI_DATABASE", "postgresql://kpi@127.0.0.1:9/kpi")])
        {
            var result = await RunAsync(new Dictionary<string, string> { [variable] = address }, "migrate", "--from", "embedded", "--to", "server");
            Assert.That(result.ExitCode, Is.EqualTo(3), result.ToString());
            Assert.That(result.Errors, Does.Contain("127.0.0.1:9").And.Not.Contain("   at "));
        }
    }

    [Test]
    public async Task A_folder_without_data_is_nothing_to_move()
    {
        var result = await RunAsync(Servers(), "migrate", "--from", "embedded", "--to", "server");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.Contain("There is nothing to move").And.Contain("--data"));
        Assert.That(Directory.Exists(_folder["store"]), Is.False);
    }

    [Test]
    public async Task A_sync_that_runs_is_not_disturbed()
    {
        await SyncAsync();
        // As the sync of another process holds it.
        await using var held = new FileStream(_folder["store/locks/shop.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var result = await RunAsync(Servers(), "migrate", "--from", "embedded", "--to", "server");

        Assert.That(result.ExitCode, Is.EqualTo(3), result.ToString());
        Assert.That(result.Errors, Does.Contain("shop is being synced; stop the workers first."));
    }

    private static Dictionary<string, string> Servers() => new()
    {
        ["KPI_SERIES"] = InfluxServer.Shared(authentication: false).NewDatabase(), ["KPI_DATABASE"] = PostgresServer.Shared.NewDatabase(),
    };

    private static long Rows(string database, string table)
    {
        try
        {
            return long.Parse(PostgresServer.Shared.Query(database, $"select count(*) from {table}"), CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            // The table is not there yet.
            return 0;
        }
    }

    private static long PointsIn(string address)
    {
        var answer = InfluxServer.Shared(authentication: false).Query("SELECT count(value) FROM kpi", address[(address.LastIndexOf('/') + 1)..]);
        return Count().Match(answer) is { Success: true } count ? long.Parse(count.Groups["points"].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@",(?<points>\d+)\]\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Count();

    private async Task SyncAsync() => Assert.That((await RunAsync(null, "sync")).ExitCode, Is.Zero);

    private void Orders(int firstAmount)
    {
        var start = new DateOnly(2025, 1, 1);
        _folder.Write("data/orders.csv", "order,day,shop,amount\n" + string.Concat(
            from day in Enumerable.Range(0, Days)
            from shop in Enumerable.Range(0, Shops)
            let order = (day * Shops) + shop
            select FormattableString.Invariant($"{order},{start.AddDays(day):yyyy-MM-dd},shop {shop},{(order == 0 ? firstAmount : order % 97)}.25\n")));
    }

    private Task<KpiResult> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] line) => KpiAsync(environment, "store", line);

    private async Task<KpiResult> KpiAsync(IReadOnlyDictionary<string, string>? environment, string data, params string[] line)
    {
        using var process = KpiProcess.StartWith(
            environment ?? new Dictionary<string, string>(), [.. line, "--workspace", _folder.Path, "--data", _folder[data]]);
        return await process.EndAsync();
    }
}
