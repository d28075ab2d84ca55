using System.Text.Json;
using Metrics.Core.Boards;
using Metrics.Core.Findings;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Boards;

/// <summary>Where the tiles of a weekly board stand in their month, quarter or year as of the end of W46 2026, 15 November.</summary>
public sealed class BoardLandingTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, over_time: sum }
          - { id: shop, name: Shop, unit: currency, over_time: sum, pace: profile }
          - { id: office, name: Office, unit: count, over_time: sum, pace: business_days }
          - { id: stock, name: Stock, unit: count, over_time: last }
          - { id: load, name: Load, unit: count, over_time: mean, on_track: 0.95, at_risk: 0.8 }
        """;

    private static readonly BoardFindings NoFindings = new([], new BoardStanding([], [], [], []), Some.Day("2026-11-09"), []);

    private Company _company = null!;

    [SetUp]
    public void Open() => _company = new Company(Metrics, "2026-11-30T08:00:00Z", Some.Calendar());

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task The_shortest_longer_period_with_a_target_of_its_own_is_landed_in()
    {
        await FillAsync("visits", _ => 10);

        var tile = await TileAsync("visits", ("2026", 4000), ("2026-Q4", 900), ("2026-W46", 70));

        Assert.That((tile.Landing!.Key, tile.Landing.Name, tile.Landing.Standing.Target), Is.EqualTo(("2026-Q4", "Q4 2026", 900m)));
        Assert.That((await TileAsync("visits", ("2026-W46", 70))).Landing, Is.Null, "weeks are no longer period");
    }

    [Test]
    public async Task A_flow_lands_where_its_pace_leads_as_of_the_end_of_the_week_whatever_came_after()
    {
        await FillAsync("visits", day => day < Some.Day("2026-11-16") ? 10 : 1000);

        var tile = await TileAsync("visits", ("2026-11", 320));

        var standing = tile.Landing!.Standing;
        Assert.That((standing.Actual, standing.ElapsedDays, standing.Expected, standing.Projection), Is.EqualTo((150m, 15, 160m, (decimal?)300)));
        Assert.That((standing.Status, standing.RequiredPerWeek), Is.EqualTo((TargetStatus.AtRisk, (decimal?)(170 / 15m * 7))));
        Assert.That(standing.Landing!.Basis, Is.EqualTo(LandingBasis.EarlierPeriods), "eight months before are known");
        Assert.That(tile.LandingInWords(), Does.StartWith("Visits is pacing to 300 by 30 Nov, 20 short of target; 80\u00A0% interval 3"));
        Assert.That(tile.PaceInWords(), Is.EqualTo("46\u00A0% of plan at 50\u00A0% of Nov 2026, off pace \u221210"));
    }

    [Test]
    public async Task The_band_comes_from_how_far_earlier_months_were_off()
    {
        // The second half of every other month brings more than the first.
        await FillAsync("visits", day => day.Day <= 15 ? 10 : day.Month % 2 == 0 ? 14 : 10);

        var landing = (await TileAsync("visits", ("2026-11", 320))).Landing!.Standing.Landing!;

        Assert.That((landing.Value, landing.Cases), Is.EqualTo((300m, 8)));
        Assert.That(landing.High, Is.GreaterThan(330).And.LessThan(420));
        Assert.That(landing.Low, Is.GreaterThanOrEqualTo(150).And.LessThan(300));
    }

    [Test]
    public async Task Without_earlier_periods_the_elapsed_days_say_how_much_it_varies()
    {
        await FillAsync("visits", day => day.Day % 2 == 0 ? 8 : 12, "2026-10-20");

        var landing = (await TileAsync("visits", ("2026-11", 320))).Landing!.Standing.Landing!;

        Assert.That((landing.Basis, landing.Cases), Is.EqualTo((LandingBasis.Variation, 15)));
        Assert.That(landing.Low, Is.LessThan(landing.Value));
        Assert.That(landing.High, Is.GreaterThan(landing.Value));
    }

    [Test]
    public async Task A_year_is_judged_by_its_weeks()
    {
        await FillAsync("visits", day => day.DayNumber % 5);

        var landing = (await TileAsync("visits", ("2026", 800))).Landing!.Standing.Landing!;

        Assert.That((landing.Basis, landing.Cases), Is.EqualTo((LandingBasis.Variation, 45)));
        Assert.That(landing.Low, Is.LessThan(landing.Value));
    }

    [Test]
    public async Task A_stock_goes_on_from_where_it_stands_and_not_from_nothing()
    {
        await FillAsync("stock", day => 1000 + day.DayNumber - Some.Day("2026-10-31").DayNumber);

        var tile = await TileAsync("stock", ("2026-11", 1060));

        var standing = tile.Landing!.Standing;
        Assert.That((standing.Actual, standing.Expected, standing.Projection), Is.EqualTo((1015m, 1030m, (decimal?)1030)));
        Assert.That(standing.Landing!.Basis, Is.EqualTo(LandingBasis.EarlierPeriods));
        Assert.That(tile.LandingInWords(), Does.StartWith("Stock is pacing to 1,030 by 30 Nov, 30 short of target"));
    }

    [Test]
    public async Task A_shop_that_earns_at_weekends_is_not_held_against_the_weekdays_of_a_month()
    {
        // November 2026 begins on a Sunday; by the 15th five of its nine weekend days are over.
        await FillAsync("shop", Weekend);

        var standing = (await TileAsync("shop", ("2026-11", 900))).Landing!.Standing;

        Assert.That((standing.Basis, standing.Expected, standing.Projection), Is.EqualTo((PaceBasis.Weekdays, 500m, (decimal?)900)));

        static double Weekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 100 : 0;
    }

    [Test]
    public async Task A_quarter_follows_the_course_of_the_year_before()
    {
        // Nine tenths of a quarter come in its last month.
        await FillAsync("shop", day => day.Month % 3 == 0 ? 90 : 5);

        var standing = (await TileAsync("shop", ("2026-Q4", 3000))).Landing!.Standing;

        Assert.That(standing.Basis, Is.EqualTo(PaceBasis.LastYear));
        Assert.That(standing.ElapsedShare, Is.GreaterThan(0.05m).And.LessThan(0.1m), "46 of 92 days, and hardly anything is expected yet");
        Assert.That(standing.Projection, Is.Null, "below a tenth it says nothing");
    }

    [Test]
    public async Task A_profile_without_enough_days_before_is_linear_and_says_so()
    {
        await FillAsync("shop", _ => 10, "2026-10-20");

        Assert.That((await TileAsync("shop", ("2026-11", 300))).Landing!.Standing.Basis, Is.EqualTo(PaceBasis.Days));
    }

    [Test]
    public async Task A_target_of_business_days_gives_a_week_its_business_days_and_a_weekend_nothing()
    {
        await FillAsync("office", _ => 10);

        var week = await TileAsync("office", ("2026-11", 210));
        var sunday = await TileAsync("office", Grain.Day, "2026-11-15", ("2026-11", 210));

        Assert.That(week.Target!.Value, Is.EqualTo(50), "five of the 21 business days of November");
        Assert.That(sunday.Target!.Value, Is.Zero);
        Assert.That(week.Landing!.Standing.Basis, Is.EqualTo(PaceBasis.BusinessDays));
        Assert.That(week.Landing.Standing.Expected, Is.EqualTo(100));
    }

    [Test]
    public async Task A_target_by_profile_gives_its_weeks_what_their_days_brought_before()
    {
        await FillAsync("shop", day => day.DayOfWeek == DayOfWeek.Sunday ? 100 : 0);

        // Five Sundays of November, one of them in the week.
        Assert.That((await TileAsync("shop", ("2026-11", 500))).Target!.Value, Is.EqualTo(100m).Within(1e-9m));
    }

    [Test]
    public async Task A_level_stands_against_its_target_by_the_shares_of_the_metric()
    {
        await FillAsync("load", _ => 96);

        var tile = await TileAsync("load", ("2026-11", 100));

        Assert.That((tile.Landing!.Standing.Status, tile.Landing.Standing.Projection), Is.EqualTo((TargetStatus.OnTrack, (decimal?)null)));
        Assert.That(tile.LandingInWords(), Is.EqualTo("Load is 96 in Nov 2026 so far, against a target of 100"));
        Assert.That(tile.PaceInWords(), Is.Empty);
    }

    [Test]
    public async Task A_period_that_ends_with_the_week_is_met_or_missed()
    {
        await FillAsync("visits", _ => 10);

        // 31 May 2026 is a Sunday.
        var tile = await TileAsync("visits", Grain.Week, "2026-W22", ("2026-05", 300));

        Assert.That(tile.LandingInWords(), Is.EqualTo("Visits met the target of 300 for May 2026 with 310"));
    }

    [Test]
    public async Task The_landing_is_in_the_json_of_the_board()
    {
        await FillAsync("visits", _ => 10);
        using var stream = new MemoryStream();
        await BoardJson.WriteAsync(await BoardAsync("visits", Grain.Week, "2026-W46", ("2026-11", 320)), NoFindings, Narrative.Empty, stream, CancellationToken.None);

        using var json = JsonDocument.Parse(stream.ToArray());
        var landing = json.RootElement.GetProperty("sections")[0].GetProperty("tiles")[0].GetProperty("landing");
        Assert.That(landing.GetProperty("period").GetString(), Is.EqualTo("2026-11"));
        Assert.That(landing.GetProperty("projection").GetDecimal(), Is.EqualTo(300));
        Assert.That(landing.GetProperty("pace").GetString(), Is.EqualTo("linear"));
        Assert.That(landing.GetProperty("status").GetString(), Is.EqualTo("at_risk"));
        Assert.That(landing.GetProperty("sentence").GetString(), Does.StartWith("Visits is pacing to 300 by 30 Nov"));
    }

    private async Task FillAsync(string metric, Func<DateOnly, double> value, string from = "2023-01-01")
    {
        await _company.WriteAsync(new SeriesPoints(
            new SeriesKey(metric, Grain.Day, Segment.Total),
            [.. Some.DaysFrom(Some.Day(from), Some.Day("2026-11-30")).Select(day => new Point(day, value(day)))]));
        await _company.KnownAsync(from, "2026-11-30", metric);
    }

    private Task<TileSnapshot> TileAsync(string metric, params (string Period, decimal Value)[] targets) => TileAsync(metric, Grain.Week, "2026-W46", targets);

    private async Task<TileSnapshot> TileAsync(string metric, Grain grain, string period, params (string Period, decimal Value)[] targets) =>
        (await BoardAsync(metric, grain, period, targets)).Tiles.Single();

    private Task<BoardSnapshot> BoardAsync(string metric, Grain grain, string period, params (string Period, decimal Value)[] targets)
    {
        var calendar = _company.Calendar;
        var book = new TargetBook(targets.Select(written =>
        {
            Assert.That(calendar.TryParse(written.Period, out var of, out var days), Is.True);
            return new Target(metric, Target.DefaultVersion, of, days!, Segment.Total, written.Value, null, "targets/a.csv", 2);
        }));
        Assert.That(calendar.TryParse(grain, period, out var asked), Is.True);
        var board = new Board("test", "Test", grain, [new BoardSection("All", [new Tile { Metric = metric }])], "boards/test.yaml", 1);
        var reader = new MetricReader(_company.Store, _company.Watermarks, _company.Clock);
        return new BoardBuilder(reader, new KnownDays(_company.Store, _company.Watermarks), _company.ModelStates, _company.Processes, _company.Clock)
            .BuildAsync(board, calendar, _company.Catalog, book, new BoardQuery { Period = asked }, CancellationToken.None);
    }
}
