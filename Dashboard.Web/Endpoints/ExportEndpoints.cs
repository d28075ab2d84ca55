using System.Diagnostics.CodeAnalysis;
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
    private const string Json = "json";

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics/{id}.{format}", ExportAsync).RequireAuthorization(Policies.View);
        routes.MapGet("/metrics/{id}/working.{format}", ExportWorkingAsync).RequireAuthorization(Policies.View);
        routes.MapGet("/metrics/{id}/records", RecordsAsync).RequireAuthorization(Policies.View);
        routes.MapGet("/metrics/{id}/records.{format}", RecordsAsync).RequireAuthorization(Policies.View);
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

    /// <summary>The records behind a value, all of them: as a file, as JSON to whoever takes it, and to people as the page of the working.</summary>
    private static async Task<IResult> RecordsAsync(
        string id, string? format, string? grain, string? period, string[]? dims, HttpContext http, LiveDefinition live, WorkingReader workings,
        IEnumerable<IReportFormat> formats, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var wanted = format ?? Accepted(http.Request, formats);
        http.Response.Headers.Vary = "Accept";
        if (!company.Catalog.TryGet(id, out var metric) || (wanted is not null && formats.All(known => known.Id != wanted)))
            return Results.NotFound();
        if (!TryReadDims(dims ?? [], out var dimensions, out var fault)
            || !AskedValue.TryRead(company, metric, grain, period, dimensions, out var asked, out fault))
            return Results.Text(fault + "\n", statusCode: StatusCodes.Status400BadRequest);
        if (wanted is null)
            return Results.Redirect(WorkingAddress.For(id, asked.Grain, asked.Key, asked.Filter));

        try
        {
            var working = await workings.ReadAsync(company, metric, asked.Grain, asked.Period, asked.Filter, int.MaxValue, cancellationToken);
            var writer = formats.First(known => known.Id == wanted);
            return Results.Stream(
                target => wanted == Json ? WorkingJson.WriteAsync(asked, working, target, cancellationToken)
                    : writer.WriteAsync(WorkingReport.Of(working), target, cancellationToken),
                writer.MediaType, format is null ? null : $"{id}-{asked.Key}-records.{writer.Id}");
        }
        catch (MetricQueryException cannot)
        {
            return Results.Text(cannot.Message + "\n", statusCode: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>The format that a request takes; null for a page, which is what takes anything.</summary>
    private static string? Accepted(HttpRequest request, IEnumerable<IReportFormat> formats)
    {
        var accepted = request.Headers.Accept.ToString();
        return accepted.Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? null
            : formats.FirstOrDefault(known => accepted.Contains(known.MediaType, StringComparison.OrdinalIgnoreCase))?.Id;
    }

    /// <summary>Reads <c>plan:Pro,region:EU</c>. What has no colon belongs to the value before it, which may hold commas.</summary>
    private static bool TryReadDims(
        IEnumerable<string> texts, out List<KeyValuePair<string, string>> dimensions, [NotNullWhen(false)] out string? fault)
    {
        (dimensions, fault) = ([], null);
        foreach (var text in texts.Where(text => text.Length > 0))
        {
            var begun = dimensions.Count;
            foreach (var part in text.Split(','))
            {
                if (part.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
                    dimensions.Add(KeyValuePair.Create(part[..colon], part[(colon + 1)..]));
                else if (dimensions.Count > begun)
                    dimensions[^1] = KeyValuePair.Create(dimensions[^1].Key, $"{dimensions[^1].Value},{part}");
                else
                    fault ??= $"'{part}' names no dimension. Use dims=plan:Pro,region:EU.";
            }
        }

        return fault is null;
    }
}
