using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NUnit.Framework;

namespace Tests.Support.Servers;

/// <summary>
/// MailDev, a real mail server that keeps what it gets, on free ports of this machine; from npm, as <c>package.json</c> beside this
/// file says. Where node or the package is missing the test is ignored with the reason.
/// </summary>
public sealed class MailDev : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _web;
    private readonly TempFolder _mails;

    private MailDev(Process process, HttpClient web, TempFolder mails, int port) =>
        (_process, _web, _mails, Port) = (process, web, mails, port);

    /// <summary>The port that takes mails.</summary>
    public int Port { get; }

    public static async Task<MailDev> StartAsync()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Support", "Servers");
        var program = Path.Combine(folder, "node_modules", "maildev", "bin", "maildev");
        if (!File.Exists(program))
            Assert.Ignore($"MailDev is not installed; 'npm ci' in {folder} does that.");

        var (port, webPort) = (FreePort(), FreePort());
        var mails = new TempFolder();
        var start = new ProcessStartInfo("node",
        [
            program, "--smtp", Text(port), "--web", Text(webPort), "--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "--mail-directory",
                mails.Path, "--silent",
        ]);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            mails.Dispose();
            Assert.Ignore($"MailDev needs node: {missing.Message}");
            throw;
        }

        var server = new MailDev(process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}") }, mails, port);
        await Eventually.HoldsAsync(() => process.HasExited || (Answers(port) && Answers(webPort)), "MailDev answers");
        Assert.That(process.HasExited, Is.False, "MailDev runs");
        return server;
    }

    /// <summary>All mails that it holds, as its API gives them, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> MailsAsync()
    {
        using var mails = JsonDocument.Parse(await _web.GetStringAsync(new Uri("/email", UriKind.Relative)));
        return [.. mails.RootElement.EnumerateArray().Select(mail => mail.Clone())];
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in the meantime.
        }

        _process.Dispose();
        _web.Dispose();
        _mails.Dispose();
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
