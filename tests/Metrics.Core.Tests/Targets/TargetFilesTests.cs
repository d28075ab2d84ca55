using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

public sealed class TargetFilesTests
{
    private const string Head = "metric,version,grain,period,value,region,note\n";

    private static readonly MetricCatalog Catalog = MetricCatalog.Read(
        [("metrics/test.yaml", """
            metrics:
              - { id: visits, name: Visits, unit: count, over_time: sum, dimensions: [region, device] }
              - { id: rate, name: Rate, unit: percent, over_time: mean, over_segments: none }
            """)], new List<Fault>());

    [Test]
    public void The_example_of_the_workspace_contract_is_read()
    {
        var (targets, faults) = Read("targets/2026.csv", """
            metric,version,grain,period,value,region,note
            mrr,budget,month,2026-12,2550000,,
            new_customers,budget,week,2026-W46,165,EU,
            nrr,budget,year,2026,1.04,,
            """);

        Assert.That(faults, Is.Empty);
        Assert.That(targets, Is.EqualTo(new[]
        {
            new Target("mrr", "budget", Grain.Month, Some.Days("2026-12-01..2026-12-31"), Segment.Total, 2550000, null, "targets/2026.csv", 2),
            new Target("new_customers", "budget", Grain.Week, Some.Days("2026-11-09..2026-11-15"), Segment.Of([("region", "EU")]), 165, null, "targets/2026.csv", 3),
            new Target("nrr", "budget", Grain.Year, Some.Days("2026-01-01..2026-12-31"), Segment.Total, 1.04m, null, "targets/2026.csv", 4),
        }));
    }

