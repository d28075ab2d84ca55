using System.CommandLine;
using Metrics.Core.Definitions;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi validate</c>: checks the workspace without touching any data; a line a fault.</summary>
internal static class ValidateVerb
{
    public static Command Create()
    {
        var verb = new Command("validate", "Checks the workspace; one 'file:line: message' a fault.");
        verb.SetAction(parsed =>
        {
            using var services = new ServiceCollection().AddDefinition(parsed.GetValue(KpiCommand.Workspace)!).BuildServiceProvider();
            var (company, faults) = services.GetRequiredService<DefinitionReader>().Read(services.GetRequiredService<WorkspaceFolder>());
            foreach (var fault in faults.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line))
                Console.Out.WriteLine(fault);
            if (faults.Count > 0)
                return ExitCode.InputAtFault;

            Console.Out.WriteLine($"{company.Folder.Root}: {company.Catalog.Metrics.Count} metrics, {company.Sources.Count} sources, {company.Boards.Count} boards, no faults.");
            return ExitCode.Done;
        });
        return verb;
    }
}
