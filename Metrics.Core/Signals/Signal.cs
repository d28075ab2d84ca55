using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using static System.FormattableString;

namespace Metrics.Core.Signals;

/// <summary>A figure, or a run of them, that its process does not produce by itself.</summary>
public sealed record Signal
{
    /// <summary>The phase whose limits it is held against.</summary>
    public required ProcessPhase Phase { get; init; }

    public required SignalRule Rule { get; init; }

    public required Side Side { get; init; }

    /// <summary>The period that it is about, which is complete.</summary>
    public required Period Period { get; init; }

    /// <summary>The metric's value in that period.</summary>
    public required decimal Value { get; init; }

    /// <summary>What was judged, in the metric's unit: the value, of a stock its change; of a drift the weighted mean.</summary>
    public required decimal Figure { get; init; }

    /// <summary>What was passed, in the metric's unit: a limit, a line between limit and center, the center, or the largest usual move.</summary>
    public required decimal Limit { get; init; }

    /// <summary>How many periods the run or the window holds.</summary>
    public required int Length { get; init; }

    /// <summary>The first of them.</summary>
    public required Period Since { get; init; }

    public SignalStrength Strength => Rule.Strength();

    /// <summary>▲ ▼ strong, ■ moderate, ● a run, ◆ a drift: the shape tells the rule.</summary>
    public string Mark => Rule.Mark(Side);

    /// <summary>Whether it is good news; null where neither more nor less is.</summary>
    public bool? IsFavorable => (Subject.Metric.Direction, Side) switch
    {
        (Direction.Range, _) => null,
        (Direction.Up, Side.Above) or (Direction.Down, Side.Below) => true,
        _ => false,
    };

    /// <summary>Whether the limits are computed from so few points that they will still move.</summary>
    public bool IsProvisional => Phase.Limits is { Provisional: true };

    /// <summary>From what the limits are computed: "24 weeks to W24", "14 weeks to W45, provisional".</summary>
    public string BaselineText => Phase.BaselineText;

    /// <summary>Where space is short: "Below lower limit: not noise", "8 weeks above the mean: a shift".</summary>
    public string Short => Rule switch
    {
        SignalRule.OutsideLimits => $"{(Side == Side.Above ? "Above upper" : "Below lower")} limit: not noise",
        SignalRule.WideMove => $"Jumped {UpOrDown}: not noise",
        SignalRule.ThreeOfFour => $"3 of 4 {Grain.Name()}s near the {UpperOrLower} limit",
        SignalRule.RunOfEight => Invariant($"{Length} {Grain.Name()}s {AboveOrBelow} {Phase.CenterInWords}: a shift"),
        _ => $"Drifting {UpOrDown} since {NameOf(Since)}",
    };

    /// <summary>The whole of it: "Signups 1,204 is above the upper limit 1,130 (24 weeks to W24)."</summary>
    public string Sentence => Rule switch
    {
        SignalRule.OutsideLimits => $"{What} is {AboveOrBelow} the {UpperOrLower} limit {Written(Limit)}{Phase.Qualifier} ({BaselineText}).",
        SignalRule.WideMove =>
            $"{Subject.Name} jumped {UpOrDown} to {Subject.Format.Compact(Value)}: {Phase.MoveInWords} by {Subject.Format.Compact(Figure)} from one "
            + $"{Grain.Name()} to the next, where {Subject.Format.Compact(Limit)} is usual at most ({BaselineText}).",
        SignalRule.ThreeOfFour =>
            $"{Subject.Name}: three of the last four {Grain.Name()}s {AboveOrBelow} {Written(Limit)}, half way to the {UpperOrLower} limit"
            + $"{Phase.Qualifier} ({BaselineText}).",
        SignalRule.RunOfEight =>
            Invariant($"{Subject.Name}: {Length} {Grain.Name()}s {AboveOrBelow} {Phase.CenterInWords}{CenterShown}, a shift since ")
            + $"{NameOf(Since)} ({BaselineText}).",
        _ => $"{Subject.Name}: a slow drift {UpOrDown} since {NameOf(Since)}, the weighted mean {Written(Figure)} is {AboveOrBelow} its limit "
            + $"{Written(Limit)}{Phase.Qualifier} ({BaselineText}).",
    };

    /// <summary>Behind the figure in a sentence: "below its lower limit of $28.9k: not noise", "9 weeks in a row below the mean of $31k: a shift since W38".</summary>
    public string Clause => Rule switch
    {
        SignalRule.OutsideLimits when Phase.OfChanges => $"a change of {Written(Figure)}, {AboveOrBelow} its {UpperOrLower} limit of {Written(Limit)}: not noise",
        SignalRule.OutsideLimits =>
            $"{AboveOrBelow} its {UpperOrLower} limit of {Subject.Format.Apart(Limit, Figure).One}{(Phase.Follows ? "" : Phase.Qualifier)}: not noise",
        SignalRule.WideMove => $"{(Phase.OfChanges ? "its change moving" : "a move")} by {Subject.Format.Compact(Math.Abs(Figure))} in one {Grain.Name()}, "
            + $"where {Subject.Format.Compact(Limit)} is usual at most: not noise",
        SignalRule.ThreeOfFour =>
            $"{(Phase.OfChanges ? "its change " : "")}near the {UpperOrLower} limit{(Phase.Season is null ? "" : Phase.Qualifier)} in three of the last four {Grain.Name()}s",
        SignalRule.RunOfEight => Invariant($"{Length} {Grain.Name()}s in a row {AboveOrBelow} {Phase.CenterInWords}")
            + $"{(CenterShown.Length > 0 ? " of" + CenterShown : "")}: a shift since {NameOf(Since)}",
        _ => $"drifting {UpOrDown} since {NameOf(Since)}",
    };

    private ProcessSubject Subject => Phase.Subject;

    private Grain Grain => Subject.Grain;

    private string What => Phase.OfChanges
        ? $"{Subject.Name} {Subject.Format.Compact(Value)}: its change of {Written(Figure)}"
        : $"{Subject.Name} {Written(Figure)}";

    // A center that is another one in every period is no figure to name.
    private string CenterShown => Phase is { Trends: false, Follows: false, Season: null } ? $" {Written(Limit)}" : "";

    private string UpOrDown => Side == Side.Above ? "up" : "down";

    private string UpperOrLower => Side == Side.Above ? "upper" : "lower";

    private string AboveOrBelow => Side == Side.Above ? "above" : "below";

    private string Written(decimal figure) => Phase.OfChanges ? Subject.Format.Difference(figure) : Subject.Format.Compact(figure);

    private string NameOf(Period period) => Subject.NameOf(period, Period);
}
