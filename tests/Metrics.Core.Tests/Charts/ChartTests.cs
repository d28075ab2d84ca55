using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
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
    public void Where_the_definition_changed_a_trend_has_an_upright_line_with_its_name()
    {
        TrendPoint[] points = [new("W1", "W1", Week(1, 5), null), new("W2", "W2 2026", Week(2, 7), null) { Seam = "definition v2" }, new("W3", "W3", Week(3, 6), null)];
        var svg = TrendChart.Draw(points, Counts, "x");

        var seam = Elements(svg, "line").Single(line => line.Attribute("class")!.Value == "seam");
        Assert.That(seam.Attribute("x1")!.Value, Is.EqualTo(seam.Attribute("x2")!.Value));
        Assert.That(seam.Value, Is.EqualTo("definition v2, from W2 2026"));
        Assert.That(Elements(svg, "text").Select(text => text.Value), Does.Contain("definition v2"));
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
    public void The_scale_fits_the_data_and_starts_at_0_only_where_that_costs_little()
    {
        Assert.That(TicksOf([Week(1, 2_100), Week(2, 2_600)]), Is.EqualTo(new[] { "2,100", "2,200", "2,300", "2,400", "2,500", "2,600" }));
        Assert.That(TicksOf([Week(1, 200), Week(2, 1_000)]), Does.Contain("0"));
        Assert.That(TicksOf([Week(1, -40), Week(2, 30)]), Does.Contain("0"));
        Assert.That(TicksOf([Week(1, 0), Week(2, 0)]), Does.Contain("0.0").And.None.StartsWith("\u2212"));
        Assert.That(TicksOf([Week(1, 100_001), Week(2, 100_900)]), Is.Unique.And.Length.GreaterThan(1), "as many decimals as it takes to tell ticks apart");
    }

    [Test]
    public void Everything_is_inside_the_picture_and_no_two_texts_of_an_axis_overlap() => Check.QuickThrowOnFailure(Prop.ForAll(Trends, Sizes, (points, size) =>
    {
        var drawn = TrendChart.Draw(points, new ValueFormat(Unit.Currency, "USD"), "x", size);
        if (drawn.Length == 0)
            return points.All(point => point.Value.Value is null);

        var svg = XElement.Parse(drawn);
        var boxes = svg.Elements("text").Select(text => (Axis: text.Attribute("class")!.Value + text.Attribute("text-anchor")?.Value, Box: BoxOf(text))).ToArray();
        var spots = svg.Elements("circle").Select(dot => (X: Of(dot, "cx"), Y: Of(dot, "cy")))
            .Concat(svg.Elements("line").SelectMany(line => new[] { (X: Of(line, "x1"), Y: Of(line, "y1")), (X: Of(line, "x2"), Y: Of(line, "y2")) }))
            .Concat(svg.Elements("polyline").SelectMany(Spots));
        return spots.All(spot => spot.X >= 0 && spot.X <= size.Width && spot.Y >= 0 && spot.Y <= size.Height)
            && boxes.All(text => text.Box.Left >= -0.5 && text.Box.Right <= size.Width + 0.5 && text.Box.Top >= 0 && text.Box.Bottom <= size.Height)
            && boxes.GroupBy(text => text.Axis).All(axis => axis.SelectMany((one, i) => axis.Skip(i + 1).Select(other => (one.Box, other.Box))).All(pair => !Overlap(pair.Item1, pair.Item2)));
    }));

    [Test]
    public void Equal_targets_in_a_row_are_one_mark_and_a_new_target_is_a_step()
    {
        decimal?[] targets = [null, 20, 20, 20, 30, 30];
        var svg = XElement.Parse(TrendChart.Draw([.. targets.Select((target, i) => new TrendPoint($"W{i}", $"W{i}", Week(i + 1, 10), null, target))], Counts, "x"));
        var marks = svg.Elements("line").Where(line => line.Attribute("class")!.Value == "target").ToArray();

        Assert.That(marks.Select(mark => mark.Value), Is.EqualTo(new[] { "Target 20", "Target 30" }));
        Assert.That(Of(marks[0], "x2"), Is.LessThan(Of(marks[1], "x1")));
        Assert.That(Of(marks[0], "y1"), Is.EqualTo(Of(marks[0], "y2")).And.GreaterThan(Of(marks[1], "y1")));
    }

    [Test]
    public void A_restated_period_is_marked_over_its_dot()
    {
        var svg = XElement.Parse(TrendChart.Draw(
            [new TrendPoint("W1", "W1", Week(1, 5) with { Restated = true }, null), new TrendPoint("W2", "W2", Week(2, 6), null)], Counts, "x"));

        Assert.That(svg.Elements("path").Single().Attribute("class")!.Value, Is.EqualTo("restated-mark"));
    }

    [Test]
    public void The_newest_value_is_written_beside_its_dot()
    {
        var svg = XElement.Parse(TrendChart.Draw([.. Trend(9), new TrendPoint("W10", "W10", Week(10, null), 8)], Counts, "x"));
        var (mark, dot) = (svg.Elements("text").Single(text => text.Attribute("class")!.Value == "mark"), svg.Elements("circle").Last());

        Assert.That(mark.Value, Is.EqualTo("9"));
        Assert.That((Of(mark, "x") - Of(dot, "cx"), Of(mark, "y") - Of(dot, "cy")), Is.EqualTo((10, 4.5)));
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

    private static Arbitrary<TrendSize> Sizes { get; } = Arb.From(Gen.Elements(TrendSize.Wide, TrendSize.Narrow));

    private static Arbitrary<TrendPoint[]> Trends { get; } = Arb.From(
        from count in Gen.Choose(1, 62)
        from scale in Gen.Elements(0.01m, 1, 777, 1_234_567)
        from level in Gen.Choose(-50, 5_000)
        from points in (
            from value in Gen.Choose(-9, 99)
            from before in Gen.Choose(-9, 99)
            from kind in Gen.Choose(0, 9)
            select (value, before, kind)).ArrayOf(count)
        select points.Select((point, i) => new TrendPoint(
            i % 4 == 0 ? "W1 2026" : $"W{i}", $"Week {i}",
            Week(i + 1, point.kind == 0 ? null : (level + point.value) * scale, point.kind != 1) with { Restated = point.kind == 2 },
            point.kind < 5 ? null : (level + point.before) * scale,
            point.kind > 7 ? (level + 50) * scale : null)).ToArray());

    private static string[] TicksOf(PeriodValue[] values) =>
    [
        .. XElement.Parse(TrendChart.Draw([.. values.Select(value => new TrendPoint("W", "W", value, null))], Counts, "x")).Elements("text")
            .Where(text => text.Attribute("text-anchor")?.Value == "end").Select(text => text.Value),
    ];

    private static double Of(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Where a text of 13 units stands; a digit of the system fonts is about 0.56 of that wide.</summary>
    private static (double Left, double Right, double Top, double Bottom) BoxOf(XElement text)
    {
        var (x, y, width) = (Of(text, "x"), Of(text, "y"), text.Value.Length * 13 * 0.56);
        var left = text.Attribute("text-anchor")?.Value switch { "end" => x - width, "middle" => x - width / 2, _ => x };
        return (left, left + width, y - 10, y + 3);
    }

    private static bool Overlap((double Left, double Right, double Top, double Bottom) a, (double Left, double Right, double Top, double Bottom) b) =>
        a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom;

    private static TrendPoint[] Trend(int weeks) =>
        [.. Enumerable.Range(1, weeks).Select(i => new TrendPoint($"W{i}", $"Week {i}", Week(i, i), null))];

    private static PeriodValue Week(int number, decimal? value, bool complete = true)
    {
        var start = new DateOnly(2026, 1, 5).AddDays(7 * (number - 1));
        return new PeriodValue(new Period(start, start.AddDays(7)), value, 7, complete, null, false);
    }

    private static IEnumerable<XElement> Elements(string svg, string name) => XElement.Parse(svg).Elements(name);

    private static (double X, double Y)[] Points(string svg) => [.. Spots(Elements(svg, "polyline").First())];

    private static IEnumerable<(double X, double Y)> Spots(XElement line) =>
    [
        .. line.Attribute("points")!.Value.Split(' ')
            .Select(pair => pair.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
            .Select(pair => (pair[0], pair[1])),
    ];
}
