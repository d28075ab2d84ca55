using Metrics.Core.Models.Market;
using Metrics.Core.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Models.Market;

/// <summary>What a market is worth, whose word is taken, and what share of it there is.</summary>
public sealed class MarketModelTests
{
    [Test]
    public void A_market_is_the_sum_of_its_finer_periods_and_the_newest_estimate_of_each()
    {
        object[] bodies =
        [
            Estimate("2026-01-01", 100, published: "2026-04-10"), Estimate("2026-01-01", 120, published: "2026-07-01", note: "new method"),
            Estimate("2026-02-01", 30), Estimate("2026-04-01", 50, published: "2026-07-20"),
        ];

        foreach (var figures in (ModelFigures[])[Of(bodies), Of(bodies.Reverse())])
        {
            Assert.That(figures.At("market_size", "2026-01-01", Grain.Quarter), Is.EqualTo(150));
            Assert.That(figures.At("market_size", "2026-04-01", Grain.Quarter), Is.EqualTo(50));
            Assert.That(figures.Warnings, Is.EquivalentTo((string[])["revised 1", "published 1"]));
            Assert.That(figures.Result.Warnings.Single(warning => warning.Code == "revised").Examples.Single().What,
                Is.EqualTo("100 became 120: new method"));
            Assert.That(figures.Result.Warnings.Single(warning => warning.Code == "published").Sentence,
                Is.EqualTo("Paper has estimates up to Q2 2026, published on 20 Jul 2026, 20 days after its end."));
        }
    }

    [Test]
    public void Of_several_publishers_one_is_taken_and_the_others_are_named()
    {
        var figures = Of([Estimate("2026-01-01", 100, publisher: "Beta"), Estimate("2026-01-01", 90, publisher: "Alpha"),
            Estimate("2026-01-01", 80, currency: "GBP")]);

        Assert.That(figures.At("market_size", "2026-01-01", Grain.Quarter), Is.EqualTo(90));
        Assert.That(figures.Warnings, Is.SupersetOf((string[])["several_publishers 1 left out", "foreign_currency 1 left out"]));

        var chosen = Of([Estimate("2026-01-01", 100, publisher: "Beta"), Estimate("2026-01-01", 90, publisher: "Alpha")],
            ("publisher", "Beta"));
        Assert.That(chosen.At("market_size", "2026-01-01", Grain.Quarter), Is.EqualTo(100));
        Assert.That(chosen.Warnings, Has.None.Contains("several_publishers"));
    }

    [TestCase("A")]
    [TestCase("B")]
    [TestCase("C")]
    [TestCase("D")]
    [TestCase("E")]
    public void Relative_shares_are_the_published_ones(string own)
    {
        var example = Published.Example("relative_market_share");
        var companies = example.GetProperty("given").EnumerateObject().ToArray();
        var figures = Of(companies.Select(company => Estimate("2026-01-01", company.Value.GetDecimal(), company: company.Name)),
            ("own", own));
        var revenue = companies.Single(company => company.Name == own).Value.GetDecimal();

        Assert.That(
            Published.Formula("relative_market_share", ("revenue_actual", revenue),
                ("largest_rival", figures.At("largest_rival", "2026-01-01", Grain.Quarter)!.Value)),
            Is.EqualTo(example.GetProperty("expected").GetProperty(own).GetDecimal()).Within(1e-9m));
        Assert.That(figures.At("market_size", "2026-01-01", Grain.Quarter), Is.Null, "companies are no market");
    }

    [Test]
    public void The_largest_rival_of_a_year_is_the_one_that_sold_most_in_all_of_it()
    {
        var figures = Of([Estimate("2026-01-01", 10, company: "A"), Estimate("2026-04-01", 10, company: "A"),
            Estimate("2026-01-01", 15, company: "B")]);

        Assert.That(figures.At("largest_rival", "2026-01-01", Grain.Quarter), Is.EqualTo(15));
        Assert.That(figures.At("largest_rival", "2026-01-01", Grain.Year), Is.EqualTo(20));
        Assert.That(Published.Formula("market_share", ("revenue_actual", 30), ("market_size", 120)), Is.EqualTo(0.25m));
    }

    internal static object Estimate(
        string at, decimal value, string publisher = "Paper", string? company = null, string? published = null, string? note = null,
            string? currency = null)
    {
        var body = new Dictionary<string, object> { ["at"] = at, ["value"] = value, ["publisher"] = publisher };
        (string, string?)[] optional = [("company", company), ("published", published), ("note", note), ("currency", currency)];
        foreach (var (name, text) in optional)
        {
            if (text is not null)
                body[name] = text;
        }

        return body;
    }

    private static ModelFigures Of(IEnumerable<object> bodies, params (string Name, string Value)[] with) => new(
        new MarketModel(),
        [
            .. Published.MetricsOf("market").Select(metric => metric with
            {
                With = with.Where(pair => pair.Name != "own" || metric.Measure == "largest_rival").ToDictionary(pair => pair.Name, pair =>
                    pair.Value),
            }),
        ], bodies);
}
