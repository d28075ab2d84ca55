using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Signals;
using NUnit.Framework;

namespace Metrics.Core.Tests.Signals;

/// <summary>What limits and rules do whatever the figures are. Around 10 with a range of 1 the limits are 7.34 and 12.66.</summary>
public sealed class SignalDetectorTests
{
    private static readonly ProcessLimits Ten = new(10, 1, 24, LimitMethod.Mean);

    [TestCase("10 10 13", "OutsideLimits Above", Description = "a move of 3 is within its limit of 3.268")]
    [TestCase("10 10 12.66", "", Description = "a value on the limit is inside")]
    [TestCase("8 10 11.5", "")]
    [TestCase("8.2 12", "WideMove Above")]
    [TestCase("8.2 - 12", "", Description = "no move is measured across a missing period")]
    [TestCase("11.4 11.4 10 11.4", "ThreeOfFour Above")]
    [TestCase("11.4 11.4 11.4 10", "ThreeOfFour Above")]
    [TestCase("11.4 11.4 8.6 8.6", "")]
    [TestCase("11.4 11.4 - 11.4", "")]
    [TestCase("9 9 9 9 9 9 9 9", "RunOfEight Below")]
    [TestCase("9 9 9 9 9 9 9", "")]
    [TestCase("9 9 9 9 10 9 9 9 9", "", Description = "a value equal to the mean breaks a run")]
    [TestCase("9 9 9 9 9 9 9 - 9", "", Description = "and so does a missing one")]
    public void A_rule_holds_or_does_not(string values, string expected)
    {
        decimal?[] series = [.. values.Split(' ').Select(value =>
            value == "-" ? (decimal?)null : decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];

        var newest = SignalDetector.Newest(series, Ten);

        Assert.That(newest is { } flag ? $"{flag.Rule} {flag.Side}" : "", Is.EqualTo(expected));
    }

    [Test]
    public void A_run_knows_since_when_and_how_long()
    {
        decimal?[] values = [11, .. Enumerable.Repeat((decimal?)9, 10)];

        Assert.That(SignalDetector.Newest(values, Ten), Is.EqualTo(new SignalFlag(10, SignalRule.RunOfEight, Side.Below, 1)));
        Assert.That(SignalDetector.Newest(values, Ten)!.Value.Length, Is.EqualTo(10));
    }

    [Test]
    public void A_baseline_with_a_gap_has_no_range_across_it()
    {
        var limits = ProcessLimits.Of([1, 3, null, 100, 102])!;

        Assert.That((limits.Center, limits.Range, limits.Points), Is.EqualTo((51.5m, 2m, 4)));
        Assert.That(ProcessLimits.Of([1, null, 3]), Is.Null);
    }

    [Test]
    public void Limits_are_provisional_below_sixteen_points()
    {
        Assert.That((Ten with { Points = 15 }).Provisional, Is.True);
        Assert.That((Ten with { Points = 16 }).Provisional, Is.False);
    }

    [Test]
    public void A_shift_or_another_unit_moves_the_limits_along_and_changes_no_flag() => Prop.ForAll(
        Arb.From(Series()), Arb.From(Gen.Choose(-1000, 1000)), Arb.From(Gen.Choose(1, 50)), (values, shift, scale) =>
        {
            decimal?[] moved = [.. values.Select(value => value * scale + shift)];
            foreach (var method in Enum.GetValues<LimitMethod>())
            {
                if (ProcessLimits.Of(values, method) is not { } limits || ProcessLimits.Of(moved, method) is not { } others)
                    continue;
                if (!Near(others.Upper, limits.Upper * scale + shift) || !Near(others.Lower, limits.Lower * scale + shift)
                    || !Near(others.UpperRange, limits.UpperRange * scale)
                    || !SignalDetector.All(values, limits with { Center = decimal.Round(limits.Center, 6) + 0.0000001m })
                        .SequenceEqual(SignalDetector.All(
                            moved, limits with
                            {
                                Center = (decimal.Round(limits.Center, 6) + 0.0000001m) * scale + shift, Range = limits.Range * scale,
                            })))
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_series_upside_down_has_the_same_flags_on_the_other_side() => Prop.ForAll(Arb.From(Series()), values =>
    {
        decimal?[] mirrored = [.. values.Select(value => -value)];
        if (ProcessLimits.Of(values) is not { } limits || ProcessLimits.Of(mirrored) is not { } others)
            return true;
        return others.Upper == -limits.Lower && others.Lower == -limits.Upper && SignalDetector.All(mirrored, others).SequenceEqual(
            SignalDetector.All(values, limits).Select(flag => flag with { Side = flag.Side == Side.Above ? Side.Below : Side.Above }));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void A_drift_is_found_that_no_single_value_shows()
    {
        decimal?[] values = [.. Enumerable.Range(0, 30).Select(i => (decimal?)(i % 2 == 0 ? 9.5m : 10.5m) + (i >= 20 ? 1.2m : 0))];

        var drift = Drift.Of(values, 10, 0.8865m);

        Assert.That(values.Select(value => Math.Abs(value!.Value - 10)), Is.All.LessThan(2.66m));
        Assert.That((drift.Side, drift.Since > 20), Is.EqualTo(((Side?)Side.Above, true)));
    }

    [TestCase(new[] { 5d, 5, 5, 5, 9 }, 3.9894)]
    [TestCase(new[] { 5d, 5, 5 }, 0)]
    public void Where_most_values_are_the_same_the_mean_deviation_stands_in(double[] values, double last)
    {
        var scores = Outliers.ModifiedZ([.. values.Select(value => (decimal)value)]);

        Assert.That(scores[^1], Is.EqualTo(last).Within(1e-3));
        Assert.That(scores[0], Is.Zero);
    }

    private static bool Near(decimal one, decimal other) => Math.Abs(one - other) < 1e-15m * (1 + Math.Abs(one));

    private static Gen<decimal?[]> Series() =>
        Gen.Choose(-11, 100).Select(value => value < -9 ? (decimal?)null : value).ListOf().Select(list => list.ToArray());
}
