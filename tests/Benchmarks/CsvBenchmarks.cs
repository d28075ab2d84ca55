using System.Diagnostics;
using System.Globalization;
using Ingestion.Worker;
using Ingestion.Worker.Pipeline;
using Metrics.Core;
using Metrics.Core.Definitions;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>A million rows of activity imported, and imported again.</summary>
internal static class CsvBenchmarks
{
    private const int Rows = 1_000_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var scratch = new Scratch();
        Write(scratch);
        var services = new ServiceCollection().AddLogging();
        services.AddStorage(new StorageOptions { DataFolder = scratch["store"] });
        services.AddCore(scratch.Path);
        services.AddIngestion();
        await using var provider = services.BuildServiceProvider();
        var company = provider.GetRequiredService<LiveDefinition>().Current;
        var pipeline = provider.GetRequiredService<SyncPipeline>();

        var first = await ImportAsync(full: false);
        var again = await ImportAsync(full: true);
        return
        [
            Measurement.Rate("CSV import, 1M rows without a key", Rows, first, 100_000),
            Measurement.Rate("the same file read again, nothing changed", Rows, again, 100_000),
        ];

        async Task<TimeSpan> ImportAsync(bool full)
        {
            var start = Stopwatch.GetTimestamp();
            var run = await pipeline.RunAsync(company, company.Sources[0], full, null, CancellationToken.None);
            if (!run.Good || run.Streams[0].Read != Rows)
                throw new InvalidOperationException($"The import went wrong: {run}");
            return Stopwatch.GetElapsedTime(start);
        }
    }

    private static void Write(Scratch scratch)
    {
        Directory.CreateDirectory(scratch["sources"]);
        File.WriteAllText(scratch["sources/usage.yaml"], """
            id: usage
            connector: csv
            streams:
              - name: activity
                file: activity.csv
                record: activity
                time: { column: at }
                fields: { user: user_id, event: event }
                dimensions: [region]
            """);
        using var file = new StreamWriter(scratch["activity.csv"]);
        file.Write("user_id,at,event,region\n");
        var start = new DateTime(2024, 1, 1);
        for (var row = 0; row < Rows; row++)
            file.Write(string.Create(CultureInfo.InvariantCulture, $"u{row * 7919L % 40_000},{start.AddSeconds(row * 60):yyyy-MM-dd'T'HH:mm:ss}Z,{(row % 3 == 0 ? "login" : "report_shared")},{(row % 5 == 0 ? "EU" : "US")}\n"));
    }
}
