using System.CommandLine;
using System.Globalization;
using Ingestion.Worker.Pipeline;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary>
/// <c>kpi sync</c>: syncs and models now; a line a stream, the first rejects of each source, and what is wrong with rows that were read.
/// </summary>
internal static class SyncVerb
{
    private const int RejectsShown = 5;
    private const int ExamplesNamed = 3;

    public static Command Create()
    {
        var names = new Argument<string[]>("SOURCE") { Description = "The sources' ids. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        var from = new Option<string?>("--from") { Description = "Reads again from this date on. Connectors that always read everything read everything." };
        var full = new Option<bool>("--full") { Description = "Reads everything again." };
        var strict = new Option<bool>("--strict") { Description = "Exits 1 when a row was rejected, or a model warns of one." };
        var verb = new Command("sync", "Reads sources and computes their metrics now.") { names, from, full, strict };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var everything = parsed.GetValue(full) || DateOption.Read(parsed, from) is not null;
            await using var services = KpiCommand.Services(parsed);
            var live = services.GetRequiredService<LiveDefinition>();
            var company = live.Current;
            Faults.Print(live.Faults);

            var asked = parsed.GetValue(names) ?? [];
            if (asked.FirstOrDefault(name => company.FindSource(name) is null) is { } unknown)
                return Faults.UnknownSource(company, unknown);

            var sources = asked.Length == 0 ? company.Sources : [.. asked.Distinct().Select(name => company.FindSource(name)!)];
            if (sources.Count == 0)
            {
                Console.Error.WriteLine($"{company.Folder.Root} has no sources/*.yaml that can be read; there is nothing to sync.");
                return ExitCode.InputAtFault;
            }

            var code = live.Faults.Count > 0 ? ExitCode.InputAtFault : ExitCode.Done;
            foreach (var source in sources)
                code = Math.Max(code, await RunAsync(services, company, source, everything, parsed.GetValue(strict), cancellationToken));
            var warned = await ShowWarningsAsync(services, company, sources, cancellationToken);
            return warned && parsed.GetValue(strict) ? Math.Max(code, ExitCode.InputAtFault) : code;
        });
        return verb;
    }

    private static async Task<int> RunAsync(IServiceProvider services, CompanyDefinition company, Source source, bool full, bool strict, CancellationToken cancellationToken)
    {
        var progress = new ProgressLine();
        var result = await services.GetRequiredService<SourceSync>().RunAsync(company, source, full, progress, cancellationToken);
        progress.Clear();
        if (result is null)
        {
            Console.Error.WriteLine($"{source.Id} is being synced by another process; try again when it has finished.");
            return ExitCode.Unreachable;
        }

        foreach (var stream in result.Run.Streams)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{source.Id}/{stream.Stream}: {stream.Read} read, {stream.New} new, {stream.Changed} changed, {stream.Vanished} vanished, {stream.Rejected} rejected"));
            if (stream.Error is not null)
                Console.Error.WriteLine($"{source.Id}/{stream.Stream}: {stream.Error}");
        }

        await ShowRejectsAsync(services, source, result.Run, cancellationToken);
        foreach (var model in result.Models)
        {
            if (model.Error is not null)
                Console.Error.WriteLine($"model {model.Model}: {model.Error} What was computed before is kept.");
            else if (model.Outcome is { } outcome)
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"model {model.Model}: {outcome.New} new, {outcome.Changed} changed, {outcome.Removed} removed points"));
        }

        return CodeOf(result, strict);
    }

    private static int CodeOf(SourceSyncResult result, bool strict)
    {
        if (result.Run.Streams.Any(stream => stream.ErrorIsTemporary))
            return ExitCode.Unreachable;

        var rejected = result.Run.Streams.Any(stream => stream.Rejected > 0 && (strict || stream.Rejected == stream.Read));
        return rejected || !result.Run.Good || result.Models.Any(model => model.Error is not null) ? ExitCode.InputAtFault : ExitCode.Done;
    }

    private static async Task ShowRejectsAsync(IServiceProvider services, Source source, SyncRun run, CancellationToken cancellationToken)
    {
        var rejected = run.Streams.Sum(stream => stream.Rejected);
        if (rejected == 0)
            return;

        foreach (var (stream, reject) in await services.GetRequiredService<ISourceStore>().RejectsAsync(source.Id, RejectsShown, cancellationToken))
            Console.Error.WriteLine($"{source.Id}/{stream}: {reject}");
        Console.Error.WriteLine($"{rejected} rejected of {source.Id} are kept with file, line, column and reason; /sources shows them.");
    }

    /// <summary>
    /// What models say of the rows of some sources, once for all of them and also when nothing was new: until the rows are mended the
    /// figures are what the warning says.
    /// </summary>
    private static async Task<bool> ShowWarningsAsync(
        IServiceProvider services, CompanyDefinition company, IReadOnlyList<Source> sources, CancellationToken cancellationToken)
    {
        var warnings = await services.GetRequiredService<IModelStateStore>().WarningsAsync(cancellationToken);
        if (warnings.Count == 0)
            return false;

        var synced = sources.Select(source => source.Id).ToHashSet();
        var models = services.GetServices<IModel>().ToArray();
        var fed = company.Catalog.Metrics
            .Where(metric => metric.Formula is null)
            .SelectMany(metric => Lineage.Of(company, metric, models).Origins)
            .Where(origin => origin.Streams.Any(stream => synced.Contains(stream.Id.Source)))
            .Select(origin => origin.Metric.Id).ToHashSet();
        var shown = warnings.Where(warning => warning.Metrics.Any(fed.Contains)).OrderBy(warning => !warning.LeftOut).ToArray();
        foreach (var warning in shown)
            Console.Error.WriteLine(LineOf(warning));
        return shown.Length > 0;
    }

    private static string LineOf(DataWarning warning)
    {
        var examples = string.Join(", ", warning.Examples.Take(ExamplesNamed).Select(row => row.What.Length == 0
            ? $"{row.Stream} {row.Record}"
            : $"{row.Stream} {row.Record} ({row.What})"));
        var more = warning.Rows > Math.Min(ExamplesNamed, warning.Examples.Count) ? " …" : "";
        return $"warning: {warning.Sentence}{(examples.Length == 0 ? "" : $" {examples}{more}")}";
    }

    /// <summary>One line on a terminal that is written over; nothing where the output is a file.</summary>
    private sealed class ProgressLine : IProgress<SyncProgress>
    {
        private string _shown = "";

        public void Report(SyncProgress value)
        {
            if (Console.IsErrorRedirected)
                return;

            var text = string.Create(CultureInfo.InvariantCulture, $"{value.Stream}: {value.Rows:N0} rows{(value.Done is { } done ? $", {done:P0}" : "")}");
            Console.Error.Write($"\r{text.PadRight(_shown.Length)}");
            _shown = text;
        }

        public void Clear()
        {
            if (_shown.Length > 0)
                Console.Error.Write($"\r{new string(' ', _shown.Length)}\r");
        }
    }
}
