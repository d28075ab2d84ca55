using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;

namespace Metrics.Core.Findings;

/// <summary>A metric of a board that needs a decision, or is good to know, with all that makes it so.</summary>
public sealed record Finding
{
    public required FindingKey Key { get; init; }

    public required TileSnapshot Tile { get; init; }

    /// <summary>Why, the strongest reason first; at least one.</summary>
    public required IReadOnlyList<FindingReason> Reasons { get; init; }

    /// <summary>The figure and what happened to it: "Net new MRR fell to $27.6k".</summary>
    public required string Headline { get; init; }

    /// <summary>What goes on behind the headline, up to the full stop: ", below its lower limit of $28.9k: not noise."</summary>
    public required string Detail { get; init; }

    /// <summary>What most of the change comes from; null where nothing stands out, and for findings that are not among the shown ones.</summary>
    public MainDriver? Driver { get; init; }

    /// <summary>How far the figure is from what it is held against, in the metric's unit; of several reasons the farthest.</summary>
    public required decimal Gap { get; init; }

    /// <summary>The same as a fraction of what it is held against.</summary>
    public required decimal RelativeGap { get; init; }

    public FindingReason Lead => Reasons[0];

    public FindingStrength Strength => Lead.Strength;

    public bool IsGoodNews => Strength == FindingStrength.GoodNews;

    /// <summary>The alert that fires; null where none does.</summary>
    public FiringAlert? Alert => Reasons.OfType<FindingReason.Fires>().FirstOrDefault()?.Alert;

    /// <summary>The alert where the headline is about it; null where it is about the metric.</summary>
    public FiringAlert? LeadingAlert => (Lead as FindingReason.Fires)?.Alert;

    /// <summary>All of it: one sentence, or two with the driver.</summary>
    public string Sentence => Driver is { } driver ? $"{Headline}{Detail} {driver.Sentence}" : Headline + Detail;

    /// <summary>The gap in money; 0 where the metric is not counted in it.</summary>
    internal decimal Money => Tile.Metric.Unit == Unit.Currency ? Gap : 0;
}

/// <summary>What a board has to say before anybody looks at its tiles.</summary>
/// <param name="All">Every finding: by strength, then by money, then by the size of the gap.</param>
/// <param name="LookedAtOn">The first day of the board's period, on which the board of the period before was looked at.</param>
/// <param name="Restated">The figures that changed since then, in the order of the board.</param>
public sealed record BoardFindings(
    IReadOnlyList<Finding> All, BoardStanding Standing, DateOnly LookedAtOn, IReadOnlyList<RestatedFigure> Restated)
{
    /// <summary>How many a board shows; the others stand on its review.</summary>
    public const int MostShown = 7;

    public IEnumerable<Finding> Shown => All.Take(MostShown);

    /// <summary>How many are left out of <see cref="Shown"/>.</summary>
    public int More => Math.Max(0, All.Count - MostShown);
}
