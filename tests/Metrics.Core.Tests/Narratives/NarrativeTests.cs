using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Narratives;

/// <summary>From what was said to what is on record in a week.</summary>
public sealed class NarrativeTests
{
    private const string Mrr = "mrr";

    private static readonly ReportingCalendar Calendar = Some.Calendar();
    private static readonly DateTimeOffset Monday = Some.Instant("2026-11-16T08:00:00Z");

    private long _number;

    [SetUp]
    public void Begin() => _number = 0;

    [Test]
    public void A_question_stays_open_with_its_age_until_somebody_closes_it()
    {
        CommentEntry[] log = [Said("2026-W44", Stance.Investigating), Said("2026-W45", Stance.Investigating), Said("2026-W47", Stance.Explained)];

        Assert.That(At("2026-W44", log).OpenItems, Is.Empty, "in its own week it is a comment");
        Assert.That(Open("2026-W45", log), Is.EqualTo("W44, 1, still open"));
        Assert.That(Open("2026-W46", log), Is.EqualTo("W44, 2, still open"));
        Assert.That(Open("2026-W47", log), Is.EqualTo("W44, 3, Explained"));
        Assert.That(At("2026-W48", log).OpenItems, Is.Empty);
        Assert.That(At("2026-W48", log).Comments, Is.Empty);
    }

    [TestCase(Stance.Explained)]
    [TestCase(Stance.Noise)]
    [TestCase(Stance.Done)]
    public void Each_other_answer_closes_it(Stance answer) =>
        Assert.That(At("2026-W46", [Said("2026-W44", Stance.Investigating), Said("2026-W45", answer)]).OpenItems, Is.Empty);

    [Test]
    public void A_question_that_comes_up_again_is_as_old_as_its_second_beginning() =>
        Assert.That(Open("2026-W47", [Said("2026-W40", Stance.Investigating), Said("2026-W41", Stance.Noise), Said("2026-W46", Stance.Investigating)]), Is.EqualTo("W46, 1, still open"));

    [Test]
    public void Of_a_week_the_last_word_counts_and_the_others_are_kept()
    {
        var comment = At("2026-W46", [Said("2026-W46", Stance.Investigating, "?"), Said("2026-W46", Stance.Explained, "The fair")]).CommentOn(Mrr)!;

        Assert.That((comment.Stance, comment.Text), Is.EqualTo((Stance.Explained, "The fair")));
        Assert.That(comment.Earlier.Select(entry => entry.Text), Is.EqualTo(new[] { "?" }));
    }

    [Test]
    public void What_is_taken_back_was_not_said()
    {
        CommentEntry[] log = [Said("2026-W44", Stance.Investigating), Said("2026-W45", Stance.Explained), Said("2026-W45", null)];

        Assert.That(At("2026-W45", log).Comments, Is.Empty);
        Assert.That(Open("2026-W46", log), Is.EqualTo("W44, 2, still open"));
    }

    [Test]
    public void Weeks_of_another_calendar_and_later_weeks_are_passed_over() =>
        Assert.That(At("2026-W46", [Said("2026-11", Stance.Investigating), Said("2026-W99", Stance.Noise), Said("2026-W47", Stance.Noise)]).Comments.Count, Is.Zero);

    [Test]
    public void Ages_count_across_the_53rd_week_of_a_year() =>
        Assert.That(Open("2027-W01", [Said("2026-W52", Stance.Investigating)]), Is.EqualTo("W52, 2, still open"));

    [Test]
    public void A_decision_is_carried_until_the_week_in_which_it_is_done()
    {
        DecisionEntry[] log = [Decided("a", "2026-W44", "Call them", false), Decided("a", "2026-W46", "Call them all", true), Decided("b", "2026-W46", "Wait", false)];

        Assert.That(Decisions("2026-W43", log), Is.Empty);
        Assert.That(Decisions("2026-W44", log), Is.EqualTo("a 0 open"));
        Assert.That(Decisions("2026-W45", log), Is.EqualTo("a 1 open"));
        Assert.That(Decisions("2026-W46", log), Is.EqualTo("a 2 done; b 0 open"));
        Assert.That(Decisions("2026-W47", log), Is.EqualTo("b 1 open"));
        Assert.That(At("2026-W46", [], log).Decisions[0].Earlier.Select(entry => entry.Text), Is.EqualTo(new[] { "Call them" }));
    }

