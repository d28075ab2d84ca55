using System.Collections.Concurrent;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>A snapshot to show.</summary>
/// <param name="HeldBecause">Why it may be out of date: the store cannot be reached; null where it is what the store says now.</param>
public sealed record ShownSnapshot(BoardSnapshot Snapshot, string? HeldBecause);

/// <summary>
/// Gives snapshots of boards, computed once for as long as data, workspace and day are the same. While the store cannot be reached it
/// gives the last one, and says so.
/// </summary>
public sealed class BoardSnapshots(BoardBuilder builder, TargetReader targets, IDataVersion versions, ISeriesStore series, TimeProvider clock)
{
    /// <summary>A team looks at a few boards, segments and weeks around now; whoever steps further back computes again.</summary>
    private const int MostKept = 256;

    // Any name will do that no metric can have: the answer is that there is nothing.
    private const string NoMetric = "-";

    private readonly ConcurrentDictionary<(string Board, BoardQuery Asked), Kept> _kept = new();
    private volatile string? _away;

    /// <summary>
    /// Looks whether the points can be read. A kept snapshot does not need them, and whoever looks at it should know that they cannot.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await series.ExtentAsync(NoMetric, Grain.Day, cancellationToken);
            _away = null;
        }
        catch (StoreUnreachableException away)
        {
            _away = away.Message;
        }
    }

    /// <summary>Why the points cannot be read at the moment, as the last look found; null where they can.</summary>
    public string? Away => _away;

    /// <summary>The snapshot of a board; see <see cref="BoardBuilder.BuildAsync"/>.</summary>
    /// <param name="files">The targets of the workspace's files.</param>
    /// <exception cref="StoreUnreachableException">The store cannot be reached, and there is no earlier snapshot.</exception>
    public async Task<ShownSnapshot> ReadAsync(
        Board board, ReportingCalendar calendar, MetricCatalog catalog, TargetBook files, BoardQuery? query, CancellationToken cancellationToken)
    {
        var asked = query ?? BoardQuery.Newest;
        var key = (board.Id, asked);
        var kept = _kept.GetValueOrDefault(key);
        try
        {
            var state = new State(await versions.ReadAsync(cancellationToken), calendar.Today(clock), board, calendar, catalog, files);
            if (kept is not null && kept.State.IsSame(state))
                return new ShownSnapshot(kept.Snapshot, _away);

            var book = await targets.ReadAsync(calendar, catalog, files, cancellationToken);
            var snapshot = await builder.BuildAsync(board, calendar, catalog, book, asked, cancellationToken);
            _away = null;
            if (_kept.Count >= MostKept)
                _kept.Clear();
            _kept[key] = new Kept(state, snapshot);
            return new ShownSnapshot(snapshot, null);
        }
        catch (StoreUnreachableException away) when (kept is not null)
        {
            return new ShownSnapshot(kept.Snapshot, away.Message);
        }
    }

    private sealed record Kept(State State, BoardSnapshot Snapshot);

    /// <summary>What a snapshot follows from. A workspace that was read again is made of other objects.</summary>
    private sealed record State(long Version, DateOnly Today, Board Board, ReportingCalendar Calendar, MetricCatalog Catalog, TargetBook Files)
    {
        public bool IsSame(State other) =>
            Version == other.Version && Today == other.Today && ReferenceEquals(Board, other.Board) && ReferenceEquals(Calendar, other.Calendar)
            && ReferenceEquals(Catalog, other.Catalog) && ReferenceEquals(Files, other.Files);
    }
}
