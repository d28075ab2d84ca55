using Metrics.Core.Alerts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using Metrics.Core.Workspace;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Tests.Support;
using static Metrics.Core.Tests.Series.SomeSeries;

namespace Metrics.Core.Tests.Alerts;

/// <summary>Rules on real stores, week by week. W44 begins on 26 October 2026, W46 ends on 15 November.</summary>
public sealed class AlertEvaluatorTests
{
    private const string Metrics = """
        metrics:
          - { id: net_new, name: Net new MRR, unit: currency, dimensions: [region], missing: zero, owner: Finance }
          - { id: visits, name: Visits, unit: count, dimensions: [region] }
          - { id: readers, name: Readers, unit: count, over_time: distinct, over_segments: none, dimensions: [region] }
          - { id: ratio, name: Ratio, unit: ratio, formula: net_new / visits / net_new }
          - { id: churn, name: Churn, unit: percent, over_time: mean, missing: zero }
        """;

    private Company _company = null!;
    private Database _database = null!;
    private TempFolder _folder = null!;
    private SqlAlertStore _store = null!;

    [SetUp]
    public void Open()
    {
        _company = new Company(Metrics, now: "2026-11-16T06:00:00Z");
        _folder = new TempFolder();
        _database = new SqliteDatabase(_folder["kpi.db"]);
        _store = new SqlAlertStore(_database);
    }

    [TearDown]
    public void Close()
    {
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
        _company.Dispose();
    }

    [Test]
    public async Task A_rule_begins_with_the_newest_complete_week_and_says_what_it_found()
    {
        await WeeksAsync(("2026-10-26", 100), ("2026-11-02", 10), ("2026-11-09", 27_600));

        Assert.That(await LinesAsync("below: 28900"), Is.EqualTo((string[])["ok → firing: Net new MRR $27.6k in W46 is below $28.9k"]));
        Assert.That(await LinesAsync("below: 28900"), Is.Empty, "a week is judged once");
        Assert.That((await _store.EvaluationsAsync("r", 10, CancellationToken.None)).Single().Kind, Is.EqualTo("met"));
    }

    [TestCase("below: 100", 100, "Net new MRR $100 in W46 is exactly $100.00, which is not below")]
    [TestCase("above: 100", 100, "Net new MRR $100 in W46 is exactly $100.00, which is not above")]
    [TestCase("below: 28900", 28_899.5, "Net new MRR $28,899.50 in W46 is below $28,900.00",
        Description = "in full where both would read alike")]
    [TestCase("below: 28900", 40_000, "Net new MRR $40k in W46 is not below $28.9k")]
    [TestCase("outside: [1, 100]", 101, "Net new MRR $101 in W46 is outside $1 to $100")]
    [TestCase("outside: [1, 100]", 100, "Net new MRR $100 in W46 is exactly $100.00, which is not outside")]
    [TestCase("inside: [1, 100]", 100, "Net new MRR $100 in W46 is inside $1 to $100")]
    [TestCase("change: { versus: previous, below: -10% }", 80,
        "Net new MRR $80 in W46: its change on the previous week, −20.0\u00A0%, is below −10.0\u00A0%")]
    [TestCase("change: { versus: previous, below: -10% }", 90,
        "Net new MRR $90 in W46: its change on the previous week, −10.0\u00A0%, is exactly −10\u00A0%, which is not below")]
    [TestCase("change: { versus: previous, above: 50 }", 160,
        "Net new MRR $160 in W46: its change on the previous week, +$60, is above +$50")]
    [TestCase("change: { versus: year_ago, above: 5% }", 160, "Net new MRR cannot be judged for W46: there is nothing to compare it with")]
    public async Task A_sentence_says_on_which_side_of_the_limit_a_figure_is(string when, double value, string sentence)
    {
        await WeeksAsync(("2026-11-02", 100), ("2026-11-09", value));

        await LinesAsync(when);

        Assert.That((await _store.EvaluationsAsync("r", 1, CancellationToken.None)).Single().Sentence, Is.EqualTo(sentence));
    }

