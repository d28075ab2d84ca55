using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Connectors;

/// <summary>Reads the definition of a workspace as it stands on the disk now.</summary>
internal static class Definitions
{
    public static CompanyDefinition Of(string workspace)
    {
        using var services = new ServiceCollection().AddDefinition(workspace).BuildServiceProvider();
        var (definition, faults) = services.GetRequiredService<DefinitionReader>().Read(services.GetRequiredService<WorkspaceFolder>());
        Assert.That(faults, Is.Empty, "the test's workspace");
        return definition;
    }

    /// <summary>The only stream of the only source.</summary>
    public static SourceStream OnlyStream(this CompanyDefinition company) => company.Sources.Single().Streams.Single();
}
