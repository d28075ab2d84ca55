using Metrics.Core.Connectors;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Relational;
using NUnit.Framework;
using Tests.Support;
using Tests.Support.Servers;

namespace Metrics.Core.Tests.Storage;

/// <summary>What a server can do that a file cannot: be away, refuse, and be newer.</summary>
public sealed class PostgresDatabaseTests
{
    private static CancellationToken None => CancellationToken.None;

    [TestCase("postgresql://127.0.0.1:5432", "does not name one database")]
    [TestCase("mysql://127.0.0.1/kpi", "is not an address")]
    [TestCase("kpi", "is not an address")]
    [TestCase("postgresql://u:secret@127.0.0.1/kpi?colour=red", "'colour'")]
    public void An_address_that_cannot_be_right_is_refused_without_its_password(string address, string message) =>
        Assert.That(() => new PostgresDatabase(address, TimeSpan.FromSeconds(10), TimeProvider.System),
            Throws.TypeOf<StorageSettingException>().With.Message.Contains(message).And.Message.Contains("KPI_DATABASE").And.Message.Not.Contains("secret"));

    [Test]
    public async Task A_wrong_password_is_said_in_words()
    {
        var address = PostgresServer.Shared.NewDatabase().Replace(Uri.EscapeDataString(PostgresServer.Password), "wrong", StringComparison.Ordinal);
        using var database = new PostgresDatabase(address, TimeSpan.FromSeconds(10), TimeProvider.System);

        var fault = await Assert.CatchAsync(async () => await database.OpenAsync(None));
        Assert.That(StorageFault.Describe(fault!), Does.Contain("refuses the login").And.Contain("KPI_DATABASE"));
    }

    [Test]
    public async Task A_database_that_is_not_there_is_said_in_words()
    {
        using var database = new PostgresDatabase(PostgresServer.Shared.AddressOf("nowhere"), TimeSpan.FromSeconds(10), TimeProvider.System);

        var fault = await Assert.CatchAsync(async () => await database.OpenAsync(None));
        Assert.That(StorageFault.Describe(fault!), Does.Contain("no such database").And.Contain("nowhere"));
    }

    [Test]
    public async Task Tables_of_a_newer_version_are_refused_and_left_as_they_are()
    {
        var address = PostgresServer.Shared.NewDatabase();
        using (var first = new PostgresDatabase(address, TimeSpan.FromSeconds(10), TimeProvider.System))
            await first.WriteAsync(transaction => transaction.ExecuteAsync("insert into migration (number) values (999)", null, None), None);

        using var second = new PostgresDatabase(address, TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.That(async () => await second.OpenAsync(None), Throws.InvalidOperationException.With.Message.Contains("newer version (migration 999"));
    }

    [Test]
    public async Task Two_companies_may_share_a_database_in_schemas_of_their_own()
    {
        var address = PostgresServer.Shared.NewDatabase();
        using (var owner = new PostgresDatabase(address, TimeSpan.FromSeconds(10), TimeProvider.System))
            await owner.WriteAsync(transaction => transaction.ExecuteAsync("create schema a; create schema b", null, None), None);

        using var a = new PostgresDatabase(address + "?search_path=a", TimeSpan.FromSeconds(10), TimeProvider.System);
        using var b = new PostgresDatabase(address + "?search_path=b", TimeSpan.FromSeconds(10), TimeProvider.System);
        await new SqlDataVersion(a).AdvanceAsync(None);
        await using var held = await new PostgresWorkLock(a, TimeProvider.System).TryTakeAsync("billing", None);
        await using var other = await new PostgresWorkLock(b, TimeProvider.System).TryTakeAsync("billing", None);

        Assert.That(await new SqlDataVersion(a).ReadAsync(None), Is.EqualTo(2));
        Assert.That(await new SqlDataVersion(b).ReadAsync(None), Is.EqualTo(1));
        Assert.That(held, Is.Not.Null);
        Assert.That(other, Is.Not.Null);
    }

    [Test]
    public async Task After_a_restart_of_the_server_work_goes_on_and_its_locks_are_lost()
    {
        using var server = new PostgresServer();
        server.Start();
        using var database = new PostgresDatabase(server.NewDatabase(), TimeSpan.FromSeconds(10), TimeProvider.System);
        var version = new SqlDataVersion(database);
        await version.AdvanceAsync(None);
        await using var held = (await new PostgresWorkLock(database, TimeProvider.System).TryTakeAsync("billing", None))!;
        var work = held.RunAsync(async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return 0;
        }, None);

        server.Stop();
        Assert.That(async () => await work, Throws.TypeOf<LockLostException>());
        var waiting = version.ReadAsync(None);
        server.Start();

        Assert.That(await waiting, Is.EqualTo(2), "what was asked while it was away is answered when it is back");
        await using var again = await new PostgresWorkLock(database, TimeProvider.System).TryTakeAsync("billing", None);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public async Task While_the_server_is_away_only_the_first_waits_for_it()
    {
        using var server = new PostgresServer();
        server.Start();
        var clock = new FakeClock("2026-11-16T06:00:00Z");
        using var database = new PostgresDatabase(server.NewDatabase(), TimeSpan.FromSeconds(10), clock);
        await new SqlDataVersion(database).ReadAsync(None);
        server.Stop();

        var first = new SqlDataVersion(database).ReadAsync(None);
        Assert.That(first.IsCompleted, Is.False);
        clock.Now += TimeSpan.FromSeconds(11);
        var fault = await Assert.CatchAsync(async () => await first);
        Assert.That(StorageFault.IsAway(fault!), Is.True);
        Assert.That(StorageFault.Describe(fault!), Does.Contain("cannot be reached"));
        await Assert.CatchAsync(async () => await new SqlDataVersion(database).ReadAsync(None), "the next one is answered at once, on the same standing clock");
    }
}
