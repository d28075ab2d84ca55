using Dashboard.Web.Access;
using Dashboard.Web.Pages;
using Dashboard.Web.Pages.Metrics;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Endpoints;

/// <summary>Figures as files.</summary>
internal static class ExportEndpoints
{
    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics/{id}.{format}", ExportAsync).RequireAuthorization(Policies.View);
        routes.MapGet("/metrics/{id}/working.{format}", ExportWorkingAsync).RequireAuthorization(Policies.View);
    }

    private static async Task<IResult> ExportAsync(
        string id, string format, string? grain, string? by, [FromQuery(Name = "as_of")] string? asOf, LiveDefinition live, PeriodReport report,
        IEnumerable<IReportFormat> formats, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (formats.FirstOrDefault(known => known.Id == format) is not { } writer || !company.Catalog.TryGet(id, out var metric))
            return Results.NotFound();
        if (GrainNames.TryParse(grain ?? Grain.Week.Name()) is not { } known)
            return Results.Text($"'{grain}' is no grain; use day, week, month, quarter or year.\n", statusCode: StatusCodes.Status400BadRequest);

        if (!AsOf.TryRead(asOf, company.Calendar, out var moment, out var fault))
            return Results.Text(fault + "\n", statusCode: StatusCodes.Status400BadRequest);

        try
        {
            var query = new PeriodReportQuery
            {
                Metrics = [metric],
                Grain = known,
                By = string.IsNullOrEmpty(by) ? [] : [by],
                AsOf = moment?.At,
                To = moment is null ? null : company.Calendar.DayOf(moment.At).AddDays(1),
            };
            var table = await report.BuildAsync(company, query, cancellationToken);
            return Results.Stream(target => writer.WriteAsync(table, target, cancellationToken), writer.MediaType, $"{id}-{known.Name()}.{writer.Id}");
        }
        catch (MetricQueryException cannot)
        {
            return Results.Text(cannot.Message + "\n", statusCode: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>Every line of a working, unlike its page, which shows the largest ones.</summary>
    private static async Task<IResult> ExportWorkingAsync(
        string id, string format, string? grain, string? period, HttpRequest request, LiveDefinition live, WorkingReader workings,
        IEnumerable<IReportFormat> formats, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (formats.FirstOrDefault(known => known.Id == format) is not { } writer || !company.Catalog.TryGet(id, out var metric))
            return Results.NotFound();
        if (!WorkingAddress.TryRead(company, metric, grain, period, request.Query, out var address, out var fault))
            return Results.Text(fault + "\n", statusCode: StatusCodes.Status400BadRequest);

        try
        {
            var working = await workings.ReadAsync(company, metric, address.Grain, address.Period, address.Filter, int.MaxValue, cancellationToken);
            var table = WorkingReport.Of(working);
            return Results.Stream(target => writer.WriteAsync(table, target, cancellationToken), writer.MediaType, $"{id}-{address.Key}-working.{writer.Id}");
        }
        catch (MetricQueryException cannot)
        {
            return Results.Text(cannot.Message + "\n", statusCode: StatusCodes.Status400BadRequest);
        }
    }
}
