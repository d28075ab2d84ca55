using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dashboard.Web;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Sample;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>
/// A board of twenty-four tiles over the three years of the sample company: computed and rendered anew each time, kept, and how much of
/// it goes over the wire.
/// </summary>
internal static partial class BoardBenchmarks
{
    private const int Tiles = 24;
    private const int Runs = 200;
    private const int Clients = 16;
    private const int RequestsOfOne = 400;
    private const int StaticLength = 30_000;

    private static readonly TimeSpan Cold = TimeSpan.FromMilliseconds(30);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var scratch = new Scratch();
        SampleCompany.Write(scratch["workspace"], new DateOnly(2026, 11, 22));
        foreach (var other in Directory.EnumerateFiles(Path.Combine(scratch["workspace"], "boards")).Where(file => !file.EndsWith("weekly.yaml", StringComparison.Ordinal)))
            File.Delete(other);
        await File.WriteAllTextAsync(Path.Combine(scratch["workspace"], "boards", "weekly.yaml"), Narrow(scratch["workspace"]));
        await using var app = DashboardApp.Build(new DashboardOptions
        {
            Workspace = scratch["workspace"], Data = scratch["store"], Port = 0, Arguments = ["--Logging:LogLevel:Default=Warning"],
        });
        var still = new byte[StaticLength];
        Random.Shared.NextBytes(still);
        app.MapGet("/static", () => Results.Bytes(still, "text/html; charset=utf-8")).AllowAnonymous();
        var company = app.Services.GetRequiredService<LiveDefinition>().Current;
        foreach (var source in company.Sources)
            await app.Services.GetRequiredService<SourceSync>().RunAsync(company, source, full: false, progress: null, CancellationToken.None);

        var board = company.FindBoard("weekly")!;
        var boards = app.Services.GetRequiredService<BoardBuilder>();
        var snapshot = await CpuAsync(() => boards.BuildAsync(board, company.Calendar, company.Catalog, company.Targets, null, CancellationToken.None));

        await app.StartAsync();
        using var packing = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        using var browser = new HttpClient(packing) { BaseAddress = new Uri(app.Urls.First()) };
        browser.DefaultRequestHeaders.Add("Accept-Encoding", "br, gzip");
        var versions = app.Services.GetRequiredService<IDataVersion>();
        var series = app.Services.GetRequiredService<ISeriesStore>();
        var written = company.Catalog.StoredInputs(company.Catalog[board.Sections[0].Tiles[0].Metric])[0];
        var key = new SeriesKey(written.Id, Grain.Day, Segment.Total);
        var day = new DateOnly(2030, 1, 1);
        var cold = await CpuAsync(async () =>
        {
            // As after a sync: a metric has one more day, so that nothing that was computed before holds.
            day = day.AddDays(1);
            await series.WriteAsync([new SeriesPoints(key, [new Point(day, 1)])], new WriteStamp(TimeProvider.System.GetUtcNow(), "benchmark"), CancellationToken.None);
            await versions.AdvanceAsync(CancellationToken.None);
            await browser.GetByteArrayAsync(new Uri("/", UriKind.Relative));
        });

        // One after the other several times, and the best of each: what else the machine does hits both.
        var (warm, plain) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 5; i++)
        {
            plain = Least(plain, await P95Async(browser, "/static"));
            warm = Least(warm, await P95Async(browser, "/"));
        }

        var (requests, bytes, script) = await WireAsync(browser);
        await app.StopAsync();
        return
        [
            Measurement.Cpu(Text($"snapshot of {Tiles} tiles over three years"), snapshot, Cold),
            Measurement.Cpu(Text($"board of {Tiles} tiles anew: snapshot, page, packing, answer"), cold, Cold),
            Measurement.Note(Text($"p95 of {Clients} clients: static {StaticLength / 1000} KB, kept board"), Text($"{plain.TotalMilliseconds:0.00}, {warm.TotalMilliseconds:0.00} ms")),
            Measurement.Ratio("p95 of a kept board to that of a static page", warm / plain, 2),
            Measurement.Size(Text($"board of {Tiles} tiles with all it loads, on the wire"), bytes, 80_000),
            Measurement.Size("of it scripts", script, 30_000),
            Measurement.Number("requests of a board", requests, 5),
        ];
    }

    /// <summary>The processor time of one run in a warmed process, of all threads.</summary>
    private static async Task<TimeSpan> CpuAsync(Func<Task> thing)
    {
        // The runtime compiles hot methods again in the background; what is measured is what a board costs after that.
        for (var i = 0; i < Runs; i++)
            await thing();
        await Task.Delay(TimeSpan.FromSeconds(1));
        for (var i = 0; i < Runs; i++)
            await thing();

        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < Runs; i++)
            await thing();
        return (Process.GetCurrentProcess().TotalProcessorTime - before) / Runs;
    }

    /// <summary>The time within which 95 of 100 requests are answered while some clients ask without a pause.</summary>
    private static async Task<TimeSpan> P95Async(HttpClient browser, string address)
    {
        var uri = new Uri(address, UriKind.Relative);
        var times = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var own = new List<TimeSpan>(RequestsOfOne);
            for (var i = 0; i < RequestsOfOne; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await browser.GetByteArrayAsync(uri);
                own.Add(Stopwatch.GetElapsedTime(start));
            }

            return own;
        })));
        return times.SelectMany(own => own).Order().ElementAt(Clients * RequestsOfOne * 95 / 100);
    }

    /// <summary>What a browser that knows nothing yet asks for when it opens the board.</summary>
    private static async Task<(int Requests, int Bytes, int Script)> WireAsync(HttpClient browser)
    {
        var packed = (await browser.GetByteArrayAsync(new Uri("/", UriKind.Relative))).Length;
        using var plain = new HttpClient { BaseAddress = browser.BaseAddress };
        var html = await plain.GetStringAsync(new Uri("/", UriKind.Relative));
        var assets = Assets().Matches(html).Select(match => WebUtility.HtmlDecode(match.Value)).Distinct().ToArray();
        var (bytes, script) = (packed, 0);
        foreach (var asset in assets)
        {
            var length = (await browser.GetByteArrayAsync(new Uri(asset, UriKind.Relative))).Length;
            bytes += length;
            script += asset.Contains(".js", StringComparison.Ordinal) ? length : 0;
        }

        return (1 + assets.Length, bytes, script);
    }

    /// <summary>The weekly board of the sample company with its first tiles alone.</summary>
    private static string Narrow(string workspace)
    {
        var (text, tiles) = (new System.Text.StringBuilder(), 0);
        foreach (var line in File.ReadLines(Path.Combine(workspace, "boards", "weekly.yaml")))
        {
            var isTile = line.Contains("metric:", StringComparison.Ordinal);
            if (tiles == Tiles && (isTile || line.Contains("name:", StringComparison.Ordinal) || line.Contains("tiles:", StringComparison.Ordinal)))
                break;
            tiles += isTile ? 1 : 0;
            text.AppendLine(line);
        }

        return text.ToString();
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // What waits until somebody wants it, such as the palette, is named in a data attribute.
    [GeneratedRegex("(?<=\\s(?:src|href)=\")/assets/[^\"]+")]
    private static partial Regex Assets();
}
