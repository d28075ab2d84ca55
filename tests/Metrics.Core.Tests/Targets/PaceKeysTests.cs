using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Targets;

/// <summary>What a workspace says about pace: on its metrics and in its calendar.</summary>
public sealed class PaceKeysTests
{
    [Test]
    public void A_metric_says_how_it_is_paced_and_from_which_share_it_is_on_track()
    {
        var faults = new List<Fault>();
        var catalog = MetricCatalog.Read(
            [("metrics/a.yaml", "metrics: [{ id: shop, name: Shop, unit: count, pace: business_days, on_track: 0.95, at_risk: 0.8 }, { id: plain, name: Plain, unit: count }]")], faults);

        Assert.That(faults, Is.Empty);
        Assert.That((catalog["shop"].Pace, catalog["shop"].OnTrackFrom, catalog["shop"].AtRiskFrom), Is.EqualTo((PaceMethod.BusinessDays, 0.95m, 0.8m)));
        Assert.That((catalog["plain"].Pace, catalog["plain"].OnTrackFrom, catalog["plain"].AtRiskFrom), Is.EqualTo((PaceMethod.Linear, 1m, 0.9m)));
    }

    [TestCase("pace: weekly", "metrics/a.yaml:5: 'pace' must be one of linear, business_days, profile, not 'weekly'")]
    [TestCase("at_risk: 1.2", "metrics/a.yaml:5: 'at_risk' of 'shop' must be more than 0 and at most 'on_track'.")]
    [TestCase("on_track: 0.5", "metrics/a.yaml:5: 'at_risk' of 'shop' must be more than 0 and at most 'on_track'.")]
    public void What_cannot_be_is_a_fault_with_its_line(string key, string message)
    {
        var faults = new List<Fault>();
        MetricCatalog.Read([("metrics/a.yaml", $"metrics:\n  - id: shop\n    name: Shop\n    unit: count\n    {key}\n")], faults);

        Assert.That(faults.Select(fault => $"{fault.File}:{fault.Line}: {fault.Message}"), Is.EqualTo(new[] { message }));
    }

    [Test]
    public void Holidays_are_read_from_their_file_and_are_no_business_days()
    {
        using var folder = new TempFolder();
        folder.Write("calendar.yaml", "holidays: data/holidays.csv\ndecimal: comma\n");
        folder.Write("data/holidays.csv", "date,name\n2026-12-25,Christmas Day\n26.12.2026,Boxing Day\n2027-01-01,\n");
        var faults = new List<Fault>();

        var calendar = CalendarFile.Read(new WorkspaceFolder(folder.Path), faults);

        Assert.That(calendar.IsBusinessDay(Some.Day("2026-12-24")), Is.True);
        Assert.That(calendar.IsBusinessDay(Some.Day("2026-12-25")), Is.False);
        Assert.That(calendar.IsBusinessDay(Some.Day("2026-12-27")), Is.False, "a Sunday");
        Assert.That(calendar.Settings.DecimalComma, Is.True);
        Assert.That(faults.Select(fault => $"{fault.File}:{fault.Line}: {fault.Message}"),
            Is.EqualTo(new[] { "data/holidays.csv:3: '26.12.2026' is no ISO date such as 2026-12-25." }));
    }

    [Test]
    public void A_holiday_file_that_is_not_there_is_a_fault()
    {
        using var folder = new TempFolder();
        folder.Write("calendar.yaml", "time_zone: UTC\nholidays: data/none.csv\n");
        var faults = new List<Fault>();

        CalendarFile.Read(new WorkspaceFolder(folder.Path), faults);

        Assert.That(faults.Select(fault => $"{fault.File}:{fault.Line}: {fault.Message}"), Is.EqualTo(new[] { "calendar.yaml:2: there is no file 'data/none.csv'." }));
    }
}
