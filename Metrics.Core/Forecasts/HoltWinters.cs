namespace Metrics.Core.Forecasts;

/// <summary>How seasons and level go together.</summary>
public enum SeasonKind
{
    /// <summary>A season adds the same amount whatever the level is.</summary>
    Additive,

    /// <summary>A season adds the same share of the level; for positive values only.</summary>
    Multiplicative,
}

/// <summary>How quickly level, trend and seasons follow new values, each 0 (never) to 1 (at once).</summary>
public sealed record Smoothing(double Alpha, double Beta, double Gamma);

/// <summary>
/// Level, trend and seasons that are smoothed exponentially, as R's <c>stats::HoltWinters</c> does it: start values from a decomposition
/// of the first two seasons, smoothing that makes the sum of the squared errors of one step ahead smallest, bands as its
/// <c>predict</c>.
/// </summary>
public sealed class HoltWinters(SeasonKind kind, int season) : IForecastModel
{
    /// <summary>From how many seasons the start values are taken.</summary>
    private const int StartSeasons = 2;

    // Where R begins to search, and a place with seasons that follow at once, for series with several valleys.
    private static readonly double[][] Starts = [[0.3, 0.1, 0.1], [0.2, 0.02, 0.9]];

    public string Name => kind == SeasonKind.Additive ? "Holt-Winters, additive" : "Holt-Winters, multiplicative";

    public Projection? Forecast(IReadOnlyList<double> values, int steps) => Fit(values)?.Project(steps);

    /// <summary>The model fitted to values; null for fewer than two seasons and one value, and for a season of shares of values that are not positive.</summary>
    public HoltWintersFit? Fit(IReadOnlyList<double> values)
    {
        if (!CanFit(values))
            return null;

        double[] own = [.. values];
        var start = StartOf(own);
        var seasons = new double[own.Length];
        var (best, errors) = Starts
            .Select(from => BoxSearch.Minimize(place => ErrorOf(own, start, place[0], place[1], place[2], seasons), from, 0, 1))
            .MinBy(found => found.Value);
        return double.IsFinite(errors) ? At(own, start, new Smoothing(best[0], best[1], best[2])) : null;
    }

    /// <summary>The model with smoothing that is given; null as <see cref="Fit(IReadOnlyList{double})"/>.</summary>
    public HoltWintersFit? Fit(IReadOnlyList<double> values, Smoothing smoothing) =>
        CanFit(values) ? At([.. values], StartOf([.. values]), smoothing) : null;

    private bool CanFit(IReadOnlyList<double> values) =>
        season > 1 && values.Count > StartSeasons * season && (kind == SeasonKind.Additive || values.All(value => value > 0));

    private Start StartOf(double[] values)
    {
        var parts = Decomposition.Of(values[..(StartSeasons * season)], season, kind);
        var trend = parts.Trend.OfType<double>().ToArray();
        var middle = (trend.Length + 1) / 2.0;
        double spread = 0, product = 0;
        for (var i = 0; i < trend.Length; i++)
        {
            spread += (i + 1 - middle) * (i + 1 - middle);
            product += (i + 1 - middle) * trend[i];
        }

        var slope = spread > 0 ? product / spread : 0;
        return new Start(trend.Average() - slope * middle, slope, [.. parts.Figure]);
    }

    /// <summary>The sum of the squared errors of one step ahead, without anything else, because a search asks for hundreds of them.</summary>
    private double ErrorOf(double[] values, Start start, double alpha, double beta, double gamma, double[] seasons)
    {
        start.Seasons.CopyTo(seasons, 0);
        var (level, trend, sum) = (start.Level, start.Trend, 0.0);
        var isAdditive = kind == SeasonKind.Additive;
        for (var i = season; i < values.Length; i++)
        {
            var last = seasons[i - season];
            var expected = isAdditive ? level + trend + last : (level + trend) * last;
            sum += (values[i] - expected) * (values[i] - expected);
            var before = level;
            level = alpha * (isAdditive ? values[i] - last : values[i] / last) + (1 - alpha) * (level + trend);
            trend = beta * (level - before) + (1 - beta) * trend;
            seasons[i] = gamma * (isAdditive ? values[i] - level : values[i] / level) + (1 - gamma) * last;
        }

        return double.IsFinite(sum) ? sum : double.PositiveInfinity;
    }

    private HoltWintersFit At(double[] values, Start start, Smoothing smoothing)
    {
        var (alpha, beta, gamma) = smoothing;
        var fitted = new double[values.Length - season];
        var seasons = new double[values.Length];
        start.Seasons.CopyTo(seasons, 0);
        var (level, trend, sum) = (start.Level, start.Trend, 0.0);
        var isAdditive = kind == SeasonKind.Additive;
        for (var i = season; i < values.Length; i++)
        {
            var last = seasons[i - season];
            fitted[i - season] = isAdditive ? level + trend + last : (level + trend) * last;
            sum += Math.Pow(values[i] - fitted[i - season], 2);
            var before = level;
            level = alpha * (isAdditive ? values[i] - last : values[i] / last) + (1 - alpha) * (level + trend);
            trend = beta * (level - before) + (1 - beta) * trend;
            seasons[i] = gamma * (isAdditive ? values[i] - level : values[i] / level) + (1 - gamma) * last;
        }

        return new HoltWintersFit
        {
            Kind = kind, Smoothing = smoothing, StartLevel = start.Level, StartTrend = start.Trend, StartSeasons = start.Seasons,
            Fitted = fitted, SquaredErrors = sum, Variance = Variation.Of([.. fitted.Select((value, i) => values[i + season] - value)]),
            Level = level, Trend = trend, Seasons = seasons[^season..],
        };
    }

