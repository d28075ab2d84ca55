using Dashboard.Web.Access;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports;

namespace Dashboard.Web.Endpoints;

/// <summary>A cohort triangle as a file.</summary>
internal static class CohortEndpoints
{
    private const string Format = "csv";

    public static void MapCohortFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/cohorts/{metric}.csv", FileAsync).RequireAuthorization(Policies.View);

    private static async Task<IResult> FileAsync(
        string metric, string? grain, LiveDefinition live, CohortReader cohorts, IEnumerable<IReportFormat> formats, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!company.Catalog.TryGet(metric, out var found) || !CohortTriangle.IsOf(company.Catalog, found))
            return Results.NotFound();
        if (GrainNames.TryParse(grain ?? Grain.Week.Name()) is not { } known)
            return Results.Text($"'{grain}' is no grain; use week, month or quarter.\n", statusCode: StatusCodes.Status400BadRequest);
        if (await cohorts.ReadAsync(company.Calendar, company.Catalog, found, known, cancellationToken) is not { } triangle)
            return Results.NotFound();

        var writer = formats.Single(format => format.Id == Format);
        var table = CohortReport.Of(found.Id, triangle);
        return Results.Stream(target => writer.WriteAsync(table, target, cancellationToken), writer.MediaType, $"{found.Id}-cohorts-{known.Name()}.csv");
    }
}
