using Metrics.Core.Storage;

namespace Dashboard.Web;

/// <summary>What a dashboard is started with.</summary>
public sealed class DashboardOptions
{
    /// <summary>The workspace folder.</summary>
    public required string Workspace { get; init; }

    /// <summary>The folder of the embedded files; it is created where it is not there.</summary>
    public required string Data { get; init; }

    /// <summary>Where things are kept; null: what the environment or the configuration names, else the data folder.</summary>
    public StorageOptions? Storage { get; init; }

    /// <summary>The port on this machine's loopback address; 0 takes a free one. Null: what the configuration names, else 8080.</summary>
    public int? Port { get; init; }

    /// <summary>Arguments for the web host, such as <c>--urls</c>; settings files and ASPNETCORE_… variables count too.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>Whether sources are synced on their schedules and on request inside this process. Without it somebody else must register <see cref="Metrics.Core.Connectors.ISyncRequests"/>.</summary>
    public bool SyncsOnSchedule { get; init; } = true;
}
