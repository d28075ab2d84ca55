using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Models.Engagement;
using Metrics.Core.Models.Growth;
using Metrics.Core.Models.Retention;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Models.Activities;

/// <summary>What is computed from changes is what is computed from all records.</summary>
public sealed class ActivityComputationTests
{
    private static readonly Config Tries = Config.QuickThrowOnFailure.WithMaxTest(200);
    private static readonly ReportingCalendar Calendar = Some.Calendar();

    private static readonly (Metric Metric, IActivityModel Model)[] Metrics =
    [
        .. ActivityMetrics.Engagement.Select(metric => (metric, (IActivityModel)new EngagementModel())),
        .. ActivityMetrics.Growth.Select(metric => (metric, (IActivityModel)new GrowthModel())),
        .. ActivityMetrics.Retention.Select(metric => (metric, (IActivityModel)new RetentionModel())),
    ];

    /// <summary>Records that are there first, that come, and that go; and the days that are known before and after.</summary>
    private static Arbitrary<(object[] First, object[] Coming, int Going, int Before, int After)> Histories { get; } = Arb.From(
        from first in ActivityMetrics.Records.ArrayOf(6)
        from coming in ActivityMetrics.Records.ArrayOf(4)
        from going in Gen.Choose(0, 6)
        from before in Gen.Choose(0, 90)
        from more in Gen.Choose(0, 40)
        from isSame in Gen.Elements(true, false)
        select (first, coming, going, before, before + (isSame ? 0 : more)));

    [Test]
    public void A_late_record_and_one_that_vanished_give_the_points_of_a_computation_in_full() => Check.One(Tries, Prop.ForAll(Histories, history =>
    {
        var (before, after) = (Some.Day("2026-01-15").AddDays(history.Before), Some.Day("2026-01-15").AddDays(history.After));
        var first = Bodies(history.First);
        var saved = Saved(first, before, out var stored);

        var late = new ActivityComputation(Calendar, Metrics);
        Assert.That(late.TryLoad(saved), Is.True);
        foreach (var body in Bodies(history.Coming))
            late.Change(null, body, IsSignup(body));
        foreach (var body in first.Take(history.Going))
            late.Change(body, null, IsSignup(body));
        late.Count(after, after, CancellationToken.None);
        foreach (var output in late.Outputs(_ => after, _ => before))
            Replace(stored, output);

        var full = new ActivityComputation(Calendar, Metrics);
        foreach (var body in first.Skip(history.Going).Concat(Bodies(history.Coming)))
            full.Add(body, IsSignup(body));
        full.Count(after, after, CancellationToken.None);
        var wanted = new Dictionary<(SeriesKey, DateOnly), double>();
        foreach (var output in full.Outputs(_ => after, _ => after))
            Replace(wanted, output);

        var faults = wanted.Except(stored).Select(pair => $"missing {Text(pair)}").Concat(stored.Except(wanted).Select(pair => $"too many {Text(pair)}"));
        Assert.That(faults.Take(20), Is.Empty);
        return true;
    }));

    [Test]
    public void The_order_of_records_and_the_way_they_are_delivered_change_nothing() => Check.One(Tries, Prop.ForAll(Histories, history =>
    {
        var bodies = Bodies([.. history.First, .. history.Coming]);
        using var one = Saved(bodies, Some.Day("2026-04-30"), out var points);
        using var other = Saved([.. bodies.Reverse()], Some.Day("2026-04-30"), out var same);
        Assert.That((same.Count, same.Except(points).Count()), Is.EqualTo((points.Count, 0)));
        return true;
    }));

    [Test]
    public void Active_users_are_those_of_growth_accounting_at_every_grain_and_in_every_segment() => Check.One(Tries, Prop.ForAll(Histories, history =>
    {
        using var saved = Saved(Bodies(history.First), Some.Day("2026-04-30"), out var points);
        var active = points.Where(pair => pair.Key.Key.Metric == "active_users").ToDictionary();
        foreach (var ((key, day), value) in active)
        {
            var before = Calendar.Previous(key.Grain, Calendar.Containing(key.Grain, day)).Start;
            Assert.That(Of("new_users") + Of("retained_users") + Of("resurrected_users"), Is.EqualTo(value));
            Assert.That(value - active.GetValueOrDefault((key, before)), Is.EqualTo(Of("new_users") + Of("resurrected_users") - Of("churned_users")));

            double Of(string metric) => points.GetValueOrDefault((key with { Metric = metric }, day));
        }

        return true;
    }));

    [Test]
    public void Unbounded_retention_never_rises_and_no_cell_is_larger_than_its_cohort() => Check.One(Tries, Prop.ForAll(Histories, history =>
    {
        using var saved = Saved(Bodies(history.First), Some.Day("2026-04-30"), out var points);
        foreach (var lane in points.Where(pair => pair.Key.Key.Metric == "cohort_users_on_or_after_week" && !pair.Key.Key.Segment.IsTotal).GroupBy(pair => pair.Key.Key))
        {
            var values = lane.OrderBy(pair => pair.Key.Day).Select(pair => pair.Value).ToArray();
            Assert.That(values, Is.Ordered.Descending);
            foreach (var ((key, day), value) in lane)
            {
                Assert.That(points[(key with { Metric = "cohort_users_week" }, day)], Is.LessThanOrEqualTo(value));
                Assert.That(value, Is.LessThanOrEqualTo(points[(key with { Metric = "cohort_size_week" }, day)]));
            }
        }

        return true;
    }));

