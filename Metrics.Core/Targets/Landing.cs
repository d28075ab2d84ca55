namespace Metrics.Core.Targets;

/// <summary>From what the band around a landing is computed.</summary>
public enum LandingBasis
{
    /// <summary>How far earlier periods ended from where they were projected to end at the same share of them.</summary>
    EarlierPeriods,

    /// <summary>How much the days or weeks of the elapsed part differ from each other.</summary>
    Variation,
}

/// <summary>Where a period ends if it goes on as it went, with the band that four of five such periods end in.</summary>
/// <param name="Low">Never above <paramref name="Value"/>.</param>
/// <param name="Value">The projection.</param>
/// <param name="High">Never below <paramref name="Value"/>.</param>
/// <param name="Cases">How many earlier periods, or days or weeks, the band is computed from.</param>
public sealed record Landing(decimal Low, decimal Value, decimal High, LandingBasis Basis, int Cases)
{
    /// <summary>Fewer than this say nothing about a spread.</summary>
    public const int FewestCases = 4;

    // 90 % quantiles of Student's t by degrees of freedom from 3 on: what 80 % of the cases lie inside of.
    private static readonly double[] Quantiles = [1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356];
    private const double NormalQuantile = 1.2816;

    /// <summary>
    /// The band of a projection from how far earlier ones were off: mean ± t·s·√(1 + 1/n) of the errors, widened to hold the projection
    /// itself. Null where there are too few.
    /// </summary>
    /// <param name="errors">By which multiple of <paramref name="scale"/> each earlier period ended above its projection.</param>
    /// <param name="scale">What an error of 1 comes to now.</param>
    public static Landing? FromErrors(decimal projection, IReadOnlyList<decimal> errors, decimal scale)
    {
        if (errors.Count < FewestCases)
            return null;

        var mean = errors.Average();
        var half = (decimal)(QuantileOf(errors.Count) * Deviation(errors, mean) * Math.Sqrt(1 + 1.0 / errors.Count));
        var (one, other) = (projection + scale * (mean - half), projection + scale * (mean + half));
        return new Landing(
            Math.Min(projection, Math.Min(one, other)), projection, Math.Max(projection, Math.Max(one, other)), LandingBasis.EarlierPeriods,
            errors.Count);
    }

    /// <summary>
    /// The band of a projection from the parts that are over: what remains varies as they did, and their mean is itself only known so
    /// well, s·√(r + r²/n). Null where there are too few.
    /// </summary>
    /// <param name="deviations">By how much each part was off what the pace so far says of it.</param>
    /// <param name="remaining">How many such parts are still to come.</param>
    public static Landing? FromVariation(decimal projection, IReadOnlyList<decimal> deviations, decimal remaining)
    {
        if (deviations.Count < FewestCases)
            return null;

        var parts = (double)remaining;
        var half = (decimal)(QuantileOf(deviations.Count) * Deviation(deviations, 0) * Math.Sqrt(parts + parts * parts / deviations.Count));
        return new Landing(projection - half, projection, projection + half, LandingBasis.Variation, deviations.Count);
    }

    /// <summary>The same, not below what has been reached already: what only grows cannot fall any more.</summary>
    public Landing NotBelow(decimal reached) => this with { Low = Math.Min(Value, Math.Max(Low, reached)) };

    private static double QuantileOf(int cases) => cases - FewestCases < Quantiles.Length ? Quantiles[cases - FewestCases] : NormalQuantile;

    private static double Deviation(IReadOnlyList<decimal> values, decimal center)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += (double)(value - center) * (double)(value - center);
        return Math.Sqrt(sum / (values.Count - 1));
    }
}
