using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using static System.FormattableString;

namespace Metrics.Core.Forecasts;

/// <summary>What is expected of a period that is not over.</summary>
/// <param name="Key">The period as addresses spell it.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="ShortLabel">The same where space is short.</param>
/// <param name="Low80">With <paramref name="High80"/> what 80 of 100 such periods lie between; floored at 0 for what cannot be negative.</param>
public sealed record ForecastPoint(
    Period Period, string Key, string Label, string ShortLabel, decimal Value, decimal Low80, decimal High80, decimal Low95, decimal High95);

/// <summary>The next periods of a series, by the model that did best on values it did not see.</summary>
/// <param name="Model">"Holt-Winters, additive".</param>
/// <param name="Mase">Its error on the hold-out in errors of the naive forecast one step ahead; see <see cref="Backtest"/>.</param>
/// <param name="RivalMase">The same of the naive forecast, which it does not lose to.</param>
/// <param name="HeldOut">How many periods were kept from it.</param>
/// <param name="Points">The periods after the newest complete one, nearest first.</param>
public sealed record Forecast(
    string Model, decimal Mase, decimal RivalMase, int HeldOut, IReadOnlyList<ForecastPoint> Points, Grain Grain, ValueFormat Format)
{
    /// <summary>"About $2.51M in W50, with 80 % between $2.47M and $2.55M."</summary>
    public string InWords => $"About {Format.Compact(Points[^1].Value)} in {Points[^1].Label}, with 80\u00A0% between "
        + $"{Format.Compact(Points[^1].Low80)} and {Format.Compact(Points[^1].High80)}.";

    /// <summary>"By Holt-Winters, additive. On the last 12 months it erred by 0.61 (MASE); repeating the year before by 0.98."</summary>
    public string ModelInWords
    {
        get
        {
            var last = Invariant($"the last {HeldOut} {Grain.Name()}s");
            var naive = Season == 1 ? "going on with the last value"
                : Grain == Grain.Day ? "repeating the week before" : "repeating the year before";
            return Model == new SeasonalNaive(Season).Name
                ? Invariant($"By {naive}, which no other model beat on {last} (MASE {Mase:0.00}).")
                : Invariant($"By {Model}: on {last} its error was {Mase:0.00} (MASE), that of {naive} {RivalMase:0.00}.");
        }
    }

    private int Season { get; init; } = 1;

    /// <summary>How many periods ahead a person looks.</summary>
    public static int StepsOf(Grain grain) => grain switch
    {
        Grain.Day => 14,
        Grain.Week => 13,
        Grain.Month => 12,
        Grain.Quarter => 4,
        _ => 2,
    };

    /// <summary>How many periods a forecast is made from at most: four years, or three months of days.</summary>
    public static int HistoryOf(Grain grain) => grain switch
    {
        Grain.Day => 92,
        Grain.Week => 209,
        Grain.Month => 73,
        Grain.Quarter => 41,
        _ => 20,
    };

    /// <summary>The periods after the newest complete one; null where no model can be shown.</summary>
    /// <param name="values">Consecutive periods, oldest first, as they are known; those after the last gap count.</param>
    public static Forecast? Of(Metric metric, ReportingCalendar calendar, Grain grain, ValueFormat format, IReadOnlyList<PeriodValue> values)
    {
        var end = values.Count;
        while (end > 0 && values[end - 1] is not { Complete: true, Value: not null })
            end--;
        var first = end;
        while (first > 0 && values[first - 1] is { Complete: true, Value: not null })
            first--;
        double[] known = [.. values.Take(end).Skip(first).Select(value => (double)value.Value!.Value)];
        var season = Seasonality.LengthOf(grain);
        if (ForecastChooser.Choose(known, season, StepsOf(grain)) is not { } chosen)
            return null;

        var floor = metric.Unit is Unit.Count or Unit.Currency or Unit.Percent or Unit.Duration && known.All(value => value >= 0)
            ? 0
            : double.NegativeInfinity;
        var newest = values[end - 1].Period;
        return new Forecast(
            chosen.Model.Name, Number(chosen.Backtest.Mase), Number(chosen.Rival.Mase), chosen.Backtest.HeldOut,
            [.. Enumerable.Range(1, chosen.Projection.Values.Count).Select(PointOf)], grain, format)
        {
            Season = chosen.Season,
        };

        ForecastPoint PointOf(int step)
        {
            var period = calendar.Shift(grain, newest, step);
            var (low80, high80) = chosen.Projection.Band80(step - 1);
            var (low95, high95) = chosen.Projection.Band95(step - 1);
            return new ForecastPoint(
                period, calendar.Key(grain, period), calendar.Label(grain, period), calendar.ShortLabel(grain, period),
                Number(Math.Max(floor, chosen.Projection.Values[step - 1])), Number(Math.Max(floor, low80)), Number(Math.Max(floor, high80)),
                Number(Math.Max(floor, low95)), Number(Math.Max(floor, high95)));
        }
    }

    private static decimal Number(double value) => (decimal)Math.Min(value, 1e24);
}