    [Test]
    public async Task A_running_week_is_never_judged()
    {
        await WeeksAsync(("2026-11-09", 500), ("2026-11-16", 1));
        await _company.KnownAsync("2026-01-05", "2026-11-18", "net_new");
        _company.Clock.Now = Some.Instant("2026-11-18");

        Assert.That(await LinesAsync("below: 100"), Is.Empty);
        _company.Clock.Now = Some.Instant("2026-11-23");
        await _company.KnownAsync("2026-01-05", "2026-11-23", "net_new");
        Assert.That(await LinesAsync("below: 100"), Is.EqualTo((string[])["ok → firing: Net new MRR $1 in W47 is below $100"]));
    }

    [Test]
    public async Task A_rule_fires_after_its_weeks_in_a_row_also_when_one_of_them_comes_late()
    {
        await WeeksAsync(("2026-11-02", 500), ("2026-11-09", 1), ("2026-11-16", 2));
        await LinesAsync("below: 100", "for: 2");

        _company.Clock.Now = Some.Instant("2026-11-23T06:00:00Z");
        Assert.That(await LinesAsync("below: 100", "for: 2"), Is.Empty, "within its grace a late week is nothing to tell");
        _company.Clock.Now = Some.Instant("2026-11-24T06:00:00Z");
        Assert.That(await LinesAsync("below: 100", "for: 2"),
            Is.EqualTo((string[])["pending → stale: Net new MRR is not complete for W47: the data end before 16 Nov 2026"]));
        Assert.That(await LinesAsync("below: 100", "for: 2"), Is.Empty, "said once");

        await _company.KnownAsync("2026-01-05", "2026-11-24", "net_new");
        Assert.That(await LinesAsync("below: 100", "for: 2"),
            Is.EqualTo((string[])["stale → firing: Net new MRR $2 in W47 is below $100, for 2 weeks in a row"]));
        Assert.That((await _store.EvaluationsAsync("r", 10, CancellationToken.None)).Select(evaluation => evaluation.Kind),
            Is.EqualTo((string[])["met", "stale", "met", "not_met"]));
    }

    [Test]
    public async Task A_time_without_data_neither_resolves_an_alert_nor_fires_it_again()
    {
        await WeeksAsync(("2026-11-09", 1), ("2026-11-16", 2), ("2026-11-23", 900));
        await LinesAsync("below: 100");
        _company.Clock.Now = Some.Instant("2026-12-01T06:00:00Z");
        await LinesAsync("below: 100");
        await _company.KnownAsync("2026-01-05", "2026-12-01", "net_new");
        await LinesAsync("below: 100");

        var told = await _store.TransitionsAsync("r", 100, CancellationToken.None);
        Assert.That(told.Reverse().Select(transition => $"{transition.From}>{transition.To}"),
            Is.EqualTo((string[])["Ok>Firing", "Firing>Stale", "Stale>Firing", "Firing>Ok"]));
        Assert.That(told.Count(transition => transition.StartsFiring), Is.EqualTo(1));
        Assert.That(told[0].Sentence, Is.EqualTo("Net new MRR $900 in W48 is no longer below $100"));
        Assert.That(told[1].Sentence, Is.EqualTo("Net new MRR $2 in W47 is still below $100"));
    }

    [Test]
    public async Task An_alert_is_resolved_only_when_it_has_recovered()
    {
        await WeeksAsync(("2026-11-09", 1), ("2026-11-16", 150), ("2026-11-23", 201));
        await LinesAsync("below: 100", "recover: { above: 200 }");
        await KnownAtAsync("2026-11-23");
        Assert.That(await LinesAsync("below: 100", "recover: { above: 200 }"), Is.Empty);
        Assert.That((await _store.EvaluationsAsync("r", 1, CancellationToken.None)).Single().Sentence,
            Is.EqualTo("Net new MRR $150 in W47 is no longer below $100, and not above $200 yet"));
        await KnownAtAsync("2026-11-30");
        Assert.That(await LinesAsync("below: 100", "recover: { above: 200 }"),
            Is.EqualTo((string[])["firing → ok: Net new MRR $201 in W48 is above $200 again"]));
    }

