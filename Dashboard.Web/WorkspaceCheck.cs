using Metrics.Core.Definitions;
using Metrics.Core.Series;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dashboard.Web;

/// <summary>Ready means that there is a workspace and that the stores answer.</summary>
internal sealed class WorkspaceCheck(LiveDefinition live, IWatermarkStore watermarks) : IHealthCheck
{
    /// <summary>The tag of the checks that decide about readiness.</summary>
    public const string Ready = "ready";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!live.Current.Folder.Exists)
            return HealthCheckResult.Unhealthy("There is no workspace.");

        await watermarks.ReadAsync([], null, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
