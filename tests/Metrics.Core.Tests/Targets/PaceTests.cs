using System.Globalization;
using System.Text.Json;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Targets;

public sealed class PaceTests
{
    /// <summary>The amounts are added up here from the daily file, so that the reference's own sum is checked as well.</summary>
    [TestCase("linear", PaceBasis.Days)]
    [TestCase("business_day", PaceBasis.BusinessDays)]
    [TestCase("weekday_profile", PaceBasis.Weekdays)]
    public void Every_method_gives_the_figures_of_the_reference(string method, PaceBasis basis)
    {
        var revenue = Reference.Rows("pacing/daily_revenue.csv").ToDictionary(row => Some.Day(row["date"]), row => Number(row["revenue"])!.Value);
        var rows = Reference.Rows("pacing/pacing.expected.csv").Where(row => row["method"] == method).ToArray();
        Assert.That(rows, Has.Length.EqualTo(5));

        using (Assert.EnterMultipleScope())
        {
            foreach (var row in rows)
            {
                var asOf = Some.Day(row["as_of"]);
                var month = Exchange().Containing(Grain.Month, asOf);
                var actual = Some.DaysFrom(month.Start, asOf.AddDays(1)).Sum(day => revenue.GetValueOrDefault(day));
                var before = Some.DaysFrom(month.Start.AddDays(-PaceShape.ProfileDays), month.Start).Select(day => (decimal?)revenue.GetValueOrDefault(day));
                var shape = basis switch
                {
                    PaceBasis.Days => PaceShape.Linear(month),
                    PaceBasis.BusinessDays => PaceShape.BusinessDays(Exchange(), month),
                    _ => PaceShape.Weekdays(month, [.. before])!,
                };
                var pace = new Pace(Number(row["target"])!.Value, actual, asOf.Day, month.Days) { Elapsed = shape.Until(asOf.Day) };

                Assert.That(shape.Basis, Is.EqualTo(basis), row["as_of"]);
                Assert.That(pace.Actual, Is.EqualTo(Number(row["actual_to_date"])), row["as_of"]);
                Near(pace.ElapsedShare, row, "elapsed_share");
                Near(pace.Expected, row, "expected_to_date");
                Near(pace.Ratio, row, "pace_ratio");
                Near(pace.Projection, row, "projected_end");
                Near(pace.ProjectedAttainment, row, "projected_attainment");
                Near(pace.Remaining, row, "remaining");
                Near(pace.RequiredPerDay, row, "required_per_remaining_day");
                Assert.That(pace.Status(Direction.Up), Is.EqualTo(StatusOf(row["status_100_90"])), row["as_of"]);
            }
        }
    }

    [Test]
    public void The_business_days_of_every_month_are_those_of_the_reference()
    {
        var rows = Reference.Rows("pacing/business_days_per_month.expected.csv").ToArray();
        Assert.That(rows, Has.Length.EqualTo(18));

        foreach (var row in rows)
        {
            Assert.That(Exchange().TryParse(Grain.Month, row["month"], out var month), Is.True);
            Assert.That(
                Some.DaysFrom(month!.Start, month.End).Count(Exchange().IsBusinessDay),
                Is.EqualTo((int)Number(row["bizdays"])!.Value), row["month"]);
        }
    }

    [Test]
    public void The_published_examples_come_out_as_printed()
    {
        using var examples = JsonDocument.Parse(File.ReadAllText(Reference.File("pacing/published_examples.json")));
        var (half, day20) = (examples.RootElement[0], examples.RootElement[1]);
        var first = half.GetProperty("given");
        var elapsed = first.GetProperty("elapsed_share").GetDecimal();
        var second = day20.GetProperty("given");
        var expected = day20.GetProperty("expected");

        var projected = new Pace(first.GetProperty("target").GetDecimal(), first.GetProperty("actual").GetDecimal(), (int)(elapsed * 100), 100);
        var pace = new Pace(
            second.GetProperty("target").GetDecimal(), second.GetProperty("actual").GetDecimal(), second.GetProperty("day").GetInt32(), second.GetProperty("days").GetInt32());

        Assert.That(projected.Projection, Is.EqualTo(half.GetProperty("expected").GetProperty("projected_end").GetDecimal()));
        Assert.That(pace.Actual / pace.Target * 100, Is.EqualTo(expected.GetProperty("goal_pct").GetDecimal()));
        Assert.That(pace.ElapsedShare * 100, Is.EqualTo(expected.GetProperty("time_pct").GetDecimal()).Within(1e-9m));
        Assert.That(pace.Ratio * 100, Is.EqualTo(expected.GetProperty("pacing_pct").GetDecimal()).Within(1e-9m));
    }