    [Test]
    public async Task Several_weeks_are_judged_in_order()
    {
        await WeeksAsync(("2026-11-09", 500), ("2026-11-16", 1), ("2026-11-23", 500), ("2026-11-30", 2));
        await LinesAsync("below: 100");
        await KnownAtAsync("2026-12-07");

        Assert.That(await LinesAsync("below: 100"), Is.EqualTo((string[])[
            "ok → firing: Net new MRR $1 in W47 is below $100", "firing → ok: Net new MRR $500 in W48 is no longer below $100",
            "ok → firing: Net new MRR $2 in W49 is below $100"]));
    }

    [Test]
    public async Task A_restatement_does_not_open_a_judged_week_again()
    {
        await WeeksAsync(("2026-11-09", 500));
        await LinesAsync("below: 100");
        await _company.WriteAsync(Key("net_new", ("region", "EU")).With(("2026-11-09", 1)));

        Assert.That(await LinesAsync("below: 100"), Is.Empty);
        await KnownAtAsync("2026-11-23");
        Assert.That((await _store.InstancesAsync("r", CancellationToken.None)).Single().Status.State, Is.EqualTo(AlertState.Ok));
    }

    [Test]
    public async Task A_week_with_a_hole_is_overtaken_by_the_next_and_a_rule_does_not_wait_for_ever()
    {
        string[] days = ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06", "2026-11-07", "2026-11-08", "2026-11-09"];
        await _company.WriteAsync(Key("visits", ("region", "EU")).With([.. days.Select(day => (day, 1d))]));
        await _company.KnownAsync("2026-11-02", "2026-11-16", "visits");
        await LinesAsync("below: 100", metric: "visits");
        _company.Clock.Now = Some.Instant("2026-11-18");
        Assert.That(await LinesAsync("below: 100", metric: "visits"),
            Is.EqualTo((string[])["firing → no data: Visits cannot be judged for W46: 6 of its 7 days have no value"]));

        await _company.WriteAsync(Key("visits", ("region", "EU"))
            .With([.. Enumerable.Range(16, 7).Select(day => ($"2026-11-{day}", 50d))]));
        await _company.KnownAsync("2026-11-02", "2026-11-23", "visits");
        _company.Clock.Now = Some.Instant("2026-11-23");
        Assert.That(await LinesAsync("below: 100", metric: "visits"),
            Is.EqualTo((string[])["no data → ok: Visits 350 in W47 is no longer below 100"]));
    }

    [Test]
    public async Task Each_segment_has_an_alert_of_its_own_and_one_that_vanishes_is_closed_after_two_weeks()
    {
        await _company.WriteAsync(
            Key("readers", ("region", "EU")).OfWeeks(("2026-11-09", 1), ("2026-11-16", 1), ("2026-11-23", 1), ("2026-11-30", 1)),
            Key("readers", ("region", "US")).OfWeeks(("2026-11-09", 2)));
        await _company.KnownAsync("2026-11-02", "2026-11-16", "readers");
        Assert.That(await LinesAsync("below: 100", "by: region", "readers"), Is.EqualTo((string[])[
            "EU ok → firing: Readers, EU 1 in W46 is below 100", "US ok → firing: Readers, US 2 in W46 is below 100"]));

        foreach (var (monday, lines) in new (string, string[])[]
        {
            ("2026-11-23", []), ("2026-11-30", []), ("2026-12-07",
                ["US firing → ok: Readers, US has been absent for 3 weeks; the alert is closed"]),
        })
        {
            _company.Clock.Now = Some.Instant(monday);
            await _company.KnownAsync("2026-11-02", monday, "readers");
            Assert.That(await LinesAsync("below: 100", "by: region", "readers"), Is.EqualTo(lines), monday);
        }

        Assert.That((await _store.InstancesAsync("r", CancellationToken.None)).Select(instance => instance.Segment.ToString()),
            Is.EqualTo((string[])["EU"]));
        Assert.That((await _store.TransitionsAsync("r", 1, CancellationToken.None)).Single().Reason,
            Is.EqualTo(TransitionReason.MissingSeries));
    }

