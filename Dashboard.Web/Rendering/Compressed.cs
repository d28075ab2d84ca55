using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Rendering;

/// <summary>A text and what it is packed, each packing made when it is first asked for and then kept.</summary>
internal sealed class Compressed
{
    // Quality 4 takes a millisecond or two for a page; the slowest takes half a second and leaves a quarter less.
    private const int BrotliQuality = 4;
    private const int BrotliBest = 11;
    private const int BrotliWindow = 22;

    private readonly ReadOnlyMemory<byte> _plain;
    private readonly Lazy<ReadOnlyMemory<byte>> _brotli;
    private readonly Lazy<ReadOnlyMemory<byte>> _gzip;
    private readonly string _version;

    /// <param name="best">Whether it is sent so often that the slowest packing pays.</param>
    public Compressed(ReadOnlyMemory<byte> plain, bool best = false)
    {
        _plain = plain;
        _version = Convert.ToHexStringLower(SHA256.HashData(plain.Span))[..16];
        _brotli = new Lazy<ReadOnlyMemory<byte>>(() => Brotli(plain.Span, best ? BrotliBest : BrotliQuality));
        _gzip = new Lazy<ReadOnlyMemory<byte>>(() => Gzip(plain, best ? CompressionLevel.SmallestSize : CompressionLevel.Optimal));
    }

    /// <summary>Makes the packings now.</summary>
    public Compressed Ready()
    {
        _ = _brotli.Value;
        _ = _gzip.Value;
        return this;
    }

    /// <summary>Answers a request with what it takes, or with 304 where it has that already. The media type is the caller's.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var (encoding, bytes) = ChosenBy(context.Request.Headers.AcceptEncoding);
        var (request, response) = (context.Request, context.Response);
        var tag = $"\"{_version}{(encoding is null ? "" : "-" + encoding)}\"";
        response.Headers.ETag = tag;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (IsKnown(request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentType = null;
            return Task.CompletedTask;
        }

        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private (string? Encoding, ReadOnlyMemory<byte> Bytes) ChosenBy(StringValues accepted)
    {
        if (Takes(accepted, "br"))
            return ("br", _brotli.Value);
        return Takes(accepted, "gzip") ? ("gzip", _gzip.Value) : (null, _plain);
    }

    private static bool Takes(StringValues accepted, string encoding)
    {
        foreach (var line in accepted)
        {
            foreach (var range in (line ?? "").AsSpan().Split(','))
            {
                var one = line.AsSpan(range).Trim();
                if (!one.StartsWith(encoding, StringComparison.OrdinalIgnoreCase))
                    continue;
                var rest = one[encoding.Length..].Trim();
                if (rest.IsEmpty || (rest[0] == ';' && rest.IndexOfAnyInRange('1', '9') >= 0))
                    return true;
            }
        }

        return false;
    }

    private static bool IsKnown(StringValues known, string tag) =>
        known.Any(line => line?.Split(',', StringSplitOptions.TrimEntries).Any(one => one == tag || one == "*" || one == "W/" + tag) == true);

    private static ReadOnlyMemory<byte> Brotli(ReadOnlySpan<byte> plain, int quality)
    {
        var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.Length));
        try
        {
            return BrotliEncoder.TryCompress(plain, room, out var length, quality, BrotliWindow)
                ? room.AsSpan(0, length).ToArray()
                : throw new InvalidOperationException("The room for a compressed page was too small.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> plain, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(plain.Span);
        return packed.ToArray();
    }
}
