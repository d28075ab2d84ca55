using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Series;

/// <summary>What every series store promises. Derive from it, open an empty store, and the promises are checked.</summary>
public abstract class SeriesStoreContract
{
    private static readonly string[] HostileTexts =
    [
        "it's \"quoted\"", "a,b=c", "line\nbreak\r\n", "tab\t", "back\\slash", "{}", "{\"plan\":\"x\"}", "Zoë 日本 🚀", "'; drop table points; --",
        "(none", " leading and trailing ", "%_*?", "null", "total",
    ];

    private static readonly double[] HardValues =
    [
        0.1 + 0.2, -1.5, 1e-300, double.Epsilon, 123_456_789_012.34, 9_999_999_999_999.99, -9_999_999_999_999.99, double.MaxValue, double.MinValue,
        1.0 / 3, 4_503_599_627_370_497.5, 0,
    ];

    protected ISeriesStore Store { get; private set; } = null!;

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>The earliest and the latest day that the engine can hold.</summary>
    protected virtual (string First, string Last) Days => ("0001-01-01", "9999-12-31");

    /// <summary>A store without any points; it is disposed of by the derived class.</summary>
    protected abstract Task<ISeriesStore> OpenEmptyAsync();

    [SetUp]
    public async Task OpenAsync() => Store = await OpenEmptyAsync();

    [Test]
    public async Task Writing_a_batch_twice_leaves_the_store_as_writing_it_once()
    {
        SeriesPoints[] batch = [Mrr.With(("2026-11-01", 5), ("2026-11-02", 6)), Key("mrr", ("plan", "Pro")).With(("2026-11-01", 5))];

        Assert.That(await Store.WriteAsync(batch, Sync(1), None), Is.EqualTo(new WriteOutcome(New: 3, Changed: 0, Unchanged: 0, Removed: 0)));
        Assert.That(await Store.WriteAsync(batch, Sync(2), None), Is.EqualTo(new WriteOutcome(New: 0, Changed: 0, Unchanged: 3, Removed: 0)));

        var points = (await Store.ReadAsync(Query(), None)).Single().Points;
        Assert.That(points, Is.EqualTo((StoredPoint[])[new(Some.Day("2026-11-01"), 5, Minute(1)), new(Some.Day("2026-11-02"), 6, Minute(1))]));
        Assert.That(await Store.RestatementsAsync(Query(), None), Is.Empty);
    }

