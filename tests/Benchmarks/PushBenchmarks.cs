using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dashboard.Web;
using Metrics.Core.Access;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>
/// A million lines of line protocol pushed over HTTP into the embedded store, 5,000 a request over one connection: as a fleet of
/// agents sends them, many a day, and as somebody sends years of days at once, where every line becomes a point.
/// </summary>
internal static class PushBenchmarks
{
    private const int Lines = 1_000_000;
    private const int LinesPerRequest = 5_000;
    private const int Days = 1_000;
    private const long Start = 1_700_000_000;
    private static readonly string[] Metrics = ["page_views", "visits", "orders", "errors"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var (live, _) = await PushAsync(i => Line(i % 200, Start + i / 200 * 10, i));
        var (years, again) = await PushAsync(i => Line(i / Days, Start + i % Days * 86_400, i));
        return
        [
            Measurement.Rate("1M lines pushed, 200 series every 10 seconds", Lines, live, 200_000),
            Measurement.Rate("1M lines pushed, 1,000 series of 1,000 days each", Lines, years, 200_000),
            Measurement.Rate("… and the same once more", Lines, again, 200_000),
        ];
    }

    private static string Line(int series, long seconds, int value) => string.Create(CultureInfo.InvariantCulture,
        $"{Metrics[series % Metrics.Length]},host=web-{series % 3},region=R{series / Metrics.Length} value={value % 977}.25 {seconds}\n");

    /// <summary>How long it takes to push the lines into an empty store, and to push them again.</summary>
    private static async Task<(TimeSpan First, TimeSpan Again)> PushAsync(Func<int, string> line)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["workspace/metrics"]);
        await File.WriteAllTextAsync(scratch["workspace/metrics/web.yaml"], "metrics:\n" + string.Concat(Metrics.Select(
            id => $"  - {{ id: {id}, name: {id}, unit: count, dimensions: [region] }}\n")));
        await using var app = DashboardApp.Build(new DashboardOptions
        {
            Workspace = scratch["workspace"], Data = scratch["store"], Port = 0, SyncsOnSchedule = false, Arguments = ["--Logging:LogLevel:Default=Warning"],
        });
        await app.StartAsync();
        var secret = TokenSecret.New();
        await app.Services.GetRequiredService<IApiTokenStore>().AddAsync(
            "benchmark", [ApiToken.Everything], TokenSecret.DigestOf(secret), TimeProvider.System.GetUtcNow(), CancellationToken.None);
        using var sender = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        sender.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", secret);
        var bodies = Enumerable.Range(0, Lines / LinesPerRequest)
            .Select(request => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(request * LinesPerRequest, LinesPerRequest).Select(line))))
            .ToArray();

        var first = await SendAsync(sender, bodies);
        var again = await SendAsync(sender, bodies);
        if (await app.Services.GetRequiredService<ISeriesStore>().ExtentAsync(Metrics[0], Grain.Day, CancellationToken.None) is null)
            throw new InvalidOperationException("Nothing was stored.");
        await app.StopAsync();
        return (first, again);
    }

    private static async Task<TimeSpan> SendAsync(HttpClient sender, byte[][] bodies)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body);
            using var response = await sender.PostAsync(new Uri("/api/v2/write?org=o&bucket=b&precision=s", UriKind.Relative), content);
            if (response.StatusCode != HttpStatusCode.NoContent)
                throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
