using Metrics.Core.Catalog;

namespace Metrics.Core.Targets;

/// <summary>
/// Where a figure stands inside the running period of its target (KPIS §3): flows by <see cref="Pace"/>, stocks along their path,
/// levels, and what is better the lower it is, against the target itself.
/// </summary>
/// <param name="Target">What was promised for the whole period.</param>
/// <param name="Actual">The figure of the elapsed days.</param>
/// <param name="ElapsedDays">The days that are over and known, 0 to <paramref name="Days"/>.</param>
/// <param name="Days">The days of the period.</param>
/// <param name="Expected">What should have been reached by now; of what is better the lower it is, what may have been at most.</param>
/// <param name="Projection">
/// Where the period ends if the rest of it is like the part that is over; null for levels, and early in the period, when one large day
/// would move it too far.
/// </param>
/// <param name="RequiredPerDay">What each remaining day has to bring to meet the target, negative where it may be lost; null for levels.</param>
/// <param name="Status">Against what should have been reached by now; no target before anything is expected.</param>
public sealed record Standing(
    decimal Target, decimal Actual, int ElapsedDays, int Days, decimal Expected, decimal? Projection, decimal? RequiredPerDay, TargetStatus Status)
{
    private const decimal ProjectedFrom = 0.1m;

    /// <summary>The share of the period's figure that its elapsed days are expected to bring, 0 to 1.</summary>
    public decimal ElapsedShare { get; init; } = (decimal)ElapsedDays / Days;

    /// <summary>By what that share was weighed.</summary>
    public PaceBasis Basis { get; init; }

    /// <summary>The projection with its band; null without a projection, or where nothing says how far it may be off.</summary>
    public Landing? Landing { get; init; }

    /// <summary>Whether anything is expected yet. On a Sunday that begins a month of business days nothing is.</summary>
    public bool HasBegun => ElapsedShare > 0;

    public int RemainingDays => Days - ElapsedDays;

    /// <summary>What each remaining week has to bring, or what remains where that is less than a week; null as <see cref="RequiredPerDay"/>.</summary>
    public decimal? RequiredPerWeek => RequiredPerDay * Math.Min(7, RemainingDays);

    /// <summary>The standing of a metric that is judged by the usual shares, every day being expected to bring the same.</summary>
    /// <param name="start">Where a stock stood before the period; null where that is not known, then the target itself is expected.</param>
    public static Standing Of(
        Accrual accrual, Direction direction, decimal target, decimal actual, decimal? start, int elapsedDays, int days) =>
        Of(accrual, direction, target, actual, start, elapsedDays, days, new ElapsedShare(elapsedDays, days), PaceBasis.Days, Attainment.StatusOf);

    /// <summary>The standing of a metric by the shape of its period and the shares that it sets for itself.</summary>
    /// <param name="start">Where a stock stood before the period; null where that is not known, then the target itself is expected.</param>
    public static Standing Of(
        Metric metric, Accrual accrual, decimal target, decimal actual, decimal? start, int elapsedDays, int days, PaceShape shape) =>
        Of(accrual, metric.Direction, target, actual, start, elapsedDays, days, shape.Until(elapsedDays), shape.Basis,
            share => Attainment.StatusOf(metric, share));

    private static Standing Of(
        Accrual accrual, Direction direction, decimal target, decimal actual, decimal? start, int elapsedDays, int days, ElapsedShare elapsed,
        PaceBasis basis, Func<decimal, TargetStatus> statusOf)
    {
        var expected = accrual switch
        {
            Accrual.Flow when direction != Direction.Down => elapsed.Of(target),
            Accrual.Stock when direction != Direction.Down && start is { } from => from + elapsed.Of(target - from),
            _ => target,
        };
        var isProjected = elapsed.Part > 0 && elapsed.Part >= ProjectedFrom * elapsed.Whole;
        var projection = accrual switch
        {
            Accrual.Flow when isProjected => elapsed.Projected(actual),
            Accrual.Stock when isProjected && start is { } first => actual + (actual - first) * (elapsed.Whole - elapsed.Part) / elapsed.Part,
            _ => null,
        };
        return new Standing(
            target, actual, elapsedDays, days, expected, projection,
            accrual == Accrual.Level || elapsedDays == days ? null : (target - actual) / (days - elapsedDays),
            elapsed.Part == 0 ? TargetStatus.NoTarget : statusOf(Attainment.Of(direction, actual, expected)))
        {
            ElapsedShare = elapsed.Value,
            Basis = basis,
        };
    }
}