    [Test]
    public async Task A_different_value_replaces_the_point_and_leaves_one_restatement()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 5), ("2026-11-02", 6))], Sync(1), None);
        SeriesPoints[] changed = [Mrr.With(("2026-11-01", 5), ("2026-11-02", 7), ("2026-11-03", 8))];

        Assert.That(await Store.WriteAsync(changed, Sync(2), None), Is.EqualTo(new WriteOutcome(New: 1, Changed: 1, Unchanged: 1, Removed: 0)));
        Assert.That(await Store.WriteAsync(changed, Sync(3), None), Is.EqualTo(new WriteOutcome(New: 0, Changed: 0, Unchanged: 3, Removed: 0)));

        Assert.That((await Store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=5 2026-11-02=7 2026-11-03=8"]));
        Assert.That(
            await Store.RestatementsAsync(Query(), None),
            Is.EqualTo((Restatement[])[new(Mrr, Some.Day("2026-11-02"), Old: 6, New: 7, Minute(2), "sync 2")]));
    }

    [Test]
    public async Task A_changed_point_keeps_the_moment_at_which_it_was_first_written()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), None);
        await Store.WriteAsync([Mrr.With(("2026-11-01", 6))], Sync(2), None);

        Assert.That((await Store.ReadAsync(Query(), None)).Single().Points.Single().FirstWritten, Is.EqualTo(Minute(1)));
    }

    [Test]
    public async Task Of_two_values_for_a_day_in_one_batch_the_later_one_counts_and_no_restatement_is_left()
    {
        SeriesPoints[] batch = [Mrr.With(("2026-11-02", 1), ("2026-11-01", 2), ("2026-11-02", 3))];

        await Store.WriteAsync(batch, Sync(1), None);
        await Store.WriteAsync(batch, Sync(2), None);

        Assert.That((await Store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=2 2026-11-02=3"]));
        Assert.That(await Store.RestatementsAsync(Query(), None), Is.Empty);
    }

    [Test]
    public async Task A_series_may_stand_in_a_batch_twice([Values] bool replace)
    {
        SeriesPoints[] batch = [Mrr.With(("2026-11-01", 1), ("2026-11-02", 2)), Mrr.With(("2026-11-02", 3), ("2026-11-03", 4))];

        foreach (var sync in (int[])[1, 2])
            await (replace ? Store.ReplaceAsync("mrr", Grain.Day, batch, Sync(sync), None) : Store.WriteAsync(batch, Sync(sync), None));

        Assert.That((await Store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=1 2026-11-02=3 2026-11-03=4"]));
        Assert.That(await Store.RestatementsAsync(Query(), None), Is.Empty);
    }

    [Test]
    public async Task Points_may_come_in_any_order()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-03", 3), ("2026-11-01", 1), ("2026-11-02", 2))], Sync(1), None);
        var outcome = await Store.WriteAsync([Mrr.With(("2026-11-02", 2), ("2026-10-31", 0), ("2026-11-03", 4))], Sync(2), None);

        Assert.That(outcome, Is.EqualTo(new WriteOutcome(New: 1, Changed: 1, Unchanged: 1, Removed: 0)));
        Assert.That(
            (await Store.ReadAsync(Query(), None)).Text(),
            Is.EqualTo((string[])["mrr total: 2026-10-31=0 2026-11-01=1 2026-11-02=2 2026-11-03=4"]));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public async Task A_value_that_is_not_finite_refuses_the_whole_batch(double value)
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 5))], Sync(1), None);
        SeriesPoints[] batch =
        [
            Mrr.With(("2026-11-01", 6), ("2026-11-02", 7)), Key("mrr", ("plan", "Pro")).With(("2026-11-01", 1)),
            Key("customers").With(("2026-11-01", 1), ("2026-11-02", value)),
        ];

        Assert.That(async () => await Store.WriteAsync(batch, Sync(2), None), Throws.ArgumentException.With.Message.Contains("customers"));
        Assert.That(async () => await Store.ReplaceAsync("mrr", Grain.Day, [Mrr.With(("2026-11-02", value))], Sync(3), None), Throws.ArgumentException);

        Assert.That((await Store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=5"]));
        Assert.That(await Store.ReadAsync(Query(cut: "plan"), None), Is.Empty);
        Assert.That(await Store.ReadAsync(Query("customers"), None), Is.Empty);
        Assert.That(await Store.RestatementsAsync(Query(), None), Is.Empty);
        Assert.That(await Store.DimensionValuesAsync("mrr", "plan", None), Is.Empty);
    }

    [Test]
    public async Task Series_of_another_metric_grain_cut_or_segment_never_mix()
    {
        SeriesKey[] keys =
        [
            Mrr, Mrr with { Grain = Grain.Week }, Mrr with { Metric = "mrr2" }, Key("mrr", ("plan", "Pro")), Key("mrr", ("plan", "pro")),
            Key("mrr", ("region", "Pro")), Key("mrr", ("plan", "Pro"), ("region", "EU")), Key("mrr", ("plan", "EU"), ("region", "Pro")),
        ];
        for (var i = 0; i < keys.Length; i++)
            await Store.WriteAsync([keys[i].With(("2026-11-02", i))], Sync(1), None);

        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i];
            var query = Query(key.Metric) with { Grain = key.Grain, Cut = [.. key.Segment.Values.Select(pair => pair.Key)] };
            var found = (await Store.ReadAsync(query, None)).Single(series => series.Key.Equals(key));

            Assert.That(found.Points.Single().Value, Is.EqualTo(i), $"{key}");
            Assert.That((await Store.LastAsync(key, None))?.Value, Is.EqualTo(i), $"{key}");
        }

        Assert.That((await Store.ReadAsync(Query(cut: "plan"), None)).Text(), Is.EqualTo((string[])["mrr Pro: 2026-11-02=3", "mrr pro: 2026-11-02=4"]));
    }

    [Test]
    public async Task A_segment_is_the_same_however_its_dimensions_are_ordered()
    {
        await Store.WriteAsync([Key("mrr", ("region", "EU"), ("plan", "Pro")).With(("2026-11-01", 1))], Sync(1), None);
        var outcome = await Store.WriteAsync([Key("mrr", ("plan", "Pro"), ("region", "EU")).With(("2026-11-01", 1))], Sync(2), None);

        Assert.That(outcome.Unchanged, Is.EqualTo(1));
    }

    [Test]
    public async Task Many_metrics_are_read_at_once_by_metric_and_segment_and_oldest_point_first()
    {
        await Store.WriteAsync(
            [
                Key("users", ("plan", "Pro")).With(("2026-11-02", 2), ("2026-11-01", 1)), Key("mrr", ("plan", "Pro")).With(("2026-11-01", 3)),
                Key("mrr", ("plan", "Basic")).With(("2026-11-01", 4)), Key("other", ("plan", "Pro")).With(("2026-11-01", 5)),
            ],
            Sync(1), None);

        var found = await Store.ReadAsync(Query(cut: "plan") with { Metrics = ["users", "absent", "mrr"] }, None);

        Assert.That(found.Text(), Is.EqualTo((string[])["mrr Basic: 2026-11-01=4", "mrr Pro: 2026-11-01=3", "users Pro: 2026-11-01=1 2026-11-02=2"]));
    }

    [Test]
    public async Task Many_metrics_are_read_as_of_a_moment_and_with_their_restatements_in_one_cut_and_grain()
    {
        string[] metrics = [.. Enumerable.Range(0, 12).Select(number => $"m{number:D2}")];
        foreach (var sync in (int[])[1, 2])
        {
            await Store.WriteAsync(
                [
                    .. metrics.SelectMany((metric, number) => (SeriesPoints[])
                    [
                        Key(metric).With(("2026-11-01", 100 * sync)), Key(metric, ("plan", "Pro")).With(("2026-11-01", number + 1000 * sync)),
                        Key(metric, ("plan", "Pro"), ("region", "EU")).With(("2026-11-01", 7)),
                        (Key(metric, ("plan", "Pro")) with { Grain = Grain.Week }).With(("2026-11-01", 8)),
                    ]),
                ],
                Sync(sync), None);
        }

        var query = Query(cut: "plan") with { Metrics = metrics };
        Assert.That((await Store.ReadAsync(query, None)).Text(), Is.EqualTo(metrics.Select((metric, number) => $"{metric} Pro: 2026-11-01={number + 2000}")));
        Assert.That(
            (await Store.ReadAsync(query with { AsOf = Minute(1) }, None)).Text(),
            Is.EqualTo(metrics.Select((metric, number) => $"{metric} Pro: 2026-11-01={number + 1000}")));
        Assert.That(
            (await Store.RestatementsAsync(query, None)).Select(row => (row.Key.Metric, row.Key.Segment.Cut, row.Old, row.New)),
            Is.EquivalentTo(metrics.Select((metric, number) => (metric, "plan", (double?)number + 1000, (double?)number + 2000))));
    }

    [TestCase("2026-11-02..2026-11-03", "2026-11-02=2 2026-11-03=3")]
    [TestCase("2026-11-01..2026-11-01", "2026-11-01=1")]
    [TestCase("2020-01-01..2026-11-02", "2026-11-01=1 2026-11-02=2")]
    [TestCase("2026-11-05..2030-01-01", null, Description = "a series without points in the days is left out")]
    public async Task Days_are_read_from_the_first_up_to_and_without_the_end(string days, string? points)
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1), ("2026-11-02", 2), ("2026-11-03", 3), ("2026-11-04", 4))], Sync(1), None);

        var found = await Store.ReadAsync(Query(days: days), None);

        Assert.That(found.SingleOrDefault()?.Points.Text(), Is.EqualTo(points));
    }

    [Test]
    public async Task A_filter_keeps_the_segments_with_one_of_its_values_for_each_dimension()
    {
        foreach (var (plan, region) in (IEnumerable<(string, string)>)[("Pro", "EU"), ("Pro", "US"), ("Basic", "EU"), ("Free", "EU"), ("", "EU")])
            await Store.WriteAsync([Key("mrr", ("plan", plan), ("region", region)).With(("2026-11-01", 1))], Sync(1), None);

        Assert.That(await SegmentsAsync(("plan", ["Pro", "Basic"]), ("region", ["EU"])), Is.EqualTo((string[])["Basic · EU", "Pro · EU"]));
        Assert.That(await SegmentsAsync(("plan", ["(none)"])), Is.EqualTo((string[])["(none) · EU"]));
        Assert.That(await SegmentsAsync(("plan", ["pro"])), Is.Empty, "values are told apart by case");
        Assert.That(await SegmentsAsync(("plan", [])), Is.Empty, "no value is none of them");
        Assert.That(await SegmentsAsync(), Has.Length.EqualTo(5));

        async Task<string[]> SegmentsAsync(params (string Dimension, string[] Values)[] filter)
        {
            var query = Query(cut: ["plan", "region"]) with { Filter = filter.ToDictionary(pair => pair.Dimension, IReadOnlyList<string> (pair) => pair.Values) };
            return [.. (await Store.ReadAsync(query, None)).Select(series => series.Key.Segment.ToString())];
        }
    }

    [Test]
    public async Task The_values_of_a_dimension_are_listed_once_and_sorted_over_all_cuts()
    {
        await Store.WriteAsync(
            [
                Key("mrr", ("plan", "Pro")).With(("2026-11-01", 1)), Key("mrr", ("plan", "Basic"), ("region", "EU")).With(("2026-11-01", 1)),
                Key("mrr", ("plan", "Pro"), ("region", "EU")).With(("2026-11-01", 1)), Key("mrr", ("plan", "")).With(("2026-11-01", 1)),
                Key("users", ("plan", "Other")).With(("2026-11-01", 1)), Mrr.With(("2026-11-01", 1)),
            ],
            Sync(1), None);

        Assert.That(await Store.DimensionValuesAsync("mrr", "plan", None), Is.EqualTo((string[])["(none)", "Basic", "Pro"]));
        Assert.That(await Store.DimensionValuesAsync("mrr", "region", None), Is.EqualTo((string[])["EU"]));
        Assert.That(await Store.DimensionValuesAsync("mrr", "channel", None), Is.Empty);
        Assert.That(await Store.DimensionValuesAsync("absent", "plan", None), Is.Empty);
    }

    [Test]
    public async Task A_segment_whose_points_are_all_gone_is_listed_no_more()
    {
        await Store.WriteAsync([Key("mrr", ("plan", "Old")).With(("2026-11-01", 1)), Key("mrr", ("plan", "New")).With(("2026-11-02", 1))], Sync(1), None);
        await Store.DeleteAsync("mrr", Some.Days("2026-11-01..2026-11-01"), Sync(2), None);

        Assert.That(await Store.DimensionValuesAsync("mrr", "plan", None), Is.EqualTo((string[])["New"]));
    }

    [Test]
    public async Task The_last_point_and_the_extent_know_nothing_of_removed_points()
    {
        Assert.That(await Store.LastAsync(Mrr, None), Is.Null);
        Assert.That(await Store.ExtentAsync("mrr", Grain.Day, None), Is.Null);

        await Store.WriteAsync([Mrr.With(("2026-11-02", 2), ("2026-11-03", 3)), Key("mrr", ("plan", "Pro")).With(("2026-11-01", 1), ("2026-11-05", 5))], Sync(1), None);
        await Store.WriteAsync([(Mrr with { Grain = Grain.Month }).With(("2020-01-01", 9))], Sync(1), None);
        Assert.That(await Store.LastAsync(Mrr, None), Is.EqualTo(new StoredPoint(Some.Day("2026-11-03"), 3, Minute(1))));
        Assert.That(await Store.ExtentAsync("mrr", Grain.Day, None), Is.EqualTo((Some.Day("2026-11-01"), Some.Day("2026-11-05"))));

        await Store.DeleteAsync("mrr", Some.Days("2026-11-03..2026-11-05"), Sync(2), None);
        Assert.That((await Store.LastAsync(Mrr, None))?.Value, Is.EqualTo(2));
        Assert.That(await Store.ExtentAsync("mrr", Grain.Day, None), Is.EqualTo((Some.Day("2026-11-01"), Some.Day("2026-11-02"))));

        await Store.DeleteAsync("mrr", Some.Days("2000-01-01..2030-01-01"), Sync(3), None);
        Assert.That(await Store.LastAsync(Mrr, None), Is.Null);
        Assert.That(await Store.ExtentAsync("mrr", Grain.Day, None), Is.Null);
    }

    [Test]
    public async Task Deleting_days_removes_the_points_of_every_grain_and_cut_each_with_a_restatement()
    {
        var week = Mrr with { Grain = Grain.Week };
        var pro = Key("mrr", ("plan", "Pro"));
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1), ("2026-11-02", 2), ("2026-11-03", 3)), week.With(("2026-11-02", 4)), pro.With(("2026-11-02", 5))], Sync(1), None);
        await Store.WriteAsync([Key("users").With(("2026-11-02", 6))], Sync(1), None);

        var days = Some.Days("2026-11-02..2026-11-02");
        Assert.That(await Store.DeleteAsync("mrr", days, Sync(2), None), Is.EqualTo(3));
        Assert.That(await Store.DeleteAsync("mrr", days, Sync(3), None), Is.Zero, "what is gone cannot go again");

        Assert.That((await Store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=1 2026-11-03=3"]));
        Assert.That((await Store.ReadAsync(Query("users"), None)).Text(), Is.EqualTo((string[])["users total: 2026-11-02=6"]));
        Assert.That(await Store.RestatementsAsync(Query(), None), Is.EqualTo((Restatement[])[new(Mrr, days.Start, 2, null, Minute(2), "sync 2")]));
        Assert.That(await Store.RestatementsAsync(Query() with { Grain = Grain.Week }, None), Is.EqualTo((Restatement[])[new(week, days.Start, 4, null, Minute(2), "sync 2")]));
        Assert.That(await Store.RestatementsAsync(Query(cut: "plan"), None), Is.EqualTo((Restatement[])[new(pro, days.Start, 5, null, Minute(2), "sync 2")]));
    }

    [Test]
    public async Task Replacing_removes_vanished_points_and_vanished_segments_of_that_grain_only()
    {
        var (pro, old) = (Key("mrr", ("plan", "Pro")), Key("mrr", ("plan", "Old")));
        var week = pro with { Grain = Grain.Week };
        await Store.WriteAsync([pro.With(("2026-11-01", 1), ("2026-11-02", 2), ("2026-11-03", 3)), old.With(("2026-11-01", 4)), week.With(("2026-11-02", 5)), Key("users").With(("2026-11-01", 6))], Sync(1), None);
        SeriesPoints[] all = [pro.With(("2026-11-01", 1), ("2026-11-03", 7), ("2026-11-04", 8))];

        Assert.That(await Store.ReplaceAsync("mrr", Grain.Day, all, Sync(2), None), Is.EqualTo(new WriteOutcome(New: 1, Changed: 1, Unchanged: 1, Removed: 2)));
        Assert.That(await Store.ReplaceAsync("mrr", Grain.Day, all, Sync(3), None), Is.EqualTo(new WriteOutcome(New: 0, Changed: 0, Unchanged: 3, Removed: 0)));

        Assert.That((await Store.ReadAsync(Query(cut: "plan"), None)).Text(), Is.EqualTo((string[])["mrr Pro: 2026-11-01=1 2026-11-03=7 2026-11-04=8"]));
        Assert.That((await Store.ReadAsync(Query(cut: "plan") with { Grain = Grain.Week }, None)).Text(), Is.EqualTo((string[])["mrr Pro: 2026-11-02=5"]));
        Assert.That((await Store.ReadAsync(Query("users"), None)).Text(), Is.EqualTo((string[])["users total: 2026-11-01=6"]));
        Assert.That(
            (await Store.RestatementsAsync(Query(cut: "plan"), None)).Select(row => (row.Key, row.Day.Day, row.Old, row.New)),
            Is.EquivalentTo(((SeriesKey, int, double?, double?)[])[(old, 1, 4, null), (pro, 2, 2, null), (pro, 3, 3, 7)]));
    }

    [Test]
    public async Task Replacing_within_some_days_leaves_all_other_days_as_they_are()
    {
        var (pro, old) = (Key("mrr", ("plan", "Pro")), Key("mrr", ("plan", "Old")));
        await Store.WriteAsync(
            [pro.With(("2026-11-01", 1), ("2026-11-02", 2), ("2026-11-03", 3), ("2026-11-04", 4)), old.With(("2026-11-01", 5), ("2026-11-03", 6))], Sync(1), None);
        var days = new Period(Some.Day("2026-11-02"), Some.Day("2026-11-04"));

        Assert.That(
            await Store.ReplaceAsync("mrr", Grain.Day, days, [pro.With(("2026-11-02", 7))], Sync(2), None),
            Is.EqualTo(new WriteOutcome(New: 0, Changed: 1, Unchanged: 0, Removed: 2)));

        Assert.That(
            (await Store.ReadAsync(Query(cut: "plan"), None)).Text(), Is.EqualTo((string[])["mrr Old: 2026-11-01=5", "mrr Pro: 2026-11-01=1 2026-11-02=7 2026-11-04=4"]));
        Assert.That(
            async () => await Store.ReplaceAsync("mrr", Grain.Day, days, [pro.With(("2026-11-04", 9))], Sync(3), None), Throws.ArgumentException);
    }

    [Test]
    public void Replacing_takes_only_series_of_its_own_metric_and_grain()
    {
        Assert.That(async () => await Store.ReplaceAsync("users", Grain.Day, [Mrr.With(("2026-11-01", 1))], Sync(1), None), Throws.ArgumentException);
        Assert.That(async () => await Store.ReplaceAsync("mrr", Grain.Week, [Mrr.With(("2026-11-01", 1))], Sync(1), None), Throws.ArgumentException);
    }

    [Test]
    public async Task A_removed_point_that_is_written_again_is_a_change_from_nothing()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), None);
        await Store.ReplaceAsync("mrr", Grain.Day, [], Sync(2), None);
        var outcome = await Store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(3), None);

        Assert.That(outcome, Is.EqualTo(new WriteOutcome(New: 0, Changed: 1, Unchanged: 0, Removed: 0)));
        Assert.That((await Store.ReadAsync(Query(), None)).Text(), Is.EqualTo((string[])["mrr total: 2026-11-01=1"]));
        Assert.That(
            (await Store.RestatementsAsync(Query(), None)).Select(row => (row.Old, row.New, row.Sync)),
            Is.EqualTo(((double?, double?, string)[])[(1, null, "sync 2"), (null, 1, "sync 3")]));
        Assert.That(await Store.ReadAsync(Query() with { AsOf = Minute(2) }, None), Is.Empty);
    }

    [Test]
    public async Task As_of_a_moment_later_changes_are_undone_and_later_points_left_out()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1), ("2026-11-02", 2))], Sync(1), None);
        await Store.WriteAsync([Mrr.With(("2026-11-02", 3), ("2026-11-03", 4))], Sync(2), None);
        await Store.WriteAsync([Mrr.With(("2026-11-02", 5))], Sync(3), None);

        Assert.That(await AtAsync(Minute(1).AddTicks(-10)), Is.Null);
        Assert.That(await AtAsync(Minute(1)), Is.EqualTo("2026-11-01=1 2026-11-02=2"), "a moment includes what was written at it");
        Assert.That(await AtAsync(Minute(2).AddTicks(-10)), Is.EqualTo("2026-11-01=1 2026-11-02=2"));
        Assert.That(await AtAsync(Minute(2)), Is.EqualTo("2026-11-01=1 2026-11-02=3 2026-11-03=4"));
        Assert.That(await AtAsync(Minute(9)), Is.EqualTo("2026-11-01=1 2026-11-02=5 2026-11-03=4"));

        async Task<string?> AtAsync(DateTimeOffset moment) =>
            (await Store.ReadAsync(Query() with { AsOf = moment }, None)).SingleOrDefault()?.Points.Text();
    }

    /// <summary>Any sequence of writes, replacements and deletions, seen as of any moment, is what a plain dictionary was then.</summary>
    [Test]
    public void As_of_any_moment_the_store_is_what_it_was_then()
    {
        var number = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Histories, history =>
        {
            var metric = $"m{++number}";
            var model = new SortedDictionary<(string Plan, DateOnly Day), double>();
            var snapshots = new List<string> { "" };
            for (var i = 0; i < history.Length; i++)
            {
                history[i].ApplyAsync(Store, metric, Sync(i + 1)).GetAwaiter().GetResult();
                history[i].ApplyTo(model);
                snapshots.Add(string.Join(' ', model.Select(pair => $"{pair.Key.Plan}/{pair.Key.Day:MM-dd}={pair.Value}")));
            }

            return Enumerable.Range(0, snapshots.Count).All(i => At(metric, Minute(i)) == snapshots[i])
                && At(metric, null) == snapshots[^1];
        }));

        string At(string metric, DateTimeOffset? moment)
        {
            var series = ((string[][])[[], ["plan"]]).SelectMany(cut =>
                Store.ReadAsync(Query(metric, cut: cut) with { AsOf = moment }, None).GetAwaiter().GetResult());
            return string.Join(' ', series
                .SelectMany(one => one.Points, (one, point) => (Plan: one.Key.Segment["plan"] ?? "", point.Day, point.Value))
                .OrderBy(point => (point.Plan, point.Day))
                .Select(point => $"{point.Plan}/{point.Day:MM-dd}={point.Value}"));
        }
    }

    [Test]
    public async Task Restatements_are_given_oldest_first_for_the_days_cut_filter_and_moment_of_the_query()
    {
        var (pro, basic) = (Key("mrr", ("plan", "Pro")), Key("mrr", ("plan", "Basic")));
        for (var sync = 1; sync <= 3; sync++)
            await Store.WriteAsync([pro.With(("2026-11-01", sync), ("2026-11-05", sync)), basic.With(("2026-11-01", sync)), Mrr.With(("2026-11-01", sync))], Sync(sync), None);

        var query = Query(days: "2026-11-01..2026-11-04", cut: "plan");
        Assert.That(
            (await Store.RestatementsAsync(query, None)).Select(row => $"{row.Key.Segment} {row.Old}>{row.New} {row.Sync}").ToArray(),
            Is.EqualTo((string[])["Basic 1>2 sync 2", "Pro 1>2 sync 2", "Basic 2>3 sync 3", "Pro 2>3 sync 3"]).Or
                .EqualTo((string[])["Pro 1>2 sync 2", "Basic 1>2 sync 2", "Pro 2>3 sync 3", "Basic 2>3 sync 3"]));

        query = query with { AsOf = Minute(2), Filter = new Dictionary<string, IReadOnlyList<string>> { ["plan"] = ["Pro"] } };
        Assert.That((await Store.RestatementsAsync(query, None)).Single(), Is.EqualTo(new Restatement(pro, Some.Day("2026-11-01"), 1, 2, Minute(2), "sync 2")));
    }

    [TestCaseSource(nameof(HardValues))]
    public async Task A_value_comes_back_as_exactly_the_same_double(double value)
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", value))], Sync(1), None);
        var again = await Store.WriteAsync([Mrr.With(("2026-11-01", value))], Sync(2), None);

        Assert.That((await Store.ReadAsync(Query(), None)).Single().Points.Single().Value, Is.EqualTo(value));
        Assert.That(again.Unchanged, Is.EqualTo(1));
    }

    [Test]
    public void Every_finite_double_comes_back_as_it_was() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<double>().Filter(double.IsFinite), value =>
        {
            Store.WriteAsync([Mrr.With(("2026-11-01", value))], Sync(1), None).GetAwaiter().GetResult();
            return Store.LastAsync(Mrr, None).GetAwaiter().GetResult()?.Value == value;
        }));

    [Test]
    public async Task Minus_zero_is_zero()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 0.0))], Sync(1), None);

        Assert.That((await Store.WriteAsync([Mrr.With(("2026-11-01", -0.0))], Sync(2), None)).Unchanged, Is.EqualTo(1));
    }

    [TestCaseSource(nameof(HostileTexts))]
    public async Task Any_text_may_be_a_dimension_value(string text)
    {
        await Store.WriteAsync([Key("mrr", ("plan", text)).With(("2026-11-01", 1)), Key("mrr", ("plan", text + "2")).With(("2026-11-01", 2))], Sync(1), None);

        var filter = new Dictionary<string, IReadOnlyList<string>> { ["plan"] = [text] };
        var found = (await Store.ReadAsync(Query(cut: "plan") with { Filter = filter }, None)).Single();
        Assert.That(found.Key.Segment["plan"], Is.EqualTo(text));
        Assert.That(found.Points.Single().Value, Is.EqualTo(1));
        Assert.That(await Store.DimensionValuesAsync("mrr", "plan", None), Is.EquivalentTo((string[])[text, text + "2"]));
        Assert.That((await Store.LastAsync(Key("mrr", ("plan", text)), None))?.Value, Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("  ")]
    public async Task An_empty_dimension_value_is_stored_as_none(string text)
    {
        await Store.WriteAsync([Key("mrr", ("plan", text)).With(("2026-11-01", 1))], Sync(1), None);

        Assert.That(await Store.DimensionValuesAsync("mrr", "plan", None), Is.EqualTo((string[])["(none)"]));
    }

    [Test]
    public async Task A_cancelled_write_stores_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        Assert.That(async () => await Store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await Store.ReplaceAsync("mrr", Grain.Day, [Mrr.With(("2026-11-01", 1))], Sync(1), cancelled), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await Store.ReadAsync(Query(), None), Is.Empty);
    }

    [Test]
    public async Task A_cancelled_read_gives_no_answer()
    {
        await Store.WriteAsync([Mrr.With(("2026-11-01", 1))], Sync(1), None);

        Assert.That(async () => await Store.ReadAsync(Query(), new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Nothing_to_write_is_no_fault()
    {
        Assert.That(await Store.WriteAsync([], Sync(1), None), Is.EqualTo(WriteOutcome.Nothing));
        Assert.That(await Store.WriteAsync([Key("mrr", ("plan", "Pro")).With()], Sync(1), None), Is.EqualTo(WriteOutcome.Nothing));
        Assert.That(await Store.DimensionValuesAsync("mrr", "plan", None), Is.Empty);
    }

    [Test]
    public async Task The_earliest_and_the_latest_day_can_be_stored()
    {
        await Store.WriteAsync([Mrr.With((Days.First, 1), (Days.Last, 2))], Sync(1), None);

        Assert.That(await Store.ExtentAsync("mrr", Grain.Day, None), Is.EqualTo((Some.Day(Days.First), Some.Day(Days.Last))));
    }

    [Test]
    public async Task Several_writers_at_once_lose_nothing()
    {
        var writes = Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            Store.WriteAsync([Key("mrr", ("plan", i.ToString(CultureInfo.InvariantCulture))).With(("2026-11-01", i))], Sync(1), None)));
        await Task.WhenAll(writes);

        Assert.That(await Store.ReadAsync(Query(cut: "plan"), None), Has.Count.EqualTo(8));
    }

    private static Arbitrary<Step[]> Histories { get; } = Arb.From(
        from length in Gen.Choose(1, 8)
        from steps in (
            from kind in Gen.Frequency((5, Gen.Constant(Step.Kinds.Write)), (3, Gen.Constant(Step.Kinds.Replace)), (2, Gen.Constant(Step.Kinds.Delete)))
            from count in Gen.Choose(0, 6)
            from points in (
                from plan in Gen.Elements("", "a", "b")
                from day in Gen.Choose(1, 5)
                from value in Gen.Choose(0, 3)
                select (plan, new DateOnly(2026, 11, day), (double)value)).ArrayOf(count)
            from start in Gen.Choose(1, 5)
            from days in Gen.Choose(1, 3)
            select new Step(kind, points, new Period(new DateOnly(2026, 11, start), new DateOnly(2026, 11, start + days)))).ArrayOf(length)
        select steps);

    private sealed record Step(Step.Kinds Kind, (string Plan, DateOnly Day, double Value)[] Points, Period Days)
    {
        public enum Kinds
        {
            Write,
            Replace,
            Delete,
        }

        public Task ApplyAsync(ISeriesStore store, string metric, WriteStamp stamp)
        {
            SeriesPoints[] batch =
            [
                .. Points.GroupBy(point => point.Plan).Select(series => new SeriesPoints(
                    series.Key.Length == 0 ? Key(metric) : Key(metric, ("plan", series.Key)), [.. series.Select(point => new Point(point.Day, point.Value))])),
            ];
            return Kind switch
            {
                Kinds.Write => store.WriteAsync(batch, stamp, None),
                Kinds.Replace => store.ReplaceAsync(metric, Grain.Day, batch, stamp, None),
                _ => store.DeleteAsync(metric, Days, stamp, None),
            };
        }

        public void ApplyTo(SortedDictionary<(string Plan, DateOnly Day), double> model)
        {
            if (Kind is Kinds.Replace)
                model.Clear();
            if (Kind is Kinds.Delete)
            {
                foreach (var gone in model.Keys.Where(key => Days.Contains(key.Day)).ToArray())
                    model.Remove(gone);
                return;
            }

            foreach (var (plan, day, value) in Points)
                model[(plan, day)] = value;
        }

        public override string ToString() => $"{Kind} {string.Join(' ', Points)} {Days}";
    }
}
