using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;

namespace Dashboard.Web.Endpoints;

/// <summary>The body of a push cannot be taken.</summary>
internal sealed class PushBodyException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The inflated body of a push, in borrowed memory.</summary>
internal sealed class PushBody : IDisposable
{
    private const int FirstBytes = 64 * 1024;

    private byte[] _buffer;

    private PushBody(byte[] buffer) => _buffer = buffer;

    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Reads a request, inflating it if it is compressed, up to so many bytes of content: what is more is not read at all.</summary>
    /// <exception cref="PushBodyException">It is too large, broken, or in an encoding that is not known.</exception>
    public static async Task<PushBody> ReadAsync(HttpRequest request, int mostBytes, CancellationToken cancellationToken)
    {
        // Also a compressed body that inflates to nothing has to end some time.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = mostBytes + (long)FirstBytes;

        var body = new PushBody(ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(request.ContentLength ?? 0, FirstBytes), mostBytes) + 1));
        try
        {
            await using var sent = new TailStream(request.Body);
            await using var content = Inflated(request, sent);
            await body.FillAsync(content, mostBytes, cancellationToken);
            if (content is GZipStream && BinaryPrimitives.ReadUInt32LittleEndian(sent.Tail) != body.Content.Length)
                throw new InvalidDataException();
            return body;
        }
        catch (Exception fault)
        {
            body.Dispose();
            throw fault switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(mostBytes),
                BadHttpRequestException refused => new PushBodyException(refused.StatusCode, refused.Message),
                InvalidDataException => new PushBodyException(StatusCodes.Status400BadRequest, "The body is no gzip, or was cut off."),
                _ => fault,
            };
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, Content) = ([], default);
    }

    private static Stream Inflated(HttpRequest request, TailStream sent) => request.Headers.ContentEncoding.ToString().Trim().ToUpperInvariant() switch
    {
        "" or "IDENTITY" => sent,
        "GZIP" or "X-GZIP" => new GZipStream(sent, CompressionMode.Decompress, leaveOpen: true),
        _ => throw new PushBodyException(StatusCodes.Status415UnsupportedMediaType,
            $"The content encoding '{request.Headers.ContentEncoding}' is not known; use gzip or identity."),
    };

    private static PushBodyException TooLarge(int mostBytes) => new(
        StatusCodes.Status413PayloadTooLarge, FormattableString.Invariant($"request too large: a body may have {mostBytes:N0} bytes, inflated; send it in parts."));

    private async Task FillAsync(Stream content, int mostBytes, CancellationToken cancellationToken)
    {
        var length = 0;
        while (await content.ReadAsync(_buffer.AsMemory(length, Math.Min(_buffer.Length, mostBytes + 1) - length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > mostBytes)
                throw TooLarge(mostBytes);
            if (length == _buffer.Length)
                Grow(length, mostBytes);
        }

        Content = _buffer.AsMemory(0, length);
    }

    private void Grow(int length, int mostBytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, mostBytes + 1L));
        _buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>
/// Passes a body on and remembers its last bytes. A gzip ends with the length of what it holds; the inflater does not look, and a
/// body that was cut off would pass for a shorter one, with half a number in its last line.
/// </summary>
internal sealed class TailStream(Stream inner) : Stream
{
    private const int TailBytes = 4;

    private readonly byte[] _tail = new byte[TailBytes];

    /// <summary>The last four bytes, with zeros before where there were fewer.</summary>
    public ReadOnlySpan<byte> Tail => _tail;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Remember(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Remember(ReadOnlySpan<byte> read)
    {
        if (read.Length < TailBytes)
            _tail.AsSpan(read.Length).CopyTo(_tail);
        var newest = read[Math.Max(0, read.Length - TailBytes)..];
        newest.CopyTo(_tail.AsSpan(TailBytes - newest.Length));
    }
}
