using Dashboard.Web.Access;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Targets;

namespace Dashboard.Web.Endpoints;

/// <summary>The targets in force as a file that the workspace can hold.</summary>
internal static class TargetEndpoints
{
    private const string Format = "csv";

    public static void MapTargetFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/targets.csv", FileAsync).RequireAuthorization(Policies.View);

    private static async Task<IResult> FileAsync(
        string? version, string? metric, string? grain, int? year, string? segment, LiveDefinition live, TargetReader targets,
        IEnumerable<IReportFormat> formats, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var query = new TargetQuery(Given(version), Given(metric), GrainNames.TryParse(grain), year, Given(segment));
        var book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
        var table = TargetReport.TableOf([.. book.Targets.Where(target => query.Asks(target, company.Calendar))], company.Calendar);
        var writer = formats.Single(format => format.Id == Format);
        return Results.Stream(target => writer.WriteAsync(table, target, cancellationToken), writer.MediaType, "targets.csv");
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
