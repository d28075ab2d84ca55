using System.Web;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Storage.Relational;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Tests.Support;
using Tests.Support.Servers;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Storage;

/// <summary>What the store does when its server is busy, ill, another one, or refuses; a script plays the server.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InfluxFaultTests : IDisposable
{
    private const string Nothing = """{"results":[{"statement_id":0}]}""";
    private const string Years = """
        {"results":[{"statement_id":0,"series":[{"columns":["name","duration","shardGroupDuration","replicaN","default"],"values":[["autogen","0s","8736h0m0s",1,true]]}]}]}
        """;

    private readonly ScratchDatabase _database = new(Engine.Sqlite);
    private readonly HastyClock _clock = new(Minute(0));
    private readonly Warnings _warnings = new();
    private readonly Queue<HttpAnswer> _writes = new();
    private readonly List<IDisposable> _open = [];

    private string _version = "1.8.10";
    private Func<HttpAsked, HttpAnswer> _write;
    private Func<string, HttpAnswer> _query = statement => new HttpAnswer(200, statement.StartsWith("SHOW RETENTION", StringComparison.Ordinal) ? Years : Nothing);

    public InfluxFaultTests() => _write = _ => _writes.TryDequeue(out var answer) ? answer : new HttpAnswer(204);

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_open))
            one.Dispose();
        _database.Dispose();
    }

    [Test]
    public async Task A_busy_server_is_asked_again_after_the_time_that_it_names()
    {
        var (store, server) = Open();
        _writes.Enqueue(new HttpAnswer(429, """{"code":"too many requests"}""", ("Retry-After", "37")));
        _writes.Enqueue(new HttpAnswer(503));

        var outcome = await store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), default);

        Assert.That(outcome.New, Is.EqualTo(1));
        Assert.That(server.Asked.Count(asked => asked.Path == "/write"), Is.EqualTo(3));
        Assert.That(_clock.Waits, Has.Count.EqualTo(2));
        Assert.That(_clock.Waits[0], Is.EqualTo(TimeSpan.FromSeconds(37)));
    }

    [Test]
    public void A_write_waits_five_minutes_and_then_says_that_the_server_is_away()
    {
        var (store, _) = Open();
        _write = _ => new HttpAnswer(503, "", ("Retry-After", "60"));

        Assert.That(async () => await store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), default),
            Throws.TypeOf<StoreUnreachableException>().With.Message.Contains("cannot answer now"));
        Assert.That(_clock.Waits, Has.Count.EqualTo(5));
    }

    [Test]
    public void A_page_asks_once_more_and_does_not_wait()
    {
        var (store, server) = Open();
        _query = _ => new HttpAnswer(503);

        Assert.That(async () => await store.ReadAsync(Query(), default), Throws.TypeOf<StoreUnreachableException>());
        Assert.That(server.Asked.Count(asked => asked.Path == "/query"), Is.EqualTo(2));
        Assert.That(_clock.Waits.Sum(wait => wait.TotalSeconds), Is.LessThan(1));
    }

    [Test]
    public async Task Nobody_at_the_address_is_told_with_the_address_and_without_the_password()
    {
        var (store, server) = Open("kpi:secret@");
        server.Dispose();

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.ReadAsync(Query(), default));
        Assert.That(fault!.Message, Does.Contain($"127.0.0.1:{server.Port}").And.Not.Contain("secret"));
        Assert.That(StorageFault.Describe(fault), Is.EqualTo(fault.Message));
        Assert.That(StorageFault.IsAway(fault));
    }

    [Test]
    public async Task Of_a_batch_the_lines_that_are_refused_are_found_and_set_aside()
    {
        var (store, server) = Open();
        _write = asked => asked.Body.Contains("value=13,", StringComparison.Ordinal)
            ? new HttpAnswer(400, """{"error":"partial write: field type conflict dropped=1"}""")
            : new HttpAnswer(204);

        var outcome = await store.WriteAsync(
            [Mrr.With([.. Enumerable.Range(1, 28).Select(day => ($"2026-11-{day:D2}", (double)day))])], Sync(1), default);

        Assert.That(outcome, Is.EqualTo(new WriteOutcome(27, 0, 0, 0) { Refused = 1 }));
        var landed = server.Asked.Where(asked => asked.Path == "/write" && !asked.Body.Contains("value=13,", StringComparison.Ordinal))
            .SelectMany(asked => asked.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(landed.Distinct().Count(), Is.EqualTo(27));
        Assert.That(_warnings.Lines.Single(), Does.Contain("value=13,").And.Contain("field type conflict"));
    }

    [Test]
    public async Task A_change_that_is_refused_leaves_no_restatement()
    {
        var (store, _) = Open();
        _query = statement => new HttpAnswer(200, statement.StartsWith("SHOW RETENTION", StringComparison.Ordinal) ? Years
            : """{"results":[{"statement_id":0,"series":[{"name":"kpi","tags":{"cut":"","grain":"day","metric":"mrr"},"columns":["time","value","first"],"values":[[1793491200,5,1793534400]]}]}]}""");
        _write = _ => new HttpAnswer(422, """{"code":"unprocessable entity","message":"field type conflict"}""");

        var outcome = await store.WriteAsync([Mrr.With(("2026-11-01", 6))], Sync(1), default);

        Assert.That(outcome, Is.EqualTo(WriteOutcome.Nothing with { Refused = 1 }));
        Assert.That(await store.RestatementsAsync(Query(), default), Is.Empty);
    }

    [Test]
    public async Task A_batch_that_is_too_large_is_sent_in_parts()
    {
        var (store, server) = Open();
        _write = asked => asked.Body.Count(sign => sign == '\n') > 3 ? new HttpAnswer(413, "Request Entity Too Large") : new HttpAnswer(204);

        var outcome = await store.WriteAsync([Mrr.With([.. Enumerable.Range(1, 10).Select(day => ($"2026-11-{day:D2}", (double)day))])], Sync(1), default);

        Assert.That(outcome, Is.EqualTo(new WriteOutcome(10, 0, 0, 0)));
        Assert.That(server.Asked.Count(asked => asked.Path == "/write"), Is.GreaterThan(4));
    }

    [TestCase(401, """{"error":"authorization failed"}""", "does not accept the user and password")]
    [TestCase(403, """{"error":"kpi not authorized to write to db"}""", "does not allow this user")]
    [TestCase(404, """{"error":"database not found: \"db\""}""", "does not know the database")]
    public void A_refusal_is_told_in_words(int status, string body, string message)
    {
        var (store, _) = Open("kpi:secret@");
        _writes.Enqueue(new HttpAnswer(status, body));

        Assert.That(async () => await store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), default),
            Throws.TypeOf<StoreUnreachableException>().With.Message.Contains(message).And.Message.Not.Contains("secret"));
    }

    [Test]
    public void An_error_inside_an_answer_that_says_ok_is_an_error()
    {
        var (store, _) = Open();
        _query = statement => new HttpAnswer(200, statement.StartsWith("SHOW", StringComparison.Ordinal) ? Years : """{"results":[{"statement_id":0,"error":"engine: shard is gone"}]}""");

        Assert.That(async () => await store.ReadAsync(Query(), default),
            Throws.TypeOf<StoreUnreachableException>().With.Message.Contains("shard is gone"));
    }

    [Test]
    public void An_answer_that_breaks_off_is_asked_for_again_and_then_told()
    {
        var (store, server) = Open();
        _query = statement => new HttpAnswer(200, statement.StartsWith("SHOW", StringComparison.Ordinal) ? Years : """{"results":[{"statement_id":0,"series":[{"name":"kpi","ta""");

        Assert.That(async () => await store.ReadAsync(Query(), default), Throws.TypeOf<StoreUnreachableException>());
        Assert.That(server.Asked.Count(asked => asked.Body.Contains("SELECT", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public void InfluxDB_3_is_refused_in_words()
    {
        var (store, server) = Open();
        _version = "3.1.0";

        Assert.That(async () => await store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), default),
            Throws.TypeOf<StoreUnreachableException>().With.Message.Contains("InfluxDB 3").And.Message.Contains("1.8 or 2.x"));
        Assert.That(server.Asked.Select(asked => asked.Path), Is.EqualTo((string[])["/ping"]));
    }

    [Test]
    public async Task Small_shards_are_warned_about_once_with_the_statement_that_helps()
    {
        var (store, _) = Open();
        _query = statement => new HttpAnswer(200, statement.StartsWith("SHOW RETENTION", StringComparison.Ordinal) ? Years.Replace("8736h", "168h", StringComparison.Ordinal) : Nothing);

        await store.ReadAsync(Query(), default);
        await store.ReadAsync(Query(), default);

        Assert.That(_warnings.Lines.Single(), Does.Contain("7 days").And.Contain("ALTER RETENTION POLICY \"autogen\" ON \"db\" SHARD DURATION 52w"));
    }

    [Test]
    public async Task A_server_of_version_2_gets_its_token_and_is_not_asked_to_make_a_bucket()
    {
        var (store, server) = Open("token:abc-123==@");
        _version = "v2.7.6";

        await store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), default);

        Assert.That(server.Asked.Where(asked => asked.Path != "/ping").Select(asked => asked.Authorization).Distinct(), Is.EqualTo((string[])["Token abc-123=="]));
        Assert.That(server.Asked.Any(asked => asked.Body.Contains("CREATE", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public void A_missing_bucket_is_told_with_how_to_make_it()
    {
        var (store, _) = Open("token:abc@");
        _version = "v2.7.6";
        _query = _ => new HttpAnswer(404, """{"code":"not found","message":"database not found: db"}""");

        Assert.That(async () => await store.ReadAsync(Query(), default),
            Throws.TypeOf<StoreUnreachableException>().With.Message.Contains("influx bucket create --name db"));
    }

    [TestCase("influxdb+http://u:p%40%3A@host:8086/kpi", "http://host:8086/", "Basic dTpwQDo=")]
    [TestCase("influxdb+https://token:t_-==@cloud.example/kpi-1", "https://cloud.example/", "Token t_-==")]
    [TestCase("influxdb+http://localhost:8086/kpi", "http://localhost:8086/", null)]
    public void A_setting_names_server_database_and_who_asks(string setting, string address, string? authorization)
    {
        var options = InfluxOptions.Parse(setting);

        Assert.That((options.Address.ToString(), options.Authorization), Is.EqualTo((address, authorization)));
        Assert.That(options.ToString(), Does.Not.Contain("dTpw").And.Not.Contain("t_-"));
    }

    [TestCase("http://u:hidden@host/kpi", "influxdb+http://")]
    [TestCase("influxdb+http://u:hidden@host:8086/", "names no database")]
    [TestCase("influxdb+http://u:hid/den@host:8086/kpi", "percent-encoded")]
    [TestCase("influxdb+http://u:1/hidden@host:8086/kpi", "other signs")]
    [TestCase("influxdb+http://u:hid#den@host:8086/kpi", "percent-encoded")]
    [TestCase("influxdb+http://hidden@host:8086/kpi", "without a password")]
    [TestCase("influxdb+http://u:hidden%zz@host:8086/kpi", "%25")]
    [TestCase("influxdb+http://u:hidden@host:8086/kpi?x=1", "after the database")]
    public void A_wrong_setting_is_told_without_the_secret(string setting, string message) =>
        Assert.That(() => InfluxOptions.Parse(setting), Throws.TypeOf<FormatException>().With.Message.Contains(message).And.Message.Not.Contains("hid"));

    private (ISeriesStore Store, ScriptedHttpServer Server) Open(string user = "")
    {
        var server = new ScriptedHttpServer(asked => asked.Path switch
        {
            "/ping" => new HttpAnswer(204, "", ("X-Influxdb-Version", _version)),
            "/write" => _write(asked),
            _ => _query(HttpUtility.ParseQueryString(asked.Body)["q"]!),
        });
        var log = new SqlRestatementLog(_database.Database, new FileWorkLock(new StorageOptions { DataFolder = _database.Folder }));
        var store = new InfluxSeriesStore(InfluxOptions.Parse($"influxdb+http://{user}127.0.0.1:{server.Port}/db"), log, _warnings, _clock);
        _open.AddRange([server, log, store]);
        return (store, server);
    }

    private sealed class Warnings : ILogger<InfluxSeriesStore>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Add(formatter(state, exception));
        }
    }
}
