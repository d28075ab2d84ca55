using System.Net.Sockets;
using System.Text;

namespace Ingestion.Worker.Channels.Email;

/// <summary>
/// Asks a mail server whether it offers STARTTLS. The mail client of the framework uses it or fails, so where it is optional one has to
/// know before.
/// </summary>
internal static class StartTlsOffer
{
    public static async Task<bool> ExistsAsync(SmtpServer server, CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port, cancellationToken);
        using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
        await ReplyAsync(reader, cancellationToken);
        await SayAsync(connection, "EHLO localhost", cancellationToken);
        var offers = await ReplyAsync(reader, cancellationToken);
        await SayAsync(connection, "QUIT", cancellationToken);
        return offers.Any(line => line.Length > 4 && line[4..].Trim().Equals("STARTTLS", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task SayAsync(TcpClient connection, string command, CancellationToken cancellationToken) =>
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);

    /// <summary>The lines of one answer; all but the last have a hyphen behind their code.</summary>
    private static async Task<List<string>> ReplyAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        do
        {
            lines.Add(await reader.ReadLineAsync(cancellationToken) ?? throw new IOException("The connection was closed."));
        }
        while (lines[^1] is [_, _, _, '-', ..]);

        return lines;
    }
}