    [Test]
    public async Task A_segment_in_which_nothing_happened_is_not_absent()
    {
        await _company.WriteAsync(Key("net_new", ("region", "EU")).With(("2026-11-09", 500)), Key("net_new", ("region", "US"))
            .With(("2026-11-02", 500), ("2026-11-09", 1)));
        await _company.KnownAsync("2026-01-05", "2026-11-16", "net_new");
        await LinesAsync("above: 100", "by: region");
        await KnownAtAsync("2026-11-23");
        await LinesAsync("above: 100", "by: region");

        Assert.That((await _store.EvaluationsAsync("r", 1, CancellationToken.None))
            .Select(evaluation => (evaluation.Kind, evaluation.Value)), Is.EqualTo(((string, decimal?)[])[("not_met", 0), ("not_met", 0)]));
    }

    [Test]
    public async Task A_rule_for_missing_data_fires_after_the_grace_and_is_resolved_when_they_come()
    {
        await WeeksAsync(("2026-11-02", 5));
        await _company.KnownAsync("2026-01-05", "2026-11-13", "net_new");
        Assert.That(await LinesAsync("no_data: true"), Is.Empty);
        _company.Clock.Now = Some.Instant("2026-11-17");
        Assert.That(await LinesAsync("no_data: true"),
            Is.EqualTo((string[])["ok → firing: The data of Net new MRR for W46 are not all there"]));
        Assert.That(await LinesAsync("no_data: true"), Is.Empty);
        await _company.KnownAsync("2026-01-05", "2026-11-17", "net_new");
        Assert.That(await LinesAsync("no_data: true"), Is.EqualTo((string[])["firing → ok: The data of Net new MRR for W46 are there"]));
    }

    [Test]
    public async Task A_metric_that_nobody_delivers_has_no_data_and_a_question_that_cannot_be_answered_is_an_error()
    {
        _company.Clock.Now = Some.Instant("2026-11-18");
        Assert.That(await LinesAsync("below: 1", metric: "churn"),
            Is.EqualTo((string[])["ok → no data: Churn cannot be judged for W46: no source has delivered it yet"]));
        Assert.That(await LinesAsync("below: 1", "filter: { region: [EU, US] }", "readers", id: "e"), Is.EqualTo((string[])[
            "ok → error: Readers, EU or US cannot be evaluated: The segments of 'readers' cannot be added up; filter 'region' by one value."]));
        Assert.That(await LinesAsync("below: 1", "filter: { region: [EU, US] }", "readers", id: "e"), Is.Empty);
    }

    [Test]
    public async Task An_earlier_moment_looks_at_the_weeks_that_were_over_by_then()
    {
        await WeeksAsync(("2026-11-02", 1), ("2026-11-09", 500));

        Assert.That(await LinesAsync("below: 100", at: "2026-11-09"),
            Is.EqualTo((string[])["ok → firing: Net new MRR $1 in W45 is below $100"]));
        Assert.That(await LinesAsync("below: 100", at: "2026-11-15T23:59:59Z"), Is.Empty);
        Assert.That(await LinesAsync("below: 100", at: "2026-11-16"),
            Is.EqualTo((string[])["firing → ok: Net new MRR $500 in W46 is no longer below $100"]));
    }

