using Metrics.Core.Workspace;

namespace Metrics.Core.Definitions;

/// <summary>
/// The workspace as it is now: read again when a definition file changed. A change with faults leaves the last good version in force
/// and shows the faults; only at the start, when there is no good version yet, the faulty parts are left out instead.
/// </summary>
/// <remarks>Looks at the files when it is asked, at most once a second, so it needs no watcher and works on every file system.</remarks>
public sealed class LiveDefinition(WorkspaceFolder folder, DefinitionReader reader, TimeProvider clock)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _reading = new();
    private volatile State? _state;

    /// <summary>The definition in force.</summary>
    public CompanyDefinition Current => Look().Definition;

    /// <summary>What is wrong with the files as they are now; empty when <see cref="Current"/> is what they say.</summary>
    public IReadOnlyList<Fault> Faults => Look().Faults;

    private State Look()
    {
        var now = clock.GetTimestamp();
        if (_state is { } fresh && clock.GetElapsedTime(fresh.LookedAt, now) < LookAgainAfter)
            return fresh;

        lock (_reading)
        {
            if (_state is { } known && clock.GetElapsedTime(known.LookedAt, now) < LookAgainAfter)
                return known;

            try
            {
                return _state = Read(now);
            }
            catch (Exception moving) when (_state is not null && moving is (IOException or UnauthorizedAccessException))
            {
                // A file that is being replaced right now; the next look finds it as it then is.
                return _state = _state! with { LookedAt = now };
            }
        }
    }

    private State Read(long now)
    {
        var stamp = folder.Stamp();
        if (_state is { } unchanged && unchanged.Stamp == stamp)
            return unchanged with { LookedAt = now };

        var (definition, faults) = reader.Read(folder);
        var inForce = faults.Count > 0 && _state is { } last ? last.Definition : definition;
        return new State(inForce, faults, stamp, now);
    }

    private sealed record State(CompanyDefinition Definition, IReadOnlyList<Fault> Faults, string Stamp, long LookedAt);
}
