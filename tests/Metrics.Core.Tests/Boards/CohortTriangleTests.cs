using Metrics.Core.Boards;
using Metrics.Core.Models.Retention;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Boards;

/// <summary>Cohorts by age: complete and incomplete cells, and several of them together.</summary>
public sealed class CohortTriangleTests
{
    private Company _company = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _company = new Company("metrics: []", now: "2026-04-15");
        await _company.ComputeAsync(new RetentionModel(), "2026-04-15", Company.Records(
        [
            .. Visits("zoe", "2024-12-15"), .. Visits("anna", "2025-01-10", "2025-02-10", "2025-03-10"), .. Visits("otto", "2025-01-11"),
            .. Visits("bert", "2026-01-05", "2026-02-05", "2026-04-05"), .. Visits("carl", "2026-01-06"),
            .. Visits("dora", "2026-02-07", "2026-03-07"), .. Visits("emil", "2026-02-08", "2026-03-08"), .. Visits("fred", "2026-02-09"),
            .. Visits("gina", "2026-04-01"),
        ]));
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task A_cell_whose_period_is_not_over_is_told_apart_and_counts_in_no_average()
    {
        var triangle = (await ReadAsync("cohort_retention", "2026-04-01"))!;

        Assert.That(triangle.Rows.Select(row => (row.Cohort.Start.Month, row.Size)), Is.EqualTo(((int, decimal)[])[(1, 2), (2, 3), (4, 1)]));
        Assert.That(Cells(triangle.Rows[0]), Is.EqualTo("100% 50% 0% 50%*"));
        Assert.That(Cells(triangle.Rows[1]), Is.EqualTo("100% 67% 0%*"));
        Assert.That(Cells(triangle.Rows[2]), Is.EqualTo("100%*"));

        // 1 of 2 and 2 of 3 are 3 of 5, not the mean of a half and two thirds.
        Assert.That(triangle.Curve.Select(age => (age.Value, age.Cohorts)), Is.EqualTo(((decimal?, int)[])[(1, 2), (0.6m, 2), (0, 1), (null, 0)]));
    }

    [Test]
    public async Task The_cohorts_of_the_year_before_stand_beside_at_the_same_ages()
    {
        var triangle = (await ReadAsync("cohort_retention", "2026-04-01"))!;

        Assert.That(triangle.YearBefore.Select(row => row.Cohort.Start), Is.EqualTo((DateOnly[])[Some.Day("2025-01-01")]));
        Assert.That(triangle.CurveYearBefore.Select(age => age.Value), Is.EqualTo((decimal?[])[1, 0.5m, 0.5m, 0]));
    }

    [Test]
    public async Task Only_a_share_that_is_known_by_cohort_has_a_triangle()
    {
        Assert.That(await ReadAsync("cohort_users", "2026-04-01"), Is.Null);
        Assert.That(await ReadAsync("stickiness", "2026-04-01"), Is.Null);
        Assert.That(await ReadAsync("cohort_retention", "2024-04-01"), Is.Null, "nothing is known yet");
    }

    private Task<CohortTriangle?> ReadAsync(string metric, string month) => CohortTriangle.ReadAsync(
        new MetricReader(_company.Store, _company.Watermarks, _company.Clock), _company.Calendar, _company.Catalog, _company.Catalog[metric], Grain.Month,
        _company.Calendar.Containing(Grain.Month, Some.Day(month)), CancellationToken.None);

    private static string Cells(CohortRow row) =>
        string.Join(' ', row.Cells.Select(cell => FormattableString.Invariant($"{cell.Value:P0}").Replace(" ", "", StringComparison.Ordinal) + (cell.Complete ? "" : "*")));

    private static IEnumerable<object> Visits(string user, params string[] days) => days.Select(at => (object)new { user, at, @event = "login" });
}
