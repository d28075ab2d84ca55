using Metrics.Core.Findings;
using NUnit.Framework;

namespace Metrics.Core.Tests.Findings;

public sealed class FindingKeyTests
{
    [TestCase("mrr", "mrr", "")]
    [TestCase("mrr:region=EU", "mrr", "EU")]
    [TestCase("mrr:plan=Pro%3A1&region=EU+US", "mrr", "Pro:1, EU, US")]
    public void A_key_is_read_back(string text, string metric, string segment)
    {
        var key = FindingKey.Parse(text)!;

        Assert.That((key.Metric, key.SegmentName, key.Text), Is.EqualTo((metric, segment, text)));
    }

    [Test]
    public void A_key_does_not_depend_on_the_order_of_dimensions()
    {
        KeyValuePair<string, IReadOnlyList<string>>[] segment =
            [KeyValuePair.Create("region", (IReadOnlyList<string>)["US", "E:U"]), KeyValuePair.Create("plan", (IReadOnlyList<string>)["Pro"])];

        Assert.That(FindingKey.Of("mrr", segment).Text, Is.EqualTo("mrr:plan=Pro&region=E%3AU+US"));
        Assert.That(FindingKey.Of("mrr", [.. segment.Reverse()]), Is.EqualTo(FindingKey.Of("mrr", segment)));
    }

    [TestCase("")]
    [TestCase(":region=EU")]
    [TestCase("mrr:")]
    [TestCase("mrr:target")]
    [TestCase("mrr\n")]
    public void What_is_none_is_none(string text) => Assert.That(FindingKey.Parse(text), Is.Null);

    [Test]
    public void No_key_is_longer_than_what_is_kept() => Assert.That(FindingKey.Parse(new string('x', FindingKey.LongestText + 1)), Is.Null);
}
