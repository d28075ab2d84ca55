using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dashboard.Web.Access;
using Dashboard.Web.Rendering;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Endpoints;

/// <summary>One file that pages use.</summary>
/// <param name="Packed">The same, packed once at the start for those who take it; null for a file that does not get smaller.</param>
/// <param name="Version">Changes with the content; part of its address, so browsers may keep it for good.</param>
internal sealed record Asset(string Name, ReadOnlyMemory<byte> Content, Compressed? Packed, string MediaType, string Version)
{
    public string Address => $"/assets/{Name}?v={Version}";
}

/// <summary>
/// The files of <c>wwwroot</c>. They are inside the executable, so that it runs from any folder, and are endpoints like all others,
/// so that they have a policy. A style sheet is one file for browsers: what it imports stands in it.
/// </summary>
internal static partial class AssetEndpoints
{
    private const string Prefix = "wwwroot/";
    private const string ImportedPrefix = Prefix + "styles/";

    private static readonly FrozenDictionary<string, Asset> All = Read().ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of a file for a page.</summary>
    public static string AddressOf(string name) => All[name].Address;

    /// <summary>The address of a file that a build may be without, because it comes from npm; null where it is.</summary>
    public static string? AddressOfOptional(string name) => All.GetValueOrDefault(name)?.Address;

    /// <summary>The text of a file, for documents that must hold what they need.</summary>
    public static string TextOf(string name) => Encoding.UTF8.GetString(All[name].Content.Span);

    /// <summary>Packs what can be packed, before anybody asks for it.</summary>
    public static void Pack()
    {
        foreach (var asset in All.Values)
            asset.Packed?.Ready();
    }

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{**name}", async (string name, HttpContext context) =>
        {
            if (!All.TryGetValue(name, out var asset))
                return Results.NotFound();

            context.Response.Headers.CacheControl = "max-age=31536000, immutable";
            if (asset.Packed is not { } packed)
                return Results.Bytes(asset.Content, asset.MediaType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));

            context.Response.ContentType = asset.MediaType;
            await packed.WriteAsync(context);
            return Results.Empty;
        }).RequireAuthorization(Policies.View);

    private static IEnumerable<Asset> Read()
    {
        var assembly = typeof(AssetEndpoints).Assembly;
        var types = new FileExtensionContentTypeProvider();
        foreach (var resource in assembly.GetManifestResourceNames().Where(IsAsset))
        {
            var type = types.TryGetContentType(resource, out var known) ? known : "application/octet-stream";
            var content = type == "text/css" ? WithImports(assembly, resource) : ReadAll(assembly, resource);
            yield return new Asset(resource[Prefix.Length..], content, IsText(type) ? new Compressed(content, best: true) : null, type, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
        }
    }

    private static bool IsAsset(string resource) =>
        resource.StartsWith(Prefix, StringComparison.Ordinal) && !resource.StartsWith(ImportedPrefix, StringComparison.Ordinal);

    private static byte[] WithImports(Assembly assembly, string resource) => Encoding.UTF8.GetBytes(Import().Replace(
        Encoding.UTF8.GetString(ReadAll(assembly, resource)),
        import => Encoding.UTF8.GetString(ReadAll(assembly, Prefix + import.Groups["name"].Value))));

    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal) || type.EndsWith("javascript", StringComparison.Ordinal);

    private static byte[] ReadAll(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    [GeneratedRegex("""@import "(?<name>styles/[a-z]+\.css)";\r?\n""")]
    private static partial Regex Import();
}