    [Test]
    public void Before_the_first_day_is_over_nothing_is_expected_and_nothing_is_judged()
    {
        var pace = new Pace(310, 0, 0, 31);

        Assert.That(pace.Expected, Is.Zero);
        Assert.That(pace.Ratio, Is.Null);
        Assert.That(pace.Projection, Is.Null);
        Assert.That(pace.RequiredPerDay, Is.EqualTo(10));
        Assert.That(pace.Status(Direction.Up), Is.EqualTo(TargetStatus.NoTarget));
    }

    [TestCase(Direction.Up, 100, 100, 1.0, TargetStatus.OnTrack)]
    [TestCase(Direction.Up, 120, 100, 1.2, TargetStatus.OnTrack)]
    [TestCase(Direction.Up, 90, 100, 0.9, TargetStatus.AtRisk)]
    [TestCase(Direction.Up, 89.99, 100, 0.8999, TargetStatus.OffTrack)]
    [TestCase(Direction.Up, -5, -10, 1.5, TargetStatus.OnTrack, Description = "a smaller loss than planned")]
    [TestCase(Direction.Up, -12, -10, 0.8, TargetStatus.OffTrack, Description = "a larger one")]
    [TestCase(Direction.Up, 0, 0, 1, TargetStatus.OnTrack)]
    [TestCase(Direction.Up, -1, 0, 0, TargetStatus.OffTrack)]
    [TestCase(Direction.Down, 8, 10, 1.2, TargetStatus.OnTrack)]
    [TestCase(Direction.Down, 10, 10, 1, TargetStatus.OnTrack)]
    [TestCase(Direction.Down, 11, 10, 0.9, TargetStatus.AtRisk)]
    [TestCase(Direction.Down, 11.1, 10, 0.89, TargetStatus.OffTrack)]
    [TestCase(Direction.Down, 1, 0, 0, TargetStatus.OffTrack)]
    [TestCase(Direction.Range, 10, 10, 1, TargetStatus.OnTrack)]
    [TestCase(Direction.Range, 10.5, 10, 0.95, TargetStatus.AtRisk)]
    [TestCase(Direction.Range, 9.5, 10, 0.95, TargetStatus.AtRisk)]
    [TestCase(Direction.Range, 12, 10, 0.8, TargetStatus.OffTrack)]
    public void A_figure_is_held_against_its_target_by_the_direction_of_its_metric(
        Direction direction, double actual, double target, double share, TargetStatus status)
    {
        var attainment = Attainment.Of(direction, (decimal)actual, (decimal)target);

        Assert.That(attainment, Is.EqualTo((decimal)share));
        Assert.That(Attainment.StatusOf(attainment), Is.EqualTo(status));
    }

    [Test]
    public void A_share_of_next_to_nothing_is_bounded()
    {
        Assert.That(Attainment.Of(Direction.Up, 7e27m, 1e-28m), Is.EqualTo(1_000_000_000));
        Assert.That(Attainment.Of(Direction.Down, 7e27m, 1e-28m), Is.EqualTo(-1_000_000_000));
    }

    private static ReportingCalendar Exchange() => new(new CalendarSettings
    {
        Holidays = File.ReadAllLines(Reference.File("pacing/nyse_holidays_1997_1998.txt")).Where(line => line.Length > 0).Select(Some.Day).ToHashSet(),
    });

    private static TargetStatus StatusOf(string word) => word switch
    {
        "on_track" => TargetStatus.OnTrack,
        "at_risk" => TargetStatus.AtRisk,
        "not_started" => TargetStatus.NoTarget,
        _ => TargetStatus.OffTrack,
    };

    private static void Near(decimal? actual, IReadOnlyDictionary<string, string> row, string column)
    {
        if (Number(row[column]) is { } expected)
            Assert.That(actual, Is.EqualTo(expected).Within(0.00000051m), $"{column} as of {row["as_of"]}");
        else
            Assert.That(actual, Is.Null, $"{column} as of {row["as_of"]}");
    }

    private static decimal? Number(string text) => text.Length == 0 ? null : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
