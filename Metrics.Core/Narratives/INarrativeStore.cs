using Metrics.Core.Findings;

namespace Metrics.Core.Narratives;

/// <summary>How an owner answers to a finding.</summary>
public enum Stance
{
    /// <summary>We know why.</summary>
    Explained,

    /// <summary>We do not know yet, and look into it. A proper answer: the question stays open until there is another one.</summary>
    Investigating,

    /// <summary>The figure moves like this by itself, nothing has to be done.</summary>
    Noise,

    /// <summary>What was open needs no answer any more.</summary>
    Done,
}

/// <summary>What somebody said about a finding of a board in one period.</summary>
/// <param name="Period">The period as the calendar spells it at the board's grain: 2026-W46.</param>
/// <param name="Finding">The key of the finding, see <see cref="FindingKey"/>.</param>
/// <param name="Stance">Null where what was said before is taken back.</param>
/// <param name="Text">At most <see cref="ReviewText.Longest"/> characters; may be empty.</param>
/// <param name="At">To the microsecond.</param>
public sealed record CommentEntry(string Board, string Period, string Finding, Stance? Stance, string Text, string By, DateTimeOffset At)
{
    /// <summary>The place among all entries, which the store gives; of two for a finding and period the larger one counts.</summary>
    public long Number { get; init; }
}

/// <summary>What a review decided, or what came of it in a later one.</summary>
/// <param name="Decision">What names the decision through all its entries.</param>
/// <param name="Period">The period in whose review this was written; that of a decision's first entry is the one it was made in.</param>
/// <param name="Responsible">Who does it; null where nobody was named.</param>
/// <param name="IsDone">Null where the decision is taken back.</param>
/// <param name="At">To the microsecond.</param>
public sealed record DecisionEntry(
    string Decision, string Board, string Period, string Text, string? Responsible, DateOnly? Due, bool? IsDone, string By, DateTimeOffset At)
{
    /// <summary>The place among all entries, which the store gives.</summary>
    public long Number { get; init; }
}

/// <summary>How long what is written in a review may be, in characters.</summary>
public static class ReviewText
{
    public const int Longest = 600;
    public const int LongestName = 80;
}

/// <summary>Keeps what is said and decided in the reviews of boards. Nothing is ever overwritten or removed.</summary>
/// <remarks>Every entry moves the data version: whoever keeps a page with comments on it looks again.</remarks>
public interface INarrativeStore
{
    Task AppendAsync(CommentEntry entry, CancellationToken cancellationToken);

    Task AppendAsync(DecisionEntry entry, CancellationToken cancellationToken);

    /// <summary>Every comment on a board, oldest first.</summary>
    Task<IReadOnlyList<CommentEntry>> CommentsAsync(string board, CancellationToken cancellationToken);

    /// <summary>Every entry about decisions on a board, oldest first.</summary>
    Task<IReadOnlyList<DecisionEntry>> DecisionsAsync(string board, CancellationToken cancellationToken);
}
