using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;

namespace Tests.Support.Servers;

/// <summary>
/// A real InfluxDB 1.x server with scratch data on free ports of this machine, from Debian's package. Where it is missing the test is
/// ignored with the reason. It can be stopped and started again on the same port and data.
/// </summary>
public sealed class InfluxServer : IDisposable
{
    /// <summary>The administrator of a server that asks who one is.</summary>
    public const string User = "kpi";

    public const string Password = "scratch only: ä/@:%";

    private static readonly Lazy<InfluxServer> OneForAll = new(() => StartShared(authentication: false));
    private static readonly Lazy<InfluxServer> OneWithAuthentication = new(() => StartShared(authentication: true));

    private readonly TempFolder _folder = new();
    private readonly bool _authentication;
    private readonly HttpClient _http = new();
    private Process? _process;
    private int _databases;

    /// <param name="authentication">Whether it asks for <see cref="User"/> and <see cref="Password"/>.</param>
    public InfluxServer(bool authentication)
    {
        _authentication = authentication;
        Port = FreePort();
        File.WriteAllText(_folder["influxdb.conf"], $"""
            bind-address = "127.0.0.1:{FreePort()}"
            reporting-disabled = true
            [meta]
            dir = "{_folder["meta"]}"
            [data]
            dir = "{_folder["data"]}"
            wal-dir = "{_folder["wal"]}"
            index-version = "tsi1"
            [monitor]
            store-enabled = false
            [http]
            bind-address = "127.0.0.1:{Port}"
            log-enabled = false
            auth-enabled = {(authentication ? "true" : "false")}
            [logging]
            level = "error"
            """);
        if (authentication)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
    }

    public int Port { get; }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

    /// <summary>The server that all tests of this process share; every test takes a database of its own.</summary>
    public static InfluxServer Shared(bool authentication) => authentication ? OneWithAuthentication.Value : OneForAll.Value;

    /// <summary>Ends the shared servers. A test project calls it after its last test: what runs when a process ends is given little time.</summary>
    public static void EndShared()
    {
        foreach (var one in (Lazy<InfluxServer>[])[OneForAll, OneWithAuthentication])
        {
            if (one.IsValueCreated)
                one.Value.Dispose();
        }
    }

    /// <summary>The setting that names a database which is not there yet.</summary>
    public string NewDatabase() => AddressOf(string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}"));

    /// <summary>The address of a database, as KPI_SERIES names it.</summary>
    public string AddressOf(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"influxdb+http://{(_authentication ? $"{User}:{Uri.EscapeDataString(Password)}@" : "")}127.0.0.1:{Port}/{database}");

    /// <summary>Starts the server and waits until it answers.</summary>
    public void Start()
    {
        try
        {
            _process = Process.Start(new ProcessStartInfo("influxd", ["run", "-config", _folder["influxdb.conf"]])
            {
                RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
            })!;
        }
        catch (Win32Exception missing)
        {
            Assert.Ignore($"InfluxDB is not installed (Debian's package influxdb): {missing.Message}");
            throw;
        }

        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Eventually.HoldsAsync(() => _process.HasExited || Answers(), "InfluxDB answers").GetAwaiter().GetResult();
        Assert.That(_process.HasExited, Is.False, "InfluxDB runs");
        if (_authentication)
            Query($"CREATE USER {User} WITH PASSWORD '{Password}' WITH ALL PRIVILEGES");
    }

    /// <summary>Ends the server in the middle of what it does; what it has confirmed is kept.</summary>
    public void Stop()
    {
        if (_process is null)
            return;

        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Restart()
    {
        Stop();
        Start();
    }

    /// <summary>Runs statements as the administrator; gives the answer as it is.</summary>
    public string Query(string statements, string database = "")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["q"] = statements, ["db"] = database, ["epoch"] = "s" });
        using var answer = _http.PostAsync(new Uri(Address, "query"), form).GetAwaiter().GetResult();
        return answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
    }

    /// <summary>Writes lines, with times in seconds, as somebody else than the product would; gives the status.</summary>
    public int Write(string database, string lines)
    {
        using var content = new StringContent(lines);
        using var answer = _http.PostAsync(new Uri(Address, $"write?precision=s&db={database}"), content).GetAwaiter().GetResult();
        return (int)answer.StatusCode;
    }

    public void Dispose()
    {
        try
        {
            Stop();
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in the meantime.
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private static InfluxServer StartShared(bool authentication)
    {
        var server = new InfluxServer(authentication);
        server.Start();
        return server;
    }

    private bool Answers()
    {
        try
        {
            using var answer = _http.GetAsync(new Uri(Address, "ping")).GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
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
}
