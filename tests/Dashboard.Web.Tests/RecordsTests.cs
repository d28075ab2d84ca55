using System.Net;
using System.Text;
using System.Text.Json;
using Metrics.Core.Records;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>The records behind a value have one address: a file, JSON, or for people the page of the working.</summary>
public sealed class RecordsTests
{
    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync();
        Record[] records = [.. Enumerable.Range(2, 14).Select(day => Visits(new DateOnly(2026, 11, day), day < 9 ? 10 : 12))];
        await _dashboard.Services.GetRequiredService<IRecordStore>().AppendAsync(
            new StreamId("site", "visits"), new ReadMark(2, 2), records, [], "y", _dashboard.Clock.Now, 1, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [TestCase("/metrics/visits/records.json?period=2026-W46", null)]
    [TestCase("/metrics/visits/records?period=2026-W46", "application/json")]
    [TestCase("/metrics/visits/records?period=2026-11-11&grain=week&dims=", "application/json;q=0.9, */*;q=0.1")]
    public async Task As_json_it_says_what_the_lines_come_to_and_whether_that_is_the_value(string address, string? accept)
    {
        var (status, type, text) = await GetAsync(address, accept);

        Assert.That((status, type), Is.EqualTo((HttpStatusCode.OK, "application/json")), text);
        var json = JsonDocument.Parse(text).RootElement;
        Assert.That((json.GetProperty("metric").GetString(), json.GetProperty("grain").GetString(), json.GetProperty("period").GetString()),
            Is.EqualTo(("visits", "week", "2026-W46")));
        Assert.That((json.GetProperty("start").GetString(), json.GetProperty("end").GetString()), Is.EqualTo(("2026-11-09", "2026-11-15")));
        Assert.That((json.GetProperty("total").GetDecimal(), json.GetProperty("stored").GetDecimal()), Is.EqualTo((84m, 84m)));
        Assert.That((json.GetProperty("agrees").GetBoolean(), json.GetProperty("complete").GetBoolean()), Is.EqualTo((true, true)));
        Assert.That(json.GetProperty("count").GetInt64(), Is.EqualTo(7));
        Assert.That(json.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("amount").GetDecimal()), Is.EqualTo(84m));
    }

    [TestCase("2026-11-09", 12, 1)]
    [TestCase("2026-W45", 70, 7)]
    [TestCase("2026-11", 154, 14)]
    [TestCase("2026-Q4", 154, 14)]
    [TestCase("2026", 154, 14)]
    public async Task The_grain_follows_from_the_period(string period, int total, int count)
    {
        var (_, _, text) = await GetAsync($"/metrics/visits/records.json?period={period}&dims=region:EU");

        var json = JsonDocument.Parse(text).RootElement;
        Assert.That((json.GetProperty("total").GetInt32(), json.GetProperty("count").GetInt32()), Is.EqualTo((total, count)));
        Assert.That(json.GetProperty("dimensions").GetProperty("region").GetString(), Is.EqualTo("EU"));
    }

    [Test]
    public async Task Lines_that_do_not_come_to_the_value_say_so()
    {
        await using var other = await RunningDashboard.StartAsync();
        using var response = await other.Http.GetAsync(new Uri("/metrics/visits/records.json?period=2026-W46", UriKind.Relative));

        var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.That(json.GetProperty("agrees").GetBoolean(), Is.False, "points without records");
        Assert.That(json.GetProperty("stored").GetInt32(), Is.EqualTo(84));
    }

    [Test]
    public async Task As_csv_it_has_every_line_and_of_a_formula_its_operands()
    {
        var lines = (await GetAsync("/metrics/visits/records.csv?period=2026-W46")).Text.Trim().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(8));
        Assert.That(lines[0], Does.EndWith(",amount"));

        var (_, type, operands) = await GetAsync("/metrics/per_visit/records?period=2026-W46", "text/csv");
        Assert.That((type, operands), Is.EqualTo(("text/csv", "metric,value,complete\nchurned,7,true\nvisits,84,true\n")));
    }

    [TestCase("period=2026-W46&dims=region:EU", "grain=week&period=2026-W46&region=EU")]
    [TestCase("period=2026-11", "grain=month&period=2026-11")]
    [TestCase("period=2026-11-11&grain=week", "grain=week&period=2026-W46")]
    [TestCase("period=2026-W46&dims=region:A,%20B%26C", "grain=week&period=2026-W46&region=A%2C%20B%26C")]
    public async Task People_are_led_to_the_page_of_the_working(string query, string there)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics/visits/records?" + query);
        request.Headers.Accept.ParseAdd("text/html,application/json;q=0.9,*/*;q=0.8");
        using var response = await _dashboard.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(response.Headers.Location!.OriginalString, Is.EqualTo("/metrics/visits/working?" + there));
        await _dashboard.PageAsync(response.Headers.Location.OriginalString);
    }

    [TestCase("/metrics/nope/records.json?period=2026-W46", HttpStatusCode.NotFound, "")]
    [TestCase("/metrics/visits/records.exe?period=2026-W46", HttpStatusCode.NotFound, "")]
    [TestCase("/metrics/visits/records.json", HttpStatusCode.BadRequest, "'' is no period of the calendar.")]
    [TestCase("/metrics/visits/records.json?period=2026-W54", HttpStatusCode.BadRequest, "'2026-W54' is no period of the calendar.")]
    [TestCase("/metrics/visits/records.json?period=2026-10&grain=week", HttpStatusCode.BadRequest, "'2026-10' is no week of the calendar.")]
    [TestCase("/metrics/visits/records.json?period=2026-10&grain=eon", HttpStatusCode.BadRequest, "'eon' is no grain.")]
    [TestCase("/metrics/visits/records.json?period=2026-10&dims=planet:Mars", HttpStatusCode.BadRequest, "'visits' is not stored by 'planet'.")]
    [TestCase("/metrics/visits/records.json?period=2026-10&dims=EU", HttpStatusCode.BadRequest, "'EU' names no dimension.")]
    [TestCase("/metrics/visits/records.json?period=2026-10&dims=region:EU,region:US", HttpStatusCode.BadRequest, "'region' is asked for twice")]
    public async Task An_address_that_names_no_value_is_told_why(string address, HttpStatusCode expected, string message)
    {
        var (status, _, text) = await GetAsync(address);

        Assert.That(status, Is.EqualTo(expected), text);
        Assert.That(text, Does.StartWith(message).Or.Contain("<html"));
    }

    private async Task<(HttpStatusCode Status, string? Type, string Text)> GetAsync(string address, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var response = await _dashboard.Http.SendAsync(request);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    private static Record Visits(DateOnly day, int value)
    {
        var body = JsonSerializer.Serialize(new { metric = "visits", at = $"{day:yyyy-MM-dd}", value, dims = new { region = "EU" } });
        return new Record($"{day:yyyy-MM-dd}\u001FEU", body, Encoding.UTF8.GetBytes(body), 1);
    }
}
