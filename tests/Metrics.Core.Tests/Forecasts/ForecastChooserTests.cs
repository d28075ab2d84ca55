using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Forecasts;
using NUnit.Framework;

namespace Metrics.Core.Tests.Forecasts;

/// <summary>Which model may speak, and when nobody does.</summary>
public sealed class ForecastChooserTests
{
    [Test]
    public void A_season_that_grows_is_left_to_Holt_and_Winters()
    {
        var chosen = ForecastChooser.Choose([.. Seasonal(48, growth: 2)], 12, 12)!;

        Assert.That(chosen.Model, Is.InstanceOf<HoltWinters>());
        Assert.That(chosen.Backtest.Mase, Is.LessThan(chosen.Rival.Mase));
        Assert.That(chosen.Backtest.HeldOut, Is.EqualTo(12), "one season");
    }

    [Test]
    public void A_season_that_only_comes_back_is_repeated()
    {
        var chosen = ForecastChooser.Choose([.. Seasonal(40, growth: 0)], 12, 12)!;

        Assert.That((chosen.Model, chosen.Backtest.Mase), Is.EqualTo((chosen.Model as SeasonalNaive, 0)));
        Assert.That(chosen.Projection.Values, Is.EqualTo(Seasonal(52, 0).Skip(40)));
    }

    [Test]
    public void Below_two_seasons_a_trend_is_shown_where_it_beats_the_last_value()
    {
        var chosen = ForecastChooser.Choose([.. Enumerable.Range(0, 20).Select(i => 100.0 + 3 * i + i % 2)], 12, 6)!;

        Assert.That(chosen.Model, Is.InstanceOf<Holt>());
        Assert.That(chosen.Projection.Values[5], Is.EqualTo(100 + 3 * 25 + 0.5).Within(1));
    }

    [TestCase(11, Description = "too few values")]
    [TestCase(20, Description = "nothing beats the last value of a constant")]
    public void Nothing_is_shown_where_nothing_can_be_trusted(int count)
    {
        Assert.That(ForecastChooser.Choose([.. Enumerable.Repeat(7.0, count)], 12, 6), Is.Null);
    }

    [Test]
    public void Whatever_the_values_are_the_choice_never_loses_to_the_naive_forecast_and_is_the_same_again() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40),
        Prop.ForAll(Arb.From(Gen.Choose(-50, 200).ListOf()), Arb.From(Gen.Elements(1, 4, 7)), (list, season) =>
        {
            double[] values = [.. list];
            var (one, two) = (ForecastChooser.Choose(values, season, 8), ForecastChooser.Choose(values, season, 8));
            return one is null == two is null && (one is null
                || (one.Backtest.Mase <= one.Rival.Mase && one.Projection.Values.SequenceEqual(two!.Projection.Values)
                    && one.Projection.Errors.All(error => error >= 0)));
        }));

    [Test]
    public void The_bands_hold_what_they_say()
    {
        var projection = new SimpleSmoothing().Forecast([.. Enumerable.Range(0, 30).Select(i => 10.0 + i * 7 % 5)], 3)!;

        for (var step = 0; step < 3; step++)
        {
            var (near, wide) = (projection.Band80(step), projection.Band95(step));
            Assert.That(wide.Low < near.Low && near.Low < projection.Values[step] && near.High < wide.High, Is.True);
        }

        Assert.That(projection.Errors, Is.Ordered);
    }

    private static IEnumerable<double> Seasonal(int count, double growth) =>
        Enumerable.Range(0, count).Select(i => 200 + growth * i + 40 * Math.Sin(Math.PI * (i % 12) / 6) + (growth > 0 ? i * 5 % 3 : 0));
}
