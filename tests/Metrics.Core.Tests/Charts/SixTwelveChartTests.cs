using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using NUnit.Framework;

namespace Metrics.Core.Tests.Charts;

public sealed partial class SixTwelveChartTests
{
    private static readonly Metric Visits = new() { Id = "visits", Name = "Visits", Unit = Unit.Count };
    private static readonly DateOnly Monday = new(2026, 10, 5);

    [Test]
    public void Six_weeks_and_twelve_months_stand_side_by_side_each_under_its_name()
    {
        var names = Elements(Draw([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), "text")
            .Where(text => text.Attribute("text-anchor")?.Value == "middle" && text.Attribute("class") is null).Select(text => text.Value);

        Assert.That(string.Join(' ', names), Is.EqualTo("41 42 43 44 45 46 N D J F M A M J J A S O"));
    }

    [Test]
    public void Each_half_has_an_axis_of_its_own()
    {
        var svg = Draw([1, 2, 3, 4, 5, 6], [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 11_000, 12_000]);

        var left = Elements(svg, "text").Where(text => text.Attribute("text-anchor")?.Value == "end" && text.Attribute("class") is null).Select(text => text.Value);
        var right = Elements(svg, "text").Where(text => text.Attribute("text-anchor")?.Value == "start" && text.Attribute("class") is null).Select(text => text.Value);
        Assert.That(left, Is.Not.Empty.And.All.Length.LessThanOrEqualTo(3));
        Assert.That(right, Is.Not.Empty.And.Some.Contains("k"));
    }

    [Test]
    public void Without_months_the_periods_take_the_whole_width_and_longer_names()
    {
        var dots = Elements(Draw([1, 2, 3, 4, 5, 6], []), "polyline").Last().Attribute("points")!.Value.Split(' ');

        Assert.That(double.Parse(dots[^1].Split(',')[0], CultureInfo.InvariantCulture), Is.GreaterThan(300));
        Assert.That(Elements(Draw([1, 2, 3, 4, 5, 6], [], last => last with { Label = "Oct 26" }), "text").Select(text => text.Value), Does.Contain("Oct 26"));
    }

    [Test]
    public void The_newest_week_is_labelled_with_its_value() =>
        Assert.That(Elements(Draw([1, 2, 3, 4, 5, 1234], []), "text").Single(text => text.Attribute("class")?.Value == "mark").Value, Is.EqualTo("1,234"));

    [Test]
    public void The_highest_and_the_lowest_of_a_half_are_labelled_where_that_covers_nothing()
    {
        var values = Elements(Draw([3, 9, 4, 1, 5, 6], [1, 2, 3, 40, 5, 6, 7, 8, 9, 10, 11, 12]), "text")
            .Where(text => text.Attribute("class")?.Value == "reading").Select(text => text.Value);

        Assert.That(values, Does.Contain("9").And.Contain("1").And.Contain("40"));
    }

    [Test]
    public void Limits_are_there_to_be_shown_when_they_are_asked_for()
    {
        var svg = SixTwelveChart.Draw(Tile([10, 12, 11, 13, 12, 14], []), "x", new TrendLimit(12, 9, 15));

        Assert.That(Elements(svg, "g").Single().Attribute("class")!.Value, Is.EqualTo("limits"));
        Assert.That(Elements(svg, "line").Select(line => line.Attribute("class")!.Value), Does.Contain("limit center"));
    }

    [Test]
    public void An_incomplete_week_is_hollow_and_reached_by_a_dashed_line()
    {
        var svg = Draw([1, 2, 3, 4, 5, 6], [], last => last with { Value = last.Value with { Complete = false } });

        Assert.That(Elements(svg, "circle").Single().Attribute("class")!.Value, Is.EqualTo("dot open"));
        Assert.That(Elements(svg, "polyline").Select(line => line.Attribute("class")!.Value), Does.Contain("line dashed"));
    }

    [Test]
    public void A_target_is_a_mark_at_its_height_and_a_year_before_a_line_of_its_own()
    {
        var svg = Draw([10, 10, 10, 10, 10, 10], [], last => last with
        {
            Target = new PlannedValue(10, new Target("visits", "budget", Grain.Week, last.Period, Segment.Total, 10, null, "", 1), IsDerived: false, IsPartial: false),
        });
        var mark = Strokes(svg, "target").Single();
        var dot = Elements(svg, "circle").Single();

        Assert.That(mark.Y, Is.EqualTo(double.Parse(dot.Attribute("cy")!.Value, CultureInfo.InvariantCulture)));
        Assert.That(mark.X + mark.Length / 2, Is.EqualTo(double.Parse(dot.Attribute("cx")!.Value, CultureInfo.InvariantCulture)).Within(0.11));
        Assert.That(Elements(svg, "polyline").Select(line => line.Attribute("class")!.Value), Is.EquivalentTo((string[])["line-before", "line"]));
    }

    [Test]
    public void Months_that_are_not_over_leave_room_and_no_line()
    {
        var svg = Draw([], [1, 2, 3, 4, null, null, null, null, null, null, null, null]);

        var months = Elements(svg, "polyline").Single(line => line.Attribute("class")!.Value == "line");
        Assert.That(months.Attribute("points")!.Value.Split(' '), Has.Length.EqualTo(4));
    }

    [Test]
    public void Nothing_known_draws_nothing() => Assert.That(Draw([null, null, null, null, null, null], []), Is.Empty);

    [Test]
    public void Whatever_the_figures_are_all_of_it_lies_inside_the_picture() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]?>(), figures =>
        {
            var values = (figures ?? []).Select(figure => (decimal?)figure * 1000).Concat(Enumerable.Repeat((decimal?)null, 18)).Take(18).ToArray();
            var svg = Draw(values[..6], values[6..]);
            if (svg.Length == 0)
                return;

            var box = XElement.Parse(svg).Attribute("viewBox")!.Value.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            var places = Elements(svg, "polyline").SelectMany(line => line.Attribute("points")!.Value.Split(' '))
                .Select(point => point.Split(',').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray())
                .Concat(Elements(svg, "circle").Select(dot => (double[])[Number(dot, "cx"), Number(dot, "cy")]))
                .Concat(Elements(svg, "text").Select(text => (double[])[Number(text, "x"), Number(text, "y")]));
            Assert.That(places.Where(place => place[0] < 0 || place[0] > box[2] || place[1] < 0 || place[1] > box[3]), Is.Empty);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_picture_says_what_it_shows()
    {
        var svg = XElement.Parse(Draw([1, 2, 3, 4, 5, 6], []));

        Assert.That((svg.Attribute("role")!.Value, svg.Attribute("aria-label")!.Value), Is.EqualTo(("img", "Visits & more")));
    }

    private static string Draw(decimal?[] weeks, decimal?[] months, Func<TilePeriod, TilePeriod>? last = null) =>
        SixTwelveChart.Draw(Tile(weeks, months, last), "Visits & more");

    private static TileSnapshot Tile(decimal?[] weeks, decimal?[] months, Func<TilePeriod, TilePeriod>? last = null)
    {
        var periods = weeks.Select((value, i) => At(new Period(Monday.AddDays(7 * i), Monday.AddDays(7 * i + 7)), $"W{41 + i}", value)).ToArray();
        if (last is not null)
            periods[^1] = last(periods[^1]);
        var first = new DateOnly(2025, 11, 1);
        return new TileSnapshot
        {
            Tile = new Tile { Metric = "visits" }, Metric = Visits, Name = "Visits", Format = new ValueFormat(Unit.Count, "USD"), State = TileState.Complete,
            Periods = periods,
            Months =
            [
                .. months.Select((value, i) => At(new Period(first.AddMonths(i), first.AddMonths(i + 1)), first.AddMonths(i).ToString("MMM yy", CultureInfo.InvariantCulture), value)),
            ],
        };
    }

    private static TilePeriod At(Period period, string label, decimal? value) => new(
        period, label, label, label, new PeriodValue(period, value, period.Days, value is not null, null, Restated: false),
        new PeriodValue(period, value * 0.9m, period.Days, true, null, Restated: false), null, null, null);

    private static IEnumerable<XElement> Elements(string svg, string name) => svg.Length == 0 ? [] : XElement.Parse(svg).Descendants().Where(element => element.Name.LocalName == name);

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static IEnumerable<(double X, double Y, double Length)> Strokes(string svg, string look) =>
        Stroke().Matches(Elements(svg, "path").Single(path => path.Attribute("class")!.Value == look).Attribute("d")!.Value)
            .Select(match => (Part(match, 1), Part(match, 2), Part(match, 3)));

    private static double Part(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("M([0-9.-]+) ([0-9.-]+)h([0-9.-]+)")]
    private static partial Regex Stroke();
}
