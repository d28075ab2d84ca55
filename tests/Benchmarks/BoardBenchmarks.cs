using System.Diagnostics;
using System.Globalization;
using Dashboard.Web;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Sample;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>A board of twelve tiles over the three years of the sample company: the snapshot computed anew each time, and its page.</summary>
internal static class BoardBenchmarks
{
    private const int Tiles = 12;
    private const int Runs = 200;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var scratch = new Scratch();
        SampleCompany.Write(scratch["workspace"], new DateOnly(2026, 11, 22));
        await using var app = DashboardApp.Build(new DashboardOptions
        {
            Workspace = scratch["workspace"], Data = scratch["store"], Port = 0, Arguments = ["--Logging:LogLevel:Default=Warning"],
        });
        var company = app.Services.GetRequiredService<LiveDefinition>().Current;
        foreach (var source in company.Sources)
            await app.Services.GetRequiredService<SourceSync>().RunAsync(company, source, full: false, progress: null, CancellationToken.None);

        var all = company.FindBoard("weekly")!;
        var board = all with { Sections = [new BoardSection("All", [.. all.Tiles.Take(Tiles)])] };
        var boards = app.Services.GetRequiredService<BoardBuilder>();
        var snapshot = await CpuAsync(() => boards.BuildAsync(board, company.Calendar, company.Catalog, company.Targets, null, CancellationToken.None));

        await app.StartAsync();
        using var browser = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var bytes = (await browser.GetByteArrayAsync(new Uri("/", UriKind.Relative))).Length;
        var page = await CpuAsync(() => browser.GetByteArrayAsync(new Uri("/", UriKind.Relative)));
        var tiles = all.Tiles.Count();
        await app.StopAsync();
        return
        [
            Measurement.Cpu(Text($"snapshot of {Tiles} tiles over three years"), snapshot, TimeSpan.FromMilliseconds(15)),
            Measurement.Cpu(Text($"page of {tiles} tiles, request and answer"), page, TimeSpan.FromMilliseconds(15 * tiles / (double)Tiles)),
            Measurement.Size(Text($"page of {tiles} tiles"), bytes, 10_000 * tiles),
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

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
