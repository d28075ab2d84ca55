namespace Metrics.Core.Forecasts;

/// <summary>How a model did on the last values, which it did not see.</summary>
/// <param name="HeldOut">How many values were kept from it.</param>
/// <param name="Mase">
/// The mean absolute scaled error: the mean error over the mean error that the (seasonal) naive forecast makes one step ahead on the
/// values before. Under 1 it is better than that.
/// </param>
public sealed record Backtest(int HeldOut, double Mase)
{
    /// <param name="season">The season of the naive forecast that errors are scaled by; 1 for none.</param>
    public static Backtest? Of(IForecastModel model, IReadOnlyList<double> values, int heldOut, int season)
    {
        double[] before = [.. values.Take(values.Count - heldOut)];
        if (heldOut < 1 || before.Length <= season || model.Forecast(before, heldOut) is not { } projection)
            return null;

        double scale = 0, errors = 0;
        for (var i = season; i < before.Length; i++)
            scale += Math.Abs(before[i] - before[i - season]);
        scale /= before.Length - season;
        for (var i = 0; i < heldOut; i++)
            errors += Math.Abs(values[before.Length + i] - projection.Values[i]);
        var mase = errors / heldOut / scale;
        return double.IsNaN(mase) ? new Backtest(heldOut, 0) : double.IsFinite(errors) ? new Backtest(heldOut, mase) : null;
    }
}
