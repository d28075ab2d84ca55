using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tests.Support.Servers;

/// <summary>What a scripted server does with one mail.</summary>
public enum SmtpAnswer
{
    Accept,

    /// <summary>451: not now.</summary>
    TryLater,

    /// <summary>550: not this recipient.</summary>
    Refuse,

    /// <summary>It takes the whole mail and cuts the connection before it says so.</summary>
    CutAfterData,

    /// <summary>It takes the whole mail and says nothing more until the other side hangs up.</summary>
    HoldAfterData,
}

/// <summary>A mail as it came over the wire.</summary>
/// <param name="Content">Headers and body, with their line breaks.</param>
/// <param name="Accepted">Whether the sender was told that it was taken.</param>
public sealed record ReceivedMail(string Recipient, string Content, bool Accepted)
{
    public string MessageId => Header("Message-ID");

    /// <summary>A header's value, unfolded; empty where it is not there.</summary>
    public string Header(string name)
    {
        var head = Content[..Content.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal);
        return head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line
            ? line[(name.Length + 1)..].Trim()
            : "";
    }
}

/// <summary>A mail server on this machine that does with each mail what the test says, and remembers all it got.</summary>
public sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<SmtpAnswer> _script = new();
    private readonly ConcurrentQueue<ReceivedMail> _received = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="extensions">What it offers, such as STARTTLS or AUTH LOGIN; a sign-in is always rejected.</param>
    public ScriptedSmtpServer(params IReadOnlyList<string> extensions)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(extensions);
    }

    public int Port { get; }

    /// <summary>The setting that names this server.</summary>
    public string Address => $"smtp://127.0.0.1:{Port}?starttls=never";

    /// <summary>All mails in the order in which they came, also those that were not accepted.</summary>
    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <summary>What is done with the next mails, one after the other; all others are accepted.</summary>
    public void Next(params IEnumerable<SmtpAnswer> answers)
    {
        foreach (var answer in answers)
            _script.Enqueue(answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(IReadOnlyList<string> extensions)
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), extensions));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client, IReadOnlyList<string> extensions)
    {
        try
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await TalkAsync(reader, writer, extensions);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side hung up, or the test is over.
        }
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer, IReadOnlyList<string> extensions)
    {
        var (recipient, answer) = ("", SmtpAnswer.Accept);
        await writer.WriteLineAsync("220 scripted ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    string[] lines = ["scripted", .. extensions];
                    for (var i = 0; i < lines.Length; i++)
                        await writer.WriteLineAsync($"250{(i + 1 < lines.Length ? '-' : ' ')}{lines[i]}");
                    break;
                case "STARTTLS":
                    await writer.WriteLineAsync("454 no certificate today");
                    break;
                case "AUTH":
                    await writer.WriteLineAsync("535 5.7.8 wrong user or password");
                    break;
                case "MAIL" when extensions.Any(extension => extension.StartsWith("AUTH", StringComparison.Ordinal)):
                    await writer.WriteLineAsync("530 5.7.0 sign in first");
                    break;
                case "RCPT":
                    recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    answer = _script.TryDequeue(out var next) ? next : SmtpAnswer.Accept;
                    await writer.WriteLineAsync(answer switch
                    {
                        SmtpAnswer.TryLater => "451 4.7.1 greylisted",
                        SmtpAnswer.Refuse => "550 5.1.1 no such user",
                        _ => "250 ok",
                    });
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go ahead");
                    var content = await ReadMailAsync(reader);
                    _received.Enqueue(new ReceivedMail(recipient, content, answer == SmtpAnswer.Accept));
                    if (answer == SmtpAnswer.CutAfterData)
                        return;
                    if (answer == SmtpAnswer.HoldAfterData)
                        await reader.ReadLineAsync(_stop.Token);
                    else
                        await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var content = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            content.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        return content.ToString();
    }
}
