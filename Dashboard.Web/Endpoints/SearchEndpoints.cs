using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dashboard.Web.Access;
using Dashboard.Web.Search;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Endpoints;

/// <summary>What can be found, for the palette, which looks through it in the browser.</summary>
internal static class SearchEndpoints
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/search.json", async (HttpContext context, SearchReader search, CancellationToken cancellationToken) =>
        {
            var entries = await search.ReadAsync(context.User, cancellationToken);
            var content = JsonSerializer.SerializeToUtf8Bytes(
                entries.Select(entry => new Line(entry.Kind.ToString(), (int)entry.Kind, entry.Title, entry.Address, entry.Detail, entry.Names, entry.Act, entry.Weight)),
                Format);

            // Names and definitions, no figures: a browser may keep them, and asks each time whether they still hold.
            context.Response.Headers.CacheControl = "private, max-age=0, must-revalidate";
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
            return Results.Bytes(content, "application/json", entityTag: tag);
        }).RequireAuthorization(Policies.View);

    /// <param name="Rank">The order among kinds.</param>
    private sealed record Line(
        string Kind, int Rank, string Title, string Address, string Detail, IReadOnlyList<string> Names, string? Act, int Weight);
}
