using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Targets;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

public sealed class LandingTests
{
    [Test]
    public void The_band_is_the_spread_of_earlier_errors_by_students_t()
    {
        // Errors of -2, -1, 1 and 2 %: mean 0, s = √(10 / 3) %; t for three degrees of freedom is 1.638.
        var landing = Landing.FromErrors(1000, [-0.02m, -0.01m, 0.01m, 0.02m], 1000)!;
        var half = 1.638 * Math.Sqrt(10 / 3.0) * Math.Sqrt(1.25) * 10;

        Assert.That((double)landing.High, Is.EqualTo(1000 + half).Within(1e-9));
        Assert.That((double)landing.Low, Is.EqualTo(1000 - half).Within(1e-9));
        Assert.That((landing.Value, landing.Basis, landing.Cases), Is.EqualTo((1000m, LandingBasis.EarlierPeriods, 4)));
    }

    [Test]
    public void Earlier_periods_that_always_ended_higher_move_the_band_and_not_the_projection()
    {
        var landing = Landing.FromErrors(1000, [0.09m, 0.1m, 0.1m, 0.11m], 1000)!;

        Assert.That((landing.Low, landing.Value), Is.EqualTo((1000m, 1000m)));
        Assert.That(landing.High, Is.GreaterThan(1100));
    }

    [Test]
    public void Fewer_than_four_cases_give_no_band()
    {
        Assert.That(Landing.FromErrors(1000, [0.1m, 0.2m, 0.3m], 1000), Is.Null);
        Assert.That(Landing.FromVariation(1000, [1, -1, 0], 20), Is.Null);
    }

    [Test]
    public void What_remains_varies_as_the_elapsed_days_did()
    {
        // s = √(4 / 3); four more days, and a mean that is known from four: √(4 + 16 / 4).
        var landing = Landing.FromVariation(100, [1, -1, 1, -1], 4)!;

        Assert.That((double)(landing.High - 100), Is.EqualTo(1.638 * Math.Sqrt(4 / 3.0) * Math.Sqrt(8)).Within(1e-9));
        Assert.That((landing.Basis, landing.Cases), Is.EqualTo((LandingBasis.Variation, 4)));
    }

    [Test]
    public void What_only_grows_does_not_land_below_what_is_reached()
    {
        var landing = Landing.FromVariation(100, [10, -10, 10, -10], 4)!;

        Assert.That(landing.NotBelow(95).Low, Is.EqualTo(95));
        Assert.That(landing.NotBelow(120).Low, Is.EqualTo(100), "and the projection stays inside");
    }

    [Test]
    public void The_projection_is_always_inside_its_band() =>
        Prop.ForAll(
            Gen.Choose(-1000, 1000).Select(error => error / 1000m).ArrayOf(8).ToArbitrary(), Gen.Choose(-5000, 5000).ToArbitrary(),
            (errors, projection) =>
            {
                var landings = new[] { Landing.FromErrors(projection, errors, Math.Abs(projection))!, Landing.FromVariation(projection, errors, 12)! };
                return landings.All(landing => landing.Low <= landing.Value && landing.Value <= landing.High && landing.Value == projection);
            }).QuickCheckThrowOnFailure();
}
