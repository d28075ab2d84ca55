using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Benchmarks;

/// <summary>The demo as its user starts it, from built state: first start to a board that answers, and the restart on its data.</summary>
internal static class DemoBenchmarks
{
    private const int Restarts = 3;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var scratch = new Scratch();
        var first = await StartAsync(scratch);
        var restarts = new List<TimeSpan>();
        for (var i = 0; i < Restarts; i++)
            restarts.Add(await StartAsync(scratch));
        return
        [
            Measurement.Time("kpi demo, first start to a board", first, TimeSpan.FromSeconds(20)),
            Measurement.Time("kpi demo, restart on existing data", restarts.Order().ElementAt(Restarts / 2), TimeSpan.FromSeconds(3)),
        ];
    }

    /// <summary>From the start of the process until its board has answered.</summary>
    private static async Task<TimeSpan> StartAsync(Scratch scratch)
    {
        var port = FreePort();
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "kpi.dll"), "demo", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", scratch["demo"]])
            start.ArgumentList.Add(argument);
        using var demo = Process.Start(start)!;
        var errors = demo.StandardError.ReadToEndAsync();
        try
        {
            while (await demo.StandardOutput.ReadLineAsync() is { } line)
            {
                if (!line.Contains("http://", StringComparison.Ordinal))
                    continue;

                using var browser = new HttpClient();
                using var board = await browser.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                board.EnsureSuccessStatusCode();
                return Stopwatch.GetElapsedTime(started);
            }

            throw new InvalidOperationException($"The demo ended before it showed a board: {await errors}");
        }
        finally
        {
            if (!demo.HasExited)
                demo.Kill();
            await demo.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
