using System.CommandLine;
using Metrics.Core;
using Metrics.Core.Alerts;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi run</c>: the worker without the web app, until it is stopped.</summary>
internal static partial class RunVerb
{
    public static Command Create()
    {
        var verb = new Command("run", "Runs the worker until stopped: syncs by the clock, without the web app.");
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var builder = Host.CreateApplicationBuilder();
            var storage = StorageOptions.Read(KpiCommand.DataFolder(parsed), builder.Configuration);
            builder.Services.AddStorage(storage);
            builder.Services.AddCore(parsed.GetValue(KpiCommand.Workspace)!);
            builder.Services.AddScheduledIngestion(storage);
            using var host = builder.Build();
            if (storage.Caution is { } caution)
                LogCaution(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(RunVerb)), caution);

            // A wrong mail setting stops the start, and not the first mail.
            _ = host.Services.GetRequiredService<INotificationChannel>();
            await host.Services.OpenStorageAsync(cancellationToken);
            await host.RunAsync(cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Caution}")]
    private static partial void LogCaution(ILogger logger, string caution);
}
