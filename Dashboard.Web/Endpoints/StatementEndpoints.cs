using Dashboard.Web.Access;
using Dashboard.Web.Pages.Finance;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Reports;

namespace Dashboard.Web.Endpoints;

/// <summary>A profit and loss as a file, with every account.</summary>
internal static class StatementEndpoints
{
    private const string Format = "csv";

    public static void MapStatementFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/finance.csv", FileAsync).RequireAuthorization(Policies.View);

    private static async Task<IResult> FileAsync(
        string? view, string? period, LiveDefinition live, ProfitAndLossReader statements, IEnumerable<IReportFormat> formats,
        CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!StatementAddress.TryRead(company.Calendar, view, period, null, out var address, out var asked, out var fault))
            return Results.Text(fault + "\n", statusCode: StatusCodes.Status400BadRequest);
        if (await statements.ReadAsync(IndexModel.BooksOf(company), address.Span, asked, cancellationToken) is not { } reading)
            return Results.NotFound();

        var table = StatementReport.Of(reading.Statement, reading.Complete);
        var writer = formats.Single(format => format.Id == Format);
        var word = StatementAddress.Spans.First(one => one.Span == address.Span).Word;
        var key = company.Calendar.Key(ProfitAndLossReader.GrainOf(address.Span), reading.Period);
        return Results.Stream(target => writer.WriteAsync(table, target, cancellationToken), writer.MediaType, $"profit-and-loss-{word}-{key}.csv");
    }
}
