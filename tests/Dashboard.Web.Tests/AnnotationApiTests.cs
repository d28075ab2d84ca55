using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Metrics.Core.Access;
using Metrics.Core.Annotations;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>What programs that enter events are told.</summary>
public sealed class AnnotationApiTests
{
    private const string Address = "/api/v1/annotations";
    private const string Release = """{"day":"2026-11-11","title":"Release 4.2","kind":"release","link":"https://example.com/4.2","metrics":["visits"],"segment":{"region":"EU"}}""";

    private RunningDashboard _dashboard = null!;
    private string _writer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync("annotations/a.yaml", "annotations: [{ id: fair, first: 2026-10-01, last: 2026-10-03, title: The fair }]");
        _writer = await TokenAsync("ci", ApiToken.WriteAnnotations);
    }

    [TearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task An_event_is_entered_read_changed_and_deleted()
    {
        using var made = await SendAsync(HttpMethod.Post, Address, Release, HttpStatusCode.Created);
        var address = made.Headers.Location!.ToString();
        var one = await JsonAsync(made);
        Assert.That(address, Is.EqualTo($"{Address}/{one.GetProperty("id").GetString()}"));
        Assert.That(Facts(one), Is.EqualTo("2026-11-11..2026-11-11 Release 4.2 release api ci EU"));

        using var read = await SendAsync(HttpMethod.Get, address, null, HttpStatusCode.OK);
        Assert.That(read.Headers.ETag, Is.EqualTo(made.Headers.ETag));
        Assert.That((await JsonAsync(read)).ToString(), Is.EqualTo(one.ToString()));

        using var changed = await SendAsync(HttpMethod.Put, address, """{"first":"2026-11-11","last":"2026-11-12","title":"Release 4.3"}""", HttpStatusCode.OK, read.Headers.ETag!.Tag);
        Assert.That(Facts(await JsonAsync(changed)), Is.EqualTo("2026-11-11..2026-11-12 Release 4.3 other api ci "));

        using var gone = await SendAsync(HttpMethod.Delete, address, null, HttpStatusCode.NoContent, changed.Headers.ETag!.Tag);
        using var missing = await SendAsync(HttpMethod.Get, address, null, HttpStatusCode.NotFound);
        Assert.That((await Store.NewestAsync(9, CancellationToken.None)).Select(change => change.Content?.Title), Is.EqualTo(new[] { null, "Release 4.3", "Release 4.2" }));
    }

    [Test]
    public async Task An_id_of_ones_own_makes_what_is_sent_twice_one_event()
    {
        using var first = await SendAsync(HttpMethod.Put, Address + "/release-4.2".Replace('.', '-'), Release, HttpStatusCode.Created);
        using var again = await SendAsync(HttpMethod.Put, Address + "/release-4-2", Release, HttpStatusCode.OK);
        using var posted = await SendAsync(HttpMethod.Post, Address, Release.Replace("{\"day\"", "{\"id\":\"release-4-2\",\"day\"", StringComparison.Ordinal), HttpStatusCode.Conflict);

        Assert.That(await Store.CurrentAsync(CancellationToken.None), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nobody_writes_over_a_version_that_he_has_not_seen()
    {
        using var made = await SendAsync(HttpMethod.Post, Address, Release, HttpStatusCode.Created);
        var address = made.Headers.Location!.ToString();
        using var changed = await SendAsync(HttpMethod.Put, address, Release, HttpStatusCode.OK, made.Headers.ETag!.Tag);

        using var late = await SendAsync(HttpMethod.Put, address, Release, HttpStatusCode.PreconditionFailed, made.Headers.ETag.Tag);
        using var lateToo = await SendAsync(HttpMethod.Delete, address, null, HttpStatusCode.PreconditionFailed, made.Headers.ETag.Tag);
        Assert.That((await JsonAsync(late)).GetProperty("detail").GetString(), Does.Contain("Somebody changed"));
        Assert.That(await Store.CurrentAsync(CancellationToken.None), Has.Count.EqualTo(1));
    }

    [TestCase("", "fair new")]
    [TestCase("?from=2026-10-03&to=2026-11-11", "fair new")]
    [TestCase("?from=2026-10-04", "new")]
    [TestCase("?to=2026-11-10", "fair")]
    [TestCase("?metric=visits", "fair new")]
    [TestCase("?metric=churned", "fair")]
    public async Task The_list_is_by_day_and_narrowed_by_days_and_metric(string query, string ids)
    {
        using var made = await SendAsync(HttpMethod.Put, Address + "/new", Release, HttpStatusCode.Created);
        using var list = await SendAsync(HttpMethod.Get, Address + query, null, HttpStatusCode.OK);

        Assert.That(string.Join(' ', (await JsonAsync(list)).GetProperty("annotations").EnumerateArray().Select(one => one.GetProperty("id").GetString())), Is.EqualTo(ids));
    }

    [TestCase("?from=soon", "'soon' is no day")]
    [TestCase("?to=2026-W46", "'2026-W46' is no day")]
    [TestCase("?from=2026-10-04&to=2026-10-03", "'to' is before 'from'.")]
    [TestCase("?metric=nope", "There is no metric 'nope'.")]
    public async Task A_question_at_fault_is_told_so(string query, string detail)
    {
        using var answer = await SendAsync(HttpMethod.Get, Address + query, null, HttpStatusCode.BadRequest);

        Assert.That((await JsonAsync(answer)).GetProperty("detail").GetString(), Does.StartWith(detail));
    }

    [TestCase("", 400, "The body cannot be read")]
    [TestCase("null", 400, "The body is null")]
    [TestCase("[]", 400, "The body cannot be read")]
    [TestCase("""{"title":"A","day":"2026-11-11","colour":"red"}""", 400, "The body cannot be read")]
    [TestCase("""{"title":"A","day":5}""", 400, "The body cannot be read at day")]
    [TestCase("""{"title":"A","title":"B","day":"2026-11-11"}""", 400, "The body cannot be read")]
    [TestCase("""{"title":"A","day":"2026-11-11","first":"2026-11-11"}""", 400, "Send day, or first and last.")]
    [TestCase("""{"title":"A"}""", 422, "first: '' is no day")]
    [TestCase("""{"day":"2026-11-11"}""", 422, "title: the title must not be empty.")]
    [TestCase("""{"id":"Not an id","title":"A","day":"2026-11-11"}""", 422, "id: 'Not an id' is no id")]
    [TestCase("""{"title":"A","day":"2026-11-11","link":"ftp://example.com"}""", 422, "link: 'ftp://example.com' is no address")]
    [TestCase("""{"title":"A","day":"2026-11-11","metrics":["nope"]}""", 422, "metrics: unknown metric 'nope'.")]
    [TestCase("""{"title":"A","day":"2026-11-11","metrics":[null]}""", 422, "metrics: unknown metric ''.")]
    [TestCase("""{"title":"A","day":"2026-11-11","boards":["nope"]}""", 422, "boards: unknown board 'nope'. The boards are weekly.")]
    [TestCase("""{"title":"A","day":"2026-11-11","segment":{"country":"DE"}}""", 422, "segment: No metric can be cut by 'country'.")]
    [TestCase("""{"id":"fair","title":"A","day":"2026-11-11"}""", 409, "There is an event 'fair' already")]
    public async Task What_cannot_be_taken_is_refused_with_a_reason(string body, int status, string detail)
    {
        using var answer = await SendAsync(HttpMethod.Post, Address, body, (HttpStatusCode)status);
        var problem = await JsonAsync(answer);

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(status));
        Assert.That(problem.GetProperty("detail").GetString(), Does.StartWith(detail));
        Assert.That(await Store.NewestAsync(9, CancellationToken.None), Is.Empty);
    }

    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task An_event_of_a_file_is_changed_in_the_file(string method)
    {
        using var answer = await SendAsync(new HttpMethod(method), Address + "/fair", method == "PUT" ? Release : null, HttpStatusCode.Conflict);

        Assert.That((await JsonAsync(answer)).GetProperty("detail").GetString(), Is.EqualTo("'fair' is from annotations/a.yaml:1; change it there."));
    }

    [Test]
    public async Task A_body_that_is_too_large_is_not_read()
    {
        var body = $$"""{"title":"A","day":"2026-11-11","text":"{{new string('x', 70_000)}}"}""";
        using var answer = await SendAsync(HttpMethod.Post, Address, body, HttpStatusCode.RequestEntityTooLarge);

        Assert.That((await JsonAsync(answer)).GetProperty("title").GetString(), Is.EqualTo("request too large"));
    }

    [Test]
    public async Task Who_has_no_token_or_not_the_right_one_is_refused()
    {
        var (reader, pusher) = (await TokenAsync("reader", ApiToken.ReadAnnotations), await TokenAsync("pusher", ApiToken.Everything));

        foreach (var (method, secret, status) in ((HttpMethod, string?, HttpStatusCode)[])
        [
            (HttpMethod.Get, null, HttpStatusCode.Unauthorized), (HttpMethod.Post, null, HttpStatusCode.Unauthorized),
            (HttpMethod.Get, "kpi_wrong", HttpStatusCode.Unauthorized), (HttpMethod.Get, reader, HttpStatusCode.OK),
            (HttpMethod.Get, _writer, HttpStatusCode.OK), (HttpMethod.Post, reader, HttpStatusCode.Forbidden),
            (HttpMethod.Get, pusher, HttpStatusCode.Forbidden), (HttpMethod.Post, pusher, HttpStatusCode.Forbidden),
        ])
        {
            using var answer = await SendAsync(method, Address, method == HttpMethod.Post ? Release : null, status, token: secret ?? "");
            if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"), $"{method} {status}");
        }

        using var push = await SendAsync(HttpMethod.Post, "/api/v1/points", """[{"metric":"visits","day":"2026-11-15","value":1}]""", HttpStatusCode.OK);
        Assert.That((await JsonAsync(push)).GetProperty("stored").GetInt32(), Is.Zero, "who enters events writes no figures");
    }

    private IAnnotationStore Store => _dashboard.Services.GetRequiredService<IAnnotationStore>();

    private static string Facts(JsonElement one) =>
        $"{one.GetProperty("first")}..{one.GetProperty("last")} {one.GetProperty("title")} {one.GetProperty("kind")} {one.GetProperty("origin")} {one.GetProperty("by")} "
        + string.Join(',', one.GetProperty("segment").EnumerateObject().Select(pair => pair.Value));

    private async Task<string> TokenAsync(string name, params string[] rights)
    {
        var secret = TokenSecret.New();
        await _dashboard.Services.GetRequiredService<IApiTokenStore>().AddAsync(name, rights, TokenSecret.DigestOf(secret), _dashboard.Clock.Now, CancellationToken.None);
        return secret;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? body, HttpStatusCode expected, string? match = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (token is not "")
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? _writer);
        if (match is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(match));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await _dashboard.Http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(expected), $"{method} {address}: {await response.Content.ReadAsStringAsync()}");
        return response;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
}
