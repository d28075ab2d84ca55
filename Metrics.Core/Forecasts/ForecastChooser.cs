namespace Metrics.Core.Forecasts;

/// <summary>The model that did best on values it did not see.</summary>
/// <param name="Rival">How the naive forecast did that it was held against.</param>
/// <param name="Season">The season of that naive forecast; 1 for none.</param>
public sealed record ChosenModel(IForecastModel Model, Backtest Backtest, Backtest Rival, int Season, Projection Projection);

/// <summary>
/// Chooses how to go on. With two full seasons and a hold-out: the best of seasonal naive, Holt-Winters and the two without seasons, and
/// none that loses to seasonal naive. With less: simple smoothing or Holt's trend, where they beat the naive forecast; else nothing.
/// </summary>
public static class ForecastChooser
{
    private const int FewestValues = 12;
    private const int Seasons = 2;

    /// <param name="values">Of consecutive periods, oldest first.</param>
    /// <param name="season">How many periods a season has; 1 for none.</param>
    public static ChosenModel? Choose(IReadOnlyList<double> values, int season, int steps)
    {
        // A quarter of a season is the least that says how well seasons are met, a whole one the most that is worth giving away. The
        // models need one value beyond two seasons to be fitted to.
        var spare = values.Count - Seasons * season - 1;
        return season > 1 && spare >= Math.Max(2, (season + 3) / 4)
            ? Best(
                values, Math.Min(season, spare), season, steps, new SeasonalNaive(season), mayBeRival: true,
                [
                    new HoltWinters(SeasonKind.Additive, season), new HoltWinters(SeasonKind.Multiplicative, season), new SimpleSmoothing(),
                    new Holt(),
                ])
            : values.Count < FewestValues ? null
            : Best(values, values.Count / 4, 1, steps, new Naive(), mayBeRival: false, [new SimpleSmoothing(), new Holt()]);
    }

    private static ChosenModel? Best(
        IReadOnlyList<double> values, int heldOut, int season, int steps, IForecastModel naive, bool mayBeRival,
        IReadOnlyList<IForecastModel> models)
    {
        if (Backtest.Of(naive, values, heldOut, season) is not { } rival)
            return null;

        var (best, shown) = (mayBeRival ? naive : null, rival);
        foreach (var model in models)
        {
            if (Backtest.Of(model, values, heldOut, season) is { } one && one.Mase < shown.Mase)
                (best, shown) = (model, one);
        }

        return best?.Forecast(values, steps) is { } projection
            && projection.Values.Concat(projection.Errors).All(value => double.IsFinite(value) && Math.Abs(value) < 1e24)
                ? new ChosenModel(best, shown, rival, season, projection)
                : null;
    }
}
