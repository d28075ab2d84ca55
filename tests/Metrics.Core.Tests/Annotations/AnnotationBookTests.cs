using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Annotations;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Annotation = Metrics.Core.Annotations.Annotation;

namespace Metrics.Core.Tests.Annotations;

public sealed class AnnotationBookTests
{
    private static readonly MetricCatalog Catalog = MetricCatalog.Read(
        [("metrics/a.yaml", "metrics:\n  - { id: visits, name: Visits, unit: count, dimensions: [region, plan] }\n  - { id: orders, name: Orders, unit: count }\n")], []);

    private static readonly HashSet<string> Boards = ["weekly"];

    [Test]
    public void A_file_is_read_with_days_kinds_and_scopes()
    {
        var faults = new List<Fault>();
        var book = Read("""
            annotations:
              - { id: release-4, first: 2026-10-01, last: 2026-10-03, title: Release 4, kind: release, boards: weekly, link: "https://example.com/4" }
              - { id: fair, day: 2026-09-21, title: " The fair ", metrics: [visits], segment: { region: EU } }
            """, faults);

        Assert.That(faults, Is.Empty);
        Assert.That(book.Annotations.Select(one => $"{one.Id} {one.Days} {one.Title}, {one.Kind} {one.File}:{one.Line} {one.Segment}"), Is.EqualTo(new[]
        {
            "fair 2026-09-21..2026-09-21 The fair, Other annotations/a.yaml:3 EU", "release-4 2026-10-01..2026-10-03 Release 4, Release annotations/a.yaml:2 total",
        }));
    }

    [TestCase("{ id: a, day: 2026-09-21, title: A, metrics: [visit] }", "2: unknown metric 'visit'.")]
    [TestCase("{ id: a, day: 2026-09-21, title: A, boards: [monthly] }", "2: unknown board 'monthly'. The boards are weekly.")]
    [TestCase("{ id: a, day: 2026-09-21, title: A, metrics: [orders], segment: { region: EU } }", "2: 'orders' cannot be cut by 'region'. There are no dimensions.")]
    [TestCase("{ id: a, day: 2026-09-31, title: A }", "2: '2026-09-31' is no day; use one such as 2026-09-21.")]
    [TestCase("{ id: a, day: 0001-09-30, title: A }", "2: '0001-09-30' is no day; use one such as 2026-09-21.")]
    [TestCase("{ id: a, first: 2026-09-21, title: A }", "2: annotation 'a' takes 'day', or 'first' and 'last'.")]
    [TestCase("{ id: a, title: A }", "2: annotation 'a' takes 'day', or 'first' and 'last'.")]
    [TestCase("{ id: a, first: 2026-09-21, last: 2026-09-20, title: A }", "2: the last day, 2026-09-20, is before the first, 2026-09-21.")]
    [TestCase("{ id: a, first: 2020-09-21, last: 2026-09-20, title: A }", "2: from 2020-09-21 to 2026-09-20 are more than two years; what lasts longer is no event.")]
    [TestCase("{ id: a, day: 2026-09-21, title: A, link: \"javascript:alert(1)\" }", "2: 'javascript:alert(1)' is no address that a page may link to; use one such as https://example.com/notes.")]
    [TestCase("{ id: a, day: 2026-09-21, title: A, link: notes.html }", "2: 'notes.html' is no address that a page may link to; use one such as https://example.com/notes.")]
    [TestCase("{ id: A, day: 2026-09-21, title: A }", "2: 'id' must be at most 64 lower-case letters, digits, _ and - starting with a letter or digit, not 'A'")]
    [TestCase("{ id: a, day: 2026-09-21, title: A, kind: party }", "2: 'kind' must be one of release, campaign, incident, price, market, data, other, not 'party'")]
    [TestCase("{ id: a, day: 2026-09-21, titl: A }", "2: unknown key 'titl' in an annotation. Did you mean 'title'?", "2: an annotation has no 'title': What happened, in one line of at most 80 characters.")]
    public void What_is_wrong_is_named_with_its_line(string entry, params string[] expected)
    {
        var faults = new List<Fault>();
        var book = Read("annotations:\n  - " + entry + "\n", faults);

        Assert.That(faults.Select(fault => fault.ToString()), Is.EqualTo(expected.Select(fault => "annotations/a.yaml:" + fault)));
        Assert.That(book.Annotations.Where(one => one.Kind != AnnotationKind.Other), Is.Empty);
    }

