using Dashboard.Web.Access;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Series;

namespace Dashboard.Web.Endpoints;

/// <summary>Figures as files.</summary>
internal static class ExportEndpoints
{
    public static void MapExports(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics/{id}.{format}", ExportAsync).RequireAuthorization(Policies.View);

    private static async Task<IResult> ExportAsync(
        string id, string format, string? grain, string? by, LiveDefinition live, PeriodReport report, IEnumerable<IReportFormat> formats,
        CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (formats.FirstOrDefault(known => known.Id == format) is not { } writer || !company.Catalog.TryGet(id, out var metric))
            return Results.NotFound();
        if (GrainNames.TryParse(grain ?? Grain.Week.Name()) is not { } known)
            return Results.Text($"'{grain}' is no grain; use day, week, month, quarter or year.\n", statusCode: StatusCodes.Status400BadRequest);

        try
        {
            var query = new PeriodReportQuery { Metrics = [metric], Grain = known, By = string.IsNullOrEmpty(by) ? [] : [by] };
            var table = await report.BuildAsync(company, query, cancellationToken);
            return Results.Stream(target => writer.WriteAsync(table, target, cancellationToken), writer.MediaType, $"{id}-{known.Name()}.{writer.Id}");
        }
        catch (MetricQueryException cannot)
        {
            return Results.Text(cannot.Message + "\n", statusCode: StatusCodes.Status400BadRequest);
        }
    }
}