    [Test]
    public async Task A_notification_says_what_happened_with_all_that_one_asks_next()
    {
        await WeeksAsync(("2025-11-10", 26_000), ("2026-11-02", 33_700), ("2026-11-09", 27_600));
        await LinesAsync("below: 28900");

        var told = (await PlanAsync("below: 28900")).Single();

        var notification = told.Notification!;
        Assert.That(notification.Subject, Is.EqualTo("[FIRING · warning] Net new MRR $27.6k – below $28.9k (W46)"));
        Assert.That(notification.Kicker, Is.EqualTo("Alert · firing since W46 · warning"));
        Assert.That(notification.Headline, Is.EqualTo("Net new MRR $27.6k: below $28.9k"));
        Assert.That(notification.Sentences, Is.EqualTo((string[])[
            "Net new MRR $27.6k in W46 is below $28.9k.",
            "Week 46 · 9 – 15 November 2026: down 18.1 percent from the previous week and up 6.2 percent from the same week a year ago."]));
        Assert.That(notification.Facts.Select(fact => $"{fact.Name}: {fact.Value}"), Is.EqualTo((string[])[
            "This week (W46): $27.6k", "Limit (rule: below): $28.9k", "Last week: $33.7k", "Same week a year ago: $26k",
                "Fired in the last 12 months: once"]));
        Assert.That(notification.Bars, Has.Count.EqualTo(13));
        Assert.That(notification.Bars[^1], Is.EqualTo(new ChartBar("W46", 27_600, "$27.6k", true)));
        Assert.That(notification.Bars[^2], Is.EqualTo(new ChartBar("W45", 33_700, "$33.7k", false)));
        Assert.That((notification.Path, notification.AsOf), Is.EqualTo(("/metrics/net_new?grain=week",
            "Data as of Mon 16 Nov 2026 06:00 (UTC)")));
        Assert.That(told.Recipients.Select(recipient => recipient.To), Is.EqualTo((string[])["a@example.com", "owner"]));
    }

    [Test]
    public async Task Who_was_told_that_it_fires_is_told_that_it_is_resolved_and_that_answers_the_first_mail()
    {
        await WeeksAsync(("2026-11-09", 1), ("2026-11-16", 0.5), ("2026-11-23", 500));
        await LinesAsync("below: 100");
        var fired = (await PlanAsync("below: 100")).Single();
        await _store.DecideAsync(fired, _company.Clock.Now, CancellationToken.None);
        await KnownAtAsync("2026-11-30");
        await LinesAsync("below: 100");

        var resolved = (await PlanAsync("below: 100")).Single();

        Assert.That(resolved.Reason, Is.EqualTo(NotificationReason.Resolved));
        Assert.That(resolved.Notification!.Subject, Is.EqualTo("[RESOLVED] Net new MRR $500 – no longer below $100 (W48)"));
        Assert.That(resolved.Notification.InReplyTo, Is.EqualTo(fired.Notification!.Id).And.Not.EqualTo(resolved.Notification.Id));
        Assert.That(resolved.Notification.Facts.Select(fact => $"{fact.Name}: {fact.Value}"), Does.Contain("Was firing: from W46 to W47")
            .And.Contain("Worst: $0.50 in W47"));
        Assert.That(resolved.Recipients.Select(recipient => recipient.Address), Is.EqualTo((string[])["a@example.com"]),
            "the owner has no address and was told nothing");
    }

    [Test]
    public async Task Nobody_hears_of_an_alert_that_came_and_went_or_whose_rule_is_gone()
    {
        await WeeksAsync(("2026-11-09", 1), ("2026-11-16", 500));
        await LinesAsync("below: 100");
        await KnownAtAsync("2026-11-23");
        await LinesAsync("below: 100");
        Assert.That((await PlanAsync("below: 100")).Select(decision => (decision.Reason, decision.Transitions.Count)),
            Is.EqualTo(((NotificationReason, int)[])[(NotificationReason.None, 2)]));

        await LinesAsync("above: 100", id: "gone");
        Assert.That((await PlanAsync("below: 100")).Select(decision => decision.Subject), Is.All.Null);
    }

