using System.Net;
using Dashboard.Web.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

public sealed class AccessTests
{
    private static readonly string[] Pages =
    [
        "/", "/boards/weekly", "/boards/nope", "/boards/weekly?view=scorecard", "/boards/weekly?segment=region:EU", "/boards/weekly/day", "/metrics", "/metrics?data=all", "/metrics?q=zebra", "/metrics/visits?by=region", "/metrics/per_visit", "/metrics/hostile",
        "/metrics/visits/limits", "/metrics/late/limits?grain=month",
        "/metrics/visits?as_of=2026-11-16", "/metrics/visits/working?period=2026-W46", "/metrics/per_visit/working?period=2026-W46", "/sources", "/sources/inbox", "/nothing",
        "/look", "/search", "/search?q=visits", "/search?q=zebra", "/dev/states",
        "/annotations", "/annotations?metric=visits&kind=release", "/annotations/edit?metric=visits&day=2026-11-09", "/boards/weekly/review",
        "/boards/weekly/review/comment?week=2026-W46&finding=late:stale", "/boards/weekly/review/decision?week=2026-W46",
        "/finance", "/finance?view=ytd&period=2026-10", "/cohorts", "/cohorts/cohort_retention?grain=month&cells=number", "/tree", "/tree/per_visit?against=year",
        "/targets", "/targets?version=stretch&grain=week&show=all", "/targets/review?metric=visits&year=all", "/targets/history", "/targets/import", "/targets/set?metric=visits&grain=week&period=2026-W46",
    ];

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _dashboard = await RunningDashboard.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    /// <summary>A new route, or another policy on one, shows up as a change of the approved file.</summary>
    [Test]
    public void Every_route_is_approved_with_its_policy()
    {
        var routes = _dashboard.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(route => $"/{route.RoutePattern.RawText?.TrimStart('/')} "
                + $"[{string.Join(',', route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"])}] "
                + string.Join('+', route.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy ?? "NONE").DefaultIfEmpty("NONE").Distinct()))
            .Distinct().Order(StringComparer.Ordinal);
        var approved = File.ReadAllLines(Path.Combine(Repository.Root, "tests/Dashboard.Web.Tests/approved-routes.txt"));

        Assert.That(string.Join(Environment.NewLine, routes), Is.EqualTo(string.Join(Environment.NewLine, approved)));
    }

    [Test]
    public async Task A_route_without_a_policy_is_closed()
    {
        var policies = _dashboard.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        var authorization = _dashboard.Services.GetRequiredService<IAuthorizationService>();
        var administrator = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity(
            [new(Policies.Claim, Policies.View), new(Policies.Claim, Policies.Operate)], "test"));

        Assert.That((await authorization.AuthorizeAsync(administrator, null, await policies.GetDefaultPolicyAsync())).Succeeded, Is.False);
        Assert.That((await authorization.AuthorizeAsync(administrator, null, (await policies.GetFallbackPolicyAsync())!)).Succeeded, Is.False);
    }

    [Test]
    public async Task A_request_that_came_through_a_proxy_is_not_local()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var response = await _dashboard.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("Visits"));
    }

    [TestCase("evil.example")]
    [TestCase("evil.example:8080")]
    [TestCase("127.0.0.1.evil.example")]
    public async Task A_foreign_host_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var response = await _dashboard.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task A_post_without_the_token_of_a_page_is_refused()
    {
        _dashboard.Requests.Asked.Clear();
        using var response = await _dashboard.Http.PostAsync(new Uri("/sources/site/sync", UriKind.Relative), new FormUrlEncodedContent([]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(_dashboard.Requests.Asked, Is.Empty);
    }

    [Test]
    public async Task The_button_of_a_source_asks_for_its_sync_and_leads_back()
    {
        _dashboard.Requests.Asked.Clear();
        using var page = await _dashboard.Http.GetAsync(new Uri("/sources", UriKind.Relative));
        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        var html = await page.Content.ReadAsStringAsync();
        var token = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html).QuerySelector("form[action='/sources/site/sync'] input[type=hidden]")!;

        using var post = new HttpRequestMessage(HttpMethod.Post, "/sources/site/sync");
        post.Headers.Add("Cookie", cookie.Split(';')[0]);
        post.Content = new FormUrlEncodedContent([new(token.GetAttribute("name")!, token.GetAttribute("value"))]);
        using var response = await _dashboard.Http.SendAsync(post);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo("/sources#site"));
        Assert.That(_dashboard.Requests.Asked, Is.EqualTo(new[] { "site" }));
        Assert.That(cookie, Does.Contain("samesite=strict").IgnoreCase.And.Contain("httponly").IgnoreCase);
    }

    [TestCase("theme", "dark", "kpi-theme=dark")]
    [TestCase("theme", "light", "kpi-theme=light")]
    [TestCase("theme", "", "kpi-theme=;")]
    [TestCase("theme", "<b>", "kpi-theme=;")]
    [TestCase("density", "compact", "kpi-density=compact")]
    [TestCase("keys", "off", "kpi-keys=off")]
    public async Task A_look_is_kept_in_the_browser(string field, string value, string kept)
    {
        using var page = await _dashboard.Http.GetAsync(new Uri("/look", UriKind.Relative));
        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        var token = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync())
            .QuerySelector("form[action='/look'] input[name^=__Request]")!;

        using var post = new HttpRequestMessage(HttpMethod.Post, "/look");
        post.Headers.Add("Cookie", cookie.Split(';')[0]);
        post.Content = new FormUrlEncodedContent([new(token.GetAttribute("name")!, token.GetAttribute("value")), new(field, value)]);
        using var response = await _dashboard.Http.SendAsync(post);

        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo("/look"));
        Assert.That(response.Headers.GetValues("Set-Cookie").Single(), Does.StartWith(kept).And.Not.Contain("httponly").IgnoreCase);
    }

    [TestCaseSource(nameof(Pages))]
    public async Task A_page_runs_nothing_that_it_does_not_bring_itself(string address)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'self'").And.Contain("frame-ancestors 'none'").And.Contain("form-action 'self'").And.Not.Contain("unsafe"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(response.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "same-origin" }));
        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(response.Headers.Contains("Server"), Is.False);
        Assert.That(page.QuerySelectorAll("style, script:not([src]), [style]"), Is.Empty);
        Assert.That(page.All.SelectMany(element => element.Attributes).Where(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)), Is.Empty);
        Assert.That(page.QuerySelectorAll("[src], link[href], a[href], form[action]")
            .Select(element => element.GetAttribute("src") ?? element.GetAttribute("href") ?? element.GetAttribute("action")), Is.All.Match("^[/#]"));
    }

    [TestCaseSource(nameof(Pages))]
    public async Task A_page_can_be_used_without_eyes_and_without_a_mouse(string address)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());

        Assert.That(page.DocumentElement.GetAttribute("lang"), Is.EqualTo("en"));
        Assert.That(page.Title, Does.EndWith(" · KPI Dashboard").And.Not.StartsWith(" "));
        Assert.That(page.QuerySelectorAll("h1"), Has.Length.EqualTo(1));
        Assert.That(page.QuerySelector("a.skip")!.GetAttribute("href"), Is.EqualTo("#main"));
        Assert.That(page.QuerySelectorAll("svg:not([aria-hidden=true]):not([aria-label]):not([aria-labelledby])"), Is.Empty);
        Assert.That(page.QuerySelectorAll(".scroll:not([tabindex='0'][role=region][aria-label])"), Is.Empty);
        Assert.That(page.QuerySelectorAll("input:not([type=hidden]), select").Where(input =>
            input.GetAttribute("aria-label") is null && page.QuerySelector($"label[for='{input.Id}']") is null), Is.Empty);
        Assert.That(page.QuerySelectorAll("[id]").Select(element => element.Id), Is.Unique);
    }

    [Test]
    public async Task Assets_are_kept_and_named_by_their_content()
    {
        var sheet = (await _dashboard.PageAsync("/")).QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        using var response = await _dashboard.Http.GetAsync(new Uri(sheet, UriKind.Relative));

        Assert.That(sheet, Does.Match(@"^/assets/site\.css\?v=[0-9a-f]{12}$"));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/css"));
        Assert.That(response.Headers.CacheControl!.ToString(), Does.Contain("immutable"));
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Health_is_one_word(string address) =>
        Assert.That(await _dashboard.Http.GetStringAsync(new Uri(address, UriKind.Relative)), Is.EqualTo("Healthy"));

    [TestCase("http://0.0.0.0:0")]
    [TestCase("http://*:0")]
    [TestCase("http://+:0")]
    [TestCase("http://[::]:0")]
    [TestCase("http://192.168.1.7:0")]
    [TestCase("http://example.com:0")]
    [TestCase("http://127.0.0.1:0;http://0.0.0.0:0")]
    [TestCase("http://127.0.0.1.example.com:0")]
    public void An_address_that_others_could_reach_stops_the_start(string urls)
    {
        using var folder = new TempFolder();
        var options = new DashboardOptions { Workspace = folder.Path, Data = folder["data"], SyncsOnSchedule = false, Arguments = ["--urls", urls] };

        Assert.That(() => DashboardApp.Build(options), Throws.TypeOf<ExposedAddressException>().With.Message.Contains("urls"));
    }

    [TestCase("--Kestrel:Endpoints:Web:Url=http://0.0.0.0:0")]
    [TestCase("--http_ports=8080")]
    public void Other_ways_to_name_an_address_are_looked_at_too(string argument)
    {
        using var folder = new TempFolder();
        var options = new DashboardOptions { Workspace = folder.Path, Data = folder["data"], SyncsOnSchedule = false, Arguments = [argument] };

        Assert.That(() => DashboardApp.Build(options), Throws.TypeOf<ExposedAddressException>());
    }
}
