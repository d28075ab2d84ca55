using Metrics.Core.Models;

namespace Metrics.Core.Signals;

/// <summary>Single values that do not belong to the others, for daily figures: found by what the others are, which they do not move.</summary>
public static class Outliers
{
    /// <summary>From here on a <see cref="ModifiedZ"/> is an outlier (Iglewicz and Hoaglin, 1993).</summary>
    public const double FarAway = 3.5;

    // The mean absolute deviation of a normal process is sigma / 1.253314, the median one 0.6745 sigma.
    private const double MedianShare = 0.6745;
    private const double MeanShare = 1.253314;
    private const decimal FenceWidth = 1.5m;

    /// <summary>
    /// How far each value is from the median in robust standard deviations: 0.6745 (x − median) / MAD. Where more than half of the values
    /// are the same, MAD is 0 and the mean absolute deviation stands in for it; where all are, every value is 0.
    /// </summary>
    public static IReadOnlyList<double> ModifiedZ(IReadOnlyList<decimal> values)
    {
        if (values.Count == 0)
            return [];

        var median = QuantileOf(values, 0.5m);
        decimal[] distances = [.. values.Select(value => Math.Abs(value - median))];
        var deviation = QuantileOf(distances, 0.5m);
        var unit = deviation > 0 ? (double)deviation / MedianShare : (double)(distances.Sum() / distances.Length) * MeanShare;
        return [.. values.Select(value => unit > 0 ? (double)(value - median) / unit : 0)];
    }

    /// <summary>One and a half interquartile ranges below the first and above the third quartile (Tukey).</summary>
    public static (decimal Low, decimal High) Fences(IReadOnlyList<decimal> values)
    {
        var (first, third) = (QuantileOf(values, 0.25m), QuantileOf(values, 0.75m));
        return (first - FenceWidth * (third - first), third + FenceWidth * (third - first));
    }

    /// <summary>The value below which a share of the values lies (type 7 of Hyndman and Fan).</summary>
    public static decimal QuantileOf(IReadOnlyList<decimal> values, decimal share) => Quantile.Of(values.Order().ToArray(), share);
}
