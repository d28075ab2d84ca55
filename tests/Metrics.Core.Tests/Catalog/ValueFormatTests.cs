using System.Globalization;
using Metrics.Core.Catalog;
using NUnit.Framework;

namespace Metrics.Core.Tests.Catalog;

public sealed class ValueFormatTests
{
    [TestCase(Unit.Currency, "28850", "28920", "$28.850k $28.920k", Description = "more digits where the usual ones are the same")]
    [TestCase(Unit.Currency, "28850", "30100", "$28.9k $30.1k")]
    [TestCase(Unit.Currency, "9812.2", "9812.4", "$9,812.20 $9,812.40", Description = "in full where there is nothing between")]
    [TestCase(Unit.Percent, "0.9771", "0.9774", "97.71% 97.74%")]
    [TestCase(Unit.Count, "84", "84", "84 84")]
    public void Two_values_are_told_apart(Unit unit, string one, string other, string texts)
    {
        var (first, second) = new ValueFormat(unit, "USD").Apart(Number(one), Number(other));

        Assert.That($"{first} {second}", Is.EqualTo(texts));
    }

    [TestCase(Unit.Currency, "2462000", "2466000", "$2.462M $2.466M")]
    [TestCase(Unit.Currency, "2462000", "2562000", "$2.46M $2.56M")]
    [TestCase(Unit.Count, "12", "14", "12 14")]
    [TestCase(Unit.Percent, "0.9771", "0.9789", "97.71% 97.89%")]
    [TestCase(Unit.Duration, "3600", "3660", "1h 1h\u00A01m")]
    public void Two_values_with_a_difference_that_is_about_what_it_is(Unit unit, string one, string other, string texts)
    {
        var (first, second) = new ValueFormat(unit, "USD").Apart(Number(one), Number(other), faithful: true);

        Assert.That($"{first} {second}", Is.EqualTo(texts));
    }

    [TestCase(Unit.Currency, "2460123.45", "$2.46M")]
    [TestCase(Unit.Currency, "31000", "$31k")]
    [TestCase(Unit.Currency, "27640", "$27.6k")]
    [TestCase(Unit.Currency, "-18500", "−$18.5k")]
    [TestCase(Unit.Currency, "9999.4", "$9,999")]
    [TestCase(Unit.Currency, "9999.6", "$10k", Description = "rounding carries a value over to the next scale")]
    [TestCase(Unit.Currency, "999999", "$1.00M")]
    [TestCase(Unit.Currency, "2604000", "$2.60M", Description = "beside $2.61M")]
    [TestCase(Unit.Currency, "25960000", "$26.0M")]
    [TestCase(Unit.Currency, "260400000", "$260M")]
    [TestCase(Unit.Currency, "42.5", "$42.50")]
    [TestCase(Unit.Currency, "0", "$0")]
    [TestCase(Unit.Count, "178", "178")]
    [TestCase(Unit.Count, "63812", "63.8k")]
    [TestCase(Unit.Count, "1234", "1,234")]
    [TestCase(Unit.Count, "12.34", "12.3")]
    [TestCase(Unit.Percent, "1.016", "101.6%")]
    [TestCase(Unit.Percent, "0.0004", "0.0%")]
    [TestCase(Unit.Percent, "-0.0004", "0.0%", Description = "nothing is left to carry the sign")]
    [TestCase(Unit.Ratio, "1.8", "1.8×")]
    [TestCase(Unit.Score, "42", "42")]
    [TestCase(Unit.Score, "-7.25", "−7.3")]
    [TestCase(Unit.Duration, "45", "45s")]
    [TestCase(Unit.Duration, "11520", "3h\u00A012m")]
    [TestCase(Unit.Duration, "207360", "2.4d")]
    public void Compact_keeps_three_digits(Unit unit, string value, string expected) =>
        Assert.That(new ValueFormat(unit, "USD").Compact(Number(value)), Is.EqualTo(expected));

    [TestCase(Unit.Currency, "USD", "2460123.45", "$2,460,123.45")]
    [TestCase(Unit.Currency, "JPY", "2460123", "¥2,460,123")]
    [TestCase(Unit.Currency, "CHF", "-5", "−CHF\u00A05.00")]
    [TestCase(Unit.Count, "USD", "63812", "63,812")]
    [TestCase(Unit.Percent, "USD", "1.01587312", "101.5873%")]
    public void Exact_keeps_everything_a_person_counts(Unit unit, string currency, string value, string expected) =>
        Assert.That(new ValueFormat(unit, currency).Exact(Number(value)), Is.EqualTo(expected));

    [TestCase("0.061", "+6.1\u00A0%")]
    [TestCase("-0.182", "−18.2\u00A0%")]
    [TestCase("0.0004", "0.0\u00A0%")]
    [TestCase("-0.0004", "0.0\u00A0%")]
    [TestCase("12.5", "+1,250.0\u00A0%")]
    public void A_relative_change_has_a_sign(string fraction, string expected) =>
        Assert.That(ValueFormat.RelativeChange(Number(fraction)), Is.EqualTo(expected));

    [Test]
    public void A_change_of_a_percentage_is_in_points() =>
        Assert.That(ValueFormat.PointsChange(-0.012m), Is.EqualTo("−1.2\u00A0pp"));

    [Test]
    public void No_value_is_a_dash_and_not_a_zero()
    {
        var format = new ValueFormat(Unit.Currency, "EUR");
        Assert.That(new[] { format.Compact(null), format.Exact(null), format.Difference(null), ValueFormat.RelativeChange(null) }, Is.All.EqualTo("–"));
    }

    [Test]
    public void A_tile_can_ask_for_decimals() =>
        Assert.That(new ValueFormat(Unit.Count, "USD", Decimals: 2).Compact(12m), Is.EqualTo("12.00"));

    [Test]
    public void A_column_has_one_scale()
    {
        var column = new ValueFormat(Unit.Currency, "USD").ForColumn([2_564_000m, 2_100_000m, null]);
        Assert.That(new[] { column.Compact(2_564_000m), column.Compact(2_100_000m) }, Is.EqualTo(new[] { "$2.56M", "$2.10M" }));
    }

    [Test]
    public void A_column_of_very_different_values_leaves_each_its_own()
    {
        var column = new ValueFormat(Unit.Currency, "USD").ForColumn([2_564_000m, 310m]);
        Assert.That(column.Compact(310m), Is.EqualTo("$310"));
    }

    [Test]
    public void The_culture_of_the_machine_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.That(new ValueFormat(Unit.Currency, "EUR").Exact(1234.5m), Is.EqualTo("€1,234.50"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    [TestCase("2560000", "2564000", "$2.560M", "$2.564M")]
    [TestCase("2560000", "2580000", "$2.56M", "$2.58M")]
    [TestCase("2560000", "2560000", "$2.56M", "$2.56M")]
    [TestCase("2560000", "2560001", "$2.56M", "$2.56M", Description = "too close for anybody to care")]
    public void Values_are_told_apart_in_as_many_decimals_as_it_takes(string one, string other, string first, string second)
    {
        decimal[] values = [decimal.Parse(one, CultureInfo.InvariantCulture), decimal.Parse(other, CultureInfo.InvariantCulture)];

        var format = new ValueFormat(Unit.Currency, "USD").Telling(values);

        Assert.That(values.Select(value => format.Compact(value)), Is.EqualTo(new[] { first, second }));
    }
}
