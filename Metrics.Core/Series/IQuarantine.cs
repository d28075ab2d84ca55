namespace Metrics.Core.Series;

/// <summary>A line that a series server did not take, with what it said about it. Its point is not stored.</summary>
/// <param name="Metric">The metrics of the write that it belonged to.</param>
public sealed record QuarantinedLine(DateTimeOffset At, string Metric, string Line, string Reason);

/// <summary>Keeps the newest lines that a series server did not take, for an administrator to look at.</summary>
public interface IQuarantine
{
    /// <summary>The newest lines, newest first, and how many are kept.</summary>
    Task<(IReadOnlyList<QuarantinedLine> Newest, long Count)> ReadAsync(int most, CancellationToken cancellationToken);
}
