using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>What the figures of a board are compared with first.</summary>
public enum BoardComparison
{
    /// <summary>The period before.</summary>
    Previous,

    /// <summary>The same period a year before.</summary>
    Year,

    /// <summary>What was planned for the period.</summary>
    Plan,

    /// <summary>The mean of the four periods before, which one odd period does not move far.</summary>
    Average,
}

/// <summary>How a board is asked for: which period, by which grain, of which segment, compared with what.</summary>
public sealed record BoardQuery
{
    /// <summary>A board as its file says, for its newest complete period.</summary>
    public static BoardQuery Newest { get; } = new();

    /// <summary>Null for the newest period of which at least one tile is complete, at most the one that ended last.</summary>
    public Period? Period { get; init; }

    /// <summary>Another grain than the board's own; null keeps that.</summary>
    public Grain? Grain { get; init; }

    public BoardComparison Comparison { get; init; }

    /// <summary>Only this segment; tiles that are not known by one of its dimensions stay what they are, and say so.</summary>
    public Segment Segment { get; init; } = Segment.Total;
}

/// <summary>What a comparison is called.</summary>
/// <param name="Short">Behind a change: "W45", "last year", "plan", "4-week mean".</param>
/// <param name="InWords">In a sentence: "on last week", "against plan".</param>
public sealed record ComparisonName(string Short, string InWords)
{
    /// <param name="previous">What the period before is called: "W45".</param>
    public static ComparisonName Of(BoardComparison comparison, Grain grain, string previous) => comparison switch
    {
        BoardComparison.Year => new ComparisonName("last year", "on last year"),
        BoardComparison.Plan => new ComparisonName("plan", "against plan"),
        BoardComparison.Average => new ComparisonName($"4-{grain.Name()} mean", $"on the mean of the four {grain.Name()}s before"),
        _ => new ComparisonName(previous, grain == Grain.Day ? "on the day before" : $"on last {grain.Name()}"),
    };
}
