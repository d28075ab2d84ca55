namespace Metrics.Core.Forecasts;

/// <summary>The last value again: what any other forecast without seasons has to beat.</summary>
public sealed class Naive : IForecastModel
{
    public string Name => "naive";

    public Projection? Forecast(IReadOnlyList<double> values, int steps) => new SeasonalNaive(1).Forecast(values, steps) is { } found
        ? found with { Values = [.. Enumerable.Repeat(values[^1], steps)] }
        : null;
}

/// <summary>The value of the same period a season before: what any forecast with seasons has to beat.</summary>
/// <param name="season">How many periods a season has.</param>
public sealed class SeasonalNaive(int season) : IForecastModel
{
    public string Name => "seasonal naive";

    /// <summary>Null without a full season and one value more.</summary>
    public Projection? Forecast(IReadOnlyList<double> values, int steps)
    {
        if (values.Count <= season)
            return null;

        double squares = 0;
        for (var i = season; i < values.Count; i++)
            squares += (values[i] - values[i - season]) * (values[i] - values[i - season]);
        var error = Math.Sqrt(squares / (values.Count - season));
        return new Projection(
            [.. Enumerable.Range(0, steps).Select(step => values[values.Count - season + step % season])],
            [.. Enumerable.Range(0, steps).Select(step => error * Math.Sqrt(step / season + 1))]);
    }
}

/// <summary>The last value and the mean move from one to the next: the line through the first and the last.</summary>
public sealed class DriftForecast : IForecastModel
{
    public string Name => "naive with drift";

    public Projection? Forecast(IReadOnlyList<double> values, int steps)
    {
        if (values.Count < 3)
            return null;

        var moves = values.Count - 1;
        var mean = (values[^1] - values[0]) / moves;
        double squares = 0;
        for (var i = 1; i < values.Count; i++)
            squares += Math.Pow(values[i] - values[i - 1] - mean, 2);
        var error = Math.Sqrt(squares / (moves - 1));
        return new Projection(
            [.. Enumerable.Range(1, steps).Select(step => values[^1] + step * mean)],
            [.. Enumerable.Range(1, steps).Select(step => error * Math.Sqrt(step * (1 + (double)step / moves)))]);
    }
}
