using System.CommandLine;
using System.CommandLine.Parsing;
using Metrics.Core;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Commands;

/// <summary>What a verb's end says to the script that ran it.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The input (a workspace file, a source's data, an argument's value) is at fault.</summary>
    public const int InputAtFault = 1;

    /// <summary>The command line is at fault.</summary>
    public const int Usage = 2;

    /// <summary>A system could not be reached, or could not do its part (disk full, file in use).</summary>
    public const int Unreachable = 3;
}

/// <summary>The <c>kpi</c> command: its verbs, and what they share.</summary>
public sealed class KpiCommand
{
    public static Option<string> Workspace { get; } = new("--workspace")
    {
        Description = "The workspace folder. Default: $KPI_WORKSPACE, else the current folder.",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KPI_WORKSPACE") ?? ".",
    };

    public static Option<string> Data { get; } = new("--data")
    {
        Description = "The folder of the embedded files. Default: $KPI_DATA, else 'data-store' in the workspace.",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KPI_DATA") ?? "",
    };

    /// <summary>The command with the worker's verbs; the web project adds those that render pages.</summary>
    public static RootCommand Create(params IEnumerable<Command> more)
    {
        var root = new RootCommand("KPI Dashboard: the weekly KPI board. Without a verb it serves the web app.");
        root.Add(Workspace);
        root.Add(Data);
        foreach (var verb in (Command[])[.. more, RunVerb.Create(), ValidateVerb.Create(), CheckVerb.Create(), SyncVerb.Create(), EvaluateVerb.Create(), ExportVerb.Create(), RecordsVerb.Create(), TokenVerb.Create(), SampleVerb.Create(), SchemaVerb.Create(), ConnectorsVerb.Create(), MigrateVerb.Create()])
            root.Add(verb);
        return root;
    }

    /// <summary>Runs a command line and turns what goes wrong into a message and an exit code.</summary>
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var parsed = root.Parse(args);
        string[] errors = [.. parsed.Errors.Select(error => error.Message), .. MistypedOptions(parsed)];
        if (errors.Length > 0)
        {
            foreach (var error in errors)
                await Console.Error.WriteLineAsync(error);
            await Console.Error.WriteLineAsync("See 'kpi --help', or 'kpi VERB --help'.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, cancellationToken);
        }
        catch (UsageException usage)
        {
            await Console.Error.WriteLineAsync(usage.Message);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. What was stored by now is kept.");
            return ExitCode.Unreachable;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException || StorageFault.Describe(fault) is not null)
        {
            await Console.Error.WriteLineAsync(StorageFault.Describe(fault) ?? fault.Message);
            return ExitCode.Unreachable;
        }
    }

    /// <summary>The services of one verb, on the workspace and data folder of the command line.</summary>
    public static ServiceProvider Services(ParseResult parsed)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        services.AddStorage(Storage(parsed));
        services.AddCore(parsed.GetValue(Workspace)!);
        services.AddIngestion();
        return services.BuildServiceProvider();
    }

    /// <summary>The parser takes an option that it does not know for an argument, such as the id of a source.</summary>
    private static IEnumerable<string> MistypedOptions(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value.StartsWith('-'))
            .Select(token => $"There is no option '{token.Value}'.");

    /// <summary>Where things are kept: the servers that the environment names, else the data folder.</summary>
    public static StorageOptions Storage(ParseResult parsed) => StorageOptions.Read(DataFolder(parsed), configuration: null);

    public static string DataFolder(ParseResult parsed) =>
        parsed.GetValue(Data) is { Length: > 0 } folder ? folder : Path.Combine(parsed.GetValue(Workspace)!, "data-store");
}

/// <summary>The command line asks for something that cannot be asked for.</summary>
public sealed class UsageException(string message) : Exception(message);
