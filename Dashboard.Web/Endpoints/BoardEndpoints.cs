using Dashboard.Web.Access;
using Dashboard.Web.Pages;
using Dashboard.Web.Pages.Boards;
using Dashboard.Web.Rendering;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Reports;

namespace Dashboard.Web.Endpoints;

/// <summary>Boards as files, and the short address of one on a screen.</summary>
internal static class BoardEndpoints
{
    public static void MapBoardFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/boards/{id}.{format}", ExportAsync).RequireAuthorization(Policies.View);
        routes.MapGet("/b/{id}/tv", (string id, HttpRequest request) => Results.LocalRedirect($"/boards/{Uri.EscapeDataString(id)}/tv{request.QueryString}"))
            .RequireAuthorization(Policies.View);
    }

    private static async Task<IResult> ExportAsync(
        string id, string format, HttpRequest request, LiveDefinition live, BoardSnapshots snapshots, BoardDocument document,
        FindingsShown findings, ReviewNotes notes, IEnumerable<IReportFormat> formats, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindBoard(id) is not { } board)
            return Results.NotFound();
        if (!BoardAddress.TryRead(company, board, request.Query, out var address, out var fault))
            return Results.Text(fault + "\n", statusCode: StatusCodes.Status400BadRequest);

        var snapshot = (await snapshots.ReadAsync(board, company.Calendar, company.Catalog, company.Targets, address.Query, cancellationToken)).Snapshot;
        var name = $"{id}-{snapshot.Key}.{format}";
        return format switch
        {
            "json" => Results.Stream(
                async target => await BoardJson.WriteAsync(
                    snapshot, await findings.OfAsync(snapshot, cancellationToken), await notes.ReadAsync(snapshot, cancellationToken), target, cancellationToken),
                "application/json", name),
            "html" => Results.Stream(target => document.WriteAsync(snapshot, null, target, cancellationToken), "text/html; charset=utf-8", name),
            _ when formats.FirstOrDefault(known => known.Id == format) is { } writer =>
                Results.Stream(target => writer.WriteAsync(ScorecardReport.Of(snapshot), target, cancellationToken), writer.MediaType, name),
            _ => Results.NotFound(),
        };
    }
}
