using System.Globalization;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>The worker as a process of its own: it is killed, its disk runs full, its file is larger than its memory should be.</summary>
[NonParallelizable]
public sealed class WorkerProcessTests
{
    private const int Rows = 600_000;

    private BigExport _export = null!;
    private string[] _expected = null!;

    [OneTimeSetUp]
    public async Task SyncUndisturbedAsync()
    {
        _export = new BigExport(Rows, comment: 0);
        var sync = await KpiProcess.RunAsync(_export.Sync(_export["undisturbed"]));
        Assert.That(sync.Output, Does.StartWith("shop/orders: 600000 read, 600000 new, 0 changed, 0 vanished, 0 rejected\n"),
            sync.ToString());
        Assert.That(sync.ExitCode, Is.Zero);
        _expected = await _export.ExportAsync(_export["undisturbed"]);
        Assert.That(_expected, Has.Length.GreaterThan(4000));
    }

    [OneTimeTearDown]
    public void Remove() => _export.Dispose();

    [TestCase(1)]
    [TestCase(Rows / 3)]
    [TestCase(Rows)]
    public async Task A_sync_that_is_killed_is_finished_by_the_next(int recordsBefore)
    {
        var data = _export[$"killed-{recordsBefore}"];
        using (var killed = KpiProcess.Start(_export.Sync(data)))
        {
            await Eventually.HoldsAsync(() => killed.HasExited || RecordsIn(data) >= recordsBefore, $"{recordsBefore} records are stored");
            await killed.KillAsync();
        }

        var stored = RecordsIn(data);
        var next = await KpiProcess.RunAsync(_export.Sync(data));

        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        Assert.That(next.Output,
            Does.StartWith($"shop/orders: {Rows - stored} read, {Rows - stored} new, 0 changed, 0 vanished, 0 rejected\n"),
                "what was stored is not read again");
        Assert.That(RecordsIn(data), Is.EqualTo(Rows));
        Assert.That(await _export.ExportAsync(data), Is.EqualTo(_expected));
        Assert.That(FirstRunOf(data),
            Is.EqualTo("Interrupted: The process ended in the middle. What was stored by then is kept; the next sync goes on from there."));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_disk_that_runs_full_is_told_and_with_room_the_sync_goes_on()
    {
        var disk = Directory.CreateDirectory(_export["disk"]).FullName;
        var (full, after) = (_export["full.txt"], Directory.CreateDirectory(_export["after-full"]).FullName);
        using (var allowed = KpiProcess.StartProgram("/bin/sh", ["-c", $"unshare -Urm mount -t tmpfs -o size=1m tmpfs '{disk}'"]))
        {
            if (await allowed.EndAsync() is { ExitCode: not 0 } refused)
                Assert.Ignore($"This machine lets nobody mount a small disk for a test: {refused.Errors}");
        }

        // The small disk is gone with the shell that mounted it, so its files are copied out before.
        var script = $"mount -t tmpfs -o size=12m tmpfs '{disk}' && '{KpiProcess.Executable}' "
            + $"{string.Join(' ', _export.Sync(disk).Select(argument => $"'{argument}'"))} 2> '{full}'; "
            + $"code=$?; cp -r '{disk}/.' '{after}'; exit $code";
        using (var shell = KpiProcess.StartProgram("unshare", ["-Urm", "/bin/sh", "-c", script]))
        {
            var sync = await shell.EndAsync();
            Assert.That(sync.ExitCode, Is.EqualTo(3), $"{sync}{await File.ReadAllTextAsync(full)}");
        }

        Assert.That(await File.ReadAllTextAsync(full),
            Does.Contain("full").And.Contain("What was stored before is kept").And.Not.Contain("   at "));
        var stored = RecordsIn(after);
        Assert.That(stored, Is.InRange(1, Rows - 1), "the disk ran full in the middle");

        var next = await KpiProcess.RunAsync(_export.Sync(after));
        Assert.That(next.Output,
            Does.StartWith($"shop/orders: {Rows - stored} read, {Rows - stored} new, 0 changed, 0 vanished, 0 rejected\n"),
                next.ToString());
        Assert.That(await _export.ExportAsync(after), Is.EqualTo(_expected));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_file_of_200_megabytes_takes_less_than_400_megabytes_of_memory()
    {
        using var wide = new BigExport(rows: 420_000, comment: 470);
        Assert.That(wide.Bytes, Is.GreaterThan(200_000_000));
        long peak = 0;
        using var sync = KpiProcess.Start(wide.Sync(wide["store"]));
        await Eventually.HoldsAsync(() => (peak = Math.Max(peak, sync.PeakMemory())) < 0 || sync.HasExited, "the sync ends");

        Assert.That((await sync.EndAsync()).Output, Does.StartWith("shop/orders: 420000 read, 420000 new"));
        Assert.That(peak, Is.InRange(1, 400_000_000));
        TestContext.Out.WriteLine($"at most {peak / 1_000_000} MB");
    }

    private static long RecordsIn(string data) => Scalar(data, "select coalesce(sum(live), 0) from stream") is long count ? count : 0;

    private static string? FirstRunOf(string data) =>
        Convert.ToString(Scalar(data, "select outcome || ': ' || message from sync_run order by id limit 1"), CultureInfo.InvariantCulture);

    /// <summary>Null as long as the file or its tables are not there.</summary>
    private static object? Scalar(string data, string sql)
    {
        var file = Path.Combine(data, "kpi.db");
        if (!File.Exists(file))
            return null;

        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Pooling = false
            }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}
