using System.Xml.Linq;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Charts;

public sealed class NewChartTests
{
    private static readonly ValueFormat Counts = new(Unit.Count, "USD");

    [Test]
    public void Each_scenario_is_drawn_in_its_own_way()
    {
        var svg = BarChart.Draw([new("A", "A", 5, Scenario.Actual, 4, 6), new("B", "B", 7, Scenario.Forecast)], Counts, "x");
        var looks = XElement.Parse(svg).Descendants("rect").Select(bar => bar.Attribute("class")!.Value);

        Assert.That(looks, Is.EqualTo((string[])["scenario planned", "scenario prior", "scenario actual", "scenario expected"]));
        Assert.That(XElement.Parse(svg).Descendants("path").Single().Attribute("class")!.Value, Is.EqualTo("scenario-hatch"), "strokes tell a forecast without color");
    }

    [Test]
    public void Shares_of_a_period_come_to_a_hundred_percent()
    {
        var svg = XElement.Parse(StackedBars.Draw(["A"], [new("one", [3]), new("two", [1])], Counts, "x", shares: true));

        Assert.That(svg.Descendants("title").Select(title => title.Value), Is.EqualTo((string[])["one, A: 75.0%", "two, A: 25.0%"]));
    }

    [Test]
    public void From_the_fifth_segment_on_strokes_and_dashes_tell_them_apart()
    {
        SegmentValues[] segments = [.. Enumerable.Range(0, 6).Select(i => new SegmentValues($"S{i}", [i + 1, i + 2]))];
        var stack = XElement.Parse(StackedBars.Draw(["A", "B"], segments, Counts, "x"));
        var lines = XElement.Parse(LineSeries.Draw(["A", "B"], segments, Counts, "x"));

        Assert.That(stack.Descendants("path").Count(path => path.Attribute("class")!.Value == "hatch"), Is.EqualTo(2 * 2 + 2), "two segments in two bars and in the legend");
        var drawn = lines.Descendants("polyline").ToLookup(line => line.Parent!.Attribute("class")!.Value == "line-of", line => line.Attribute("class")!.Value);
        Assert.That(drawn[true], Is.EqualTo(Enumerable.Range(1, 6).Select(i => $"series s{i}")));
        Assert.That(drawn[false], Is.EquivalentTo(drawn[true]), "a piece of each line stands at its name");
    }

    [Test]
    public void Labels_at_ends_keep_their_order_and_their_distance()
    {
        var places = EndLabels.Spread([50, 52, 51, 10, 99], 10, 0, 100);

        Assert.That(places, Is.EqualTo((double[])[50, 70, 60, 10, 99]));
        Assert.That(EndLabels.Spread([98, 99, 100], 10, 0, 100), Is.EqualTo((double[])[80, 90, 100]), "they move up where there is no room below");
    }

    [Test]
    public void Bins_have_round_bounds_and_hold_every_value()
    {
        var distribution = Distribution.Of([1, 2, 2, 3, 3, 3, 4, 4, 5, 9], isWhole: true)!;

        Assert.That((distribution.LowerQuartile, distribution.Median, distribution.UpperQuartile), Is.EqualTo((2.25m, 3m, 4m)), "by type 7");
        Assert.That(distribution.Bins.Select(bin => bin.To - bin.From).Distinct().Single(), Is.EqualTo(2));
        Assert.That(distribution.Bins.Select(bin => bin.Count), Is.EqualTo((int[])[1, 5, 3, 0, 1]));
        Assert.That(Distribution.Of([]), Is.Null);
        Assert.That(Distribution.Of([7, 7, 7])!.Bins.Sum(bin => bin.Count), Is.EqualTo(3));
    }

    [Test]
    public void The_shape_of_a_mark_tells_its_rule() =>
        Assert.That(new[] { SignalShape.Strong, SignalShape.Moderate, SignalShape.Weak, SignalShape.Drift }.Select(shape => SignalMark.Of(shape, true, 10, 10, 5))
            .Append(SignalMark.Of(SignalShape.Strong, false, 10, 10, 5)), Is.Unique);

    [Test]
    public void A_trend_has_its_limits_forecast_signals_and_notes()
    {
        TrendPoint[] points = [.. Enumerable.Range(0, 20).Select(i => new TrendPoint($"W{i}", $"W{i}", Week(i, 10 + i % 3), null))];
        var svg = XElement.Parse(TrendChart.Draw(points, Counts, "x", layers: new TrendLayers
        {
            Limits = [TrendLimits.Level(0, 19, new TrendLimit(11, 8, 14), "natural limits, 20 weeks")],
            Signals = [new TrendSignal(5, SignalShape.Strong, true, "above the upper limit")],
            Forecast = [new TrendForecast("W20", "W20", 11, 10, 12, 9, 13)],
            Notes = [new TrendNote(3, 1, "Price change"), new TrendNote(10, 2, "Outage"), new TrendNote(10, 3, "Campaign")],
        }));
        var looks = svg.Descendants().Select(element => element.Attribute("class")?.Value).OfType<string>().ToArray();
        var texts = svg.Descendants("text").Select(text => text.Value).ToArray();

        Assert.That(looks, Does.Contain("limit-band").And.Contain("limit center").And.Contain("forecast").And.Contain("forecast-band wide").And.Contain("signal watch"));
        Assert.That(texts, Does.Contain("natural limits, 20 weeks").And.Contain("Price change").And.Contain("2–3").And.Contain("W19"));
        Assert.That(svg.Descendants("title").Select(title => title.Value), Does.Contain("Outage, W10 · Campaign, W10").And.Contain("W5: above the upper limit"));
    }

    private static PeriodValue Week(int number, decimal? value)
    {
        var start = new DateOnly(2026, 1, 5).AddDays(7 * number);
        return new PeriodValue(new Period(start, start.AddDays(7)), value, 7, true, null, false);
    }
}
