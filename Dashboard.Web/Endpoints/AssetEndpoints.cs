using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dashboard.Web.Access;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Endpoints;

/// <summary>One file that pages use.</summary>
/// <param name="Version">Changes with the content; part of its address, so browsers may keep it for good.</param>
internal sealed record Asset(string Name, ReadOnlyMemory<byte> Content, string MediaType, string Version)
{
    public string Address => $"/assets/{Name}?v={Version}";
}

/// <summary>
/// The files of <c>wwwroot</c>. They are inside the executable, so that it runs from any folder, and are endpoints like all others,
/// so that they have a policy.
/// </summary>
internal static class AssetEndpoints
{
    private const string Prefix = "wwwroot/";

    private static readonly FrozenDictionary<string, Asset> All = Read().ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of a file for a page.</summary>
    public static string AddressOf(string name) => All[name].Address;

    /// <summary>The text of a file, for documents that must hold what they need.</summary>
    public static string TextOf(string name) => Encoding.UTF8.GetString(All[name].Content.Span);

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{**name}", (string name, HttpContext context) =>
        {
            if (!All.TryGetValue(name, out var asset))
                return Results.NotFound();

            context.Response.Headers.CacheControl = "max-age=31536000, immutable";
            return Results.Bytes(asset.Content, asset.MediaType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
        }).RequireAuthorization(Policies.View);

    private static IEnumerable<Asset> Read()
    {
        var assembly = typeof(AssetEndpoints).Assembly;
        var types = new FileExtensionContentTypeProvider();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var content = ReadAll(assembly, resource);
            var type = types.TryGetContentType(resource, out var known) ? known : "application/octet-stream";
            yield return new Asset(resource[Prefix.Length..], content, type, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
        }
    }

    private static byte[] ReadAll(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
