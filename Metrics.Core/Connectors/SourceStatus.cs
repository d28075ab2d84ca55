using Metrics.Core.Periods;
using Metrics.Core.Records;

namespace Metrics.Core.Connectors;

/// <summary>Whether a source's data can be relied on now.</summary>
public enum Freshness
{
    /// <summary>No sync ever succeeded.</summary>
    Never,
    Current,

    /// <summary>A due sync did not succeed in time, or the data end before they should.</summary>
    Stale,
}

/// <summary>What happened to a source lately, and how it stands.</summary>
/// <param name="LastRun">The newest sync, however it ended; null before the first.</param>
/// <param name="Note">Why it is stale, in words; null where it is not.</param>
/// <param name="Rejects">The first rejects of the newest reads.</param>
/// <param name="RejectCount">How many there are.</param>
public sealed record SourceStatus(
    Source Source, Freshness Freshness, string? Note, bool Running, SyncRun? LastRun, SyncRun? LastGood, DateTimeOffset? NextRun,
    IReadOnlyList<(string Stream, Reject Reject)> Rejects, long RejectCount);

/// <summary>Looks at sources.</summary>
public sealed class SourceStatusReader(ISourceStore store, ISyncRequests requests, IWorkLock locks, TimeProvider clock)
{
    private const int ShownRejects = 10;

    /// <summary>The status of some sources, in their order.</summary>
    public async Task<IReadOnlyList<SourceStatus>> ReadAsync(
        IReadOnlyList<Source> sources, ReportingCalendar calendar, CancellationToken cancellationToken)
    {
        var all = new List<SourceStatus>();
        foreach (var source in sources)
            all.Add(await ReadAsync(source, calendar, cancellationToken));
        return all;
    }

    /// <summary>Only how far some sources can be relied on now, in their order.</summary>
    public async Task<IReadOnlyList<Freshness>> FreshnessAsync(
        IReadOnlyList<Source> sources, ReportingCalendar calendar, CancellationToken cancellationToken)
    {
        var all = new List<Freshness>();
        foreach (var source in sources)
        {
            var good = await store.LastGoodAsync(source.Id, cancellationToken);
            all.Add(FreshnessOf(good, good is null ? null : await LateAsync(source, good, calendar, clock.GetUtcNow(), cancellationToken)));
        }

        return all;
    }

    private static Freshness FreshnessOf(SyncRun? good, string? late) =>
        good is null ? Freshness.Never : late is null ? Freshness.Current : Freshness.Stale;

    private async Task<string?> LateAsync(
        Source source, SyncRun good, ReportingCalendar calendar, DateTimeOffset now, CancellationToken cancellationToken) =>
        LateSync(source, good, now) ?? await LateDataAsync(source, calendar, now, cancellationToken);

    private async Task<SourceStatus> ReadAsync(Source source, ReportingCalendar calendar, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var runs = await store.RunsAsync(source.Id, 1, cancellationToken);
        var good = await store.LastGoodAsync(source.Id, cancellationToken);
        var note = good is null ? null : await LateAsync(source, good, calendar, now, cancellationToken);
        return new SourceStatus(
            source,
            FreshnessOf(good, note),
            note,
            requests.IsRunning(source.Id) || (runs is [{ Outcome: SyncOutcome.Running }] && await locks.IsHeldAsync(source.Id, cancellationToken)),
            runs.Count > 0 ? runs[0] : null,
            good,
            requests.NextRun(source.Id, now),
            await store.RejectsAsync(source.Id, ShownRejects, cancellationToken),
            await store.RejectCountAsync(source.Id, cancellationToken));
    }

    private string? LateSync(Source source, SyncRun good, DateTimeOffset now) =>
        requests.NextRun(source.Id, good.Finished ?? good.Started) is { } due && now > due + source.FreshWithin
            ? "No sync has succeeded since the last one was due."
            : null;

    /// <summary>
    /// A source can answer every morning and still have nothing new to say: late is the first sync after the end of the first week
    /// that its data do not fill, given the time that it is allowed.
    /// </summary>
    private async Task<string?> LateDataAsync(Source source, ReportingCalendar calendar, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var stream in source.Streams)
        {
            if (await store.CompleteThroughAsync(stream.Id, cancellationToken) is not { } through)
                continue;

            var end = calendar.StartOf(calendar.Containing(Grain.Week, through).End);
            if (now > (requests.NextRun(source.Id, end) ?? end) + source.FreshWithin)
                return FormattableString.Invariant($"The data of {stream.Name} end on {through.AddDays(-1):ddd d MMM yyyy}, and more was due since.");
        }

        return null;
    }
}