    [Test]
    public void A_second_apart_over_midnight_is_two_days_and_one_session()
    {
        var berlin = new ReportingCalendar(new CalendarSettings { TimeZone = "Europe/Berlin" });
        var computation = new ActivityComputation(berlin, Metrics.Where(pair => pair.Metric.Id is "active_users" or "sessions"));
        foreach (var body in Bodies([Event("anna", "2026-03-28T22:59:59Z"), Event("anna", "2026-03-28T23:00:00Z")]))
            computation.Add(body, isSignup: false);
        computation.Count(Some.Day("2026-04-01"), Some.Day("2026-04-01"), CancellationToken.None);

        var points = computation.Outputs(_ => Some.Day("2026-04-01"), _ => default).SelectMany(output => output.Series)
            .Where(series => series.Key is { Grain: Grain.Day, Segment.IsTotal: true })
            .ToDictionary(series => series.Key.Metric, series => string.Join(' ', series.Points.Select(point => FormattableString.Invariant($"{point.Day:MM-dd}={point.Value}"))));
        Assert.That(points["active_users"], Is.EqualTo("03-28=1 03-29=1"));
        Assert.That(points["sessions"], Is.EqualTo("03-28=1"));
    }

    [Test]
    public void Events_of_the_future_before_a_signup_and_of_nobody_who_signed_up_are_named()
    {
        var computation = new ActivityComputation(Calendar, Metrics);
        foreach (var body in Bodies(
            [
                Event("anna", "2026-03-01"), Event("anna", "2026-03-20"), new { user = "anna", at = "2026-03-02" }, Event("bert", "2026-03-05"),
            ]))
            computation.Add(body, IsSignup(body));
        computation.Count(Some.Day("2026-03-10"), Some.Day("2026-03-10"), CancellationToken.None);

        var warnings = computation.Warnings(Some.Day("2026-03-10"), hasSignups: true);

        Assert.That(warnings.Select(warning => (warning.Code, warning.Rows, warning.LeftOut)), Is.EqualTo(((string, long, bool)[])
            [("before_signup", 1, false), ("future", 1, true), ("no_signup", 1, false)]));
        Assert.That(warnings.Select(warning => $"{warning.Examples[0].Record}: {warning.Examples[0].What}"), Is.EqualTo((string[])
            ["anna: login on 2026-03-01", "anna: login on 2026-03-20", "bert: login on 2026-03-05"]));
    }

    [Test]
    public void What_cannot_be_read_is_said_to_be_so()
    {
        using var saved = Saved(Bodies([Event("anna", "2026-03-01")]), Some.Day("2026-03-10"), out _);
        saved.SetLength(saved.Length - 5);

        Assert.That(() => new ActivityComputation(Calendar, Metrics).TryLoad(saved), Throws.InstanceOf<IOException>());
    }

    private static object Event(string user, string at) => new { user, at, @event = "login" };

    private static MemoryStream Saved(IReadOnlyList<RecordBody> bodies, DateOnly before, out Dictionary<(SeriesKey Key, DateOnly Day), double> points)
    {
        var computation = new ActivityComputation(Calendar, Metrics);
        foreach (var body in bodies)
            computation.Add(body, IsSignup(body));
        computation.Count(before, before, CancellationToken.None);
        points = [];
        foreach (var output in computation.Outputs(_ => before, _ => before))
            Replace(points, output);

        var saved = new MemoryStream();
        computation.Save(saved, before, before);
        saved.Position = 0;
        return saved;
    }

    /// <summary>What a store does with an output.</summary>
    private static void Replace(Dictionary<(SeriesKey Key, DateOnly Day), double> points, Core.Models.ModelOutput output)
    {
        foreach (var gone in points.Keys.Where(point => point.Key.Metric == output.Metric && point.Key.Grain == output.Grain
            && (output.Within is null || output.Within.Contains(point.Day))).ToArray())
            points.Remove(gone);
        foreach (var series in output.Series)
        {
            foreach (var point in series.Points)
            {
                Assert.That(output.Within is null || output.Within.Contains(point.Day), Is.True, "a point outside of the days that are replaced");
                points.Add((series.Key, point.Day), point.Value);
            }
        }
    }

    private static string Text(KeyValuePair<(SeriesKey Key, DateOnly Day), double> pair) =>
        string.Create(CultureInfo.InvariantCulture, $"{pair.Key.Key} {pair.Key.Day:O} = {pair.Value}");

    private static bool IsSignup(RecordBody body) => body.Text("event") is null;

    private static RecordBody[] Bodies(object[] bodies) => [.. Company.Records(bodies).Select(record => record.Body)];
}
