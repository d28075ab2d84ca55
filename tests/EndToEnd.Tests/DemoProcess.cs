using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Tests.Support;

namespace EndToEnd.Tests;

/// <summary><c>kpi demo</c> as its user runs it: the built executable in a process of its own, on a folder of its own.</summary>
internal sealed partial class DemoProcess : IDisposable
{
    // The first start writes and reads the sample company; on busy cores that takes about a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    private DemoProcess(Process process, string folder) => (_process, Folder) = (process, folder);

    /// <summary>What the tests were built as, and so what the product was built as.</summary>
    public static string Executable { get; } = Path.Combine(
        Repository.Root, "artifacts", "bin", "Dashboard.Web", new DirectoryInfo(AppContext.BaseDirectory).Name, "kpi.dll");

    public string Folder { get; }

    public string Workspace => Path.Combine(Folder, "workspace");

    public string Store => Path.Combine(Folder, "store");

    /// <summary>Where it answers; known after <see cref="WaitUntilServingAsync"/>.</summary>
    public Uri Address { get; private set; } = null!;

    public string Output
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _output);
        }
    }

    public static DemoProcess Start(string folder)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Executable, "demo", "--port", $"{FreePort()}", "--data", folder])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            },
            EnableRaisingEvents = true,
        };
        var demo = new DemoProcess(process, folder);
        process.OutputDataReceived += (_, line) => demo.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => demo.Hear(line.Data);
        process.Exited += (_, _) => demo.End();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return demo;
    }

    public async Task WaitUntilServingAsync()
    {
        var line = await WaitForLineAsync(Serving());
        Address = new Uri(Serving().Match(line).Groups["address"].Value);
    }

    /// <summary>Waits for a line of its output.</summary>
    /// <exception cref="InvalidOperationException">It ended without it; the message has all that it wrote.</exception>
    public async Task<string> WaitForLineAsync(Regex pattern)
    {
        using var tooLong = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_output.Find(pattern.IsMatch) is { } line)
                    return line;
                if (_ended)
                    throw new InvalidOperationException($"'kpi demo' ended before it wrote '{pattern}'. It wrote:\n{Output}");
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(tooLong.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"'kpi demo' did not write '{pattern}' within {Patience}. It wrote:\n{Output}", late);
            }
        }
    }

    /// <summary>As <c>kill -9</c>: it has no time to put anything in order.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;

        lock (_gate)
            _output.Add(line);
        Wake();
    }

    private void End()
    {
        lock (_gate)
            _ended = true;
        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource waiting;
        lock (_gate)
            (waiting, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        waiting.SetResult();
    }

    [GeneratedRegex(@"^The board of the sample company: (?<address>http://\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Serving();
}
