using Metrics.Core.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Periods;

public sealed class ChangeTests
{
    [TestCase(110, 100, "0.1")]
    [TestCase(50, 100, "-0.5")]
    [TestCase(0, 100, "-1")]
    public void A_relative_change_is_a_fraction_of_the_base(decimal current, decimal previous, decimal change) =>
        Assert.That(Change.Relative(current, previous), Is.EqualTo(change));

    [TestCase(100, 0)]
    [TestCase(100, -100)]
    [TestCase(100, null)]
    [TestCase(null, 100)]
    public void Without_a_positive_base_there_is_no_relative_change(object? current, object? previous) =>
        Assert.That(Change.Relative((int?)current, (int?)previous), Is.Null);

    [TestCase(1)]
    [TestCase(-1)]
    public void A_base_of_rounding_noise_is_no_base(int sign) =>
        Assert.That(Change.Relative(sign * 10_000_000_000_000m, 0.000_000_000_000_000_055m), Is.Null);

    [Test]
    public void An_absolute_change_needs_both_figures_and_no_sign()
    {
        Assert.That(Change.Absolute(5, -10), Is.EqualTo(15));
        Assert.That(Change.Absolute(5, null), Is.Null);
        Assert.That(Change.Absolute(null, 5), Is.Null);
    }
}
