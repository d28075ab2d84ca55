using Benchmarks;

// dotnet run -c Release --project tests/Benchmarks [-- NAME…]
// Prints a table; ratios compare two ways of doing the same in one run on the same machine.
var all = new (string Name, Func<Task<IReadOnlyList<Measurement>>> Run)[]
{
    ("series", SeriesBenchmarks.RunAsync),
    ("influx", InfluxBenchmarks.RunAsync),
    ("csv", CsvBenchmarks.RunAsync),
    ("activity", ActivityBenchmarks.RunAsync),
    ("board", BoardBenchmarks.RunAsync),
    ("forecast", ForecastBenchmarks.RunAsync),
    ("push", PushBenchmarks.RunAsync),
    ("revenue", RevenueBenchmarks.RunAsync),
    ("demo", DemoBenchmarks.RunAsync),
};
var chosen = args.Length == 0 ? all : [.. all.Where(one => args.Contains(one.Name))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"Known benchmarks: {string.Join(", ", all.Select(one => one.Name))}.");
    return 2;
}

var missed = 0;
Console.WriteLine($"{"what",-62} {"measured",18} {"wanted",18}");
foreach (var (_, run) in chosen)
{
    foreach (var row in await run())
    {
        Console.WriteLine($"{row.What,-62} {row.Measured,18} {row.Wanted,18}{(row.Met ? "" : "  missed")}");
        missed += row.Met ? 0 : 1;
    }
}

return missed == 0 ? 0 : 1;
