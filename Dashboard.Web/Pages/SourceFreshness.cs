using Metrics.Core.Connectors;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Pages;

/// <summary>How many sources are current, for the bar on every page. Looks at the store at most every few seconds.</summary>
public sealed class SourceFreshness(LiveDefinition live, SourceStatusReader sources, TimeProvider clock)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private readonly LastKnown<IReadOnlyList<Freshness>> _lastKnown = new([]);
    private volatile Seen? _seen;

    /// <summary>The sources that are current, and all of them.</summary>
    public async Task<(int Current, int All)> ReadAsync(CancellationToken cancellationToken)
    {
        var company = live.Current;
        var now = clock.GetTimestamp();
        if (_seen is not { } seen || seen.All != company.Sources.Count || clock.GetElapsedTime(seen.At, now) >= LookAgainAfter)
        {
            var fresh = await _lastKnown.OrBeforeAsync(() => sources.FreshnessAsync(company.Sources, company.Calendar, cancellationToken));
            _seen = seen = new Seen(fresh.Count(one => one == Freshness.Current), fresh.Count, now);
        }

        return (seen.Current, seen.All);
    }

    private sealed record Seen(int Current, int All, long At);
}
