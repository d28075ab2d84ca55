using System.Text.RegularExpressions;
using Dashboard.Web.Access;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Http.Features;

namespace Dashboard.Web.Endpoints;

/// <summary>What clients of InfluxDB ask before and beside writing: whether somebody is there, and that their database be made.</summary>
internal static partial class InfluxCompanions
{
    /// <summary>The version whose manners these addresses have; some clients look at it.</summary>
    private const string Version = "1.8.10";

    private const string Build = "KPI Dashboard";
    private const string Database = "kpi";
    private const int LongestQuery = 64 * 1024;

    public static void MapInfluxCompanions(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/ping", [HttpMethods.Get, HttpMethods.Head], Ping).RequireAuthorization(Policies.Health);
        routes.MapGet("/health", Health).RequireAuthorization(Policies.Health);
        routes.MapMethods("/query", [HttpMethods.Get, HttpMethods.Post], (HttpContext context) => QueryAsync(context))
            .RequireAuthorization(Policies.Push).WithMetadata(PushDialect.First);
    }

    private static IResult Ping(HttpContext context)
    {
        context.Response.Headers["X-Influxdb-Version"] = Version;
        context.Response.Headers["X-Influxdb-Build"] = Build;
        return context.Request.Query["verbose"] == "true" ? Results.Json(new { version = Version }) : Results.NoContent();
    }

    private static IResult Health(LiveDefinition live) => live.Current.Folder.Exists
        ? Results.Json(new { name = Build, message = "ready for writes", status = "pass", checks = Array.Empty<string>(), version = Version })
        : Results.Json(new { name = Build, message = "there is no workspace", status = "fail", checks = Array.Empty<string>(), version = Version },
            statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>There is one database and it needs no making; any name stands for it. Figures are not asked for here.</summary>
    private static async Task QueryAsync(HttpContext context)
    {
        var query = await QueryOfAsync(context.Request);
        if (query is null)
            await PushAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "missing required parameter \"q\"");
        else if (CreateDatabase().IsMatch(query))
            await AnswerAsync(new { statement_id = 0 });
        else if (ShowDatabases().IsMatch(query))
            await AnswerAsync(new { statement_id = 0, series = new[] { new { name = "databases", columns = new[] { "name" }, values = new[] { new[] { Database } } } } });
        else
            await PushAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "Here values are written. Of queries CREATE DATABASE and SHOW DATABASES are answered; figures can be had from 'kpi export' and the pages.");

        Task AnswerAsync(object result) => PushAnswers.WriteAsync(context.Response, "application/json", new { results = new[] { result } });
    }

    private static async Task<string?> QueryOfAsync(HttpRequest request)
    {
        if (request.Query["q"].ToString() is { Length: > 0 } asked)
            return asked;
        if (!request.HasFormContentType)
            return null;

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LongestQuery;
        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted))["q"].ToString() is { Length: > 0 } form ? form : null;
        }
        catch (Exception broken) when (broken is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    [GeneratedRegex("""^\s*CREATE\s+DATABASE\s+("(\\.|[^"\\])+"|\w+)(\s+WITH\s[^;]*)?\s*;?\s*$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CreateDatabase();

    [GeneratedRegex("""^\s*SHOW\s+DATABASES\s*;?\s*$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ShowDatabases();
}
