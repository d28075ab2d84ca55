using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metrics.Core.Storage;

namespace Dashboard.Web.Endpoints;

/// <summary>In which words an endpoint says no; part of its route.</summary>
internal enum PushDialect
{
    /// <summary>RFC 9457.</summary>
    Problem,

    /// <summary><c>{"code": …, "message": …}</c>, as InfluxDB 2 does.</summary>
    Second,

    /// <summary><c>{"error": …}</c>, as InfluxDB 1 does.</summary>
    First,
}

/// <summary>The answers to pushes. Senders keep or drop what they sent by the status alone, so 4xx is for their faults and 5xx for ours.</summary>
internal static class PushAnswers
{
    private const int RetrySoon = 1, RetryLater = 10;

    // Quotes in messages stay quotes: the answer is JSON and says so, no browser takes it for a page.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether an exception says that a store cannot take anything right now.</summary>
    public static bool IsStoreFault(Exception fault) => fault is IOException or TimeoutException || StorageFault.Describe(fault) is not null;

    public static Task BusyAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetrySoon.ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many pushes at once; send it again.");
    }

    public static Task UnavailableAsync(HttpContext context, Exception fault)
    {
        context.Response.Headers.RetryAfter = RetryLater.ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, StorageFault.Describe(fault) ?? "The store cannot take it now; send it again.");
    }

    /// <summary>Says no in the words of the endpoint.</summary>
    public static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        var response = context.Response;
        response.StatusCode = status;
        switch (context.GetEndpoint()?.Metadata.OfType<PushDialect>().FirstOrDefault())
        {
            case PushDialect.First:
                response.Headers["X-Influxdb-Error"] = HeaderText(message);
                await WriteAsync(response, "application/json", new { error = message });
                break;
            case PushDialect.Second:
                await WriteAsync(response, "application/json", new { code = CodeOf(status), message });
                break;
            default:
                await WriteAsync(response, "application/problem+json", new { type = "about:blank", title = CodeOf(status), status, detail = message });
                break;
        }
    }

    public static Task WriteAsync<T>(HttpResponse response, string mediaType, T answer)
    {
        response.ContentType = mediaType;
        return JsonSerializer.SerializeAsync(response.Body, answer, Json, response.HttpContext.RequestAborted);
    }

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "not found",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status412PreconditionFailed => "precondition failed",
        StatusCodes.Status413PayloadTooLarge => "request too large",
        StatusCodes.Status422UnprocessableEntity => "unprocessable entity",
        StatusCodes.Status429TooManyRequests => "too many requests",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "invalid",
    };

    // What was sent may hold anything; a header holds visible ASCII.
    private static string HeaderText(string message) => string.Concat(message.Select(sign => sign is >= ' ' and <= '~' ? sign : '?'));
}
