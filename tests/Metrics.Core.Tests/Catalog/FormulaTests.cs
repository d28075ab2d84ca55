using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
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
    [TestCase("min(c, a, b)", "2")]
    [TestCase("max(a, b + c)", "7")]
    [TestCase("min(a, none)", null)]
    [TestCase("abs(a - c) + abs(c - a)", "4")]
    [TestCase("abs(none)", null)]
    [TestCase("if(a < b, c, b)", "4")]
    [TestCase("if(a >= b, c, b)", "3")]
    [TestCase("if(a + 1 = b, a / zero, 1)", null)]
    [TestCase("if(a != b, 1, none)", "1", Description = "only the branch that is taken counts")]
    [TestCase("if(zero > 0, none / zero, -a)", "-2")]
    [TestCase("if(none > 0, a, b)", null, Description = "an undefined condition is undefined")]
    [TestCase("if(a<=2,if(b>3,1,2),3)", "2")]
    [TestCase("2 * max(1, min(a, b))", "4")]
    [TestCase("1d / 1h", "24")]
    [TestCase("2w + 1s", "1209601")]
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
    [TestCase("a < b", "'<' at column 3 where an operator or the end")]
    [TestCase("sum(a)", "the unknown function 'sum' at column 1")]
    [TestCase("a + previous", "its end where '('")]
    [TestCase("min(a)", "')' at column 6 where ','")]
    [TestCase("abs(a, b)", "',' at column 6 where ')'")]
    [TestCase("if(a, b, c)", "',' at column 5 where < <= > >= = or !=")]
    [TestCase("if(a ! b, b, c)", "' ' at column 7 where '='")]
    [TestCase("if(a < b, c)", "')' at column 12 where ','")]
    [TestCase("previous(a, 0)", "'0' at column 13 where a whole number from 1 to 120")]
    [TestCase("previous(a, b)", "'b' at column 13 where a whole number")]
    [TestCase("year_ago(a, 2)", "',' at column 11 where ')'")]
    [TestCase("rolling(a)", "')' at column 10 where ','")]
    [TestCase("rolling(a, 4)", "'4' at column 12 where a length such as 4w")]
    [TestCase("rolling(a, w)", "'w' at column 12 where a length")]
    [TestCase("rolling(a, 0d)", "'0d' at column 12 where a length")]
    [TestCase("rolling(a, 11y)", "up to 10y")]
    [TestCase("to_date(a, week)", "'w' at column 12 where month, quarter or year")]
    [TestCase("average(a)", "')' at column 10 where ','")]
    [TestCase("cmgr(a, 12m)", "'m' at column 11 where ')'")]
    [TestCase("average(average(average(a, 100), 100), 2)", "reads 20000 values")]
    public void What_is_no_formula_is_refused_with_the_place(string text, string message) =>
        Assert.That(() => Formula.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void Deep_nesting_is_refused([Values("(", "-", "abs(", "if(", "average(")] string open) =>
        Assert.That(() => Formula.Parse(string.Concat(Enumerable.Repeat(open, 100_000)) + "a"), Throws.TypeOf<FormatException>().With.Message.Contains("nested more than 100 deep"));

    [Test]
    public void A_formula_without_end_is_refused([Values("a+a", "a*a", "min(a,a")] string start) =>
        Assert.That(() => Formula.Parse(start + string.Concat(Enumerable.Repeat(start[^2..], 200_000))), Throws.TypeOf<FormatException>().With.Message.Contains("more than 1000 operators"));

    [Test]
    public void Each_metric_is_named_once_in_the_order_of_the_text() =>
        Assert.That(Formula.Parse("b / (a + b) - c2_x * 3").Metrics, Is.EqualTo((string[])["b", "a", "c2_x"]));

    [Test]
    public void Operands_are_named_with_the_period_in_which_they_are_read()
    {
        var calendar = Some.Calendar();
        var at = new FormulaPeriod(Grain.Week, Some.Days("2026-11-09..2026-11-15"));

        var operands = Formula.Parse("a - previous(a + b) + rolling(average(b, 2), 4w) + to_date(c) + if(year_ago(c) > 0, previous(a, 1), cmgr(a, 3))")
            .Operands(calendar, at).Select(operand => $"{operand.Text} {operand.At.Days(calendar)}");

        Assert.That(operands, Is.EqualTo((string[])
        [
            "a 2026-11-09..2026-11-15", "previous(a) 2026-11-02..2026-11-08", "previous(b) 2026-11-02..2026-11-08",
            "rolling(b, 4w) 2026-10-19..2026-11-15", "rolling(previous(b), 4w) 2026-10-12..2026-11-08", "to_date(c) 2026-01-01..2026-11-15",
            "year_ago(c) 2025-11-10..2025-11-16", "previous(a, 3) 2026-10-19..2026-10-25",
        ]));
    }

    [TestCase("flow", Accrual.Flow)]
    [TestCase("previous(flow)", Accrual.Flow)]
    [TestCase("year_ago(stock)", Accrual.Stock)]
    [TestCase("rolling(flow, 4w)", Accrual.Level)]
    [TestCase("rolling(stock, 4w)", Accrual.Stock)]
    [TestCase("to_date(flow)", Accrual.Level)]
    [TestCase("average(flow, 3)", Accrual.Flow)]
    [TestCase("cmgr(stock, 3)", Accrual.Level)]
    [TestCase("max(flow, 0)", Accrual.Flow)]
    [TestCase("if(stock > 0, flow, stock)", Accrual.Level)]
    [TestCase("stock - previous(stock)", Accrual.Stock)]
    public void A_function_says_what_its_result_is_in_time(string text, Accrual accrual) =>
        Assert.That(Formula.Parse(text).AccrualOf(id => id == "flow" ? Accrual.Flow : Accrual.Stock), Is.EqualTo(accrual));
}