    [Test]
    public void A_list_says_the_same_as_a_table()
    {
        var (list, faults) = Read("targets/more.yaml", """
            targets:
              - { metric: visits, version: reforecast-1, grain: week, period: 2026-W46, value: 165, segment: { region: EU, device: phone }, note: "After the launch" }
              - { metric: rate, grain: year, period: 2026, value: 0.05 }
            """);
        var (table, _) = Read("targets/more.csv", """
            metric,version,grain,period,value,region,device,note
            visits,reforecast-1,week,2026-W46,165,EU,phone,After the launch
            rate,,year,2026,0.05,,,
            """);

        Assert.That(faults, Is.Empty);
        Assert.That(list.Select(target => target with { File = "", Line = 0 }), Is.EqualTo(table.Select(target => target with { File = "", Line = 0 })));
        Assert.That(list.Select(target => target.Line), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(table[1].Version, Is.EqualTo(Target.DefaultVersion));
    }

    [TestCase("\"523,419\"", "523419")]
    [TestCase("-1234.5678901234567890123456", "-1234.5678901234567890123456")]
    [TestCase("2.5e6", "2500000")]
    [TestCase("+7", "7")]
    public void A_value_is_read_exactly(string written, string expected)
    {
        var (targets, faults) = Read("targets/a.csv", Head + $"visits,,week,2026-W46,{written},,\n");

        Assert.That(faults, Is.Empty);
        Assert.That(targets.Single().Value, Is.EqualTo(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public void A_rate_may_be_written_as_a_percentage()
    {
        var (targets, _) = Read("targets/a.csv", Head + "rate,,week,2026-W46,5%,,\nrate,,week,2026-W47,4.5 %,,\n");

        Assert.That(targets.Select(target => target.Value), Is.EqualTo(new[] { 0.05m, 0.045m }));
    }

    [TestCase("nothing,,week,2026-W46,1,,", "unknown metric 'nothing'.")]
    [TestCase("visits,,fortnight,2026-W46,1,,", "'fortnight' is no grain; use day, week, month, quarter or year.")]
    [TestCase("visits,,week,2026-11,1,,", "'2026-11' is no week of the calendar; use one such as 2026-W46.")]
    [TestCase("visits,,week,2025-W53,1,,", "'2025-W53' is no week of the calendar; use one such as 2026-W46.")]
    [TestCase("visits,,week,2026-W46,many,,", "'many' is no number; write it with a decimal point, a rate as a fraction (0.05 is 5 %).")]
    [TestCase("visits,,week,2026-W46,\"1,5\",,", "'1,5' is no number; write it with a decimal point, a rate as a fraction (0.05 is 5 %).")]
    [TestCase("visits,,week,2026-W46,1e25,,", "'1e25' is too large a number.")]
    [TestCase("visits,,week,2026-W46,5%,,", "'5%' is a percentage, but 'visits' is no rate.")]
    [TestCase("visits,Budget 1,week,2026-W46,1,,", "'Budget 1' is no plan version; use lower-case letters, digits, _ and - starting with a letter.")]
    [TestCase("rate,,week,2026-W46,0.1,EU,", "'rate' has no dimension 'region'. It has none.")]
    [TestCase("visits,,week,2026-W46,,,", "metric, grain, period and value must not be empty.")]
    [TestCase("visits,,week,2026-W46,1", "has 5 cells, but there are 7 columns.")]
    public void A_row_at_fault_is_left_out_and_named_with_its_line(string row, string message)
    {
        var (targets, faults) = Read("targets/a.csv", Head + "visits,,week,2026-W45,1,,\n" + row + "\n");

        Assert.That(faults, Is.EqualTo(new[] { new Fault("targets/a.csv", 3, message) }));
        Assert.That(targets, Has.Length.EqualTo(1));
    }

    [Test]
    public void Of_two_targets_for_the_same_the_second_is_a_fault_that_names_the_first()
    {
        var faults = new List<Fault>();
        var book = TargetFiles.Read(
            [("targets/a.csv", Head + "visits,,week,2026-W46,1,EU,\n"), ("targets/b.csv", Head + "visits,budget,week,2026-11-12,2,EU,\nvisits,budget,week,2026-W46,2,,\n")],
            Some.Calendar(), Catalog, faults);

        Assert.That(faults.Select(fault => fault.ToString()), Is.EqualTo(new[]
        {
            "targets/b.csv:2: 'visits' already has a budget target for 2026-11-12 at targets/a.csv:2; keep one of them.",
        }));
        Assert.That(book.Targets.Select(target => target.Value), Is.EqualTo(new[] { 1m, 2m }), "a segment and the total are two things");
    }

    [TestCase("metric,version,grain,period\nvisits,budget,week,2026-W46\n", 1, "has no column value. Its columns are metric, version, grain, period.")]
    [TestCase("metric,grain,period,value,value\n", 1, "names a column twice: metric, grain, period, value, value.")]
    [TestCase("", 1, "has no line with the column names metric, grain, period, value.")]
    [TestCase("metric,grain,period,value,colour\nvisits,week,2026-W46,1,\n", 1, "'colour' is neither a column of targets (metric, grain, period, value, version, note) nor a dimension of a metric.")]
    public void A_head_that_cannot_be_understood_is_a_fault(string text, int line, string message) =>
        Assert.That(Read("targets/a.csv", text).Faults, Is.EqualTo(new[] { new Fault("targets/a.csv", line, message) }));

    [Test]
    public void A_quote_that_is_not_closed_costs_its_own_line_only()
    {
        var (targets, faults) = Read("targets/a.csv", Head + "visits,,week,2026-W45,1,,\"open\nvisits,,week,2026-W46,2,,\n");

        Assert.That(faults.Single().ToString(), Does.StartWith("targets/a.csv:2: "));
        Assert.That(targets.Single().Value, Is.EqualTo(2));
    }

    [TestCase("targets:\n  - { metric: visits, grain: week, period: 2026-W46 }\n", 2, "has no 'value'")]
    [TestCase("targets:\n  - { metric: visits, grain: era, period: 2026-W46, value: 1 }\n", 2, "era")]
    [TestCase("targets:\n  - { metric: visits, grain: week, period: 2026-W46, value: many }\n", 2, "a number")]
    [TestCase("targets:\n  - { metric: visits, grain: week, period: 2026-W46, value: 1, segment: { colour: red } }\n", 2, "no dimension 'colour'")]
    [TestCase("targets:\n  - { metric: nothing, grain: week, period: 2026-W46, value: 1 }\n", 2, "unknown metric 'nothing'")]
    public void An_entry_of_a_list_at_fault_has_one_fault_with_its_line(string text, int line, string part)
    {
        var (targets, faults) = Read("targets/a.yaml", text);

        Assert.That(faults, Has.Count.EqualTo(1));
        Assert.That(faults[0].Line, Is.EqualTo(line));
        Assert.That(faults[0].Message, Does.Contain(part));
        Assert.That(targets, Is.Empty);
    }

    [Test]
    public void A_key_that_targets_do_not_have_is_a_fault()
    {
        var (_, faults) = Read("targets/a.yaml", "targets:\n  - { metric: visits, grain: week, period: 2026-W46, value: 1, colour: red }\n");

        Assert.That(faults.Single().ToString(), Does.StartWith("targets/a.yaml:2: unknown key 'colour'"));
    }

    private static (Target[] Targets, IReadOnlyList<Fault> Faults) Read(string file, string text)
    {
        var faults = new List<Fault>();
        return ([.. TargetFiles.Read([(file, text)], Some.Calendar(), Catalog, faults).Targets], faults);
    }
}
