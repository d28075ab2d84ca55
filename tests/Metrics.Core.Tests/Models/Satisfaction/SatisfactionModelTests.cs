using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Models.Satisfaction;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Models.Satisfaction;

/// <summary>Which answers count as what, and that the figures made of them are the published ones.</summary>
public sealed class SatisfactionModelTests
{
    private static readonly Metric[] BuiltIn =
        [.. MetricCatalog.Read([], []).Metrics.Where(metric =>
            metric.Model?.StartsWith("satisfaction.", StringComparison.Ordinal) == true)];

    [TestCase("sudzilla")]
    [TestCase("percent_example")]
    [TestCase("small_sample")]
    [TestCase("empty")]
    [TestCase("all_promoters")]
    public void The_net_promoter_scores_are_the_published_ones(string name)
    {
        var one = Expected("nps").Single(one => one.GetProperty("name").GetString() == name);
        var expected = one.GetProperty("expected");

        var figures = Of(Scores(one).Select((score, i) => Answer("nps", score, $"r{i}")));

        Assert.That(figures.Warnings, Is.Empty);
        Assert.That(Formula("nps", figures), Is.EqualTo(Number(expected, "nps")).Within(1e-9m));
        AssertIfGiven("n", figures.Sum("nps_answers"));
        AssertIfGiven("promoters", figures.Sum("nps_promoters"));
        AssertIfGiven("passives", figures.Sum("nps_passives"));
        AssertIfGiven("detractors", figures.Sum("nps_detractors"));
        var interval = Catalog["nps"].Interval!.Of(id => figures.Sum(id));
        AssertIfGiven("ci95_lo", interval?.Low);
        AssertIfGiven("ci95_hi", interval?.High);
        Assert.That(interval?.TooFew,
            Is.EqualTo(name switch { "empty" => null, "sudzilla" or "percent_example" => false, _ => (bool?)true }));

        void AssertIfGiven(string property, decimal? value)
        {
            if (expected.TryGetProperty(property, out _))
                Assert.That(value, Is.EqualTo(Number(expected, property)).Within(1e-9m), property);
        }
    }

    [Test]
    public void The_population_of_a_published_variance_has_its_score_and_its_variance()
    {
        var figures = Of(Enumerable.Range(0, 6).Select(i => Answer("nps", i < 3 ? 10 : i < 5 ? 8 : 0, $"r{i}")));
        var interval = ConfidenceInterval.OfNetPromoters(3, 1, 6)!.Value;

        Assert.That(Formula("nps", figures), Is.EqualTo(100m / 3).Within(1e-9m));
        Assert.That(Math.Pow((double)(interval.High - 100m / 3) / 100 / 1.959963984540054, 2) * 6, Is.EqualTo(5d / 9).Within(1e-9));
    }

    [Test]
    public void Satisfaction_and_effort_are_the_published_ones()
    {
        var csat = Expected("csat").Single();
        var scores = csat.GetProperty("given").EnumerateObject()
            .SelectMany(score => Enumerable.Repeat(int.Parse(score.Name, CultureInfo.InvariantCulture), score.Value.GetInt32()));
        var ces = Expected("ces").Single();
        var figures = Of(
        [
            .. scores.Select((score, i) => Answer("csat", score, $"r{i}", scale: "1-5")),
            .. ces.GetProperty("given").EnumerateArray().Select((score, i) => Answer("ces", score.GetInt32(), $"r{i}", scale: null)),
        ]);

        Assert.That(Formula("csat", figures), Is.EqualTo(Number(csat.GetProperty("expected"), "csat")).Within(1e-12m));
        Assert.That(figures.Sum("csat_answers"), Is.EqualTo(1175));
        Assert.That(Formula("ces", figures), Is.EqualTo(Number(ces.GetProperty("expected"), "mean")).Within(1e-12m));
        Assert.That(Formula("ces_easy_share", figures), Is.EqualTo(Number(ces.GetProperty("expected"), "top3box")).Within(1e-12m));
    }

    [Test]
    public void A_respondent_counts_once_a_day_with_the_newest_answer_whatever_the_order()
    {
        object[] bodies =
        [
            Answer("nps", 3, "anna", at: "2026-03-02T09:00:00Z"), Answer("nps", 10, "anna", at: "2026-03-02T11:00:00Z"),
                Answer("nps", 9, "anna", at: "2026-03-03"),
            Answer("nps", 7, null), Answer("nps", 7, null),
        ];

        foreach (var figures in (ModelFigures[])[Of(bodies), Of(bodies.Reverse())])
        {
            Assert.That((figures.Sum("nps_promoters"), figures.Sum("nps_detractors"), figures.Sum("nps_answers")),
                Is.EqualTo((2m, 0m, 4m)));
            Assert.That(figures.Warnings.Distinct(), Is.EqualTo((string[])["answered_twice 1"]));
        }
    }

