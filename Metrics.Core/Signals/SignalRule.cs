namespace Metrics.Core.Signals;

/// <summary>What made a period stand out (KPIS §4).</summary>
public enum SignalRule
{
    /// <summary>A value outside the natural limits.</summary>
    OutsideLimits,

    /// <summary>A move from one period to the next above the upper range limit.</summary>
    WideMove,

    /// <summary>Three of four consecutive values nearer to the same limit than to the center.</summary>
    ThreeOfFour,

    /// <summary>Eight or more consecutive values on one side of the center; one that equals it breaks the run.</summary>
    RunOfEight,

    /// <summary>The weighted mean of all values has left its own limits: see <see cref="Drift"/>.</summary>
    Drift,
}

/// <summary>How sure it is that a signal is none by chance.</summary>
public enum SignalStrength
{
    Weak,
    Moderate,
    Strong,
}

/// <summary>On which side of the center, or in which direction.</summary>
public enum Side
{
    Above,
    Below,
}

public static class SignalRules
{
    public static SignalStrength Strength(this SignalRule rule) => rule switch
    {
        SignalRule.OutsideLimits or SignalRule.WideMove => SignalStrength.Strong,
        SignalRule.ThreeOfFour => SignalStrength.Moderate,
        _ => SignalStrength.Weak,
    };

    /// <summary>The mark of a rule, told by its shape: ▲ or ▼ strong, ■ moderate, ● a run, ◆ a drift.</summary>
    public static string Mark(this SignalRule rule, Side side) => rule switch
    {
        SignalRule.ThreeOfFour => "■",
        SignalRule.RunOfEight => "●",
        SignalRule.Drift => "◆",
        _ => side == Side.Above ? "▲" : "▼",
    };

    /// <summary>The spelling of a rule in files: "outside_limits", "wide_move", "three_of_four", "run_of_eight", "drift".</summary>
    public static string Key(this SignalRule rule) => rule switch
    {
        SignalRule.OutsideLimits => "outside_limits",
        SignalRule.WideMove => "wide_move",
        SignalRule.ThreeOfFour => "three_of_four",
        SignalRule.RunOfEight => "run_of_eight",
        _ => "drift",
    };
}
