using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Influx;

/// <summary>How long somebody waits for a server that is gone or busy.</summary>
internal enum Patience
{
    /// <summary>Somebody looks at a page: one quick second try.</summary>
    Page,

    /// <summary>A write that shall land when the server has been restarted.</summary>
    Write,
}

/// <summary>A line that the server does not take, whatever is tried.</summary>
/// <param name="Line">Its number among all lines of the write.</param>
internal sealed record RefusedLine(long Line, string Text, string Reason);

/// <summary>
/// InfluxDB over HTTP: line protocol to <c>/write</c>, InfluxQL with bound values to <c>/query</c>, the pair that every version from 1.6
/// to 2.x serves.
/// </summary>
/// <remarks>
/// A write that is sent again leaves what it left the first time. So every fault that may pass is met with another try, and a batch of
/// which the server takes only a part is halved and sent again until the lines are found that it does not take.
/// </remarks>
internal sealed class InfluxClient : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PagePause = TimeSpan.FromMilliseconds(100);
    private static readonly MediaTypeHeaderValue PlainText = new("text/plain") { CharSet = "utf-8" };

    private readonly InfluxOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly Uri _ping;
    private readonly Uri _query;
    private readonly Uri _write;

    public InfluxClient(InfluxOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        (_ping, _query) = (new Uri(options.Address, "ping"), new Uri(options.Address, "query"));
        _write = new Uri(options.Address, $"write?db={options.Database}&precision=s");
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            Timeout = options.AnswerTimeout,
        };
        if (options.Authorization is { } authorization)
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
    }

    /// <summary>The version that the server gives itself, such as 1.8.10 or v2.7.6; empty where it does not say.</summary>
    public Task<string> VersionAsync(Patience patience, CancellationToken cancellationToken) => TryAsync(
        () => new HttpRequestMessage(HttpMethod.Get, _ping),
        (answer, _) => answer.IsSuccessStatusCode
            ? Task.FromResult(answer.Headers.TryGetValues("X-Influxdb-Version", out var version) ? version.First() : "")
            : throw new StoreUnreachableException($"{_options} answers a ping with {(int)answer.StatusCode}. Is it an InfluxDB?"),
        patience, cancellationToken);

    /// <summary>The series with numbers that some SELECT statements give.</summary>
    /// <exception cref="StoreUnreachableException">The server does not answer, or not with series.</exception>
    public Task<IReadOnlyList<InfluxSeries>> SelectAsync(InfluxQuery query, Patience patience, CancellationToken cancellationToken) => TryAsync(
        () => Request(query, "true"),
        async (response, cancel) =>
        {
            await CheckAsync(response, cancel);
            var answer = new InfluxAnswer();
            await ReadDocumentsAsync(response, answer, cancel);
            return answer.Error is { } error ? throw Refused(response.StatusCode, error) : answer.Series;
        },
        patience, cancellationToken);

    /// <summary>The rows that a statement other than SELECT gives, as texts by column name.</summary>
    /// <exception cref="StoreUnreachableException">The server does not answer, or refuses.</exception>
    public Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ExecuteAsync(InfluxQuery query, Patience patience, CancellationToken cancellationToken) => TryAsync(
        () => Request(query, "false"),
        async (response, cancel) =>
        {
            await CheckAsync(response, cancel);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
            return Rows(response.StatusCode, document.RootElement);
        },
        patience, cancellationToken);

    /// <summary>Stores the lines of a batch; gives those back that the server does not take.</summary>
    /// <exception cref="StoreUnreachableException">The server is gone for longer than a write waits, or takes nothing at all.</exception>
    public async Task<IReadOnlyList<RefusedLine>> WriteAsync(LineBatch batch, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedLine>();
        await WriteAsync(batch, 0, batch.Count, refused, cancellationToken);
        return refused;
    }

    public void Dispose() => _http.Dispose();

    private async Task WriteAsync(LineBatch batch, int from, int count, List<RefusedLine> refused, CancellationToken cancellationToken)
    {
        var lines = batch.Lines(from, count);
        var fault = await TryAsync(
            () => new HttpRequestMessage(HttpMethod.Post, _write) { Content = new ReadOnlyMemoryContent(lines) { Headers = { ContentType = PlainText } } },
            async (response, cancel) =>
            {
                if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge)
                    && !await IsPartialAsync(response, cancel))
                {
                    await CheckAsync(response, cancel);
                    return null;
                }

                return await ErrorAsync(response, cancel);
            },
            Patience.Write, cancellationToken);
        if (fault is null)
            return;

        if (count == 1)
        {
            refused.Add(new RefusedLine(batch.Start + from, Encoding.UTF8.GetString(lines.Span).TrimEnd('\n'), fault));
            return;
        }

        await WriteAsync(batch, from, count / 2, refused, cancellationToken);
        await WriteAsync(batch, from + count / 2, count - count / 2, refused, cancellationToken);
    }

    private HttpRequestMessage Request(InfluxQuery query, string chunked) => new(HttpMethod.Post, _query)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["db"] = _options.Database, ["epoch"] = "s", ["chunked"] = chunked, ["q"] = query.Text, ["params"] = query.Parameters,
        }),
    };

    /// <summary>Sends a request until its answer can be read, or nobody waits any longer.</summary>
    private async Task<T> TryAsync<T>(
        Func<HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, Patience patience, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            TimeSpan? asked = null;
            StoreUnreachableException fault;
            try
            {
                using var message = request();
                using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (!await MayPassAsync(response, cancellationToken))
                    return await read(response, cancellationToken);

                asked = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _clock.GetUtcNow() : null;
                fault = new StoreUnreachableException($"{_options} cannot answer now: {await ErrorAsync(response, cancellationToken)}");
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException
                || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                fault = new StoreUnreachableException($"{_options} does not answer: {broken.Message}", broken);
            }

            // A page tells that the server is gone instead of waiting for it.
            var pause = patience == Patience.Page ? PagePause : Pause(attempt, asked);
            if (patience == Patience.Page ? attempt > 0 || asked > PagePause : _clock.GetElapsedTime(started) + pause > _options.RetryFor)
                throw fault;

            await Task.Delay(pause, _clock, cancellationToken);
        }
    }

    private static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var own = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempt, 10)));
        return asked > own ? asked.Value : own;
    }

    /// <summary>Whether the same request may be taken later: the server is busy or ill, and does not say that the request is wrong.</summary>
    private static async Task<bool> MayPassAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || ((int)response.StatusCode >= 500 && !await IsPartialAsync(response, cancellationToken)
            && !(await TextAsync(response, cancellationToken)).Contains("retention policy not found", StringComparison.Ordinal));

    /// <summary>Versions before 1.8 give some faults of single lines the status 500.</summary>
    private static async Task<bool> IsPartialAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode == HttpStatusCode.InternalServerError && await TextAsync(response, cancellationToken) is var text
        && (text.Contains("partial write", StringComparison.Ordinal) || text.Contains("unable to parse", StringComparison.Ordinal));

    private async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw Refused(response.StatusCode, await ErrorAsync(response, cancellationToken));
    }

    private StoreUnreachableException Refused(HttpStatusCode status, string error) => new(status switch
    {
        HttpStatusCode.Unauthorized =>
            $"{_options} does not accept the user and password, or the token, of KPI_SERIES: {error}",
        HttpStatusCode.Forbidden => $"{_options} does not allow this user to do what is needed: {error}",
        HttpStatusCode.NotFound => $"{_options} does not know the database: {error}",
        _ => $"{_options} refuses: {error}",
    });

    private IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(HttpStatusCode status, JsonElement answer)
    {
        var rows = new List<IReadOnlyDictionary<string, string>>();
        if (answer.TryGetProperty("error", out var fault))
            throw Refused(status, fault.GetString() ?? "");

        foreach (var result in answer.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out fault))
                throw Refused(status, fault.GetString() ?? "");
            if (!result.TryGetProperty("series", out var series))
                continue;

            foreach (var one in series.EnumerateArray().Where(one => one.TryGetProperty("values", out _)))
            {
                string[] columns = [.. one.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!)];
                rows.AddRange(one.GetProperty("values").EnumerateArray().Select(row =>
                    columns.Zip(row.EnumerateArray(), (column, value) => (column, value)).ToDictionary(pair => pair.column, pair => pair.value.ToString())));
            }
        }

        return rows;
    }

    /// <summary>Reads an answer document by document; each is a line, as line breaks in texts are escaped.</summary>
    private static async Task ReadDocumentsAsync(HttpResponseMessage response, InfluxAnswer answer, CancellationToken cancellationToken)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                var (start, looked) = (0, length);
                length += read;
                while (buffer.AsSpan(looked, length - looked).IndexOf((byte)'\n') is >= 0 and var end)
                {
                    answer.Add(buffer.AsSpan(start, looked + end - start));
                    start = looked = looked + end + 1;
                }

                if (start > 0)
                {
                    buffer.AsSpan(start, length - start).CopyTo(buffer);
                    length -= start;
                }
                else if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            if (length > 0)
                answer.Add(buffer.AsSpan(0, length));
        }
        catch (JsonException cut)
        {
            throw new IOException($"The answer is not whole: {cut.Message}", cut);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The reason that an answer gives: <c>error</c> in 1.x, <c>message</c> in 2.x, else its text and status.</summary>
    private static async Task<string> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await TextAsync(response, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var name in (string[])["error", "message"])
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var reason))
                    return reason.ToString();
            }
        }
        catch (JsonException)
        {
            // A proxy answers in HTML, and some servers with nothing.
        }

        return string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode} {text.AsSpan(0, Math.Min(text.Length, 200)).Trim()}").TrimEnd();
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // Read into memory once, so that it can be looked at several times.
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
