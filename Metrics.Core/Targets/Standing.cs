using Metrics.Core.Catalog;

namespace Metrics.Core.Targets;

/// <summary>
/// Where a figure stands inside the running period of its target (KPIS §3): flows by <see cref="Pace"/>, stocks along their path,
/// levels against the target.
/// </summary>
/// <param name="Target">What was promised for the whole period.</param>
/// <param name="Actual">The figure of the elapsed days.</param>
/// <param name="ElapsedDays">The days that are over and known, 0 to <paramref name="Days"/>.</param>
/// <param name="Days">The days of the period.</param>
/// <param name="Expected">What should have been reached by now.</param>
/// <param name="Projection">
/// Where the period ends if the rest of it is like the part that is over; null for levels, and early in the period, when one large day
/// would move it too far.
/// </param>
/// <param name="RequiredPerDay">What each remaining day has to bring to meet the target, negative where it may be lost; null for levels.</param>
/// <param name="Status">Against what should have been reached by now; no target before a day is over.</param>
public sealed record Standing(
    decimal Target, decimal Actual, int ElapsedDays, int Days, decimal Expected, decimal? Projection, decimal? RequiredPerDay, TargetStatus Status)
{
    private const decimal ProjectedFrom = 0.1m;

    /// <summary>The share of the period that is over, 0 to 1.</summary>
    public decimal ElapsedShare => (decimal)ElapsedDays / Days;

    /// <param name="start">Where a stock stood before the period; null where that is not known, then the target itself is expected.</param>
    public static Standing Of(
        Accrual accrual, Direction direction, decimal target, decimal actual, decimal? start, int elapsedDays, int days) => accrual switch
    {
        Accrual.Flow => OfFlow(direction, new Pace(target, actual, elapsedDays, days)),
        Accrual.Stock => OfStock(direction, target, actual, start, elapsedDays, days),
        _ => new Standing(target, actual, elapsedDays, days, target, null, null, Judged(direction, actual, target, elapsedDays)),
    };

    private static Standing OfFlow(Direction direction, Pace pace) => new(
        pace.Target, pace.Actual, pace.ElapsedDays, pace.Days, pace.Expected,
        pace.ElapsedShare < ProjectedFrom ? null : pace.Projection, pace.RequiredPerDay, pace.Status(direction));

    private static Standing OfStock(Direction direction, decimal target, decimal actual, decimal? start, int elapsedDays, int days)
    {
        var expected = start is { } from ? from + (target - from) * elapsedDays / days : target;
        var projection = start is { } first && elapsedDays > 0 && elapsedDays >= ProjectedFrom * days
            ? actual + (actual - first) * (days - elapsedDays) / elapsedDays
            : (decimal?)null;
        var required = elapsedDays == days ? (decimal?)null : (target - actual) / (days - elapsedDays);
        return new Standing(target, actual, elapsedDays, days, expected, projection, required, Judged(direction, actual, expected, elapsedDays));
    }

    private static TargetStatus Judged(Direction direction, decimal actual, decimal expected, int elapsedDays) =>
        elapsedDays == 0 ? TargetStatus.NoTarget : Attainment.StatusOf(Attainment.Of(direction, actual, expected));
}
