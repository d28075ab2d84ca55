using Metrics.Core.Series;

namespace Metrics.Core.Push;

/// <summary>What tells apart the series that wait: measurement, field, and the tags as a canonical JSON object.</summary>
public sealed record InboxKey(string Measurement, string Field, string Tags)
{
    /// <summary>How long the three may be together: every engine can index that much.</summary>
    public const int LongestBytes = 2_000;
}

/// <summary>A value that waits for a rule: the newest of its local day.</summary>
/// <param name="Day">The local day of its timestamp when it came.</param>
/// <param name="At">Its timestamp, from which a rule may find another day.</param>
/// <param name="Seen">When it came.</param>
/// <param name="Token">The name of the token that it came with.</param>
public sealed record InboxLine(InboxKey Key, DateOnly Day, DateTimeOffset At, double Value, DateTimeOffset Seen, string Token)
{
    public IReadOnlyList<KeyValuePair<string, string>> Tags => Segment.Parse(Key.Tags).Values;

    /// <summary>The line as it could be sent again, with its timestamp in seconds.</summary>
    public override string ToString() => LineWriter.Write(Key.Measurement, Tags, Key.Field, Value, At.ToUnixTimeSeconds());
}

/// <summary>The lines of one measurement and field that wait.</summary>
/// <param name="Lines">How many there are, one for each day and each set of tags.</param>
/// <param name="Example">The one that came last.</param>
public sealed record InboxGroup(string Measurement, string Field, long Lines, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, InboxLine Example);

/// <summary>Lines that had to go because too many waited.</summary>
public sealed record InboxLoss(long Lines, DateTimeOffset Last);

/// <summary>Keeps what was pushed and maps to no metric, until a rule takes it.</summary>
public interface IPushInbox
{
    /// <summary>At most this many lines wait; beyond them those go that were seen longest ago.</summary>
    const int MostLines = 100_000;

    /// <summary>Keeps lines. One for a series and day that already waits takes its place.</summary>
    Task KeepAsync(IReadOnlyCollection<InboxLine> lines, CancellationToken cancellationToken);

    /// <summary>How many lines wait.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>What waits by measurement and field, in this order.</summary>
    Task<IReadOnlyList<InboxGroup>> GroupsAsync(CancellationToken cancellationToken);

    /// <summary>All lines of a measurement and field, by tags and day.</summary>
    Task<IReadOnlyList<InboxLine>> LinesAsync(string measurement, string field, CancellationToken cancellationToken);

    /// <summary>Lets lines go that were dealt with; one that came again since then stays.</summary>
    Task RemoveAsync(IReadOnlyCollection<InboxLine> lines, CancellationToken cancellationToken);

    /// <summary>How many lines had to go because too many waited; null where none had to.</summary>
    Task<InboxLoss?> LossAsync(CancellationToken cancellationToken);
}
