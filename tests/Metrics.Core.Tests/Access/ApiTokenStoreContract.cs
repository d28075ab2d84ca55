using Metrics.Core.Access;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Access;

/// <summary>What every store of tokens promises. Derive from it, open a store, and the promises are checked.</summary>
public abstract class ApiTokenStoreContract
{
    private static readonly DateTimeOffset Now = Some.Instant("2026-11-16T06:00:00.123456Z");

    private protected IApiTokenStore Store { get; set; } = null!;

    [Test]
    public async Task A_token_is_read_as_it_was_made()
    {
        var made = await Store.AddAsync("shop, \"one\"", ["revenue_", "visits"], [1, 2, 255], Now, default);

        Assert.That(made, Is.EqualTo(new ApiToken(1, "shop, \"one\"", made!.Writes, Now, null, null)));
        var inForce = (await Store.InForceAsync(default)).Single();
        Assert.That(inForce.Token.Writes, Is.EqualTo(new[] { "revenue_", "visits" }));
        Assert.That(inForce.Digest.ToArray(), Is.EqualTo(new byte[] { 1, 2, 255 }));
    }

    [Test]
    public async Task A_name_is_taken_only_while_its_token_is_in_force()
    {
        var first = await Store.AddAsync("a", ["*"], [1], Now, default);
        Assert.That(await Store.AddAsync("a", ["*"], [2], Now, default), Is.Null);

        Assert.That(await Store.RevokeAsync(first!.Id, Now, default), Is.True);
        Assert.That((await Store.AddAsync("a", ["*"], [3], Now, default))!.Id, Is.EqualTo(2));
        Assert.That((await Store.AllAsync(default)).Select(token => (token.Id, token.Revoked)), Is.EqualTo(new (long, DateTimeOffset?)[] { (1, Now), (2, null) }));
        Assert.That((await Store.InForceAsync(default)).Select(one => one.Token.Id), Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public async Task What_is_not_in_force_cannot_be_revoked()
    {
        await Store.AddAsync("a", ["*"], [1], Now, default);
        await Store.RevokeAsync(1, Now, default);

        Assert.That(await Store.RevokeAsync(1, Now.AddDays(1), default), Is.False);
        Assert.That(await Store.RevokeAsync(7, Now, default), Is.False);
        Assert.That((await Store.AllAsync(default)).Single().Revoked, Is.EqualTo(Now));
    }

    [Test]
    public async Task The_gate_opens_for_a_secret_in_force_and_notes_it_once_a_minute()
    {
        var (clock, secret) = (new FakeClock(Now), TokenSecret.New());
        var gate = new TokenGate(Store, clock);
        await Store.AddAsync("other", ["*"], TokenSecret.DigestOf(TokenSecret.New()), Now, default);
        await Store.AddAsync("a", ["visits"], TokenSecret.DigestOf(secret), Now, default);

        Assert.That((await gate.FindAsync(secret, default))!.Name, Is.EqualTo("a"));
        clock.Now = Now.AddSeconds(59);
        await gate.FindAsync(secret, default);
        Assert.That((await Store.AllAsync(default)).Select(token => token.LastUsed), Is.EqualTo(new DateTimeOffset?[] { null, Now }));
        clock.Now = Now.AddSeconds(60);
        await gate.FindAsync(secret, default);
        Assert.That((await Store.AllAsync(default))[1].LastUsed, Is.EqualTo(Now.AddSeconds(60)));

        Assert.That(await gate.FindAsync(secret + "x", default), Is.Null);
        Assert.That(await gate.FindAsync("", default), Is.Null);
        await Store.RevokeAsync(2, Now, default);
        Assert.That(await gate.FindAsync(secret, default), Is.Null);
    }

    [Test]
    public void Secrets_are_long_and_never_the_same()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => TokenSecret.New()).ToArray();

        Assert.That(secrets, Is.Unique.And.All.Match("^kpi_[A-Za-z0-9_-]{43}$"));
    }

    [TestCase("revenue_", "revenue_total", true)]
    [TestCase("revenue_", "revenue", false)]
    [TestCase("visits", "visits", true)]
    [TestCase("*", "anything", true)]
    [TestCase("visits", "Visits", false)]
    public void A_prefix_is_the_beginning_of_an_id(string prefix, string metric, bool may) =>
        Assert.That(new ApiToken(1, "a", ["nothing_else", prefix], Now, null, null).MayWrite(metric), Is.EqualTo(may));
}

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class SqlApiTokenStoreTests(Engine engine) : ApiTokenStoreContract
{
    private ScratchDatabase _database = null!;

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        Store = new SqlApiTokenStore(_database.Database);
    }

    [TearDown]
    public void Close() => _database.Dispose();
}
