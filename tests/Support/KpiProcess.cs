using System.ComponentModel;
using System.Diagnostics;

namespace Tests.Support;

/// <summary>What a command left behind.</summary>
public sealed record KpiResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}{Errors}";
}

/// <summary>The built worker as a process of its own, with the verbs of the <c>kpi</c> command.</summary>
public sealed class KpiProcess : IDisposable
{
    // A verb that has not ended by then hangs.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private KpiProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The executable that was built with this test assembly, in the same configuration.</summary>
    public static string Executable { get; } = Path.Combine(
        Repository.Root, "artifacts", "bin", "Ingestion.Worker",
            new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name,
        "Ingestion.Worker");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static KpiProcess Start(params IReadOnlyList<string> arguments) => StartProgram(Executable, arguments);

    /// <summary>Starts the worker with environment variables of its own, such as <c>KPI_SMTP</c>.</summary>
    public static KpiProcess StartWith(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) =>
        StartProgram(Executable, arguments, environment);

    /// <summary>Starts another program, such as a shell that prepares the place in which the worker runs.</summary>
    public static KpiProcess StartProgram(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        };
        foreach (var setting in start.Environment.Keys.Where(name => name.StartsWith("KPI_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(setting);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new KpiProcess(Process.Start(start)!);
    }

    public static async Task<KpiResult> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync();
    }

    public async Task<KpiResult> EndAsync()
    {
        using var limit = new CancellationTokenSource(Longest);
        await _process.WaitForExitAsync(limit.Token);
        return new KpiResult(_process.ExitCode, await _output, await _errors);
    }

    /// <summary>Ends the process as a power cut would: it gets no chance to tidy up.</summary>
    public async Task<KpiResult> KillAsync()
    {
        _process.Kill();
        return await EndAsync();
    }

    /// <summary>The most memory that the process ever held at once, in bytes; 0 where it has ended or the system does not tell.</summary>
    public long PeakMemory()
    {
        try
        {
            var line = File.ReadLines($"/proc/{Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(6, line.Length - 9).Trim(),
                System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in the meantime.
        }

        _process.Dispose();
    }
}
