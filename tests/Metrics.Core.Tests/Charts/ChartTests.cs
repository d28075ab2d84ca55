using System.Globalization;
using System.Xml.Linq;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Charts;

public sealed class ChartTests
{
    private static readonly ValueFormat Counts = new(Unit.Count, "USD");

    [Test]
    public void The_last_point_of_a_sparkline_is_filled_when_complete_and_hollow_when_not()
    {
        Assert.That(LastDot(Sparkline.Draw([Week(1, 5), Week(2, 7)])), Is.EqualTo("dot"));
        Assert.That(LastDot(Sparkline.Draw([Week(1, 5), Week(2, 7, complete: false)])), Is.EqualTo("dot open"));

        static string LastDot(string svg) => Elements(svg, "circle").Last().Attribute("class")!.Value;
    }

    [Test]
    public void The_way_to_an_incomplete_point_is_dashed()
    {
        var lines = Elements(Sparkline.Draw([Week(1, 5), Week(2, 6), Week(3, 7, complete: false)]), "polyline");
        Assert.That(lines.Select(line => line.Attribute("class")!.Value), Is.EqualTo(new[] { "spark-line", "spark-line dashed" }));
    }

    [Test]
    public void A_missing_value_leaves_a_gap()
    {
        var lines = Elements(Sparkline.Draw([Week(1, 5), Week(2, 6), Week(3, null), Week(4, 7), Week(5, 8)]), "polyline").ToArray();
        Assert.That(lines, Has.Length.EqualTo(2));
    }

    [Test]
    public void Larger_values_are_drawn_higher()
    {
        var points = Points(Sparkline.Draw([Week(1, 5), Week(2, 9)]));
        Assert.That(points[1].Y, Is.LessThan(points[0].Y));
        Assert.That(points[1].X, Is.GreaterThan(points[0].X));
    }

    [Test]
    public void Equal_values_are_a_level_line()
    {
        var points = Points(Sparkline.Draw([Week(1, 5), Week(2, 5), Week(3, 5)]));
        Assert.That(points.Select(point => point.Y).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Nothing_known_draws_nothing()
    {
        Assert.That(Sparkline.Draw([Week(1, null)]), Is.Empty);
        Assert.That(Sparkline.Draw([]), Is.Empty);
        Assert.That(TrendChart.Draw([new TrendPoint("W1", "W1", Week(1, null), 5)], Counts, "x"), Is.Empty);
    }

    [Test]
    public void A_trend_says_what_it_is_and_names_its_newest_period()
    {
        var svg = XElement.Parse(TrendChart.Draw(Trend(40), Counts, "Signups by week"));
        Assert.That(svg.Attribute("role")!.Value, Is.EqualTo("img"));
        Assert.That(svg.Attribute("aria-label")!.Value, Is.EqualTo("Signups by week"));
        Assert.That(svg.Elements("text").Select(text => text.Value), Does.Contain("W40"));
    }

    [Test]
    public void Ticks_are_round()
    {
        var ticks = XElement.Parse(TrendChart.Draw(Trend(17), Counts, "x")).Elements("text")
            .Where(text => text.Attribute("text-anchor")?.Value == "end").Select(text => text.Value);
        Assert.That(ticks, Is.EqualTo(new[] { "0", "5", "10", "15" }));
    }

    [Test]
    public void Hostile_text_stays_text()
    {
        var svg = TrendChart.Draw([new TrendPoint("<b>", "\"><script>", Week(1, 5), null)], Counts, "\" onload=\"alert(1)");
        Assert.That(XElement.Parse(svg).Attribute("aria-label")!.Value, Is.EqualTo("\" onload=\"alert(1)"));
        Assert.That(svg, Does.Not.Contain("<script").And.Not.Contain("<b>"));
    }

    [Test]
    public void Charts_carry_no_styles_of_their_own()
    {
        var svg = Sparkline.Draw([Week(1, 5), Week(2, 6)]) + TrendChart.Draw(Trend(5), Counts, "x");
        Assert.That(svg, Does.Not.Contain("style"));
    }

    [Test]
    public void Numbers_are_invariant()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var german = Sparkline.Draw([Week(1, 5), Week(2, 6), Week(3, 9)]);
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            Assert.That(german, Is.EqualTo(Sparkline.Draw([Week(1, 5), Week(2, 6), Week(3, 9)])));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static TrendPoint[] Trend(int weeks) =>
        [.. Enumerable.Range(1, weeks).Select(i => new TrendPoint($"W{i}", $"Week {i}", Week(i, i), null))];

    private static PeriodValue Week(int number, decimal? value, bool complete = true)
    {
        var start = new DateOnly(2026, 1, 5).AddDays(7 * (number - 1));
        return new PeriodValue(new Period(start, start.AddDays(7)), value, 7, complete, null, false);
    }

    private static IEnumerable<XElement> Elements(string svg, string name) => XElement.Parse(svg).Elements(name);

    private static (double X, double Y)[] Points(string svg) =>
    [
        .. Elements(svg, "polyline").First().Attribute("points")!.Value.Split(' ')
            .Select(pair => pair.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
            .Select(pair => (pair[0], pair[1])),
    ];
}
