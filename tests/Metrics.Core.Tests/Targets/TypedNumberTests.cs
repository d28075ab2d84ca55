using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Targets;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

public sealed class TypedNumberTests
{
    private static readonly CalendarSettings Point = new() { Currency = "EUR" };
    private static readonly CalendarSettings Comma = Point with { DecimalComma = true };

    [TestCase("2550000", "2550000")]
    [TestCase("2,550,000", "2550000")]
    [TestCase("2.550.000", "2550000")]
    [TestCase("2 550 000", "2550000")]
    [TestCase("2\u202F550\u00A0000", "2550000")]
    [TestCase("2'550'000", "2550000")]
    [TestCase("2,550,000.50", "2550000.5")]
    [TestCase("2.550.000,50", "2550000.5")]
    [TestCase("€2.55M", "2550000")]
    [TestCase("2,55 Mio. €", "2550000")]
    [TestCase("EUR 31k", "31000")]
    [TestCase("1.5bn", "1500000000")]
    [TestCase("-1,250.0", "-1250")]
    [TestCase("\u22121250", "-1250")]
    [TestCase("(1 250)", "-1250")]
    [TestCase("-€5", "-5")]
    [TestCase("€-5", "-5")]
    [TestCase("+12", "12")]
    [TestCase(".5", "0.5")]
    [TestCase("0,125", "0.125")]
    [TestCase("1,5", "1.5")]
    [TestCase("12,34", "12.34")]
    [TestCase(" 7 ", "7")]
    public void An_amount_is_understood_in_both_conventions(string text, string value)
    {
        foreach (var habit in (CalendarSettings[])[Point, Comma])
            Assert.That(TypedNumber.Read(text, Money, habit), Is.EqualTo((Of(value), (string?)null)), $"{text}, comma: {habit.DecimalComma}");
    }

    [TestCase("1.234", "1.234", "1234")]
    [TestCase("1,234", "1234", "1.234")]
    [TestCase("12,500k", "12500000", "12500")]
    public void What_could_be_either_is_read_by_the_habit_of_the_workspace(string text, string byPoint, string byComma)
    {
        Assert.That(TypedNumber.Read(text, Money, Point).Value, Is.EqualTo(Of(byPoint)));
        Assert.That(TypedNumber.Read(text, Money, Comma).Value, Is.EqualTo(Of(byComma)));
    }

    [TestCase("104%", "1.04")]
    [TestCase("3,5 %", "0.035")]
    [TestCase("0.05", "0.05")]
    public void A_rate_is_a_percentage_or_a_fraction(string text, string value) =>
        Assert.That(TypedNumber.Read(text, Money with { Unit = Unit.Percent }, Point).Value, Is.EqualTo(Of(value)));

    [TestCase("3h", 10_800)]
    [TestCase("90 min", 5_400)]
    [TestCase("2d", 172_800)]
    [TestCase("45", 45)]
    public void A_length_of_time_has_its_own_letters(string text, int seconds) =>
        Assert.That(TypedNumber.Read(text, Money with { Unit = Unit.Duration }, Point).Value, Is.EqualTo(seconds));

    [TestCase("many")]
    [TestCase("1,23,456")]
    [TestCase("1.2.3")]
    [TestCase("1,234.567,8")]
    [TestCase("12e5")]
    [TestCase("--5")]
    [TestCase("€")]
    [TestCase("5%")]
    [TestCase("$5")]
    [TestCase("999999999999999999999999999999")]
    [TestCase("9999999999999999B")]
    [TestCase("1'23")]
    public void What_is_no_number_of_the_metric_is_refused_with_a_reason(string text)
    {
        var (value, fault) = TypedNumber.Read(text, Money, Point);

        Assert.That(value, Is.Null);
        Assert.That(fault, Is.Not.Empty);
    }

    [Test]
    public void A_count_is_no_amount_of_money() =>
        Assert.That(TypedNumber.Read("€5", Money with { Unit = Unit.Count }, Point).Fault, Is.EqualTo("'€5' is an amount of money, but Revenue is none."));

    [Test]
    public void What_a_cell_shows_is_read_back_exactly() =>
        Prop.ForAll(
            (from cents in Gen.Choose(int.MinValue, int.MaxValue) from digits in Gen.Choose(0, 8) select cents / (decimal)Math.Pow(10, digits)).ToArbitrary(),
            Gen.Elements(Unit.Currency, Unit.Count, Unit.Percent, Unit.Ratio, Unit.Score, Unit.Duration).ToArbitrary(),
            Gen.Elements(Point, Comma).ToArbitrary(),
            (value, unit, habit) => TypedNumber.Read(TypedNumber.Write(value, unit, habit), Money with { Unit = unit }, habit).Value == value)
            .QuickCheckThrowOnFailure();

    private static Metric Money { get; } = new() { Id = "revenue", Name = "Revenue", Unit = Unit.Currency };

    private static decimal Of(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
