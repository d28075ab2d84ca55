namespace Metrics.Core.Forecasts;

/// <summary>
/// A level that follows the values: simple exponential smoothing. The start is the one that fits best, and the bands are those of the
/// state space model (N,A,N), as R's <c>forecast::ses</c> has them.
/// </summary>
public sealed class SimpleSmoothing : IForecastModel
{
    public string Name => "simple smoothing";

    public Projection? Forecast(IReadOnlyList<double> values, int steps) => StateSmoothing.Fit([.. values], withTrend: false)?.Project(steps);

    /// <summary>The model with smoothing that is given, started with the first value, and bands as in R's <c>HoltWinters</c>.</summary>
    public static SmoothingFit? Fit(IReadOnlyList<double> values, double alpha) =>
        values.Count < 2 ? null : SmoothingFit.Of([.. values], values[0], 0, 1, alpha, 0);
}

/// <summary>A level and a trend that follow the values; as <see cref="SimpleSmoothing"/>, by the model (A,A,N) of <c>forecast::holt</c>.</summary>
public sealed class Holt : IForecastModel
{
    public string Name => "Holt's trend";

    public Projection? Forecast(IReadOnlyList<double> values, int steps) => StateSmoothing.Fit([.. values], withTrend: true)?.Project(steps);

    /// <summary>The model with smoothing that is given, started with the second value and the first move.</summary>
    public static SmoothingFit? Fit(IReadOnlyList<double> values, double alpha, double beta) =>
        values.Count < 3 ? null : SmoothingFit.Of([.. values], values[1], values[1] - values[0], 2, alpha, beta);
}

/// <summary>Smoothing without seasons that was fitted.</summary>
/// <param name="Fitted">What it would have said one step ahead, from the first value on that was not used for the start.</param>
/// <param name="Variance">Of one step ahead.</param>
/// <param name="Beta">As a share of alpha's correction that the trend takes, as R's <c>HoltWinters</c> has it.</param>
public sealed record SmoothingFit(
    IReadOnlyList<double> Fitted, double SquaredErrors, double Variance, double Level, double Trend, double Alpha, double Beta)
{
    public Projection Project(int steps)
    {
        var (points, errors) = (new double[steps], new double[steps]);
        var growth = 1.0;
        for (var step = 1; step <= steps; step++)
        {
            points[step - 1] = Level + step * Trend;
            errors[step - 1] = Math.Sqrt(Variance * growth);
            growth += Math.Pow(Alpha * (1 + step * Beta), 2);
        }

        return new Projection(points, errors);
    }

    internal static SmoothingFit Of(double[] values, double level, double trend, int from, double alpha, double beta)
    {
        var fitted = new double[values.Length - from];
        var sum = 0.0;
        for (var i = from; i < values.Length; i++)
        {
            fitted[i - from] = level + trend;
            sum += Math.Pow(values[i] - fitted[i - from], 2);
            var before = level;
            level = alpha * values[i] + (1 - alpha) * (level + trend);
            trend = beta * (level - before) + (1 - beta) * trend;
        }

        return new SmoothingFit(
            fitted, sum, Variation.Of([.. fitted.Select((value, i) => values[i + from] - value)]), level, trend, alpha, beta);
    }
}

/// <summary>
/// Finds smoothing and start together. For given smoothing the errors are linear in the start, so that the best start is that of a least
/// squares problem with one or two unknowns, and only the smoothing is searched for.
/// </summary>
internal static class StateSmoothing
{
    private const double Low = 1e-4;
    private const double High = 0.9999;
    private const int FewestValues = 4;

    // The whole range is looked at first, because errors can have several valleys.
    private static readonly double[] Grid = [0.05, 0.2, 0.5, 0.8, 0.99];

    public static SmoothingFit? Fit(double[] values, bool withTrend)
    {
        if (values.Length < FewestValues + (withTrend ? 2 : 0))
            return null;

        double[][] places = withTrend
            ? [.. Grid.SelectMany(alpha => Grid.Select(share => (double[])[alpha, share])), .. Grid.Select(alpha => (double[])[alpha, Low])]
            : [.. Grid.Select(alpha => (double[])[alpha])];
        var start = places.MinBy(place => Best(values, place).Errors)!;
        var place = BoxSearch.Minimize(at => Best(values, at).Errors, start, Low, High).Place;
        var (errors, level, trend) = Best(values, place);
        var unknowns = withTrend ? 4 : 2;
        if (!double.IsFinite(errors) || values.Length <= unknowns)
            return null;
        var fit = SmoothingFit.Of(values, level, trend, 0, place[0], BetaOf(place));
        return fit with { Variance = fit.SquaredErrors / (values.Length - unknowns) };
    }

    private static double BetaOf(double[] place) => place.Length > 1 ? place[1] : 0;

    /// <summary>The smallest sum of squared errors with some smoothing, and the start that has it.</summary>
    private static (double Errors, double Level, double Trend) Best(double[] values, double[] place)
    {
        var (alpha, beta, withTrend) = (place[0], BetaOf(place), place.Length > 1);

        // What is expected is what follows from values alone plus the shares that the two start values still have in it.
        double level = 0, trend = 0, levelOfLevel = 1, trendOfLevel = 0, levelOfTrend = 0, trendOfTrend = 1;
        double aa = 0, ab = 0, bb = 0, ay = 0, by = 0, yy = 0;
        foreach (var value in values)
        {
            var rest = value - (level + trend);
            var a = levelOfLevel + trendOfLevel;
            var b = withTrend ? levelOfTrend + trendOfTrend : 0;
            (aa, ab, bb, ay, by, yy) = (aa + a * a, ab + a * b, bb + b * b, ay + a * rest, by + b * rest, yy + rest * rest);
            (level, trend) = Step(level, trend, alpha * value);
            (levelOfLevel, trendOfLevel) = Step(levelOfLevel, trendOfLevel, 0);
            (levelOfTrend, trendOfTrend) = Step(levelOfTrend, withTrend ? trendOfTrend : 0, 0);
        }

        var determinant = aa * bb - ab * ab;
        var (first, second) = withTrend && determinant > 1e-12 * aa * bb
            ? ((ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant)
            : (ay / aa, 0.0);
        var errors = yy - 2 * (first * ay + second * by) + first * first * aa + 2 * first * second * ab + second * second * bb;
        return (double.IsFinite(errors) ? Math.Max(0, errors) : double.PositiveInfinity, first, second);

        (double Level, double Trend) Step(double before, double along, double correction)
        {
            var next = correction + (1 - alpha) * (before + along);
            return (next, withTrend ? beta * (next - before) + (1 - beta) * along : 0);
        }
    }
}
