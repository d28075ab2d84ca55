namespace Metrics.Core.Signals;

/// <summary>A straight line through values by least squares, with what it says about itself.</summary>
/// <param name="Middle">The mean place of the values.</param>
/// <param name="Spread">The sum of the squared distances of the places from it.</param>
/// <param name="Error">The standard deviation of the values around the line.</param>
internal sealed record Line(double Level, double Slope, int Count, double Middle, double Spread, double Error)
{
    /// <summary>Beyond this many standard errors a slope is one: about one series of noise in two hundred has it by chance.</summary>
    private const double Significant = 3;

    /// <summary>The lag-1 autocorrelation of the values around the line.</summary>
    public double Correlation { get; private init; }

    /// <summary>
    /// Whether the values go up or down for good. Values that follow each other say less than their number, so the slope is held against
    /// the number of independent ones, n (1 − r) / (1 + r).
    /// </summary>
    public bool IsTrend
    {
        get
        {
            if (Count < ProcessLimits.FewestPoints || Slope == 0)
                return false;
            if (Error == 0)
                return true;
            var follows = Math.Clamp(Correlation, 0, 0.9);
            var standard = Error / Math.Sqrt(Spread) * Math.Sqrt((1 + follows) / (1 - follows));
            return Math.Abs(Slope) > Significant * standard;
        }
    }

    public double At(int place) => Level + Slope * (place - Middle);

    /// <summary>How unsure the line itself is at a place, in standard deviations of the values.</summary>
    public double Leverage(int place) => Math.Sqrt(1.0 / Count + (place - Middle) * (place - Middle) / Spread);

    /// <summary>Null for fewer than three values.</summary>
    public static Line? Through(IReadOnlyList<(int Place, double Value)> values)
    {
        if (values.Count < 3)
            return null;
        var middle = values.Average(point => (double)point.Place);
        var level = values.Average(point => point.Value);
        double spread = 0, product = 0;
        foreach (var (place, value) in values)
        {
            spread += (place - middle) * (place - middle);
            product += (place - middle) * (value - level);
        }

        // Equal figures have no slope, whatever adding them up leaves in the last digits.
        var slope = values.All(point => point.Value == values[0].Value) ? 0 : product / spread;
        double[] rest = [.. values.Select(point => point.Value - level - slope * (point.Place - middle))];
        var error = Math.Sqrt(rest.Sum(value => value * value) / (values.Count - 2));
        return new Line(level, slope, values.Count, middle, spread, error) { Correlation = Autocorrelation.Of(rest, 1) };
    }
}

/// <summary>How far a series resembles itself some periods earlier.</summary>
internal static class Autocorrelation
{
    /// <summary>As in R's <c>acf</c>: both parts around the mean of all, divided by the sum of all squares. 0 for a constant series.</summary>
    public static double Of(ReadOnlySpan<double> values, int lag) => Between(values, lag, lag)[0];

    /// <summary>The same for every number of periods from one on.</summary>
    public static double[] UpTo(ReadOnlySpan<double> values, int lag) => Between(values, 1, lag);

    private static double[] Between(ReadOnlySpan<double> values, int first, int last)
    {
        var answer = new double[last - first + 1];
        if (values.Length <= first)
            return answer;
        double mean = 0;
        foreach (var value in values)
            mean += value;
        mean /= values.Length;
        var away = new double[values.Length];
        double squares = 0;
        for (var i = 0; i < away.Length; i++)
        {
            away[i] = values[i] - mean;
            squares += away[i] * away[i];
        }

        // What is left of equal figures after subtracting them from each other is rounding, not variation.
        if (squares <= 1e-18 * values.Length * (mean * mean + 1e-300))
            return answer;

        for (var lag = first; lag <= last; lag++)
        {
            double products = 0;
            for (var i = lag; i < away.Length; i++)
                products += away[i] * away[i - lag];
            answer[lag - first] = products / squares;
        }

        return answer;
    }
}