    [Test]
    public async Task Pages_get_rules_with_their_alerts_and_what_fires()
    {
        await WeeksAsync(("2026-11-09", 1));
        await LinesAsync("below: 100");
        var rule = Rule("below: 100", "", "net_new", "r");
        var reader = new AlertReader(_store, _company.Clock);

        var sheet = (await reader.RulesAsync([rule], People.None, _company.Calendar, _company.Catalog, CancellationToken.None)).Single();
        var firing = (await reader.FiringAsync([rule], _company.Calendar, CancellationToken.None)).Single();

        Assert.That((sheet.Condition, sheet.State, sheet.NextPeriod, sheet.NextEvaluation),
            Is.EqualTo(("below $100", AlertState.Firing, "W47", Some.Instant("2026-11-23"))));
        Assert.That(sheet.Recipients.Select(recipient => recipient.Problem),
            Is.EqualTo((string?[])[null, "no address for owner 'Finance'; add it to people.yaml"]));
        var alert = sheet.Alerts.Single();
        Assert.That((alert.Since, alert.ValueText, alert.ValuePeriod, alert.LastTransition?.Sentence),
            Is.EqualTo(("W46", "$1", "W46", "Net new MRR $1 in W46 is below $100")));
        Assert.That(alert.Evaluations.Single().Kind, Is.EqualTo("met"));
        Assert.That(firing, Is.EqualTo(new FiringAlert("r", "net_new", Grain.Week, Segment.Total, Severity.Warning, "W46",
            AlertState.Firing, "Net new MRR $1 in W46 is below $100")));
        Assert.That(await reader.FiringAsync([], _company.Calendar, CancellationToken.None), Is.Empty, "a rule that is gone marks nothing");
    }

    /// <summary>Net new MRR of some weeks, in EU, each on its Monday; known up to the clock.</summary>
    private async Task WeeksAsync(params (string Monday, double Value)[] weeks)
    {
        await _company.WriteAsync(Key("net_new", ("region", "EU")).With(weeks));
        await _company.KnownAsync("2025-01-06", "2026-11-16", "net_new");
    }

    private Task KnownAtAsync(string monday)
    {
        _company.Clock.Now = Some.Instant(monday);
        return _company.KnownAsync("2025-01-06", monday, "net_new");
    }

    /// <summary>Evaluates and stores a rule; its changes of state, a line each.</summary>
    private async Task<string[]> LinesAsync(string when, string rest = "", string metric = "net_new", string id = "r", string? at = null)
    {
        var evaluator = new AlertEvaluator(Figures(), _company.Clock);
        var moment = at is null ? _company.Clock.Now : Some.Instant(at);
        var known = await _store.InstancesAsync(id, CancellationToken.None);
        var outcome = await evaluator.EvaluateAsync(Rule(when, rest, metric, id), known, _company.Calendar, _company.Catalog, moment,
            CancellationToken.None);
        if (outcome.Record is { } record)
            await _store.RecordAsync(record, CancellationToken.None);
        return [.. outcome.Transitions.Select(transition =>
            $"{(transition.Segment.IsTotal ? "" : transition.Segment + " ")}{Name(transition.From)} → {Name(transition.To)}: {transition.Sentence}")];
    }

    private Task<IReadOnlyList<NotificationDecision>> PlanAsync(string when) =>
        new NotificationPlanner(_store, Figures(), _company.Clock).PlanAsync(
        [Rule(when, "", "net_new", "r")], People.None, _company.Calendar, _company.Catalog, CancellationToken.None);

    private RuleFigures Figures() =>
        new(new MetricReader(_company.Store, _company.Watermarks, _company.Clock), new KnownDays(_company.Store, _company.Watermarks));

    private AlertRule Rule(string when, string rest, string metric, string id)
    {
        var faults = new List<Fault>();
        var yaml = $"alerts:\n  - id: {id}\n    metric: {metric}\n    to: [a@example.com, owner]\n    when: {{ {when} }}\n    {rest}\n";
        var rules = AlertFiles.Read([("alerts/a.yaml", yaml)], _company.Catalog, faults);
        Assert.That(faults, Is.Empty);
        return rules.Single();
    }

    private static string Name(AlertState state) => state == AlertState.NoData ? "no data" : state.ToString().ToLowerInvariant();
}

internal static class WeekSeries
{
    /// <summary>Points that are stored by week.</summary>
    public static SeriesPoints OfWeeks(this SeriesKey key, params (string Monday, double Value)[] weeks) =>
        (key with { Grain = Grain.Week }).With(weeks);
}
