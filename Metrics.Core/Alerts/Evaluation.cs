using Metrics.Core.Periods;

namespace Metrics.Core.Alerts;

/// <summary>What a rule looked at.</summary>
/// <param name="Value">The period's figure, in the metric's unit; null where the rule asks whether there is one.</param>
/// <param name="Base">What it is compared with, for conditions on a change.</param>
/// <param name="Measured">The number that the condition was asked about: the figure itself, or its change.</param>
/// <param name="AsOf">The last good sync that feeds the metric.</param>
public sealed record Figure(decimal? Value, decimal? Base, decimal? Measured, DateTimeOffset? AsOf);

/// <summary>What looking at one period of one segment gave.</summary>
/// <param name="Period">The period that was looked at.</param>
/// <param name="At">When it was looked at.</param>
public abstract record Evaluation(Period Period, DateTimeOffset At)
{
    /// <summary>The condition holds.</summary>
    public sealed record Met(Period Period, DateTimeOffset At, Figure Figure) : Evaluation(Period, At);

    /// <summary>The condition does not hold.</summary>
    /// <param name="Recovered">Whether a firing alert is resolved by it; false between the limit and the recovery.</param>
    public sealed record NotMet(Period Period, DateTimeOffset At, Figure Figure, bool Recovered) : Evaluation(Period, At);

    /// <summary>There is no figure to judge.</summary>
    /// <param name="Complete">Whether that is final: the period is complete and its figure, or its change, undefined.</param>
    /// <param name="Why">A clause that says why.</param>
    public sealed record NoData(Period Period, DateTimeOffset At, bool Complete, string Why) : Evaluation(Period, At);

    /// <summary>The period and its grace are over and a source is late. It is judged when its data have come.</summary>
    /// <param name="KnownBefore">The first day that the sources do not cover yet.</param>
    public sealed record Stale(Period Period, DateTimeOffset At, DateOnly KnownBefore) : Evaluation(Period, At);

    /// <summary>The metric is known for the period, and this segment of it is not there.</summary>
    public sealed record Missing(Period Period, DateTimeOffset At) : Evaluation(Period, At);

    /// <summary>The rule asks for what no stored series can answer.</summary>
    public sealed record Failed(Period Period, DateTimeOffset At, string Error) : Evaluation(Period, At);

    /// <summary>The case's name: met, not_met, no_data, stale, missing or failed.</summary>
    public string Kind => this switch
    {
        Met => "met",
        NotMet => "not_met",
        NoData => "no_data",
        Stale => "stale",
        Missing => "missing",
        _ => "failed",
    };
}