    private sealed record Start(double Level, double Trend, double[] Seasons);
}

/// <summary>A Holt-Winters model that was fitted.</summary>
public sealed record HoltWintersFit
{
    public required SeasonKind Kind { get; init; }

    public required Smoothing Smoothing { get; init; }

    public required double StartLevel { get; init; }

    public required double StartTrend { get; init; }

    public required IReadOnlyList<double> StartSeasons { get; init; }

    /// <summary>What it would have said one step ahead, from the second season on.</summary>
    public required IReadOnlyList<double> Fitted { get; init; }

    /// <summary>The sum of the squared errors of <see cref="Fitted"/>.</summary>
    public required double SquaredErrors { get; init; }

    /// <summary>The variance of the errors around their mean.</summary>
    public required double Variance { get; init; }

    public required double Level { get; init; }

    public required double Trend { get; init; }

    /// <summary>The last season, oldest period first.</summary>
    public required IReadOnlyList<double> Seasons { get; init; }

    /// <param name="asR">
    /// Whether the bands of a multiplicative season are those of R's <c>predict</c>. It counts the error of the period itself with
    /// α + γ (1 − α) instead of 1, and takes the trend for the relative of the last period of a season, which makes bands so narrow that
    /// far fewer values lie inside than they say.
    /// </param>
    public Projection Project(int steps, bool asR = false)
    {
        var (points, errors) = (new double[steps], new double[steps]);
        for (var step = 1; step <= steps; step++)
        {
            var along = Level + step * Trend;
            var last = SeasonAt(step);
            points[step - 1] = Kind == SeasonKind.Additive ? along + last : along * last;
            errors[step - 1] = Math.Sqrt(Variance * Growth(step, asR));
        }

        return new Projection(points, errors);
    }

    /// <summary>By what the variance of one step ahead is multiplied some steps ahead (Yar and Chatfield, 1990).</summary>
    private double Growth(int step, bool asR)
    {
        double sum = 0;
        for (var j = 0; j < step; j++)
        {
            var weight = j == 0 && !(asR && Kind == SeasonKind.Multiplicative) ? 1 : Psi(j);
            if (Kind == SeasonKind.Multiplicative)
                weight *= SeasonAt(step) / (asR && (step - j) % Seasons.Count == 0 ? Trend : SeasonAt(step - j));
            sum += weight * weight;
        }

        return sum;
    }

    private double Psi(int j) =>
        Smoothing.Alpha * (1 + j * Smoothing.Beta) + (j % Seasons.Count == 0 ? Smoothing.Gamma * (1 - Smoothing.Alpha) : 0);

    private double SeasonAt(int step) => Seasons[(step - 1) % Seasons.Count];
}

/// <summary>A series as trend, seasons and the rest, by moving means, as R's <c>stats::decompose</c> does it.</summary>
/// <param name="Trend">The mean of one season around each value; null for half a season at both ends.</param>
/// <param name="Figure">What each period of the season adds, or multiplies by, from the period that the values begin with.</param>
public sealed record Decomposition(IReadOnlyList<double?> Trend, IReadOnlyList<double> Figure)
{
    /// <param name="values">At least two full seasons.</param>
    public static Decomposition Of(IReadOnlyList<double> values, int season, SeasonKind kind)
    {
        var trend = new double?[values.Count];
        var half = season / 2;
        for (var i = half; i < values.Count - half; i++)
        {
            double sum = 0;
            for (var j = -half; j <= half; j++)
                sum += values[i + j] * (season % 2 == 0 && Math.Abs(j) == half ? 0.5 : 1);
            trend[i] = sum / season;
        }

        var (sums, counts) = (new double[season], new int[season]);
        for (var i = 0; i < trend.Length; i++)
        {
            if (trend[i] is not { } middle)
                continue;
            sums[i % season] += kind == SeasonKind.Additive ? values[i] - middle : values[i] / middle;
            counts[i % season]++;
        }

        double[] figure = [.. sums.Select((sum, i) => sum / counts[i])];
        var mean = figure.Average();
        return new Decomposition(trend, [.. figure.Select(one => kind == SeasonKind.Additive ? one - mean : one / mean)]);
    }
}

internal static class Variation
{
    /// <summary>The variance of a sample around its mean; 0 for fewer than two values.</summary>
    public static double Of(double[] values)
    {
        if (values.Length < 2)
            return 0;
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
