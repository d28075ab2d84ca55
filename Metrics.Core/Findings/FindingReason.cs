using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Periods;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Findings;

/// <summary>How much a finding asks to be looked at: the ladder by which boards sort, the least first.</summary>
public enum FindingStrength
{
    /// <summary>A signal in the direction that is wanted: below everything that is not.</summary>
    GoodNews,

    /// <summary>A figure that was looked at before is another one now.</summary>
    Restated,

    /// <summary>A run or a drift, or an alert for information.</summary>
    Weak,

    /// <summary>Just behind a target or its pace.</summary>
    AtRisk,

    /// <summary>Three of four values near a limit.</summary>
    Moderate,

    /// <summary>Nobody can tell, because the data are late.</summary>
    Stale,

    /// <summary>A longer period will be missed by far.</summary>
    OffPace,

    /// <summary>Far behind the target of the period itself.</summary>
    OffTrack,

    /// <summary>Outside the limits, or a move that is wider than usual.</summary>
    Strong,

    /// <summary>A warning fires.</summary>
    Warning,

    /// <summary>A critical alert fires.</summary>
    Critical,
}

/// <summary>Why a metric needs a decision.</summary>
public abstract record FindingReason
{
    private FindingReason()
    {
    }

    /// <summary>The step of the ladder that the reason stands on.</summary>
    public FindingStrength Strength => this switch
    {
        Fires { Alert.Severity: Severity.Critical } => FindingStrength.Critical,
        Fires { Alert.Severity: Severity.Warning } => FindingStrength.Warning,
        Fires => FindingStrength.Weak,
        StandsOut { Signal.IsFavorable: true } => FindingStrength.GoodNews,
        StandsOut { Signal.Strength: SignalStrength.Strong } => FindingStrength.Strong,
        StandsOut { Signal.Strength: SignalStrength.Moderate } => FindingStrength.Moderate,
        StandsOut => FindingStrength.Weak,
        BehindTarget { Status: TargetStatus.OffTrack } => FindingStrength.OffTrack,
        BehindPace { Status: TargetStatus.OffTrack } => FindingStrength.OffPace,
        BehindTarget or BehindPace => FindingStrength.AtRisk,
        NotCurrent => FindingStrength.Stale,
        _ => FindingStrength.Restated,
    };

    /// <summary>What it is called in files: "alert", "signal", "target", "pace", "stale", "restated".</summary>
    public string Name => this switch
    {
        Fires => "alert",
        StandsOut => "signal",
        BehindTarget => "target",
        BehindPace => "pace",
        NotCurrent => "stale",
        _ => "restated",
    };

    /// <summary>An alert of the metric fires.</summary>
    public sealed record Fires(FiringAlert Alert) : FindingReason;

    /// <summary>The figure is none that the metric produces by itself.</summary>
    public sealed record StandsOut(Signal Signal) : FindingReason;

    /// <summary>The figure is behind the target of the board's period.</summary>
    public sealed record BehindTarget(TargetStatus Status) : FindingReason;

    /// <summary>A longer period that holds the board's lands short of its target, or was missed.</summary>
    public sealed record BehindPace(TargetStatus Status) : FindingReason;

    /// <summary>The period is over, and days of it are missing.</summary>
    public sealed record NotCurrent : FindingReason;

    /// <summary>A figure that was complete when the board was last looked at is another one now.</summary>
    public sealed record WasRestated(RestatedFigure Figure) : FindingReason;
}

/// <summary>A figure of a board that changed after people had looked at it.</summary>
/// <param name="Label">The short name of its period: "W45".</param>
/// <param name="Then">What it was when it was complete and looked at.</param>
/// <param name="On">The day of the newest change; null where nobody looked it up, or it only came late.</param>
public sealed record RestatedFigure(TileSnapshot Tile, Period Period, string Label, decimal Then, decimal Now, DateOnly? On = null)
{
    /// <summary>Both figures, with as many digits as it takes to see by how much they differ: "$2.462M", "$2.466M".</summary>
    public (string Then, string Now) Texts => Tile.Format.Apart(Then, Now, faithful: true);
}
