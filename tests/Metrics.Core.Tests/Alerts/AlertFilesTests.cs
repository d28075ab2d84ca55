using Metrics.Core.Alerts;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Alerts;

/// <summary>What a rule may say, and what it is told where it cannot be right.</summary>
public sealed class AlertFilesTests
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, unit: count, dimensions: [region], owner: Marketing }
          - { id: churn, name: Churn, unit: percent, native_grain: week }
          - { id: yearly, name: Yearly, unit: count, native_grain: year }
          - { id: direct, name: Direct, unit: count, owner: cto@example.com }
          - { id: nobodys, name: Nobodys, unit: count }
        """;

    [Test]
    public void A_rule_with_everything_is_read_as_it_is_written()
    {
        var (rules, faults) = Read("""
            alerts:
              - id: net_new_mrr_low
                metric: net_new_mrr
                grain: week
                when: { below: 28900 }          # below above outside inside; change: {versus: previous|year_ago, below: -10%}; off_pace; signal; no_data …
                for: 1                          # consecutive complete periods
                recover: { above: 30000 }       # optional; default: the condition is no longer met
                by: [region]                    # optional: one alert per value
                severity: warning               # info warning critical
                to: [finance@example.com, owner]
            """);

        Assert.That(faults, Is.Empty);
        var rule = rules.Single();
        Assert.That((rule.Id, rule.Metric, rule.Grain, rule.For, rule.Severity, rule.Grace),
            Is.EqualTo(("net_new_mrr_low", "net_new_mrr", Grain.Week, 1, Severity.Warning, TimeSpan.FromDays(1))));
        Assert.That((rule.When, rule.Recover), Is.EqualTo(((Condition)new Condition.Below(28900), (Condition?)new Condition.Above(30000))));
        Assert.That(rule.By, Is.EqualTo((string[])["region"]));
        Assert.That(rule.To, Is.EqualTo((string[])["finance@example.com", "owner"]));
        Assert.That((rule.File, rule.Line), Is.EqualTo(("alerts/a.yaml", 2)));
    }

    [TestCase("visits", "{ below: 5 }", "below 5")]
    [TestCase("visits", "{ above: 1.5e3 }", "above 1500")]
    [TestCase("visits", "{ outside: [1, 2] }", "outside 1..2")]
    [TestCase("visits", "{ inside: [-1, 2] }", "inside -1..2")]
    [TestCase("visits", "{ change: { versus: previous, below: -10% } }", "change versus previous below -0.1")]
    [TestCase("visits", "{ change: { versus: year_ago, above: 200 } }", "change versus year_ago above 200")]
    [TestCase("visits", "{ no_data: true }", "no_data ")]
    [TestCase("churn", "{ above: 3% }", "above 0.03")]
    [TestCase("churn", "{ above: 0.03 }", "above 0.03")]
    [TestCase("churn", "{ change: { versus: previous, above: 2pp } }", "change versus previous above 0.02")]
    public void Conditions_are_read_in_the_unit_of_their_metric(string metric, string when, string condition)
    {
        var (rules, faults) = Read($"alerts:\n  - {{ id: a, metric: {metric}, to: owner, when: {when} }}\n");

        Assert.That(faults, Is.Empty);
        Assert.That($"{rules.Single().When.Comparator} {rules.Single().When.Threshold}", Is.EqualTo(condition));
    }

    [TestCase("metric: visit", "unknown metric 'visit'.")]
    [TestCase("metric: visits\n    by: country", "'visits' has no dimension 'country'. Its dimensions are region.")]
    [TestCase("metric: visits\n    filter: { country: DE }", "'visits' has no dimension 'country'. Its dimensions are region.")]
    [TestCase("metric: churn\n    grain: day", "'churn' is known by week and coarser, not by day.")]
    [TestCase("metric: churn\n    grain: month", "'churn' is stored by week, and weeks do not fill a month.")]
    [TestCase("metric: yearly", "'yearly' is known by year and coarser, not by week.")]
    [TestCase("metric: visits\n    for: 0", "'for' must be at least 1: the number of complete periods in a row.")]
    [TestCase("metric: visits\n    grace: soon", "'grace' must be a number and m, h or d, such as 12h, not 'soon'")]
    [TestCase("metric: visits\n    severity: warn", "'severity' must be one of info, warning, critical, not 'warn'")]
    [TestCase("metric: visits\n    to: finance", "'finance' is neither a mail address such as finance@example.com nor the word owner.")]
    [TestCase("metric: visits\n    to: [\"a@example.com\\r\\nBcc: b@example.com\"]",
        "'a@example.com\r\nBcc: b@example.com' is neither a mail address such as finance@example.com nor the word owner.")]
    [TestCase("metric: visits\n    to: []", "'to' names nobody; name an address, or owner.")]
    [TestCase("metric: visits\n    when: { off_pace: true }",
        "unknown key 'off_pace' in a condition. Known keys: below, above, outside, inside, change, no_data.",
        "'when' has no condition that is known. The kinds of condition are below, above, outside, inside, change and no_data.")]
    [TestCase("metric: visits\n    when: signal", "'when' must be a mapping")]
    [TestCase("metric: visits\n    when: { below: 1, above: 5 }",
        "'when' takes one condition, not below and above; write a rule for each.")]
    [TestCase("metric: visits\n    when: { below: few }", "'below' must be a number such as 28900, not 'few'")]
    [TestCase("metric: visits\n    when: { below: 3% }", "'below' must be a number such as 28900, not '3%'")]
    [TestCase("metric: visits\n    when: { outside: [5, 1] }",
        "'outside' must be [lowest, highest], each a number such as 28900, not [5, 1]")]
    [TestCase("metric: visits\n    when: { change: { versus: previous } }", "a change takes one of below and above.")]
    [TestCase("metric: visits\n    when: { change: { versus: previous, below: -2pp } }",
        "'below' must be -10% of the base or a number in the metric's own unit, not '-2pp'")]
    [TestCase("metric: visits\n    when: { no_data: false }", "'no_data' takes true only.")]
    [TestCase("metric: visits\n    when: { below: 10 }\n    recover: { above: 9 }",
        "'recover' contradicts 'when': a figure above 9 may still be below 10.")]
    [TestCase("metric: visits\n    when: { above: 10 }\n    recover: { below: 11 }",
        "'recover' contradicts 'when': a figure below 11 may still be above 10.")]
    [TestCase("metric: visits\n    when: { outside: [1, 9] }\n    recover: { inside: [0, 9] }",
        "'recover' contradicts 'when': a figure inside 0..9 may still be outside 1..9.")]
    [TestCase("metric: visits\n    when: { below: 10 }\n    recover: { below: 20 }",
        "'recover' of a rule that fires below takes 'above' and nothing else.")]
    [TestCase("metric: visits\n    when: { no_data: true }\n    recover: { below: 20 }",
        "'recover' has no meaning for no_data: it is resolved when the data are there.")]
    public void A_fault_is_named_with_its_file_and_line(string rest, params string[] messages)
    {
        var yaml = $"alerts:\n  - id: a\n    {rest}\n{(rest.Contains("when:", StringComparison.Ordinal) ? "" : "    when: { below: 1 }\n")}{(rest.Contains(" to:", StringComparison.Ordinal) ? "" : "    to: owner\n")}";
        var (rules, faults) = Read(yaml);

        Assert.That(faults.Select(fault => fault.Message), Is.EqualTo(messages));
        Assert.That(faults.Select(fault => fault.File), Is.All.EqualTo("alerts/a.yaml"));
        Assert.That(faults.Select(fault => fault.Line), Is.All.InRange(2, 6));
        Assert.That(rules, Is.Empty, "a rule at fault is left out");
    }

    [Test]
    public void An_id_is_there_once()
    {
        var (rules, faults) = Read("alerts:\n  - { id: a, metric: visits, to: owner, when: { below: 1 } }\n  - { id: a, metric: visits, to: owner, when: { below: 2 } }\n");

        Assert.That(faults.Single().ToString(),
            Is.EqualTo("alerts/a.yaml:3: alert 'a' is already defined at alerts/a.yaml:2; give one of them another id."));
        Assert.That(rules.Single().When, Is.EqualTo(new Condition.Below(1)));
    }

    [TestCase("people:\n  marketing: m@example.com\n", "visits", "m@example.com", null)]
    [TestCase("people:\n  Finance: f@example.com\n", "visits", null, "no address for owner 'Marketing'; add it to people.yaml")]
    [TestCase(null, "visits", null, "no address for owner 'Marketing'; add it to people.yaml")]
    [TestCase(null, "direct", "cto@example.com", null)]
    [TestCase(null, "nobodys", null, "'nobodys' has no owner; give it one, or name addresses in the rule")]
    public void An_owner_is_told_where_there_is_an_address(string? people, string metric, string? address, string? problem)
    {
        using var folder = new TempFolder();
        if (people is not null)
            folder.Write("people.yaml", people);
        var faults = new List<Fault>();
        var known = People.Read(new WorkspaceFolder(folder.Path), faults);

        var owner = Recipients.Of(Rule(metric, "owner"), Catalog()[metric], known).Single();

        Assert.That(faults, Is.Empty);
        Assert.That((owner.Address, owner.Problem), Is.EqualTo((address, problem)));
    }

    [Test]
    public void Who_is_named_twice_gets_one_mail()
    {
        var recipients = Recipients.Of(Rule("direct", "CTO@example.com", "owner", "cfo@example.com"), Catalog()["direct"], People.None);

        Assert.That(recipients.Select(recipient => recipient.Address), Is.EqualTo((string[])["CTO@example.com", "cfo@example.com"]));
    }

    [TestCase("people:\n  A: nobody\n", "people.yaml:2: 'nobody' of A is no mail address such as finance@example.com.")]
    [TestCase("people:\n  A: a@example.com\n  a: b@example.com\n",
        "people.yaml:2: 'a' is there twice; upper and lower case do not tell names apart.")]
    public void People_at_fault_are_named(string yaml, string message)
    {
        using var folder = new TempFolder();
        folder.Write("people.yaml", yaml);
        var faults = new List<Fault>();

        People.Read(new WorkspaceFolder(folder.Path), faults);

        Assert.That(faults.Select(fault => fault.ToString()), Is.EqualTo((string[])[message]));
    }

    [TestCase("a.b+c@example.co.uk", true)]
    [TestCase("root@localhost", true)]
    [TestCase("a@b@c", false)]
    [TestCase("a..b@example.com", false)]
    [TestCase("a@example.com\n", false)]
    [TestCase("a @example.com", false)]
    [TestCase("A <a@example.com>", false)]
    [TestCase("a@-example.com", false)]
    [TestCase("", false)]
    public void Addresses_are_told_from_other_texts(string text, bool isAddress)
    {
        Assert.That(People.IsAddress(text), Is.EqualTo(isAddress));
    }

    private static AlertRule Rule(string metric, params string[] to) =>
        new() { Id = "r", Metric = metric, Grain = Grain.Week, When = new Condition.Below(1), To = to };

    private static MetricCatalog Catalog() => MetricCatalog.Read([("metrics/a.yaml", Metrics)], []);

    private static (IReadOnlyList<AlertRule> Rules, IReadOnlyList<Fault> Faults) Read(string yaml)
    {
        var faults = new List<Fault>();
        return (AlertFiles.Read([("alerts/a.yaml", yaml)], Catalog(), faults), faults);
    }
}
