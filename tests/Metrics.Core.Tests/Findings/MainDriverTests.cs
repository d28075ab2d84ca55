using Metrics.Core.Catalog;
using Metrics.Core.Drivers;
using Metrics.Core.Findings;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Findings;

/// <summary>What most of a change comes from, and how that is said.</summary>
public sealed class MainDriverTests
{
    private static readonly Metric Net = new() { Id = "net", Name = "Net new MRR", Unit = Unit.Currency };

    [Test]
    public void The_largest_part_is_named_with_the_segment_that_most_of_it_is_in() => Assert.That(
        Sentence(-100, [("churned", -71), ("expansion", -40), ("won", 11)], ("plan", [("Enterprise", -62), ("Pro", -38)])),
        Is.EqualTo("Churned explains 71 % of the drop; 62 % of it is in Enterprise (plan)."));

    [Test]
    public void A_part_that_the_others_work_against_explains_more_than_all() => Assert.That(
        Sentence(100, [("churned", -30), ("won", 130)], ("plan", [("Enterprise", 104), ("Pro", -4)])),
        Is.EqualTo("Won explains more than the whole rise; all of it is in Enterprise (plan)."));

    [TestCase(25, "Churned explains 25 % of the drop.")]
    [TestCase(24.9, null)]
    public void A_quarter_stands_out_and_less_does_not(decimal amount, string? sentence) => Assert.That(
        Sentence(-100, [("churned", -amount), .. Enumerable.Range(0, 10).Select(i => ($"part{i}", -(100 - amount) / 10))]), Is.EqualTo(sentence));

    [Test]
    public void A_part_that_is_no_metric_is_passed_over_and_the_second_is_not_named_for_it() =>
        Assert.That(Sentence(-100, [("previous(mrr)", -60), ("churned", -40)]), Is.Null);

    [Test]
    public void Nearly_all_is_not_all() =>
        Assert.That(Sentence(-1000, [("churned", -999), ("won", -1)]), Is.EqualTo("Churned explains 99 % of the drop."));

    [Test]
    public void Of_several_dimensions_the_one_counts_in_which_a_segment_stands_out_most() => Assert.That(
        Sentence(-100, [], ("region", [("EU", -55), ("US", -45)]), ("plan", [("Enterprise", -50), ("Pro", -20), ("Basic", -15), ("Free", -15)])),
        Is.EqualTo("50 % of the drop is in Enterprise (plan)."));

    [Test]
    public void What_is_in_no_segment_or_in_the_only_one_is_not_said()
    {
        Assert.That(Sentence(-100, [], ("plan", [(Segment.NoValue, -90), ("Pro", -10)])), Is.Null);
        Assert.That(Sentence(-100, [], ("plan", [("Pro", -100)])), Is.Null);
    }

    [Test]
    public void Without_a_change_there_is_nothing_to_explain() => Assert.That(Sentence(0, [("churned", -10), ("won", 10)]), Is.Null);

    private static string? Sentence(decimal change, (string Metric, decimal Amount)[] parts, params (string Name, (string Value, decimal Amount)[] Rows)[] dimensions)
    {
        var period = Some.Days("2026-11-09..2026-11-15");
        return MainDriver.Of(new MetricDrivers
        {
            Metric = Net,
            Grain = Grain.Week,
            Before = new PeriodValue(period, 1000, 7, true, null, false),
            After = new PeriodValue(period, 1000 + change, 7, true, null, false),
            Drivers = parts.Length == 0 ? null : new Decomposition(1000, 1000 + change, [.. parts.Select(part => new Contribution(part.Metric, 0, 0, part.Amount))], 0),
            Dimensions =
            [
                .. dimensions.Select(one => SegmentEffects.OfSum(
                    one.Name, 1000, 1000 + change, [.. one.Rows.Select(row => new SegmentFigures(row.Value, 1000m / one.Rows.Length, 1000m / one.Rows.Length + row.Amount))])),
            ],
            Sources = parts.Where(part => !part.Metric.Contains('(', StringComparison.Ordinal))
                .ToDictionary(part => part.Metric, part => new Metric { Id = part.Metric, Name = char.ToUpperInvariant(part.Metric[0]) + part.Metric[1..], Unit = Unit.Currency }),
        })?.Sentence.Replace('\u00A0', ' ');
    }
}
