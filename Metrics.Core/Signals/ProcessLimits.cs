using Metrics.Core.Models;

namespace Metrics.Core.Signals;

/// <summary>Which moving range stands for the usual one.</summary>
public enum LimitMethod
{
    /// <summary>The mean of the moving ranges: uses every point, and one wild point widens the limits.</summary>
    Mean,

    /// <summary>Their median: a few wild points in the baseline do not count.</summary>
    Median,
}

/// <summary>
/// Between which values a process stays by itself (KPIS §4): the mean of a baseline plus and minus 2.66 mean moving ranges, 3.145 median
/// ones. 2.66 is three sigma, because the mean of ranges of two is 1.128 sigma.
/// </summary>
/// <param name="Center">The mean of the baseline.</param>
/// <param name="Range">The mean or the median of its moving ranges, which are never built across a missing period.</param>
/// <param name="Points">How many values they are computed from.</param>
public sealed record ProcessLimits(decimal Center, decimal Range, int Points, LimitMethod Method)
{
    /// <summary>With fewer points a natural limit says too little to be drawn: every fiftieth new point would be outside by chance.</summary>
    public const int FewestPoints = 12;

    /// <summary>With fewer points the limits are <see cref="Provisional"/>.</summary>
    public const int FewestFirmPoints = 16;

    /// <summary>The standard deviation of a normal process in mean ranges of two: 1 / 1.128.</summary>
    private const decimal RangeOfTwo = 1.128m;

    private const decimal MedianRangeOfTwo = 0.954m;

    /// <summary>By what limits are wider than the ranges of the baseline say, where the baseline helped to make what it is judged by.</summary>
    public decimal Widening { get; init; } = 1;

    /// <summary>The upper natural process limit.</summary>
    public decimal Upper => Center + Reach;

    /// <summary>The lower natural process limit; not floored, so that rules see the process as it is.</summary>
    public decimal Lower => Center - Reach;

    /// <summary>The largest move from one period to the next that the process makes by itself.</summary>
    public decimal UpperRange => Range * Widening * (Method == LimitMethod.Mean ? 3.268m : 3.865m);

    /// <summary>Half way from the center to the upper limit.</summary>
    public decimal UpperQuartile => Center + Reach / 2;

    /// <summary>Half way from the center to the lower limit.</summary>
    public decimal LowerQuartile => Center - Reach / 2;

    /// <summary>The standard deviation that the ranges speak of.</summary>
    public decimal Sigma => Range * Widening / (Method == LimitMethod.Mean ? RangeOfTwo : MedianRangeOfTwo);

    /// <summary>Whether there are so few points that the limits will still move.</summary>
    public bool Provisional => Points < FewestFirmPoints;

    private decimal Reach => Range * Widening * (Method == LimitMethod.Mean ? 2.66m : 3.145m);

    /// <summary>The limits of a baseline, oldest value first, null for a missing period; null where no two values follow each other.</summary>
    public static ProcessLimits? Of(IReadOnlyList<decimal?> baseline, LimitMethod method = LimitMethod.Mean)
    {
        var (sum, count) = (0m, 0);
        var ranges = new List<decimal>(baseline.Count);
        for (var i = 0; i < baseline.Count; i++)
        {
            if (baseline[i] is not { } value)
                continue;
            (sum, count) = (sum + value, count + 1);
            if (i > 0 && baseline[i - 1] is { } before)
                ranges.Add(Math.Abs(value - before));
        }

        if (ranges.Count == 0)
            return null;
        if (method == LimitMethod.Mean)
            return new ProcessLimits(sum / count, ranges.Sum() / ranges.Count, count, method);
        decimal[] sorted = [.. ranges.Order()];
        return new ProcessLimits(sum / count, Quantile.Of(sorted, 0.5m), count, method);
    }
}
