using NUnit.Framework;
using Tests.Support.Servers;

namespace Ingestion.Worker.Tests;

/// <summary>Ends the servers that the tests of this project shared.</summary>
[SetUpFixture]
public sealed class SharedServers
{
    [OneTimeTearDown]
    public void End() => InfluxServer.EndShared();
}
