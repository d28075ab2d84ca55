using System.CommandLine;
using System.Text;
using Ingestion.Worker.Pipeline;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi check</c>: reads the first rows of a source and shows them as the records they would become; stores nothing.</summary>
internal static class CheckVerb
{
    private const int RowsShown = 5;

    public static Command Create()
    {
        var name = new Argument<string>("SOURCE") { Description = "The source's id." };
        var verb = new Command("check", "Tests a source and shows its first rows, normalised. Stores nothing.") { name };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = new ServiceCollection().AddDefinition(parsed.GetValue(KpiCommand.Workspace)!).BuildServiceProvider();
            var live = services.GetRequiredService<LiveDefinition>();
            var company = live.Current;
            Faults.Print(live.Faults);
            if (company.FindSource(parsed.GetRequiredValue(name)) is not { } source)
                return Faults.UnknownSource(company, parsed.GetRequiredValue(name));

            var connector = services.GetServices<IConnector>().Single(candidate => candidate.Id == source.Connector);
            var code = ExitCode.Done;
            foreach (var stream in source.Streams)
                code = Math.Max(code, await ShowAsync(company, connector, stream, cancellationToken));
            return code;
        });
        return verb;
    }

    private static async Task<int> ShowAsync(CompanyDefinition company, IConnector connector, SourceStream stream, CancellationToken cancellationToken)
    {
        try
        {
            using var mapper = new PageMapper(stream, company.Calendar, company.Calendar.Today(TimeProvider.System));
            await foreach (var page in connector.ReadAsync(company.Folder, stream, null, cancellationToken))
            {
                var mapped = mapper.Map(page with { Rows = [.. page.Rows.Take(RowsShown)] });
                Console.Out.WriteLine($"{stream.Id}: {page.Part}, columns {string.Join(", ", page.Columns)}");
                foreach (var record in mapped.Records)
                    Console.Out.WriteLine($"  {stream.Mapping.Type} {Encoding.UTF8.GetString(record.Body.Span)}");
                foreach (var reject in mapped.Rejects.Take(RowsShown))
                    Console.Out.WriteLine($"  rejected: {reject}");
                return mapped.Records.Count == 0 && mapped.Rejects.Count > 0 ? ExitCode.InputAtFault : ExitCode.Done;
            }

            return ExitCode.Done;
        }
        catch (Exception no) when (no is ConnectorException or MappingException)
        {
            Console.Out.WriteLine($"{stream.Id}: {no.Message}");
            return no is ConnectorException { IsPermanent: false } ? ExitCode.Unreachable : ExitCode.InputAtFault;
        }
    }
}
