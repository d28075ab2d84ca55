using Metrics.Core.Connectors;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage;

/// <summary>A restatement with what its point needs when it comes back, or is looked at as of an earlier moment.</summary>
/// <param name="FirstWritten">When the point was first written, which its restatements never change.</param>
internal sealed record LoggedChange(Restatement Change, DateTimeOffset FirstWritten);

/// <summary>
/// Keeps the restatements of a series server that knows only newest values, and gives turns to its writers.
/// </summary>
/// <remarks>
/// A change stands here before it stands in the series. Where the writer is interrupted between the two, the newest change of a point
/// says something else than what is stored, and the next write of the point withdraws it.
/// </remarks>
internal interface IRestatementLog
{
    /// <summary>Waits until nobody else, in any process, writes one of some metrics; disposing of the turn ends it.</summary>
    Task<HeldLock> TurnAsync(IReadOnlyCollection<string> metrics, CancellationToken cancellationToken);

    /// <summary>The changes of a query's points up to its moment, oldest first.</summary>
    Task<IReadOnlyList<LoggedChange>> UpToAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>The changes of a query's points after its moment, oldest first.</summary>
    Task<IReadOnlyList<LoggedChange>> AfterAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>The newest change of every point of a metric that has any, on some days.</summary>
    /// <param name="cut">One cut; null for all of them.</param>
    Task<IReadOnlyList<LoggedChange>> NewestAsync(string metric, Grain grain, string? cut, Period days, CancellationToken cancellationToken);

    /// <summary>
    /// Corrects and adds changes, all or nothing. Of two changes of a point at one moment the first says what was before and the second
    /// what is after, so that adding a change twice leaves one.
    /// </summary>
    /// <param name="corrected">Changes that are logged already with what came of them; one that came to nothing is withdrawn.</param>
    Task CommitAsync(IReadOnlyCollection<LoggedChange> corrected, IReadOnlyCollection<LoggedChange> added, CancellationToken cancellationToken);

    /// <summary>Keeps lines that the server did not take for an administrator to look at; the oldest go where there are too many.</summary>
    Task QuarantineAsync(IReadOnlyCollection<QuarantinedLine> lines, CancellationToken cancellationToken);

    /// <summary>Every series of which a change is logged.</summary>
    Task<IReadOnlyList<SeriesKey>> KeysAsync(CancellationToken cancellationToken);

    /// <summary>All changes of one series, by moment and day.</summary>
    Task<IReadOnlyList<LoggedChange>> OfAsync(SeriesKey key, CancellationToken cancellationToken);

    /// <summary>Takes all changes of some series out.</summary>
    Task ForgetAsync(IReadOnlyCollection<SeriesKey> keys, CancellationToken cancellationToken);
}
