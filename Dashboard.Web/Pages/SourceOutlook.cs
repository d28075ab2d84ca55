using System.Collections.Concurrent;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;

namespace Dashboard.Web.Pages;

/// <summary>A source whose newest sync failed.</summary>
public sealed record FailedSource(string Source, DateTimeOffset At, string Message);

/// <summary>What can be said of the sources behind a tile that is not complete.</summary>
/// <param name="Expected">When the first of its late sources is due next; null where none is.</param>
/// <param name="Failed">The source that failed; null where none did.</param>
public sealed record TileOutlook(DateTimeOffset? Expected, FailedSource? Failed)
{
    public static TileOutlook Nothing { get; } = new(null, null);
}

/// <summary>Whether the sources behind a tile failed, and when more can be expected of them. Looks at the store at most every few seconds.</summary>
public sealed class SourceOutlook(LiveDefinition live, ISourceStore store, IEnumerable<ISyncRequests> requests, IEnumerable<IModel> models, TimeProvider clock)
{
    /// <summary>The key of view data by which a page that makes tiles up says what their sources do.</summary>
    public const string Told = nameof(TileOutlook);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    // A command that only writes a board syncs nothing.
    private readonly ISyncRequests? _requests = requests.FirstOrDefault();

    private readonly LastKnown<IReadOnlyDictionary<string, FailedSource>> _lastKnown = new(new Dictionary<string, FailedSource>());
    private volatile Seen? _seen;
    private volatile Paths? _paths;

    /// <summary>What its sources mean for a tile; nothing for one that is complete, whatever they do now.</summary>
    public async Task<TileOutlook> OfAsync(TileSnapshot tile, CancellationToken cancellationToken)
    {
        if (tile.State is TileState.Complete or TileState.NotReadable)
            return TileOutlook.Nothing;

        var company = live.Current;
        var paths = _paths is { } known && ReferenceEquals(known.Company, company) ? known : _paths = new Paths(company, []);
        var sources = paths.Sources.GetOrAdd(tile.Metric.Id, _ => SourcesOf(company, tile.Metric));
        if (sources.Count == 0)
            return TileOutlook.Nothing;

        var failed = await FailedAsync(company, cancellationToken);
        var now = clock.GetUtcNow();
        return new TileOutlook(
            tile.State == TileState.NotCurrent ? sources.Min(source => _requests?.NextRun(source, now)) : null,
            sources.Select(failed.GetValueOrDefault).FirstOrDefault(one => one is not null));
    }

    /// <summary>A text that is another one whenever a tile could say something else: for what keeps pages.</summary>
    public async Task<string> MarkAsync(CancellationToken cancellationToken)
    {
        await FailedAsync(live.Current, cancellationToken);
        return _seen!.Mark;
    }

    private IReadOnlyList<string> SourcesOf(CompanyDefinition company, Metric metric) =>
        [.. Lineage.Of(company, metric, models).Origins.SelectMany(origin => origin.Streams).Select(stream => stream.Id.Source).Distinct()];

    private async Task<IReadOnlyDictionary<string, FailedSource>> FailedAsync(CompanyDefinition company, CancellationToken cancellationToken)
    {
        var now = clock.GetTimestamp();
        if (_seen is { } seen && clock.GetElapsedTime(seen.At, now) < LookAgainAfter)
            return seen.Failed;

        var failed = await _lastKnown.OrBeforeAsync(() => ReadAsync(company, cancellationToken));
        var due = clock.GetUtcNow();
        var mark = string.Join('|', company.Sources.Select(source => $"{failed.GetValueOrDefault(source.Id)}{_requests?.NextRun(source.Id, due):O}"));
        _seen = new Seen(failed, mark, now);
        return failed;
    }

    private async Task<IReadOnlyDictionary<string, FailedSource>> ReadAsync(CompanyDefinition company, CancellationToken cancellationToken)
    {
        var failed = new Dictionary<string, FailedSource>(StringComparer.Ordinal);
        foreach (var source in company.Sources)
        {
            if (await store.RunsAsync(source.Id, 1, cancellationToken) is not [{ Outcome: SyncOutcome.Failed } run])
                continue;

            var reason = run.Message ?? run.Streams.Select(stream => stream.Error).FirstOrDefault(error => error is not null) ?? "no reason was given";
            failed[source.Id] = new FailedSource(source.Id, run.Finished ?? run.Started, reason);
        }

        return failed;
    }

    private sealed record Seen(IReadOnlyDictionary<string, FailedSource> Failed, string Mark, long At);

    private sealed record Paths(CompanyDefinition Company, ConcurrentDictionary<string, IReadOnlyList<string>> Sources);
}
