using Dashboard.Web.Access;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Dashboard.Web.Endpoints;

/// <summary>For whoever watches over the process: is it alive, and can it answer. Says one word and nothing about the inside.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).RequireAuthorization(Policies.Health);
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(WorkspaceCheck.Ready) })
            .RequireAuthorization(Policies.Health);
    }
}