    [Test]
    public void An_id_is_given_once()
    {
        var faults = new List<Fault>();
        Read("annotations:\n  - { id: a, day: 2026-09-21, title: A }\n  - { id: a, day: 2026-09-22, title: B }\n", faults);

        Assert.That(faults.Single().ToString(), Is.EqualTo("annotations/a.yaml:3: annotation 'a' is already defined at annotations/a.yaml:2; give one of them another id."));
    }

    [Test]
    public void A_title_has_eighty_characters_and_one_line_and_a_text_a_thousand()
    {
        var entry = new AnnotationEntry { Title = new string('t', 80), Text = new string('x', 1000), First = "2026-09-21" };
        (AnnotationEntry Entry, string? Field)[] cases =
        [
            (entry, null), (entry with { Title = new string('t', 81) }, "title"), (entry with { Title = "a\nb" }, "title"), (entry with { Title = "" }, "title"),
            (entry with { Text = new string('x', 1001) }, "text"), (entry with { Link = "http://" + new string('h', 500) }, "link"),
            (entry with { Segment = [KeyValuePair.Create("region", "")] }, "segment"), (entry with { Metrics = [.. Enumerable.Repeat("visits", 51)] }, "metrics"),
        ];

        Assert.That(cases.Select(one => one.Entry.Read("a", Catalog, Boards).Fault?.Field), Is.EqualTo(cases.Select(one => one.Field)));
    }

    // The subject is visits on the weekly board, in total or narrowed to a region.
    [TestCase("", "", "", "", true, Description = "the whole company")]
    [TestCase("visits", "", "", "", true)]
    [TestCase("orders", "", "", "", false)]
    [TestCase("orders", "weekly", "", "", true, Description = "either is enough")]
    [TestCase("", "monthly", "", "", false)]
    [TestCase("", "", "region=EU", "", true, Description = "the total is told of its segments")]
    [TestCase("", "", "region=EU", "EU", true)]
    [TestCase("", "", "region=EU", "US", false, Description = "a segment only of its own")]
    [TestCase("", "", "country=DE", "", false, Description = "visits know no countries")]
    [TestCase("visits", "", "region=EU", "US", false)]
    public void An_event_concerns_the_figures_in_its_scope(string metric, string board, string segment, string region, bool concerns)
    {
        var annotation = new Annotation("a", Some.Days("2026-09-21..2026-09-21"), "A", AnnotationKind.Other)
        {
            Metrics = metric.Length == 0 ? [] : [metric],
            Boards = board.Length == 0 ? [] : [board],
            Segment = segment.Split('=') is [var dimension, var value] ? Segment.Of((dimension, value)) : Segment.Total,
        };
        var subject = new AnnotationSubject("visits", ["region", "plan"], ["weekly"])
        {
            Filter = region.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>() : new Dictionary<string, IReadOnlyList<string>> { ["region"] = [region] },
        };

        Assert.That(annotation.Concerns(subject), Is.EqualTo(concerns));
    }

    [Test]
    public void A_chart_is_told_in_which_of_its_periods_each_event_falls()
    {
        var calendar = Some.Calendar();
        var weeks = calendar.Covering(Grain.Week, Some.Day("2026-11-02"), Some.Day("2026-11-22"));
        var book = new AnnotationBook([On("later", "2026-11-23..2026-11-23"), On("long", "2026-10-20..2026-11-09"), On("sunday", "2026-11-15..2026-11-15"), On("before", "2026-11-01..2026-11-01")]);

        Assert.That(book.On(new AnnotationSubject("visits", [], []), weeks).Select(placed => (placed.Number, placed.Annotation.Id, placed.First, placed.Last)),
            Is.EqualTo(new[] { (1, "long", 0, 1), (2, "sunday", 1, 1) }));
    }

    [Test]
    public void An_event_is_in_a_period_exactly_where_a_day_of_it_is() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 60).Two().Zip(Gen.Choose(0, 60).Two()).ToArbitrary(),
        pair =>
        {
            var ((a, b), (c, d)) = pair;
            var (days, span) = (Between(a, b), Between(c, d));
            var annotation = new Annotation("a", days, "A", AnnotationKind.Other);
            return annotation.IsWithin(span) == Enumerable.Range(0, days.Days).Any(i => span.Contains(days.Start.AddDays(i)));
        }));

    private static Period Between(int a, int b) => new(Some.Day("2026-09-01").AddDays(Math.Min(a, b)), Some.Day("2026-09-01").AddDays(Math.Max(a, b) + 1));

    private static Annotation On(string id, string days) => new(id, Some.Days(days), id, AnnotationKind.Other);

    private static AnnotationBook Read(string yaml, List<Fault> faults) => AnnotationFiles.Read([("annotations/a.yaml", yaml)], Catalog, Boards, faults);
}
