using Metrics.Core.Catalog;
using NUnit.Framework;

namespace Metrics.Core.Tests.Catalog;

public sealed class FormulaTests
{
    private static readonly Dictionary<string, decimal?> Values = new() { ["a"] = 2, ["b"] = 3, ["c"] = 4, ["zero"] = 0, ["none"] = null, ["huge"] = decimal.MaxValue };

    [TestCase("a + b * c", "14")]
    [TestCase("(a + b) * c", "20")]
    [TestCase("c - b - a", "-1", Description = "from the left")]
    [TestCase("c / a / a", "1")]
    [TestCase("c - b * a / a", "1")]
    [TestCase("-a * b", "-6")]
    [TestCase("- (a - b) * -c", "-4")]
    [TestCase("2.5*a", "5.0")]
    [TestCase("  a  ", "2")]
    [TestCase("a / zero", null, Description = "n/a, never 0")]
    [TestCase("zero / a", "0")]
    [TestCase("a + none", null)]
    [TestCase("none * zero", null)]
    [TestCase("b + a / zero", null)]
    [TestCase("-none", null)]
    [TestCase("huge * a", null, Description = "too large to be computed is undefined")]
    public void A_formula_is_evaluated_with_the_usual_precedence_and_undefined_is_contagious(string text, string? result) =>
        Assert.That(
            Formula.Parse(text).Evaluate(id => Values[id]),
            Is.EqualTo(result is null ? (decimal?)null : decimal.Parse(result, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("", "its end")]
    [TestCase("a +", "its end")]
    [TestCase("a b", "'b' at column 3")]
    [TestCase("(a", "')'")]
    [TestCase("a)", "')' at column 2")]
    [TestCase("a ^ b", "'^' at column 3")]
    [TestCase("A", "'A' at column 1")]
    [TestCase("1.2.3", "a number")]
    public void What_is_no_formula_is_refused_with_the_place(string text, string message) =>
        Assert.That(() => Formula.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void Deep_nesting_is_refused([Values("(", "-")] string open) =>
        Assert.That(() => Formula.Parse(string.Concat(Enumerable.Repeat(open, 100_000)) + "a"), Throws.TypeOf<FormatException>().With.Message.Contains("nested more than 100 deep"));

    [Test]
    public void A_formula_without_end_is_refused([Values("+a", "*a")] string more) =>
        Assert.That(() => Formula.Parse("a" + string.Concat(Enumerable.Repeat(more, 200_000))), Throws.TypeOf<FormatException>().With.Message.Contains("more than 1000 operators"));

    [Test]
    public void Each_metric_is_named_once_in_the_order_of_the_text() =>
        Assert.That(Formula.Parse("b / (a + b) - c2_x * 3").Metrics, Is.EqualTo((string[])["b", "a", "c2_x"]));
}
