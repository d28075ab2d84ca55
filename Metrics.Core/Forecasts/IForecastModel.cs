namespace Metrics.Core.Forecasts;

/// <summary>What a model says of the periods after its last value.</summary>
/// <param name="Values">One for each period, the nearest first.</param>
/// <param name="Errors">The standard error of each, from the errors that the model made on the values it was fitted to.</param>
public sealed record Projection(IReadOnlyList<double> Values, IReadOnlyList<double> Errors)
{
    /// <summary>The normal quantile of 80 % between both ends.</summary>
    private const double Z80 = 1.2815515655446004;

    private const double Z95 = 1.959963984540054;

    /// <summary>Between which values 80 of 100 such periods lie, if they go on as they did.</summary>
    public (double Low, double High) Band80(int step) => Band(step, Z80);

    public (double Low, double High) Band95(int step) => Band(step, Z95);

    private (double Low, double High) Band(int step, double z) => (Values[step] - z * Errors[step], Values[step] + z * Errors[step]);
}

/// <summary>A way to go on from the values of consecutive periods.</summary>
public interface IForecastModel
{
    /// <summary>What it is called in sentences: "seasonal naive", "Holt-Winters, additive".</summary>
    string Name { get; }

    /// <summary>The periods after the values, oldest first; null for values that it cannot be fitted to, such as too few.</summary>
    Projection? Forecast(IReadOnlyList<double> values, int steps);
}
