using Metrics.Core.Periods;

namespace Metrics.Core.Signals;

/// <summary>
/// What each period of a season usually is of the average one: seasonal relatives, the mean of a period over the mean of all (KPIS §4).
/// </summary>
/// <param name="Relatives">One for each period of the season, from the one that the values begin with.</param>
/// <param name="Seasons">Of how many full seasons they are made.</param>
public sealed record Seasonality(IReadOnlyList<decimal> Relatives, int Seasons)
{
    /// <summary>Fewer than two seasons cannot tell what comes back from what happened once.</summary>
    private const int FewestSeasons = 2;

    // One-sided 5 %, as in the test of the M4 competition.
    private const double Significant = 1.645;

    /// <summary>How many periods of a grain a season has: days a week, weeks, months and quarters a year, years none.</summary>
    public static int LengthOf(Grain grain) => grain switch
    {
        Grain.Day => 7,
        Grain.Week => 52,
        Grain.Month => 12,
        Grain.Quarter => 4,
        _ => 1,
    };

    /// <summary>
    /// By what limits have to be wider. A value of the baseline is part of the relative that it is divided by and so is too close to it, by
    /// √(1 − 1/k) with k seasons; a new one is not and is further away, by √(1 + 1/k).
    /// </summary>
    public decimal Widening => Seasons > 1 ? (decimal)Math.Sqrt((Seasons + 1.0) / (Seasons - 1.0)) : 1;

    /// <summary>The relative of a place, counted from the first value; negative for places before it.</summary>
    public decimal At(int place) => Relatives[(place % Relatives.Count + Relatives.Count) % Relatives.Count];

    /// <summary>
    /// The relatives of values, oldest first; a part of a season at the end counts for its periods. Null where the mean is not positive or
    /// a period of the season has no value.
    /// </summary>
    public static Seasonality? Of(IReadOnlyList<decimal?> values, int length)
    {
        var (sums, counts) = (new decimal[length], new int[length]);
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } value)
                (sums[i % length], counts[i % length]) = (sums[i % length] + value, counts[i % length] + 1);
        }

        if (counts.Contains(0) || sums.Sum() <= 0)
            return null;
        var mean = sums.Sum() / counts.Sum();
        return new Seasonality([.. sums.Select((sum, i) => sum / counts[i] / mean)], values.Count / length);
    }

    /// <summary>
    /// The relatives of a series that has a season and at least two full ones; null for any other, also for one with a value that is
    /// missing, zero or negative, of which nothing can be a share. A trend is taken out first, because it would make the end of every
    /// season large.
    /// </summary>
    public static Seasonality? Find(IReadOnlyList<decimal?> values, int length)
    {
        if (length < 2 || values.Count < FewestSeasons * length || values.Any(value => value is not > 0))
            return null;

        (int Place, double Value)[] points = [.. values.Select((value, i) => (i, (double)value!.Value))];
        var line = Line.Through(points)!;
        if (!IsSeasonal([.. points.Select(point => point.Value - line.At(point.Place))], length))
            return null;
        if (!line.IsTrend || points.Any(point => line.At(point.Place) <= 0))
            return Of(values, length) is { } plain && plain.Relatives.All(relative => relative > 0) ? plain : null;
        return Of([.. points.Select(point => (decimal?)(point.Value / line.At(point.Place)))], length);
    }

    /// <summary>
    /// Whether a season is really there: the series resembles itself one season earlier more than its nearer resemblances explain,
    /// r(m) &gt; 1.645 √((1 + 2 Σ r(i)²) / n) for i below m (the test of the M4 competition).
    /// </summary>
    public static bool IsSeasonal(ReadOnlySpan<double> values, int length)
    {
        var resemblances = Autocorrelation.UpTo(values, length);
        double nearer = 0;
        foreach (var one in resemblances.AsSpan(0, length - 1))
            nearer += one * one;

        return resemblances[^1] > Significant * Math.Sqrt((1 + 2 * nearer) / values.Length);
    }
}
