using Metrics.Core.Definitions;
using Metrics.Core.Workspace;

namespace Ingestion.Worker.Commands;

/// <summary>How verbs tell what is wrong with the workspace.</summary>
public static class Faults
{
    public static void Print(IReadOnlyList<Fault> faults)
    {
        foreach (var fault in faults)
            Console.Error.WriteLine(fault);
    }

    public static int UnknownSource(CompanyDefinition company, string name)
    {
        Console.Error.WriteLine(company.Sources.Count == 0
            ? $"There is no source '{name}': {company.Folder.Root} has no sources/*.yaml that can be read."
            : $"There is no source '{name}'. The sources are {string.Join(", ", company.Sources.Select(source => source.Id))}.");
        return ExitCode.InputAtFault;
    }
}