    [Test]
    public void A_decision_that_was_done_at_once_stays_with_its_week_and_one_that_was_taken_back_is_gone()
    {
        Assert.That(Decisions("2026-W44", [Decided("a", "2026-W44", "x", true)]), Is.EqualTo("a 0 done"));
        Assert.That(Decisions("2026-W45", [Decided("a", "2026-W44", "x", true)]), Is.Empty);
        Assert.That(Decisions("2026-W45", [Decided("a", "2026-W44", "x", false), Decided("a", "2026-W45", "x", null)]), Is.Empty);
        Assert.That(Decisions("2026-W44", [Decided("a", "2026-W44", "x", false), Decided("a", "2026-W45", "x", null)]), Is.EqualTo("a 0 open"));
    }

    [Test]
    public void The_order_in_which_entries_come_does_not_matter() => Check.QuickThrowOnFailure(Prop.ForAll(
        Logs, Gen.Choose(1, 1_000_000).ToArbitrary(),
        (log, seed) =>
        {
            var random = new System.Random(seed);
            var shuffled = log.OrderBy(_ => random.Next()).ToArray();
            return Weeks.All(week => Written(At(week, log)) == Written(At(week, shuffled)));
        }));

    [Test]
    public void A_question_is_open_exactly_if_the_last_answer_before_was_that_nobody_knows() => Check.QuickThrowOnFailure(Prop.ForAll(
        Logs, Gen.Elements(Weeks).ToArbitrary(),
        (log, week) =>
        {
            // The last week before that has an answer, by the last word of that week.
            var last = log.Where(entry => string.CompareOrdinal(entry.Period, week) < 0).GroupBy(entry => entry.Period).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.MaxBy(entry => entry.Number)!.Stance).LastOrDefault(stance => stance is not null);
            var item = At(week, log).OpenItemOf(Mrr);
            return item is not null == (last == Stance.Investigating)
                && (item is null || (item.Age >= 1 && Calendar.Shift(Grain.Week, item.Since, item.Age) == Week(week)));
        }));

    private static string[] Weeks => ["2026-W44", "2026-W45", "2026-W46", "2026-W47", "2026-W48"];

    private static Arbitrary<CommentEntry[]> Logs =>
        Gen.Elements(Weeks).Zip(Gen.Elements<Stance?>(null, Stance.Explained, Stance.Investigating, Stance.Noise)).ArrayOf()
            .Select(entries => entries.Select((entry, i) => new CommentEntry("weekly", entry.Item1, Mrr, entry.Item2, $"{i}", "Anna", Monday) { Number = i + 1 }).ToArray())
            .ToArbitrary();

    private CommentEntry Said(string week, Stance? stance, string text = "") =>
        new("weekly", week, Mrr, stance, text, "Anna", Monday) { Number = ++_number };

    private DecisionEntry Decided(string id, string week, string text, bool? done) =>
        new(id, "weekly", week, text, null, null, done, "Anna", Monday) { Number = ++_number };

    private static string Open(string week, CommentEntry[] log)
    {
        var item = At(week, log).OpenItems.Single();
        return FormattableString.Invariant($"{Calendar.ShortLabel(Grain.Week, item.Since)}, {item.Age}, {(item.IsOpen ? "still open" : item.Now!.Stance.ToString())}");
    }

    private static string Decisions(string week, DecisionEntry[] log) =>
        string.Join("; ", At(week, [], log).Decisions.Select(one => FormattableString.Invariant($"{one.Id} {one.Age} {(one.IsDone ? "done" : "open")}")));

    private static string Written(Narrative narrative) =>
        string.Join(';', narrative.Comments.Values.Select(one => $"{one.Finding} {one.Stance} {one.Text} {string.Join(',', one.Earlier.Select(entry => entry.Text))}"))
        + "|" + string.Join(';', narrative.OpenItems.Select(item => FormattableString.Invariant($"{item.Finding} {item.Since} {item.Age} {item.Last.Text} {item.LastPeriod} {item.Now?.Text}")));

    private static Narrative At(string week, CommentEntry[] comments, DecisionEntry[]? decisions = null) =>
        Narrative.At(comments, decisions ?? [], Calendar, Grain.Week, Week(week));

    private static Period Week(string key) => Calendar.TryParse(Grain.Week, key, out var period) ? period : throw new FormatException(key);
}
