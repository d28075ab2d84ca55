using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests;

/// <summary>One line of <c>kpi export</c>.</summary>
internal sealed record Figure(string Metric, DateOnly First, DateOnly Last, string Segment, decimal? Value, bool Complete);

/// <summary>What <c>kpi export</c> says, which is what every page must say.</summary>
internal static class Figures
{
    private static readonly Dictionary<(string Metrics, string Grain, string? By), IReadOnlyList<Figure>> Read = [];

    /// <summary>The figures of the shared product, asked for once: a test that changes them changes them back.</summary>
    public static async Task<IReadOnlyList<Figure>> ReadAsync(IEnumerable<string> metrics, string grain, string? by = null)
    {
        var key = (string.Join(',', metrics), grain, by);
        return Read.TryGetValue(key, out var known) ? known : Read[key] = Parse(await TextAsync(Product.Demo, metrics, grain, by), by);
    }

    /// <summary>The export as it is written.</summary>
    public static async Task<string> TextAsync(DemoProcess demo, IEnumerable<string> metrics, string grain, string? by = null)
    {
        string[] arguments =
        [
            DemoProcess.Executable, "export", "--workspace", demo.Workspace, "--data", demo.Store,
            "--metric", string.Join(',', metrics), "--grain", grain, .. by is null ? Array.Empty<string>() : ["--by", by],
        ];
        var start = new ProcessStartInfo("dotnet", arguments) 
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var export = Process.Start(start)!;
        var errors = export.StandardError.ReadToEndAsync();
        var text = await export.StandardOutput.ReadToEndAsync();
        await export.WaitForExitAsync();
        if (export.ExitCode != 0)
            throw new InvalidOperationException($"'kpi export' ended with {export.ExitCode}:\n{await errors}");
        return text;
    }

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IReadOnlyList<Figure> Parse(string export, string? by)
    {
        var lines = export.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var header = lines[0].Split(',').ToList();
        int value = header.IndexOf("value"), complete = header.IndexOf("complete");
        return
        [
            .. lines.Skip(1).Select(line => line.Split(',')).Select(cells => new Figure(
                cells[0], Day(cells[1]), Day(cells[2]), by is null ? "" : cells[header.IndexOf(by)],
                cells[value].Length == 0 ? null : decimal.Parse(cells[value], CultureInfo.InvariantCulture), bool.Parse(cells[complete]))),
        ];
    }
}
