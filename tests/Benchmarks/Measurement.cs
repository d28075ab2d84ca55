using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>One row of the table.</summary>
internal sealed record Measurement(string What, string Measured, string Wanted, bool Met)
{
    public static Measurement Rate(string what, long count, TimeSpan time, double atLeast) => new(
        what, Text($"{count / time.TotalSeconds:N0}/s"), Text($"≥ {atLeast:N0}/s"), count / time.TotalSeconds >= atLeast);

    public static Measurement Ratio(string what, double ratio, double atMost) => new(what, Text($"{ratio:0.00}×"), Text($"≤ {atMost:0.00}×"), ratio <= atMost);

    public static Measurement Time(string what, TimeSpan time, TimeSpan atMost) =>
        new(what, Text($"{time.TotalSeconds:0.00} s"), Text($"≤ {atMost.TotalSeconds:0.##} s"), time <= atMost);

    public static Measurement Cpu(string what, TimeSpan time, TimeSpan atMost) =>
        new(what, Text($"{time.TotalMilliseconds:0.0} ms CPU"), Text($"≤ {atMost.TotalMilliseconds:0.##} ms"), time <= atMost);

    public static Measurement Size(string what, int bytes, int atMost) => new(what, Text($"{bytes:N0} bytes"), Text($"≤ {atMost:N0}"), bytes <= atMost);

    public static Measurement Number(string what, int number, int atMost) => new(what, Text($"{number}"), Text($"≤ {atMost}"), number <= atMost);

    public static Measurement Note(string what, string measured) => new(what, measured, "", true);

    /// <summary>The median time of some runs of a thing.</summary>
    public static async Task<TimeSpan> MedianAsync(int runs, Func<Task> thing)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await thing();
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times.Order().ElementAt(runs / 2);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A folder for one benchmark.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kpi-bench-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
