using System.CommandLine;
using System.Globalization;
using Metrics.Core.Definitions;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Migration;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi migrate</c>: moves everything from the embedded files to servers, or back; may be interrupted and run again.</summary>
internal static class MigrateVerb
{
    private const string Embedded = "embedded";
    private const string Server = "server";

    /// <summary>What writes beside the syncs of sources.</summary>
    private static readonly string[] OtherWork = ["_models", "_alerts", "_notifications"];

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "embedded or server.", Required = true };
        var to = new Option<string>("--to") { Description = "embedded or server.", Required = true };
        foreach (var side in (Option<string>[])[from, to])
            side.AcceptOnlyFromAmong(Embedded, Server);
        var verb = new Command(
            "migrate",
            $"Moves points to or from the server that {StorageOptions.SeriesVariable} names, and everything else to or from the one that "
            + $"{StorageOptions.DatabaseVariable} names. The source stays as it is; interrupted, it goes on when run again.") { from, to };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var toServer = parsed.GetRequiredValue(to) == Server;
            if (parsed.GetRequiredValue(from) == parsed.GetRequiredValue(to))
                {
                throw new UsageException(
                    $"--from and --to are both {parsed.GetRequiredValue(to)}; one of them is embedded and one is server.");
            }


            var servers = KpiCommand.Storage(parsed);
            if (servers is { Series: null, Database: null })
            {
                throw new UsageException(
                    $"No server is named. Set {StorageOptions.SeriesVariable} to the InfluxDB of the points, "
                    + $"{StorageOptions.DatabaseVariable} to the PostgreSQL database of everything else, or both; "
                    + "what is not set is not moved.");
            }

            var files = servers with { Series = null, Database = null };
            return await RunAsync(parsed, toServer ? files : servers, toServer ? servers : files, cancellationToken);
        });
        return verb;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, StorageOptions source, StorageOptions target, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddDefinition(parsed.GetValue(KpiCommand.Workspace)!).BuildServiceProvider();
        var live = services.GetRequiredService<LiveDefinition>();
        string[] locks = [.. live.Current.Sources.Select(one => one.Id), .. OtherWork];
        var progress = new ProgressLine();
        try
        {
            var moved = await new StorageMigration(source, target, TimeProvider.System)
                .RunAsync(locks, progress, cancellationToken);
            progress.Clear();
            var resumed = moved.IsResumed ? ", going on where it was interrupted" : "";
            Console.Out.WriteLine($"Moved from {moved.From} to {moved.To}{resumed}:");
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{moved.Rows} rows in {moved.Tables} tables, {moved.Series} series, {moved.Points} points, ")
                + string.Create(CultureInfo.InvariantCulture, $"{moved.Restatements} restatements, all verified"));
            return ExitCode.Done;
        }
        catch (MigrationRefusedException refused)
        {
            progress.Clear();
            await Console.Error.WriteLineAsync(refused.Message);
            return ExitCode.InputAtFault;
        }
    }

    /// <summary>One line on a terminal that is written over; where the output is a file, a line for each part that is done.</summary>
    private sealed class ProgressLine : IProgress<MigrationProgress>
    {
        private string _shown = "";

        public void Report(MigrationProgress value)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{value.Part}: {value.Done:N0} of {value.Total:N0} {value.Unit}");
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write($"\r{text.PadRight(_shown.Length)}");
                _shown = text;
            }
            else if (value.IsDone)
            {
                Console.Error.WriteLine(text);
            }
        }

        public void Clear()
        {
            if (_shown.Length > 0)
                Console.Error.Write($"\r{new string(' ', _shown.Length)}\r");
            _shown = "";
        }
    }
}
