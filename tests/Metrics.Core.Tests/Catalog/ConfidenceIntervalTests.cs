using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Catalog;

/// <summary>Intervals equal the published ones, and stay inside of what the figure can be.</summary>
public sealed class ConfidenceIntervalTests
{
    private const decimal Near = 1e-9m;

    private static readonly ValueFormat Score = new(Unit.Score, "USD");

    [Test]
    public void Wilson_intervals_are_the_published_ones()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Reference.File("nps-csat/expected.json")));
        var cases = expected.RootElement.GetProperty("wilson95").EnumerateArray().ToArray();

        Assert.That(cases, Has.Length.EqualTo(8));
        foreach (var one in cases)
        {
            var (low, high) = ConfidenceInterval.OfShare(Number(one, "k"), Number(one, "n"))!.Value;
            Assert.That(low, Is.EqualTo(Number(one, "wilson_lo")).Within(Near), one.ToString());
            Assert.That(high, Is.EqualTo(Number(one, "wilson_hi")).Within(Near), one.ToString());
        }
    }

    [Test]
    public void An_interval_of_the_net_promoter_score_stays_between_minus_and_plus_100() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.Choose(0, 40).Three()), counts =>
        {
            var (promoters, passives, detractors) = counts;
            var answers = promoters + passives + detractors;
            if (ConfidenceInterval.OfNetPromoters(promoters, detractors, answers) is not { } interval)
                return answers == 0;
            var score = 100m * (promoters - detractors) / answers;
            return -100 <= interval.Low && interval.Low <= score + Near && score - Near <= interval.High && interval.High <= 100;
        }));

    [Test]
    public void The_interval_of_a_mean_is_that_of_its_scores()
    {
        decimal[] scores = [7, 6, 5, 5, 2, 7, 4];

        var (low, high) = ConfidenceInterval.OfMean(scores.Sum(), scores.Sum(score => score * score), scores.Length)!.Value;

        // Standard deviation 1.772810520855837 of seven scores around 36/7.
        Assert.That((low + high) / 2, Is.EqualTo(36m / 7).Within(Near));
        Assert.That((high - low) / 2, Is.EqualTo(1.959963984540054m * 1.772810520855837m / 2.6457513110645906m).Within(Near));
        Assert.That(ConfidenceInterval.OfMean(5, 25, 1), Is.Null, "one answer says nothing about how they spread");
    }

    [Test]
    public void Without_answers_there_is_no_interval()
    {
        Assert.That(ConfidenceInterval.OfShare(0, 0), Is.Null);
        Assert.That(ConfidenceInterval.OfNetPromoters(0, 0, 0), Is.Null);
        Assert.That(ConfidenceInterval.OfShare(3, 2), Is.Null, "a part is not more than its whole");
    }

    [TestCase(39, "95\u00A0%: −61 to −10.8, n = 39")]
    [TestCase(12, "n = 12, too few to judge (95\u00A0%: −61 to −10.8)")]
    public void An_interval_says_how_many_answered(int answers, string words) =>
        Assert.That(new ConfidenceInterval(-61.01m, -10.78m, answers, answers < 30).InWords(Score), Is.EqualTo(words));

    private static decimal Number(JsonElement one, string name) => (decimal)one.GetProperty(name).GetDouble();
}
