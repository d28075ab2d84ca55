using Metrics.Core.Catalog;

namespace Metrics.Core.Targets;

/// <summary>
/// Where a flow stands inside the period of its target (KPIS §3). Without another <see cref="Elapsed"/> every day is expected to bring the
/// same.
/// </summary>
/// <param name="Target">What the whole period should bring.</param>
/// <param name="Actual">What its elapsed days brought.</param>
/// <param name="ElapsedDays">The days that are over, 0 to <paramref name="Days"/>.</param>
/// <param name="Days">The days of the period.</param>
public sealed record Pace(decimal Target, decimal Actual, int ElapsedDays, int Days)
{
    /// <summary>How much of the period's figure its elapsed days are expected to bring.</summary>
    public ElapsedShare Elapsed { get; init; } = new(ElapsedDays, Days);

    /// <summary>The share of the period that is over, 0 to 1.</summary>
    public decimal ElapsedShare => Elapsed.Value;

    /// <summary>What should have been reached by now.</summary>
    public decimal Expected => Elapsed.Of(Target);

    /// <summary>Actual / expected; null before the period has begun, or where nothing is expected.</summary>
    public decimal? Ratio => Expected == 0 ? null : Actual / Expected;

    /// <summary>Where the period ends if the rest of it is like the part that is over; null before it has begun.</summary>
    public decimal? Projection => Elapsed.Projected(Actual);

    /// <summary>The projection / the target; null without either.</summary>
    public decimal? ProjectedAttainment => Target == 0 ? null : Projection / Target;

    /// <summary>What is missing to the target; negative where it is passed.</summary>
    public decimal Remaining => Target - Actual;

    /// <summary>What each remaining day has to bring; null when none remains.</summary>
    public decimal? RequiredPerDay => ElapsedDays == Days ? null : Remaining / (Days - ElapsedDays);

    /// <summary>The status against what should have been reached; no target before anything is expected.</summary>
    public TargetStatus Status(Direction direction) =>
        Elapsed.Part == 0 ? TargetStatus.NoTarget : Attainment.StatusOf(Attainment.Of(direction, Actual, Expected));
}

/// <summary>How much of what was expected has been reached, and what that is called.</summary>
public static class Attainment
{
    private const decimal OnTrackFrom = 1;
    private const decimal AtRiskFrom = 0.9m;

    /// <summary>
    /// The share of <paramref name="expected"/> that <paramref name="actual"/> reaches: 1 is met, more is better. Where less is better
    /// the sign of the difference is flipped (10 % above a churn target is 0.9); where a range is, any difference counts against it.
    /// </summary>
    /// <remarks>With an expectation of 0 there is no share: met is 1, missed is 0.</remarks>
    public static decimal Of(Direction direction, decimal actual, decimal expected)
    {
        var ahead = direction switch
        {
            Direction.Up => actual - expected,
            Direction.Down => expected - actual,
            _ => -Math.Abs(actual - expected),
        };
        if (expected == 0)
            return ahead >= 0 ? 1 : 0;

        // Next to nothing is expected: the share would say nothing, and might not fit a number.
        var size = Math.Abs(expected);
        return size < 1 && Math.Abs(ahead) / 1_000_000_000 >= size ? (ahead > 0 ? 1_000_000_000 : -1_000_000_000) : 1 + ahead / size;
    }

    /// <summary>
    /// Whether an attainment reads as a share of the target ("81 % of $34k"). A rate, what is better the lower it is, and what went the
    /// other way stand against their target.
    /// </summary>
    public static bool IsShare(Metric metric, decimal attainment) =>
        attainment >= 0 && metric is { Unit: not (Unit.Percent or Unit.Ratio or Unit.Score), Direction: Direction.Up };

    /// <summary>100 % and more is on track, 90 % and more at risk, less off track (KPIS §3).</summary>
    public static TargetStatus StatusOf(decimal attainment) => StatusOf(attainment, OnTrackFrom, AtRiskFrom);

    /// <summary>The same by the shares that the metric sets for itself.</summary>
    public static TargetStatus StatusOf(Metric metric, decimal attainment) => StatusOf(attainment, metric.OnTrackFrom, metric.AtRiskFrom);

    private static TargetStatus StatusOf(decimal attainment, decimal onTrackFrom, decimal atRiskFrom) =>
        attainment >= onTrackFrom ? TargetStatus.OnTrack : attainment >= atRiskFrom ? TargetStatus.AtRisk : TargetStatus.OffTrack;
}
