using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>Where an alert stands.</summary>
public enum AlertState
{
    Ok,

    /// <summary>The condition holds, and not yet for as many periods as the rule asks for.</summary>
    Pending,
    Firing,

    /// <summary>There is no figure to judge.</summary>
    NoData,

    /// <summary>A source is late.</summary>
    Stale,

    /// <summary>The rule cannot be evaluated.</summary>
    Error,
}

/// <summary>Why an alert changed its state.</summary>
public enum TransitionReason
{
    ConditionMet,
    ConditionNotMet,

    /// <summary>The figure has reached what the rule asks for to be resolved.</summary>
    Recovered,
    NoData,
    Stale,

    /// <summary>The segment has been absent for longer than an alert is kept.</summary>
    MissingSeries,
    EvaluationFailed,
}

/// <summary>Where one alert stands, and what the next evaluation has to know about those before.</summary>
/// <remarks>
/// <see cref="State"/> is what people see. <see cref="Judged"/> is what the last period that could be judged made of it – ok, pending
/// or firing – and stays while data are missing or late: such a time neither resolves an alert nor makes it fire a second time.
/// </remarks>
public sealed record AlertStatus
{
    /// <summary>For how many evaluations in a row a segment may be absent before its alert is resolved.</summary>
    public const int MostAbsent = 2;

    /// <summary>An alert that nothing was evaluated for yet.</summary>
    public static AlertStatus Start { get; } = new();

    public AlertState State { get; init; }

    /// <summary>Ok, pending or firing: what the last judged period made of it.</summary>
    public AlertState Judged { get; init; }

    /// <summary>For how many judged periods in a row the condition has held.</summary>
    public int Held { get; init; }

    /// <summary>For how many evaluations in a row the segment has been absent.</summary>
    public int Absent { get; init; }

    /// <summary>Since when <see cref="State"/> is what it is.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The period with which <see cref="Judged"/> became what it is; null before the first one.</summary>
    public Period? JudgedSince { get; init; }

    /// <summary>The first day that is not judged yet; null before the first judgement. What was judged is not judged again.</summary>
    public DateOnly? JudgedBefore { get; init; }

    /// <summary>The end of the newest period that could not be judged yet, and is known for it; null where none is.</summary>
    public DateOnly? AwaitedBefore { get; init; }

    /// <summary>The last figure that was judged, and its period.</summary>
    public decimal? Value { get; init; }

    public Period? ValueOf { get; init; }

    /// <summary>Whether the segment has been absent for so long that its alert is closed.</summary>
    public bool IsGone => Absent > MostAbsent;

    private bool IsNew => JudgedBefore is null && AwaitedBefore is null;

    /// <summary>The status after an evaluation.</summary>
    public AlertStatus After(Evaluation evaluation, AlertRule rule)
    {
        var held = evaluation switch { Evaluation.Met => Held + 1, Evaluation.NotMet => 0, _ => Held };
        var absent = evaluation is Evaluation.Missing ? Absent + 1 : 0;
        var (state, judged) = (Judged, evaluation) switch
        {
            // Nothing is known about the figure, so what was known before stands behind what is shown.
            (_, Evaluation.Failed) => (AlertState.Error, Judged),
            (_, Evaluation.Stale) => (AlertState.Stale, Judged),
            (_, Evaluation.NoData) => (AlertState.NoData, Judged),
            (_, Evaluation.Missing) when absent <= MostAbsent => (State, Judged),
            (_, Evaluation.Missing) => (AlertState.Ok, AlertState.Ok),

            // Between the limit and the recovery a firing alert goes on firing.
            (AlertState.Firing, Evaluation.Met or Evaluation.NotMet { Recovered: false }) => (AlertState.Firing, AlertState.Firing),
            (_, Evaluation.NotMet) => (AlertState.Ok, AlertState.Ok),
            _ when held >= rule.For => (AlertState.Firing, AlertState.Firing),
            _ => (AlertState.Pending, AlertState.Pending),
        };

        var isFinal = IsFinal(evaluation, rule);
        return this with
        {
            State = state,
            Judged = judged,
            Held = held,
            Absent = absent,
            Since = state == State && !IsNew ? Since : evaluation.At,
            JudgedSince = judged == Judged && JudgedSince is not null ? JudgedSince : evaluation.Period,
            JudgedBefore = isFinal ? evaluation.Period.End : JudgedBefore,
            AwaitedBefore = isFinal ? null : evaluation.Period.End,
            Value = FigureOf(evaluation) is { Value: { } value } ? value : Value,
            ValueOf = FigureOf(evaluation) is { Value: not null } ? evaluation.Period : ValueOf,
        };
    }

    /// <summary>Whether a period is done with after an evaluation; otherwise it is looked at again.</summary>
    public static bool IsFinal(Evaluation evaluation, AlertRule rule) => evaluation switch
    {
        Evaluation.Met => rule.When is not Condition.NoData,
        Evaluation.NotMet or Evaluation.Missing => true,
        Evaluation.NoData noData => noData.Complete,
        _ => false,
    };

    private static Figure? FigureOf(Evaluation evaluation) => evaluation switch
    {
        Evaluation.Met met => met.Figure,
        Evaluation.NotMet notMet => notMet.Figure,
        _ => null,
    };
}

/// <summary>One alert of a rule: the total, or one segment.</summary>
public sealed record AlertInstance(string Rule, Segment Segment, AlertStatus Status);

/// <summary>A change of an alert's state.</summary>
/// <param name="Id">Its number in the store; 0 before it is stored.</param>
/// <param name="Period">The period whose evaluation changed the state.</param>
/// <param name="FromJudged">Ok, pending or firing, as <see cref="AlertStatus.Judged"/>.</param>
/// <param name="Sentence">What happened, for people: "Net new MRR $27.6k in W46 is below $28.9k".</param>
/// <param name="Value">The period's figure, where there is one.</param>
public sealed record Transition(
    long Id, string Rule, Segment Segment, Grain Grain, Period Period, DateTimeOffset At, AlertState From, AlertState To,
    AlertState FromJudged, AlertState ToJudged, TransitionReason Reason, string Sentence, decimal? Value)
{
    /// <summary>Whether the alert began to fire with it.</summary>
    public bool StartsFiring => FromJudged != AlertState.Firing && ToJudged == AlertState.Firing;

    /// <summary>Whether the alert ceased to fire with it.</summary>
    public bool StopsFiring => FromJudged == AlertState.Firing && ToJudged != AlertState.Firing;

    /// <summary>The same for the same change, also when it is told again: rule, segment, period and what it changed to.</summary>
    public string Key => FormattableString.Invariant($"{Rule}/{Segment.Text}/{Grain.Name()}/{Period.Start:yyyy-MM-dd}/{What}");

    private string What => StartsFiring ? "firing" : StopsFiring ? "resolved" : To.ToString();
}
