namespace Metrics.Core.Signals;

/// <summary>
/// A slow drift, found by the exponentially weighted moving average (NIST/SEMATECH e-Handbook 6.3.2.4): each value counts with
/// <see cref="Lambda"/>, what was before with the rest. It finds small shifts as well as all three rules, with a quarter of their false
/// alarms (KPIS §4).
/// </summary>
public sealed record Drift
{
    /// <summary>The weight of a new value.</summary>
    public const decimal Lambda = 0.2m;

    /// <summary>How many of its own standard deviations the mean may be away from the center.</summary>
    public const decimal Width = 3;

    /// <summary>The weighted mean after each value; after a missing one as before it.</summary>
    public required IReadOnlyList<decimal> Means { get; init; }

    public required decimal Center { get; init; }

    public required decimal Upper { get; init; }

    public required decimal Lower { get; init; }

    /// <summary>On which side the newest mean is outside of its limits; null where it is inside.</summary>
    public Side? Side => Means.Count == 0 ? null : SideAt(Means.Count - 1);

    /// <summary>The place since which the mean has been outside on that side; null where it is inside.</summary>
    public int? Since
    {
        get
        {
            if (Side is not { } side)
                return null;
            var since = Means.Count - 1;
            while (since > 0 && SideAt(since - 1) == side)
                since--;
            return since;
        }
    }

    /// <param name="center">Where the mean begins, and where the process should be.</param>
    /// <param name="sigma">The standard deviation of single values.</param>
    public static Drift Of(
        IReadOnlyList<decimal?> values, decimal center, decimal sigma, decimal lambda = Lambda, decimal width = Width)
    {
        var means = new decimal[values.Count];
        var mean = center;
        for (var i = 0; i < means.Length; i++)
        {
            if (values[i] is { } value)
                mean += lambda * (value - mean);
            means[i] = mean;
        }

        var reach = width * sigma * (decimal)Math.Sqrt((double)(lambda / (2 - lambda)));
        return new Drift { Means = means, Center = center, Upper = center + reach, Lower = center - reach };
    }

    private Side? SideAt(int place) => Means[place] > Upper ? Signals.Side.Above : Means[place] < Lower ? Signals.Side.Below : null;
}
