using Dashboard.Web.Access;
using Dashboard.Web.Search;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

public sealed class SearchIndexTests
{
    private static readonly SearchIndex Index = new(
    [
        Metric("mrr", "Monthly recurring revenue", "Paid subscriptions on the last day, normalized to a month."),
        Metric("nrr", "Net revenue retention", "What the customers of a year ago pay today, of what they paid then."),
        Metric("net_new_mrr", "Net new MRR", "All movements of MRR together."),
        Metric("logo_churn", "Logo churn rate", "Opening customers lost."),
        Metric("arr", "Annual recurring revenue", "Twelve times the MRR."),
        Metric("cafe", "Visites du café", "Rue de la Paix."),
        Entry(SearchKind.Board, "Revenue board", "/boards/revenue", "Board by month"),
        Entry(SearchKind.Command, "Dark theme", "/look", "Every page dark"),
    ]);

    [TestCase("mrr", "Monthly recurring revenue")]
    [TestCase("NRR", "Net revenue retention")]
    [TestCase("churn", "Logo churn rate")]
    [TestCase("reten", "Net revenue retention")]
    [TestCase("net_new", "Net new MRR")]
    [TestCase("rev ret", "Net revenue retention")]
    [TestCase("dark", "Dark theme")]
    [TestCase("cafe", "Visites du café")]
    [TestCase("CAFÉ", "Visites du café")]
    public void What_is_meant_comes_first(string query, string title) => Assert.That(Index.Find(query)[0].Title, Is.EqualTo(title));

    [Test]
    public void A_beginning_comes_before_a_word_inside_and_that_before_letters_apart()
    {
        Assert.That(Titles("re"), Is.EqualTo(new[] { "Revenue board", "Net revenue retention", "Annual recurring revenue", "Monthly recurring revenue" }));
        Assert.That(Titles("mthly"), Is.EqualTo(new[] { "Monthly recurring revenue" }));
        Assert.That(Titles("lgchr"), Is.EqualTo(new[] { "Logo churn rate" }));
    }

    [Test]
    public void The_definition_is_searched_too() => Assert.That(Titles("subscriptions"), Is.EqualTo(new[] { "Monthly recurring revenue" }));

    [Test]
    public void Every_word_must_fit()
    {
        Assert.That(Titles("churn zebra"), Is.Empty);
        Assert.That(Titles("churn logo"), Is.EqualTo(new[] { "Logo churn rate" }));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("%&/")]
    [TestCase(null)]
    public void Without_a_word_nothing_is_found(string? query) => Assert.That(Index.Find(query), Is.Empty);

    [Test]
    public void Of_two_that_fit_as_well_the_one_on_a_board_comes_first()
    {
        var index = new SearchIndex([Metric("a", "Visits paid", ""), Metric("b", "Visits sent", "") with { Weight = 6 }]);

        Assert.That(index.Find("visits").Select(entry => entry.Title), Is.EqualTo(new[] { "Visits sent", "Visits paid" }));
    }

    [Test]
    public void No_more_is_found_than_somebody_reads()
    {
        var index = new SearchIndex(Enumerable.Range(0, 200).Select(i => Metric($"m{i}", $"Metric {i}", "")));

        Assert.That(index.Find("metric"), Has.Count.EqualTo(SearchIndex.Most));
    }

    private static string[] Titles(string query) => [.. Index.Find(query).Select(entry => entry.Title)];

    private static SearchEntry Metric(string id, string name, string description) => Entry(SearchKind.Metric, name, $"/metrics/{id}", description, id);

    private static SearchEntry Entry(SearchKind kind, string title, string address, string detail, params string[] names) =>
        new(kind, title, address, detail, names) { Policy = Policies.View };
}
