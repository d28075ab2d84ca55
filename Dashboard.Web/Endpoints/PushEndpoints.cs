using System.Globalization;
using Dashboard.Web.Access;
using Metrics.Core.Push;

namespace Dashboard.Web.Endpoints;

/// <summary>Values that programs send: InfluxDB's line protocol in both of its addresses, and JSON.</summary>
internal static class PushEndpoints
{
    private const string Precision = "precision";
    private const int FaultsNamed = 5;

    public static void MapPush(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v2/write", (HttpContext context, PushDoor door) => SecondAsync(context, door))
            .RequireAuthorization(Policies.Push).WithMetadata(PushDialect.Second);
        routes.MapPost("/write", (HttpContext context, PushDoor door) => FirstAsync(context, door))
            .RequireAuthorization(Policies.Push).WithMetadata(PushDialect.First);
        routes.MapPost("/api/v1/points", (HttpContext context, PushDoor door) => PointsAsync(context, door))
            .RequireAuthorization(Policies.Push).WithMetadata(PushDialect.Problem);
    }

    /// <summary>As InfluxDB 2: a line that cannot be read refuses all lines; values that cannot be taken are named, the others stored.</summary>
    private static Task SecondAsync(HttpContext context, PushDoor door)
    {
        var precision = context.Request.Query[Precision].ToString();
        TimestampUnit? unit = precision switch
        {
            "" => TimestampUnit.Nanoseconds,
            "ns" or "us" or "ms" or "s" => TimestampUnits.TryParse(precision),
            _ => null,
        };
        if (unit is null)
            return UnknownPrecisionAsync(context, precision, "ns, us, ms or s");

        return door.ReceiveAsync(context, FaultsNamed,
            (body, batch) =>
            {
                batch.Add(body.Span, unit.Value);
                return batch.Unreadable.Count > 0
                    ? new PushRefusal(StatusCodes.Status400BadRequest, Said(batch.Unreadable) + " Nothing was stored.")
                    : Forbidden(batch);
            },
            (batch, _) =>
            {
                if (batch.Refused.Count > 0)
                    return PushAnswers.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, Said(batch.Refused) + " The rest was stored.");
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            });
    }

    /// <summary>As InfluxDB 1: what can be read and taken is stored, and the answer names the rest.</summary>
    private static Task FirstAsync(HttpContext context, PushDoor door)
    {
        var precision = context.Request.Query[Precision].ToString();
        if ((precision.Length == 0 ? TimestampUnit.Nanoseconds : TimestampUnits.TryParse(precision)) is not { } unit)
            return UnknownPrecisionAsync(context, precision, "n, ns, u, us, ms, s, m or h");

        return door.ReceiveAsync(context, FaultsNamed,
            (body, batch) =>
            {
                batch.Add(body.Span, unit);
                return Forbidden(batch) ?? (batch.IsEmpty && batch.Unreadable.Count > 0
                    ? new PushRefusal(StatusCodes.Status400BadRequest, Said(batch.Unreadable))
                    : null);
            },
            (batch, _) =>
            {
                var dropped = batch.Unreadable.Count + batch.Refused.Count;
                if (dropped > 0)
                {
                    return PushAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest,
                        $"partial write: {Said(batch.Unreadable, batch.Refused)} dropped={dropped.ToString(CultureInfo.InvariantCulture)}");
                }

                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            });
    }

    private static Task PointsAsync(HttpContext context, PushDoor door) => door.ReceiveAsync(context, int.MaxValue,
        (body, batch) => PushedPoints.Add(body, batch) is { } fault ? new PushRefusal(StatusCodes.Status400BadRequest, fault) : null,
        (batch, outcome) => PushAnswers.WriteAsync(context.Response, "application/json", new
        {
            stored = outcome.New,
            changed = outcome.Changed,
            unchanged = outcome.Unchanged,
            failed = batch.Refused.First.OrderBy(fault => fault.Line).Select(fault => new { index = fault.Line, reason = fault.Reason }),
        }));

    private static Task UnknownPrecisionAsync(HttpContext context, string precision, string known) => PushAnswers.RefuseAsync(
        context, StatusCodes.Status400BadRequest, $"invalid precision '{precision}'; use {known}.");

    private static PushRefusal? Forbidden(PushBatch batch) => batch.Forbidden.Count == 0 ? null : new PushRefusal(
        StatusCodes.Status403Forbidden,
        $"The token '{batch.Token.Name}' may not write {string.Join(", ", batch.Forbidden.Take(FaultsNamed))}. Nothing was stored.");

    /// <summary>The first faults, each with its line, and how many more there are.</summary>
    private static string Said(params IReadOnlyList<PushFaults> faults)
    {
        var named = faults.SelectMany(kind => kind.First).OrderBy(fault => fault.Line).Take(FaultsNamed).ToArray();
        var more = faults.Sum(kind => kind.Count) - named.Length;
        return string.Join("; ", named.Select(fault => string.Create(CultureInfo.InvariantCulture, $"line {fault.Line}: {fault.Reason.TrimEnd('.')}")))
            + (more == 0 ? "." : string.Create(CultureInfo.InvariantCulture, $"; and {more} more."));
    }
}
