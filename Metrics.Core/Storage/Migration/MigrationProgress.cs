namespace Metrics.Core.Storage.Migration;

/// <summary>How far a table, or the series of a metric, has been moved.</summary>
/// <param name="Part">The table or the metric.</param>
/// <param name="Unit">What is counted: rows or series.</param>
/// <param name="Total">How many there are in the source.</param>
public sealed record MigrationProgress(string Part, string Unit, long Done, long Total)
{
    public bool IsDone => Done >= Total;
}

/// <summary>What was moved; all of it was read back and is what it was.</summary>
/// <param name="From">Where it was, in words without a secret.</param>
/// <param name="To">Where it is now.</param>
/// <param name="Points">Points with a value.</param>
/// <param name="IsResumed">Whether an earlier move, which was interrupted, was finished.</param>
public sealed record MigrationOutcome(
    string From, string To, int Tables, long Rows, long Series, long Points, long Restatements, bool IsResumed);

/// <summary>Things cannot be moved as they are; the message says what to do. The source is untouched.</summary>
public sealed class MigrationRefusedException(string message, Exception? inner = null) : Exception(message, inner);
