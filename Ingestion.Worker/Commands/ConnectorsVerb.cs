using System.CommandLine;
using Metrics.Core.Connectors;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi connectors</c>: what sources can be read, one a line: id, name, streams.</summary>
internal static class ConnectorsVerb
{
    public static Command Create()
    {
        var verb = new Command("connectors", "Lists the connectors, one a line: id, name, streams.");
        verb.SetAction(_ =>
        {
            using var services = new ServiceCollection().AddDefinition(".").BuildServiceProvider();
            foreach (var connector in services.GetServices<IConnector>())
                Console.Out.WriteLine($"{connector.Id}\t{connector.Name}\tdeclared by the source");
            return ExitCode.Done;
        });
        return verb;
    }
}
