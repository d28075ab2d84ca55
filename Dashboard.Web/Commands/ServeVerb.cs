using System.CommandLine;
using Dashboard.Web.Access;
using Ingestion.Worker.Commands;
using Metrics.Core.Storage;

namespace Dashboard.Web.Commands;

/// <summary>What <c>kpi</c> does without a verb: serves the web app until it is stopped.</summary>
internal static class ServeVerb
{
    /// <summary>Makes serving the action of the command itself.</summary>
    public static RootCommand Serving(this RootCommand root)
    {
        var port = new Option<int?>("--port") { Description = "The port on this machine. Default: 8080." };
        var urls = new Option<string?>("--urls") { Description = "The addresses to listen on; only this machine's own are taken." };
        root.Add(port);
        root.Add(urls);
        root.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new DashboardOptions
            {
                Workspace = parsed.GetValue(KpiCommand.Workspace)!,
                Data = KpiCommand.DataFolder(parsed),
                Port = parsed.GetValue(port),
                Arguments = parsed.GetValue(urls) is { } addresses ? ["--urls", addresses] : [],
            };
            try
            {
                await using var app = DashboardApp.Build(options);
                await app.Services.OpenStorageAsync(cancellationToken);
                await app.RunAsync(cancellationToken);
                return ExitCode.Done;
            }
            catch (ExposedAddressException exposed)
            {
                throw new UsageException(exposed.Message);
            }
        });
        return root;
    }
}
