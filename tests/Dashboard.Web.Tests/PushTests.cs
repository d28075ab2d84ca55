using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dashboard.Web.Endpoints;
using Metrics.Core.Access;
using Metrics.Core.Periods;
using Metrics.Core.Push;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>What senders of values are told, on which they decide whether to keep or to drop what they sent.</summary>
public sealed class PushTests
{
    private const string Metrics = """
        metrics:
          - { id: page_views, name: Page views, unit: count, dimensions: [region] }
          - { id: orders, name: Orders, unit: count }
          - { id: revenue_net, name: Net revenue, unit: currency }
        """;

    // Fifteen minutes into Sunday of W46 in Berlin, still Saturday in UTC.
    private const long Sunday = 1_794_698_100;

    private RunningDashboard _dashboard = null!;
    private string _secret = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync("metrics/push.yaml", Metrics, data: false);
        _secret = await TokenAsync("telegraf", "*");
    }

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [TestCase("ns", 1_000_000_000)]
    [TestCase("us", 1_000_000)]
    [TestCase("ms", 1_000)]
    [TestCase("s", 1)]
    [TestCase("", 1_000_000_000)]
    public async Task Values_are_on_their_local_day(string precision, long perSecond)
    {
        await SendAsync($"/api/v2/write?org=any&bucket=any&precision={precision}", $"page_views,region=EU,host=a value=12i {Sunday * perSecond}", HttpStatusCode.NoContent);

        Assert.That(await DaysAsync("page_views"), Is.EqualTo(new[] { "2026-11-15 {\"region\":\"EU\"} 12" }));
    }

    [TestCase("n", 1_000_000_000)]
    [TestCase("u", 1_000_000)]
    [TestCase("ms", 1_000)]
    [TestCase("s", 1)]
    public async Task The_older_address_takes_its_own_precisions(string precision, long perSecond)
    {
        await SendAsync($"/write?db=any&rp=&precision={precision}", $"orders value=3 {Sunday * perSecond}", HttpStatusCode.NoContent);

        Assert.That(await DaysAsync("orders"), Is.EqualTo(new[] { "2026-11-15 {} 3" }));
    }

    [Test]
    public async Task A_later_push_replaces_and_the_same_one_changes_nothing()
    {
        await SendAsync("/write?precision=s", $"orders value=3 {Sunday}", HttpStatusCode.NoContent);
        await SendAsync("/write?precision=s", $"orders value=3 {Sunday}", HttpStatusCode.NoContent);
        _dashboard.Clock.Now = _dashboard.Clock.Now.AddHours(1);
        await SendAsync("/write?precision=s", $"orders value=5 {Sunday}", HttpStatusCode.NoContent);

        var changes = await Services<ISeriesStore>().RestatementsAsync(Query("orders"), CancellationToken.None);
        Assert.That(await DaysAsync("orders"), Is.EqualTo(new[] { "2026-11-15 {} 5" }));
        Assert.That(changes.Select(change => (change.Old, change.New, change.Sync)), Is.EqualTo(new (double?, double?, string)[] { (3, 5, "push by telegraf") }));
    }

    [Test]
    public async Task The_board_shows_what_was_pushed_without_a_restart()
    {
        _dashboard.Write("boards/weekly.yaml", "id: weekly\nname: Weekly\nsections:\n  - name: Shop\n    tiles: [{ metric: orders }, { metric: page_views, filter: { region: EU } }]\n");
        await SendAsync("/write?precision=s", string.Join('\n', Enumerable.Range(0, 14).Select(day => $"orders value=10 {Sunday - day * 86_400}\npage_views,region=EU value={day} {Sunday - day * 86_400}")), HttpStatusCode.NoContent);

        var values = (await _dashboard.PageAsync("/")).QuerySelectorAll(".card .value").Select(value => value.TextContent);
        Assert.That(values, Is.EqualTo(new[] { "70", "21" }));
        Assert.That((await _dashboard.PageAsync("/")).QuerySelector(".card .deltas")!.TextContent, Does.Contain("0.0"));

        await SendAsync("/write?precision=s", $"orders value=80 {Sunday}", HttpStatusCode.NoContent);
        Assert.That((await _dashboard.PageAsync("/")).QuerySelector(".card .value")!.TextContent, Is.EqualTo("140"));
    }

    [Test]
    public async Task The_newer_address_stores_nothing_when_a_line_cannot_be_read()
    {
        var answer = await SendAsync("/api/v2/write", "orders value=1\norders value=\norders value=2", HttpStatusCode.BadRequest);

        Assert.That(answer.GetProperty("code").GetString(), Is.EqualTo("invalid"));
        Assert.That(answer.GetProperty("message").GetString(), Is.EqualTo("line 2: unable to parse 'orders value=': missing field value. Nothing was stored."));
        Assert.That(await DaysAsync("orders"), Is.Empty);
    }

    [Test]
    public async Task The_newer_address_stores_the_rest_when_a_value_cannot_be_taken()
    {
        var answer = await SendAsync("/api/v2/write", "mrr value=1\norders value=2\nchurned value=\"x\"", HttpStatusCode.UnprocessableEntity);

        Assert.That(answer.GetProperty("code").GetString(), Is.EqualTo("unprocessable entity"));
        Assert.That(answer.GetProperty("message").GetString(), Is.EqualTo(
            "line 1: 'mrr' is computed by the model revenue.mrr; line 3: A text cannot be a value of 'churned'. The rest was stored."));
        Assert.That(await DaysAsync("orders"), Is.EqualTo(new[] { "2026-11-16 {} 2" }));
    }

    [Test]
    public async Task The_older_address_stores_what_it_can_and_names_the_rest()
    {
        using var response = await PostAsync("/write", "orders value=1\nnönsense\nmrr value=3");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await JsonAsync(response)).GetProperty("error").GetString(), Is.EqualTo(
            "partial write: line 2: unable to parse 'nönsense': missing fields; line 3: 'mrr' is computed by the model revenue.mrr. dropped=2"));
        Assert.That(response.Headers.GetValues("X-Influxdb-Error").Single(), Does.StartWith("partial write: line 2: unable to parse 'n?nsense'"));
        Assert.That(await DaysAsync("orders"), Is.EqualTo(new[] { "2026-11-16 {} 1" }));
    }

    [Test]
    public async Task Lines_that_are_all_unreadable_are_refused()
    {
        var answer = await SendAsync("/write", "nonsense", HttpStatusCode.BadRequest);

        Assert.That(answer.GetProperty("error").GetString(), Is.EqualTo("line 1: unable to parse 'nonsense': missing fields."));
    }

    [TestCase("/api/v2/write?precision=m", HttpStatusCode.BadRequest)]
    [TestCase("/api/v2/write?precision=hours", HttpStatusCode.BadRequest)]
    [TestCase("/write?precision=d", HttpStatusCode.BadRequest)]
    [TestCase("/api/v2/write", HttpStatusCode.NoContent)]
    [TestCase("/write", HttpStatusCode.NoContent)]
    public async Task A_precision_that_is_not_known_is_refused_and_an_empty_body_is_none(string address, HttpStatusCode expected)
    {
        using var response = await PostAsync(address, "");
        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("Token {0}", "", ExpectedResult = HttpStatusCode.NoContent)]
    [TestCase("token {0}", "", ExpectedResult = HttpStatusCode.NoContent)]
    [TestCase("Bearer {0}", "", ExpectedResult = HttpStatusCode.NoContent)]
    [TestCase("Token user:{0}", "", ExpectedResult = HttpStatusCode.NoContent, Description = "clients of the first generation")]
    [TestCase("basic", "", ExpectedResult = HttpStatusCode.NoContent)]
    [TestCase(null, "?u=any&p={0}", ExpectedResult = HttpStatusCode.NoContent)]
    [TestCase(null, "", ExpectedResult = HttpStatusCode.Unauthorized, Description = "also from this machine")]
    [TestCase("Token wrong", "", ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("Token ", "", ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("Basic not-base64", "", ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("Digest {0}", "", ExpectedResult = HttpStatusCode.Unauthorized)]
    public async Task<HttpStatusCode> A_secret_may_come_as_any_client_sends_it(string? header, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/write" + string.Format(CultureInfo.InvariantCulture, query, _secret));
        request.Content = new StringContent("orders value=1");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header == "basic"
                ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + _secret))
                : string.Format(CultureInfo.InvariantCulture, header, _secret));
        }

        using var response = await _dashboard.Http.SendAsync(request);
        return response.StatusCode;
    }

    [TestCase("/api/v2/write", "{\"code\":\"unauthorized\",\"message\":")]
    [TestCase("/write", "{\"error\":")]
    [TestCase("/api/v1/points", "{\"type\":\"about:blank\",\"title\":\"unauthorized\",\"status\":401,\"detail\":")]
    [TestCase("/query", "{\"error\":")]
    public async Task Without_a_token_each_address_says_so_in_its_own_words(string address, string answer)
    {
        using var response = await _dashboard.Http.PostAsync(new Uri(address, UriKind.Relative), new StringContent("orders value=1"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith(answer));
        Assert.That(response.Headers.WwwAuthenticate.Single().Scheme, Is.EqualTo("Token"));
    }

    [Test]
    public async Task A_token_that_was_revoked_lets_nobody_in_from_then_on()
    {
        await SendAsync("/write", "orders value=1", HttpStatusCode.NoContent);
        await Services<IApiTokenStore>().RevokeAsync(1, _dashboard.Clock.Now, CancellationToken.None);
        await SendAsync("/write", "orders value=2", HttpStatusCode.Unauthorized);
    }

    [TestCase("/api/v2/write")]
    [TestCase("/write")]
    public async Task A_token_without_the_right_for_one_of_the_metrics_stores_nothing(string address)
    {
        _secret = await TokenAsync("shop", "revenue_", "orders");
        var answer = await SendAsync(address, "orders value=1\npage_views value=2\ncpu idle=3", HttpStatusCode.Forbidden);

        Assert.That(answer.ToString(), Does.Contain("The token 'shop' may not write page_views. Nothing was stored."));
        Assert.That(await DaysAsync("orders"), Is.Empty);
        Assert.That(await Services<IPushInbox>().CountAsync(CancellationToken.None), Is.Zero);
    }

    [TestCase("/metrics")]
    [TestCase("/sources/inbox")]
    public async Task A_token_for_pushes_opens_no_page_from_elsewhere(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", _secret);
        using var response = await _dashboard.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("gzip", true, HttpStatusCode.NoContent)]
    [TestCase("x-gzip", true, HttpStatusCode.NoContent)]
    [TestCase("identity", false, HttpStatusCode.NoContent)]
    [TestCase("gzip", false, HttpStatusCode.BadRequest, Description = "it is none")]
    [TestCase("br", false, HttpStatusCode.UnsupportedMediaType)]
    [TestCase("deflate", false, HttpStatusCode.UnsupportedMediaType)]
    public async Task Bodies_may_be_compressed(string encoding, bool compressed, HttpStatusCode expected)
    {
        var lines = "orders value=7\n"u8.ToArray();
        using var response = await PostAsync("/api/v2/write", Body(compressed ? Gzip(lines) : lines, encoding));

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(await DaysAsync("orders"), Is.EqualTo(expected == HttpStatusCode.NoContent ? new[] { "2026-11-16 {} 7" } : []));
    }

    [Test]
    public async Task A_body_that_was_cut_off_is_not_taken_for_a_shorter_one()
    {
        var whole = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"orders value={i * 7919 % 10007} {Sunday - i * 86_400L}\n"))));
        for (var length = 1; length < whole.Length; length += 1_009)
        {
            using var response = await PostAsync("/write?precision=s", Body(whole[..length], "gzip"));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), $"{length} of {whole.Length} bytes");
        }

        Assert.That(await DaysAsync("orders"), Is.Empty);
    }

    [Test]
    public async Task A_gigabyte_in_a_small_body_is_refused_before_it_is_inflated()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1_000_000];
            for (var i = 0; i < 1_000; i++)
                await gzip.WriteAsync(zeros);
        }

        var before = GC.GetTotalAllocatedBytes();
        using var response = await PostAsync("/api/v2/write", Body(bomb.ToArray(), "gzip"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That((await JsonAsync(response)).GetProperty("message").GetString(), Does.StartWith("request too large"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(200_000_000));
    }

    [TestCase(1_000, HttpStatusCode.NoContent)]
    [TestCase(1_001, HttpStatusCode.RequestEntityTooLarge)]
    [TestCase(100_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_push_has_a_largest_size(int bytes, HttpStatusCode expected)
    {
        await using var small = await RunningDashboard.StartAsync("metrics/push.yaml", Metrics, data: false,
            services => services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new PushOptions { MaxBytes = 1_000 })));
        await StopAsync();
        _dashboard = small;
        _secret = await TokenAsync("telegraf", "*");
        var body = ("orders value=7" + new string('\n', bytes))[..bytes];

        foreach (var content in new[] { Body(Encoding.UTF8.GetBytes(body), "identity"), Body(Gzip(Encoding.UTF8.GetBytes(body)), "gzip") })
        {
            using var response = await PostAsync("/write", content);
            Assert.That(response.StatusCode, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task More_pushes_than_can_wait_are_told_to_come_again()
    {
        await using var busy = await RunningDashboard.StartAsync("metrics/push.yaml", Metrics, data: false, services => services
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(new PushOptions { AtOnce = 1, Waiting = 0 })));
        await StopAsync();
        _dashboard = busy;
        _secret = await TokenAsync("telegraf", "*");

        while (true)
        {
            using var slow = new SlowBody();
            var first = PostAsync("/write", slow);
            await slow.Asked;
            using var second = await PostAsync("/api/v2/write", "orders value=1");
            slow.Finish();
            using var answer = await first;

            // The second may have come before the first; then they are sent again.
            if (second.StatusCode == HttpStatusCode.NoContent)
                continue;

            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(second.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            break;
        }

        await SendAsync("/write", "orders value=1", HttpStatusCode.NoContent);
    }

    [TestCase("/api/v2/write", "orders value=1")]
    [TestCase("/write", "orders value=1")]
    [TestCase("/api/v1/points", "[{\"metric\":\"orders\",\"day\":\"2026-11-15\",\"value\":1}]")]
    public async Task A_store_that_cannot_take_it_now_is_no_fault_of_the_sender(string address, string body)
    {
        await using var full = await RunningDashboard.StartAsync("metrics/push.yaml", Metrics, data: false, services => services.AddSingleton<ISeriesStore, FullStore>());
        await StopAsync();
        _dashboard = full;
        _secret = await TokenAsync("telegraf", "*");
        using var response = await PostAsync(address, body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Points_as_JSON_are_stored_and_those_at_fault_named_by_their_place()
    {
        const string points = """
            { "points": [
              { "metric": "orders", "day": "2026-11-14", "value": 4 },
              { "metric": "orders", "time": "2026-11-15T00:15:00+01:00", "value": 5.5 },
              { "metric": "page_views", "day": "2026-11-14", "value": true, "dimensions": { "region": "EU" } },
              { "metric": "nothing", "day": "2026-11-14", "value": 1 },
              { "metric": "orders", "day": "14.11.2026", "value": 1 },
              { "metric": "orders", "value": 1 },
              { "metric": "orders", "day": "2026-11-14" },
              { "metric": "orders", "day": "2026-11-14", "value": "1" },
              { "metric": "orders", "day": "2026-11-14", "value": 1e999 },
              { "metric": "orders", "day": "2026-11-14", "value": 1, "dimensions": { "planet": "Mars" } },
              { "metric": "mrr", "day": "2026-11-14", "value": 1 },
              { "metric": "orders", "time": "2026-11-14T10:00:00", "value": 1 },
              { "metric": "orders", "day": "2026-11-14", "value": 1, "tags": {} },
              { "metric": "orders", "day": "0001-01-01", "value": 1 },
              7
            ] }
            """;
        using var request = Request("/api/v1/points", new StringContent(points, Encoding.UTF8, "application/json"));
        request.Headers.Add("Idempotency-Key", "a-1");
        using var response = await _dashboard.Http.SendAsync(request);
        var answer = await JsonAsync(response);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((Count(answer, "stored"), Count(answer, "changed"), Count(answer, "unchanged")), Is.EqualTo((3, 0, 0)));
        Assert.That(answer.GetProperty("failed").EnumerateArray().Select(failed => (failed.GetProperty("index").GetInt32(), failed.GetProperty("reason").GetString())), Is.EqualTo(new[]
        {
            (3, "There is no metric 'nothing'."),
            (4, "'day' must be a date such as 2026-11-16."),
            (5, "It has neither 'day' nor 'time'."),
            (6, "It has no 'value'."),
            (7, "'value' must be a number."),
            (8, "'value' must be a number."),
            (9, "'orders' has no dimension 'planet'."),
            (10, "'mrr' is computed by the model revenue.mrr."),
            (11, "'time' must be an instant with its zone, such as 2026-11-16T08:30:00Z."),
            (12, "'tags' is not known: a point has metric, day or time, value, and may have dimensions and grain."),
            (13, "'day' must be a date such as 2026-11-16."),
            (14, "It is no object: a point has metric, day or time, value, and may have dimensions and grain."),
        }));
        Assert.That(await DaysAsync("orders"), Is.EqualTo(new[] { "2026-11-14 {} 4", "2026-11-15 {} 5.5" }));
        Assert.That(await DaysAsync("page_views"), Is.EqualTo(new[] { "2026-11-14 {\"region\":\"EU\"} 1" }));

        var again = await SendAsync("/api/v1/points", """[{"metric":"orders","day":"2026-11-14","value":4},{"metric":"orders","day":"2026-11-15","value":6}]""", HttpStatusCode.OK);
        Assert.That((Count(again, "stored"), Count(again, "changed"), Count(again, "unchanged")), Is.EqualTo((0, 1, 1)));
    }

    [Test]
    public async Task A_token_without_the_right_is_told_so_for_each_point()
    {
        _secret = await TokenAsync("shop", "orders");
        var answer = await SendAsync("/api/v1/points", """[{"metric":"page_views","day":"2026-11-14","value":4},{"metric":"orders","day":"2026-11-15","value":6}]""", HttpStatusCode.OK);

        Assert.That(Count(answer, "stored"), Is.EqualTo(1));
        Assert.That(answer.GetProperty("failed").EnumerateArray().Single().GetProperty("reason").GetString(), Is.EqualTo("The token 'shop' may not write 'page_views'."));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("orders value=1")]
    [TestCase("{\"point\":[]}")]
    [TestCase("7")]
    public async Task What_is_no_list_of_points_is_a_problem(string body)
    {
        using var response = await PostAsync("/api/v1/points", body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That((await JsonAsync(response)).GetProperty("status").GetInt32(), Is.EqualTo(400));
    }

    [Test]
    public async Task Clients_find_the_companions_that_they_ask_for()
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var ping = await _dashboard.Http.SendAsync(new HttpRequestMessage(method, "/ping"));
            Assert.That(ping.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(ping.Headers.GetValues("X-Influxdb-Version").Single(), Does.Match(@"^1\.8\."));
        }

        Assert.That(JsonDocument.Parse(await _dashboard.Http.GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement.GetProperty("status").GetString(), Is.EqualTo("pass"));
    }

    [TestCase("CREATE DATABASE telegraf", "{\"results\":[{\"statement_id\":0}]}")]
    [TestCase("create database \"my db\" WITH DURATION 3d;", "{\"results\":[{\"statement_id\":0}]}")]
    [TestCase("SHOW DATABASES", "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"databases\",\"columns\":[\"name\"],\"values\":[[\"kpi\"]]}]}]}")]
    public async Task A_database_can_be_made_that_needs_no_making(string query, string answer)
    {
        using var form = await PostAsync("/query", new FormUrlEncodedContent([new("q", query)]));
        Assert.That((form.StatusCode, await form.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, answer)));

        using var request = Request("/query?q=" + Uri.EscapeDataString(query), null);
        request.Method = HttpMethod.Get;
        using var asked = await _dashboard.Http.SendAsync(request);
        Assert.That((asked.StatusCode, await asked.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, answer)));
    }

    [TestCase("SELECT * FROM orders")]
    [TestCase("CREATE DATABASE a; DROP DATABASE b")]
    [TestCase("")]
    public async Task Other_queries_are_refused(string query)
    {
        using var response = await PostAsync("/query", new FormUrlEncodedContent([new("q", query)]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await JsonAsync(response)).GetProperty("error").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task What_maps_to_no_metric_waits_in_the_inbox_until_a_rule_takes_it()
    {
        await SendAsync("/api/v2/write?precision=s", $"web,env=live,country=EU hits=3,<b>=1 {Sunday}\nweb,env=live,country=US hits=4 {Sunday}\nweb,env=test hits=9 {Sunday}", HttpStatusCode.NoContent);

        var page = await _dashboard.PageAsync("/sources/inbox");
        Assert.That(page.QuerySelectorAll("tbody th").Select(name => name.TextContent.Trim()), Is.EqualTo(new[] { "<b>", "hits" }));
        Assert.That(page.QuerySelectorAll("tbody tr")[1].QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).Take(3), Is.EqualTo(new[] { "3", "Mon 16 Nov 09:00", "Mon 16 Nov 09:00" }));
        Assert.That(page.QuerySelectorAll("tbody tr")[0].TextContent, Does.Contain($"web,country=EU,env=live <b>=1 {Sunday}").And.Contain("by telegraf"));
        Assert.That(page.QuerySelector("pre")!.TextContent, Does.StartWith("push:\n  - measurement: web\n    fields: { \"<b>\": web_b, hits: web_hits }\n"));
        Assert.That((await _dashboard.PageAsync("/sources")).QuerySelector("a[href='/sources/inbox']")!.TextContent, Does.EndWith("4"));

        _dashboard.Write("push/web.yaml", "push:\n  - measurement: web\n    fields: { hits: page_views }\n    tags: { country: region }\n    where: { env: live }\n");
        Assert.That((await _dashboard.PageAsync("/sources/inbox")).QuerySelector("tbody small.bad, tbody small")!.TextContent, Does.Contain("fits").Or.Contain("not wanted"));
        Assert.That(await DaysAsync("page_views"), Is.Empty);
        var done = await TakeInAsync();

        Assert.That(done, Is.EqualTo("/sources/inbox?written=2&outdated=0&ignored=1"));
        Assert.That(await DaysAsync("page_views"), Is.EqualTo(new[] { "2026-11-15 {\"region\":\"EU\"} 3", "2026-11-15 {\"region\":\"US\"} 4" }));
        Assert.That((await _dashboard.PageAsync(done)).QuerySelector(".note.done")!.TextContent, Does.Contain("2 lines taken in."));
        Assert.That((await _dashboard.PageAsync("/sources/inbox")).QuerySelectorAll("tbody th").Select(name => name.TextContent.Trim()), Is.EqualTo(new[] { "<b>" }));
    }

    [Test]
    public async Task A_value_that_was_pushed_since_is_not_replaced_by_one_that_waited()
    {
        await SendAsync("/write?precision=s", $"web hits=3 {Sunday}\nweb hits=2 {Sunday - 86_400}", HttpStatusCode.NoContent);
        _dashboard.Write("push/web.yaml", "push:\n  - { measurement: web, fields: { hits: orders } }\n");
        await SendAsync("/write?precision=s", $"web hits=5 {Sunday}", HttpStatusCode.NoContent);

        Assert.That(await TakeInAsync(), Is.EqualTo("/sources/inbox?written=1&outdated=1&ignored=0"));
        Assert.That(await DaysAsync("orders"), Is.EqualTo(new[] { "2026-11-14 {} 2", "2026-11-15 {} 5" }));
        Assert.That((await _dashboard.PageAsync("/sources/inbox")).QuerySelector(".empty h2")!.TextContent, Is.EqualTo("Nothing waits"));
    }

    [Test]
    public async Task Taking_in_needs_the_page_that_asks_for_it()
    {
        using var response = await _dashboard.Http.PostAsync(new Uri("/sources/inbox/take-in", UriKind.Relative), new FormUrlEncodedContent([]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private async Task<string> TakeInAsync()
    {
        using var page = await _dashboard.Http.GetAsync(new Uri("/sources/inbox", UriKind.Relative));
        var token = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync()).QuerySelector("form[action='/sources/inbox/take-in'] input[type=hidden]")!;
        using var post = new HttpRequestMessage(HttpMethod.Post, "/sources/inbox/take-in");
        post.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        post.Content = new FormUrlEncodedContent([new(token.GetAttribute("name")!, token.GetAttribute("value"))]);
        using var response = await _dashboard.Http.SendAsync(post);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        return response.Headers.Location!.ToString();
    }

    private async Task<string> TokenAsync(string name, params string[] writes)
    {
        var secret = TokenSecret.New();
        await Services<IApiTokenStore>().AddAsync(name, writes, TokenSecret.DigestOf(secret), _dashboard.Clock.Now, CancellationToken.None);
        return secret;
    }

    private async Task<JsonElement> SendAsync(string address, string body, HttpStatusCode expected)
    {
        using var response = await PostAsync(address, body);
        Assert.That(response.StatusCode, Is.EqualTo(expected), await response.Content.ReadAsStringAsync());
        return expected == HttpStatusCode.NoContent ? default : await JsonAsync(response);
    }

    private Task<HttpResponseMessage> PostAsync(string address, string body) => PostAsync(address, new StringContent(body));

    private async Task<HttpResponseMessage> PostAsync(string address, HttpContent content)
    {
        using var request = Request(address, content);
        return await _dashboard.Http.SendAsync(request);
    }

    private HttpRequestMessage Request(string address, HttpContent? content) => new(HttpMethod.Post, address)
    {
        Content = content,
        Headers = { Authorization = new AuthenticationHeaderValue("Token", _secret) },
    };

    /// <summary>Every point of a metric by day: day, segment, value.</summary>
    private async Task<string[]> DaysAsync(string metric)
    {
        var series = await Services<ISeriesStore>().ReadAsync(Query(metric), CancellationToken.None);
        return [.. series.SelectMany(one => one.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Day:yyyy-MM-dd} {one.Key.Segment.Text} {point.Value}")))];
    }

    private static SeriesQuery Query(string metric) => new()
    {
        Metrics = [metric], Grain = Grain.Day, Cut = metric == "page_views" ? ["region"] : [], Days = new Period(new DateOnly(2000, 1, 1), new DateOnly(2100, 1, 1)),
    };

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private static int Count(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();

    private static ByteArrayContent Body(byte[] bytes, string encoding)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private T Services<T>()
        where T : notnull => _dashboard.Services.GetRequiredService<T>();

    /// <summary>A body whose end comes when the test says so.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when sending has begun.</summary>
        public Task Asked => _asked.Task;

        public void Finish() => _finish.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("orders value=1\n"u8.ToArray());
            await stream.FlushAsync();
            _asked.SetResult();
            await _finish.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A store on a disk without room.</summary>
    private sealed class FullStore : ISeriesStore
    {
        public Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
            throw new IOException("No space left on device");

        public Task<WriteOutcome> ReplaceAsync(
            string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
