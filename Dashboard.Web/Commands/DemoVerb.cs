using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ingestion.Worker.Commands;
using Ingestion.Worker.Jobs;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Sample;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Commands;

/// <summary>
/// <c>kpi demo</c>: writes the sample company, reads it, and serves its board. What an earlier start has done is not done again; what
/// was cut short is finished.
/// </summary>
internal static class DemoVerb
{
    private const int FirstPort = 5080;
    private const int MostPorts = 20;

    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = $"The port on this machine. Default: {FirstPort}, or the next free one." };
        var verb = new Command("demo", "Shows the board of the sample company. --data names the folder that it is kept in.") { port };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var started = Stopwatch.GetTimestamp();
            var folder = parsed.GetValue(KpiCommand.Data) is { Length: > 0 } data ? data : DefaultFolder();
            var options = new DashboardOptions
            {
                Workspace = Path.Combine(folder, "workspace"),
                Data = Path.Combine(folder, "store"),
                Port = PortFor(parsed.GetValue(port)),
                Arguments = ["--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning"],
            };
            WriteCompany(options.Workspace);
            await using var app = DashboardApp.Build(options);
            await SyncAsync(app.Services, cancellationToken);
            await app.Services.GetRequiredService<EvaluateAlerts>().RunAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The board of the sample company: {app.Urls.First()} (after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s). Ctrl-C stops it; its files are in {folder}."));
            await app.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }

    private static string DefaultFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "kpi-dashboard", "demo");

    /// <summary>The workspace appears under its name only when it is whole.</summary>
    private static void WriteCompany(string workspace)
    {
        if (Directory.Exists(workspace))
            return;

        var part = workspace + ".part";
        if (Directory.Exists(part))
            Directory.Delete(part, recursive: true);
        Console.Out.WriteLine("Writing the sample company …");
        SampleCompany.Write(part, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date));
        Directory.Move(part, workspace);
    }

    private static async Task SyncAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var company = services.GetRequiredService<LiveDefinition>().Current;
        var store = services.GetRequiredService<ISourceStore>();
        foreach (var source in company.Sources)
        {
            if (await store.LastGoodAsync(source.Id, cancellationToken) is not null)
                continue;

            var result = await services.GetRequiredService<SourceSync>().RunAsync(company, source, full: false, progress: null, cancellationToken);
            Console.Out.WriteLine(result is null
                ? $"  {source.Id} is being read by another process"
                : string.Create(CultureInfo.InvariantCulture, $"  {source.Id}: {result.Run.Streams.Sum(stream => stream.Read):N0} rows"));
        }
    }

    private static int PortFor(int? asked)
    {
        foreach (var port in asked is { } one ? [one] : Enumerable.Range(FirstPort, MostPorts))
        {
            if (IsFree(port))
                return port;
        }

        throw new IOException(asked is { } taken
            ? $"Port {taken} is in use on this machine; name another one with --port."
            : $"The ports {FirstPort} to {FirstPort + MostPorts - 1} are all in use on this machine; name a free one with --port.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
