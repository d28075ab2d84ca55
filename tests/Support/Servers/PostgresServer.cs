using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;

namespace Tests.Support.Servers;

/// <summary>
/// A real PostgreSQL server with scratch data on a free port of this machine, from Debian's package. Where it is missing the test is
/// ignored with the reason. It can be stopped and started again on the same port and data.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>The login of the scratch server.</summary>
    public const string User = "kpi";

    public const string Password = "scratch only: ä/@:";

    private static readonly Lazy<PostgresServer> OneForAll = new(() =>
    {
        var server = new PostgresServer();
        server.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    private readonly TempFolder _folder = new();
    private readonly string _programs;
    private int _databases;
    private Process? _process;

    public PostgresServer()
    {
        _programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) ?? ""
            : "";
        if (_programs.Length == 0)
            Assert.Ignore("PostgreSQL is not installed (Debian's package postgresql).");
        Port = FreePort();

        // The server refuses to run as root; its package brings a user for it.
        if (Environment.IsPrivilegedProcess)
        {
            Run("chmod", "755", _folder.Path);
            Run("install", "-d", "-o", "postgres", _folder["data"]);
        }

        File.WriteAllText(_folder["password"], Password);
        Run("chmod", "644", _folder["password"]);
        Run([.. AsItsUser, Path.Combine(_programs, "initdb"), "-D", _folder["data"], "-U", User, "--pwfile", _folder["password"], "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    }

    /// <summary>The server that all tests of this process share; every test takes a database of its own.</summary>
    public static PostgresServer Shared => OneForAll.Value;

    public int Port { get; }

    private static string[] AsItsUser => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    /// <summary>The address of a new, empty database.</summary>
    public string NewDatabase() => AddressOf(Create());

    /// <summary>The name of a new, empty database.</summary>
    public string Create()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        Query("postgres", $"create database {name}");
        return name;
    }

    /// <summary>The address of a database, as KPI_DATABASE names it.</summary>
    public string AddressOf(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}/{database}");

    /// <summary>Starts the server and waits until it answers.</summary>
    public void Start()
    {
        string[] command =
        [
            .. AsItsUser, Path.Combine(_programs, "postgres"), "-D", _folder["data"], "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200", "-c", "log_min_messages=fatal",
        ];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, UseShellExecute = false })!;
        _process.BeginErrorReadLine();
        Eventually.HoldsAsync(() => _process.HasExited || IsReady(), "PostgreSQL answers").GetAwaiter().GetResult();
        Assert.That(_process.HasExited, Is.False, "PostgreSQL runs");
    }

    /// <summary>Stops the server at once, as a restart of the machine would: connections end, what was committed is kept.</summary>
    public void Stop()
    {
        if (_process is null)
            return;

        // SIGINT: fast shutdown. The process may be another user's, which kill of root can reach all the same.
        Run("kill", "-INT", _process.Id.ToString(CultureInfo.InvariantCulture));
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
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

        _folder.Dispose();
    }

    private bool IsReady()
    {
        using var probe = Process.Start(new ProcessStartInfo(Path.Combine(_programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture)]))!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    /// <summary>What the server answers to a statement: a line a row, columns parted by bars.</summary>
    public string Query(string database, string sql)
    {
        var start = new ProcessStartInfo(
            Path.Combine(_programs, "psql"), ["-qAt", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-c", sql]);
        start.Environment["PGPASSWORD"] = Password;
        return Run(start).TrimEnd();
    }

    private static string Run(params string[] command) => Run(new ProcessStartInfo(command[0], command[1..]));

    private static string Run(ProcessStartInfo start)
    {
        (start.RedirectStandardError, start.RedirectStandardOutput, start.UseShellExecute) = (true, true, false);
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {said}");
        return said;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
