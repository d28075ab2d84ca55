using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Charts;
using NUnit.Framework;

namespace Metrics.Core.Tests.Charts;

public sealed class WaterfallTests
{
    [Test]
    public void Every_bar_begins_where_the_one_before_ended_and_the_last_begins_at_zero()
    {
        var svg = Draw([5, -8, 6]);

        var bars = Bars(svg);
        var zero = Number(svg.Elements().Single(element => element.Attribute("class")?.Value == "zero"), "x1");
        Assert.That(bars[0].From, Is.EqualTo(zero).Within(0.2));
        Assert.That(bars[1].To, Is.EqualTo(bars[0].To).Within(0.2), "down from the top of the first");
        Assert.That(bars[2].From, Is.EqualTo(bars[1].From).Within(0.2), "up from there");
        Assert.That(bars[3].From, Is.EqualTo(zero).Within(0.2));
        Assert.That(bars[3].To, Is.EqualTo(bars[2].To).Within(0.2));
    }

    [Test]
    public void It_is_described_for_those_who_do_not_see_it()
    {
        var svg = Draw([5]);

        Assert.That(svg.Attribute("role")!.Value, Is.EqualTo("img"));
        Assert.That(svg.Attribute("aria-label")!.Value, Is.EqualTo("Why"));
        Assert.That(svg.Element("desc")!.Value, Is.EqualTo("Because <it> did"));
        Assert.That(svg.Element("desc")!.Attribute("id")!.Value, Is.EqualTo(svg.Attribute("aria-describedby")!.Value));
    }

    [Test]
    public void No_step_draws_nothing() => Assert.That(Waterfall.Draw([], Step("Change", 0), "w", "", "", WaterfallSize.Wide), Is.Empty);

    [Test]
    public void No_two_texts_and_no_text_and_bar_meet_whatever_the_steps() => Prop.ForAll(
        (from narrow in Gen.Elements(true, false)
         from steps in Gen.NonEmptyListOf(
             from amount in Gen.Choose(-1_000_000, 1_000_000) from length in Gen.Choose(1, 60) select (Amount: (decimal)amount, Length: length))
         select (narrow, steps)).ToArbitrary(),
        one =>
        {
            var size = one.narrow ? WaterfallSize.Narrow : WaterfallSize.Wide;
            WaterfallStep[] steps = [.. one.steps.Take(12).Select(step => Step(new string('m', step.Length), step.Amount))];
            var svg = XElement.Parse(Waterfall.Draw(steps, Step("Change", steps.Sum(step => step.Amount)), "w", "Why", "", size));

            var rows = svg.Elements("g").ToArray();
            Assert.That(rows.Select(row => Number(row.Elements("text").First(), "y")), Is.Ordered.And.Unique);
            foreach (var row in rows)
            {
                var (name, amount) = (row.Elements("text").First(), row.Elements("text").Last());
                var (from, to) = (Number(row.Element("rect")!, "x"), Number(row.Element("rect")!, "x") + Number(row.Element("rect")!, "width"));
                Assert.That(from, Is.GreaterThanOrEqualTo(name.Value.Length * 7.2 - 0.1), "the name ends before the bar");
                Assert.That(to, Is.LessThanOrEqualTo(size.Width - amount.Value.Length * 8.2), "the bar ends before the amount");
            }
        }).QuickCheckThrowOnFailure();

    private static XElement Draw(decimal[] amounts) => XElement.Parse(Waterfall.Draw(
        [.. amounts.Select((amount, i) => Step($"Part {i}", amount))], Step("Change", amounts.Sum()), "w", "Why", "Because <it> did", WaterfallSize.Wide));

    private static WaterfallStep Step(string name, decimal amount) => new(name, amount, amount.ToString("N0", CultureInfo.InvariantCulture), "good");

    private static (double From, double To)[] Bars(XElement svg) =>
        [.. svg.Elements("g").Select(row => row.Element("rect")!).Select(bar => (Number(bar, "x"), Math.Round(Number(bar, "x") + Number(bar, "width"), 1)))];

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