    [Test]
    public void In_a_round_a_respondent_counts_once_however_many_days_it_lasts()
    {
        var figures = Of([Answer("nps", 3, "anna", at: "2026-03-02", wave: "spring"),
            Answer("nps", 10, "anna", at: "2026-03-09", wave: "spring"),
            Answer("nps", 10, "anna", at: "2026-09-09", wave: "autumn")]);

        Assert.That((figures.Sum("nps_promoters"), figures.Sum("nps_detractors")), Is.EqualTo((2m, 0m)));
    }

    [Test]
    public void Answers_that_cannot_be_read_on_their_scale_are_left_out_and_named()
    {
        var figures = Of([Answer("nps", 11, "anna"), Answer("nps", 5, "bert", scale: "bad"), Answer("nps", 4, "carl", scale: "1-5"),
            Answer("nps", 10, "dora", scale: "0..10")]);

        Assert.That((figures.Sum("nps_answers"), figures.Sum("nps_promoters")), Is.EqualTo((2m, 1m)),
            "an answer from 1 to 5 is one, and no promoter's");
        Assert.That(figures.Warnings.Distinct(), Is.EquivalentTo((string[])
            ["scale_unreadable 1 left out", "score_off_scale 1 left out", "no_promoter_scale 1 left out"]));
        Assert.That(figures.Result.Warnings.SelectMany(warning => warning.Examples).Select(row => row.Record).Distinct(),
            Is.EquivalentTo((string[])["0", "1", "2"]));
    }

    [Test]
    public void The_response_rate_is_of_all_that_were_sent_and_undefined_where_nobody_knows()
    {
        var known = Of([Answer("nps", 9, "anna"), Answer("nps", null, "bert"), Answer("nps", null, "carl"), Answer("nps", 2, "carl")]);
        Assert.That(Formula("nps_response_rate", known), Is.EqualTo(2m / 3).Within(1e-12m),
            "a survey that was sent and then answered is one");
        Assert.That(known.Warnings, Is.Empty);

        Assert.That(Formula("nps_response_rate", Of([Answer("nps", 9, "anna")])), Is.Null);
        Assert.That(Formula("nps_response_rate", Of([])), Is.Null);
    }

    [Test]
    public void What_a_metric_chooses_decides_which_survey_counts_and_how_many_scores_are_the_best()
    {
        Metric Own(string id, string measure, params (string, string)[] with) => new()
        {
            Id = id, Name = id, Unit = Unit.Count, Model = "satisfaction." + measure,
                With = with.ToDictionary(pair => pair.Item1, pair => pair.Item2),
        };

        var figures = new ModelFigures(new SatisfactionModel(),
            [Own("best", "satisfied", ("survey", "onboarding"), ("scale", "1-10"), ("top", "3")),
                Own("all", "answers", ("survey", "Onboarding"), ("scale", "1-10"))],
            [Answer("onboarding", 8, "anna", scale: null), Answer("onboarding", 7, "bert", scale: null), Answer("nps", 9, "anna")]);

        Assert.That((figures.Sum("best"), figures.Sum("all")), Is.EqualTo((1m, 2m)));
    }

    [Test]
    public void Parts_of_the_answers_add_up_to_all_of_them() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.Choose(0, 11).ListOf()), scores =>
        {
            var figures = Of(scores.Select((score, i) => Answer("nps", score, $"r{i % 5}", at: $"2026-03-{1 + i % 3:00}")));
            return figures.Sum("nps_promoters") + figures.Sum("nps_passives") + figures.Sum("nps_detractors") == figures.Sum("nps_answers");
        }));

    private static MetricCatalog Catalog { get; } = MetricCatalog.Read([], []);

    private static ModelFigures Of(IEnumerable<object> bodies) => new(new SatisfactionModel(), BuiltIn, bodies);

    private static decimal? Formula(string id, ModelFigures figures) => Catalog[id].Formula!.Evaluate(operand => figures.Sum(operand));

    internal static object Answer(
        string survey, int? score, string? respondent, string at = "2026-03-02", string? scale = "0-10", string? wave = null,
            string? region = null)
    {
        var body = new Dictionary<string, object> { ["survey"] = survey, ["at"] = at };
        (string, object?)[] optional =
            [("score", score), ("respondent", respondent), ("scale", scale), ("wave", wave),
                ("dims", region is null ? null : new { region })];
        foreach (var (name, value) in optional)
        {
            if (value is not null)
                body[name] = value;
        }

        return body;
    }

    private static JsonElement[] Expected(string family)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Reference.File("nps-csat/expected.json")));
        return [.. expected.RootElement.Clone().GetProperty(family).EnumerateArray()];
    }

    private static int[] Scores(JsonElement one) => one.TryGetProperty("input", out var file)
        ? [.. Reference.Rows("nps-csat/" + file.GetString()).Select(row => int.Parse(row["score"], CultureInfo.InvariantCulture))]
        : one.GetProperty("given").TryGetProperty("scores", out var scores) ? [.. scores.EnumerateArray().Select(score => score.GetInt32())]
        : [.. Enumerable.Repeat(10, 50), .. Enumerable.Repeat(7, 30), .. Enumerable.Repeat(0, 20)];

    private static decimal? Number(JsonElement one, string name) =>
        one.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? (decimal)number.GetDouble() : null;
}
