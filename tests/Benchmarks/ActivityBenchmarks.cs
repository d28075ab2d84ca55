using System.Diagnostics;
using System.Globalization;
using Ingestion.Worker;
using Ingestion.Worker.Pipeline;
using Metrics.Core;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>
/// All metrics of what users do that ship, by region: growth accounting, rolling users, cohorts by week … from stored records, in full and
/// after a day that came late. Two years, 100,000 users, 1, 3 and 10 million events.
/// </summary>
internal static class ActivityBenchmarks
{
    private const int Users = 100_000;
    private const int Days = 730;
    private const double MostSeconds = 60;
    private const double MostLateSeconds = 3;
    private const double MostMemory = 2;
    private const double MostGrowth = 1.3;

    private static readonly string[] Regions = ["DACH", "Nordics", "UK", "US", "APAC"];
    private static readonly string[] Events = ["login", "report_shared", "project_created", "comment_written"];
    private static readonly DateTime Start = new(2024, 1, 1);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var rows = new List<Measurement>();
        double? perEvent = null;
        foreach (var millions in (int[])[1, 3, 10])
        {
            using var scratch = new Scratch();
            Write(scratch, millions * 1_000_000);
            var services = new ServiceCollection().AddLogging();
            services.AddStorage(new StorageOptions { DataFolder = scratch["store"] });
            services.AddCore(scratch.Path);
            services.AddIngestion();
            await using var provider = services.BuildServiceProvider();
            var company = provider.GetRequiredService<LiveDefinition>().Current;
            var sync = provider.GetRequiredService<SyncPipeline>();
            var models = provider.GetRequiredService<ModelPipeline>();

            var run = await sync.RunAsync(company, company.Sources[0], full: false, null, CancellationToken.None);
            ForgetPeak();
            var full = await ComputeAsync(run);
            var memory = PeakGigabytes();
            WriteLateDay(scratch, millions * 1_000_000);
            run = await sync.RunAsync(company, company.Sources[0], full: false, null, CancellationToken.None);
            var late = await ComputeAsync(run);

            await Console.Error.WriteLineAsync($"{millions}M: {full:0.0} s in full, {memory:0.00} GB, {late:0.00} s for a late day");
            var own = full / (millions * 1e6);
            rows.Add(new Measurement($"activity of {millions}M events computed in full", $"{full:0.0} s", $"≤ {MostSeconds:0} s", full <= MostSeconds));
            rows.Add(new Measurement("  memory at its peak", $"{memory:0.00} GB", $"≤ {MostMemory:0} GB", memory <= MostMemory));
            rows.Add(new Measurement("  one day that came late", $"{late:0.00} s", $"≤ {MostLateSeconds:0} s", late <= MostLateSeconds));
            if (perEvent is { } first)
                rows.Add(new Measurement("  time of an event, to that of 1M", $"{own / first:0.00}×", $"≤ {MostGrowth}×", own / first <= MostGrowth));
            perEvent ??= own;

            async Task<double> ComputeAsync(SyncRun of)
            {
                if (!of.Good)
                    throw new InvalidOperationException($"The import went wrong: {of}");
                var start = Stopwatch.GetTimestamp();
                var done = await models.RunAsync(company, of, CancellationToken.None);
                if (done.Any(model => model.Error is not null || model.Outcome is null or { New: 0 }))
                    throw new InvalidOperationException($"The models went wrong: {string.Join(", ", done)}");
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return rows;
    }

    private static void Write(Scratch scratch, int events)
    {
        Directory.CreateDirectory(scratch["sources"]);
        File.WriteAllText(scratch["sources/usage.yaml"], """
            id: usage
            connector: csv
            streams:
              - name: activity
                file: activity*.csv
                record: activity
                time: { column: at }
                fields: { user: user_id, event: event }
                dimensions: [region]
                complete_through: data
            """);
        using var file = new StreamWriter(scratch["activity-1.csv"]);
        file.Write("user_id,at,event,region\n");
        var random = new Random(7);
        for (var row = 0; row < events; row++)
        {
            var day = (int)((long)row * Days / events);
            if (day != Days - 20)
                WriteEvent(file, random, day);
        }
    }

    private static void WriteLateDay(Scratch scratch, int events)
    {
        using var file = new StreamWriter(scratch["activity-2.csv"]);
        file.Write("user_id,at,event,region\n");
        var random = new Random(8);
        for (var row = 0; row < events / Days; row++)
            WriteEvent(file, random, Days - 20);
    }

    /// <summary>Users come one after the other, and each the less the longer they are there.</summary>
    private static void WriteEvent(StreamWriter file, Random random, int day)
    {
        var born = (int)(Math.Pow(random.NextDouble(), 0.7) * Users * (day + 30) / (Days + 30));
        file.Write(string.Create(CultureInfo.InvariantCulture,
            $"u{born},{Start.AddDays(day).AddSeconds(random.Next(86_400)):yyyy-MM-dd'T'HH:mm:ss}Z,{Events[random.Next(Events.Length)]},{Regions[born % Regions.Length]}\n"));
    }

    /// <summary>Lets Linux measure the peak of this process anew.</summary>
    private static void ForgetPeak()
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static double PeakGigabytes() => long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0 / 1024.0;
}
