using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tests.Support.Servers;

/// <summary>A request as it came.</summary>
public sealed record HttpAsked(string Method, string Path, string Query, string Body, string? Authorization);

/// <summary>What a scripted server answers.</summary>
public sealed record HttpAnswer(int Status, string Body = "", params (string Name, string Value)[] Headers);

/// <summary>An HTTP server on this machine that answers as the test says, and remembers what it was asked.</summary>
public sealed class ScriptedHttpServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<HttpAsked> _asked = new();
    private readonly Func<HttpAsked, HttpAnswer> _answer;
    private readonly Task _serving;

    public ScriptedHttpServer(Func<HttpAsked, HttpAnswer> answer)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        _answer = answer;
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port { get; }

    public IReadOnlyList<HttpAsked> Asked => [.. _asked];

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var asked = new HttpAsked(
                    context.Request.HttpMethod, context.Request.Url!.AbsolutePath, context.Request.Url.Query, await reader.ReadToEndAsync(),
                    context.Request.Headers["Authorization"]);
                _asked.Enqueue(asked);
                var answer = _answer(asked);
                context.Response.StatusCode = answer.Status;
                foreach (var (name, value) in answer.Headers)
                    context.Response.Headers[name] = value;
                if (answer.Status != (int)HttpStatusCode.NoContent)
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
