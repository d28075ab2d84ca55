using System.Text;
using Metrics.Core.Access;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Push;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Metrics.Core.Tests.Push;

/// <summary>Which point of which metric a pushed value becomes.</summary>
public sealed class PushBatchTests
{
    private const string Metrics = """
        metrics:
          - { id: page_views, name: Page views, unit: count, dimensions: [region, plan] }
          - { id: visits, name: Visits, unit: count, dimensions: [region] }
          - { id: shop_errors, name: Errors, unit: count }
          - { id: users, name: Users, unit: count, over_time: distinct, over_segments: none, dimensions: [plan, region] }
          - { id: reach, name: Reach, unit: count, over_time: last, over_segments: none, dimensions: [region] }
          - { id: weekly, name: Weekly, unit: score, over_time: mean, native_grain: week }
          - { id: per_visit, name: Per visit, unit: ratio, formula: page_views / visits }
          - { id: filled, name: Filled, unit: count }
        """;

    private const string Rules = """
        push:
          - measurement: web
            fields: { views: page_views }
            tags: { country: region }
            where: { env: [production, staging] }
          - measurement: app*
            fields: { n: visits }
            days: utc
        """;

    private static readonly DateTimeOffset Received = Some.Instant("2026-11-16T08:00:00Z");

    // 2026-11-15T23:30:00Z: in Berlin it is Monday the 16th already.
    private const string Late = "1794785400";

    [TestCase("page_views,region=EU,plan=Pro value=5", "page_views day {\"plan\":\"Pro\",\"region\":\"EU\"}")]
    [TestCase("page_views,region=EU value=5", "page_views day {\"plan\":\"(none)\",\"region\":\"EU\"}", Description = "what is not given is (none) where segments add up")]
    [TestCase("page_views,host=a value=5", "page_views day {\"plan\":\"(none)\",\"region\":\"(none)\"}", Description = "other tags are ignored")]
    [TestCase("shop errors=5", "shop_errors day {}", Description = "measurement and field joined")]
    [TestCase("users,plan=Pro value=5", "users day {\"plan\":\"Pro\"}", Description = "the very segment where segments do not add up")]
    [TestCase("users value=5", "users day {}")]
    [TestCase("reach,region=EU value=5", "reach day {\"region\":\"EU\"}")]
    [TestCase("web,env=production,country=FR views=5", "page_views day {\"plan\":\"(none)\",\"region\":\"FR\"}", Description = "a rule with a tag for a dimension")]
    [TestCase("web,env=production,country=FR,region=EU views=5", "page_views day {\"plan\":\"(none)\",\"region\":\"FR\"}", Description = "the rule's tag counts")]
    [TestCase("web,env=production,region=EU views=5", "page_views day {\"plan\":\"(none)\",\"region\":\"EU\"}")]
    [TestCase("app.ios n=5", "visits day {\"region\":\"(none)\"}", Description = "the beginning of a name")]
    [TestCase("kpi,metric=visits,region=EU value=5", "visits day {\"region\":\"EU\"}")]
    [TestCase("kpi,metric=visits,grain=day,cut=region,region=EU value=5", "visits day {\"region\":\"EU\"}")]
    [TestCase("kpi,metric=users,grain=week,cut=plan,plan=Pro,region=EU value=5", "users week {\"plan\":\"Pro\"}", Description = "the cut that is named")]
    [TestCase("kpi,metric=users,cut=plan value=5", "users day {\"plan\":\"(none)\"}")]
    [TestCase("weekly value=5", "weekly week {}")]
    public void A_value_finds_its_series(string line, string series)
    {
        var batch = Batch(line);

        Assert.That(Told(batch), Is.EqualTo(new[] { series }));
        Assert.That((batch.Refused.Count, batch.Unreadable.Count, batch.Waiting.Count()), Is.EqualTo((0, 0, 0)));
    }

    [TestCase("per_visit value=5", "'per_visit' is computed by its formula page_views / visits; push what goes into it.")]
    [TestCase("mrr value=5", "'mrr' is computed by the model revenue.mrr.")]
    [TestCase("filled value=5", "'filled' is filled by the source 'shop', whose next sync would replace what is pushed.")]
    [TestCase("visits value=\"many\"", "A text cannot be a value of 'visits'.")]
    [TestCase("kpi,metric=visits,grain=week value=5", "'visits' is stored by day, and its other grains follow from that; not by week.")]
    [TestCase("kpi,metric=visits,grain=eon value=5", "'eon' is no grain; use day, week, month, quarter or year.")]
    [TestCase("kpi,metric=users,cut=planet value=5", "'users' has no dimension 'planet'.")]
    [TestCase("visits,region=EU,region=US value=5", "The tag 'region' is there twice.")]
    public void A_value_that_can_never_be_one_is_refused_with_the_reason(string line, string reason)
    {
        var batch = Batch($"visits,region=EU value=1\n{line}");

        Assert.That(batch.Refused.First, Is.EqualTo(new[] { new PushFault(2, reason) }));
        Assert.That(Told(batch), Is.EqualTo(new[] { "visits day {\"region\":\"EU\"}" }));
    }

    [TestCase("cpu,host=a idle=5", "cpu idle {\"host\":\"a\"}")]
    [TestCase("web,env=production other=5", "web other {\"env\":\"production\"}", Description = "a field that the rule does not name")]
    [TestCase("kpi,metric=nothing value=5", "kpi value {\"metric\":\"nothing\"}")]
    [TestCase("visits total=5", "visits total {}")]
    public void What_maps_to_no_metric_waits(string line, string key)
    {
        var waiting = Batch(line).Waiting.Single();

        Assert.That($"{waiting.Key.Measurement} {waiting.Key.Field} {waiting.Key.Tags}", Is.EqualTo(key));
        Assert.That((waiting.Day, waiting.At, waiting.Value, waiting.Seen, waiting.Token), Is.EqualTo((Some.Day("2026-11-16"), Received, 5.0, Received, "t")));
    }

    [TestCase("web,env=test views=5", Description = "another value than the rule wants")]
    [TestCase("web views=5", Description = "no value")]
    [TestCase("web,env=test other=5", Description = "another field of a point that is not wanted")]
    [TestCase("kpi,metric=visits first=5", Description = "what our own data model keeps beside a value")]
    [TestCase("cpu model=\"8086\"", Description = "a text that nobody asked for")]
    public void What_nobody_wants_is_passed_over(string line)
    {
        var batch = Batch(line);

        Assert.That((batch.IsEmpty, batch.Refused.Count), Is.EqualTo((true, 0)));
    }

    [TestCase("visits value=5 " + Late, "2026-11-16", Description = "the local day")]
    [TestCase("app n=5 " + Late, "2026-11-15", Description = "a rule that asks for the date in UTC")]
    [TestCase("kpi,metric=visits value=5 " + Late, "2026-11-15", Description = "our own data model has dates in UTC")]
    [TestCase("weekly value=5 " + Late, "2026-11-16", Description = "the first day of the week")]
    [TestCase("weekly value=5 1795132800", "2026-11-16", Description = "the first day of the week of a Friday")]
    [TestCase("visits value=5", "2026-11-16", Description = "without a timestamp when it came")]
    [TestCase("visits value=5 -1", "1970-01-01", Description = "local time was ahead of UTC")]
    [TestCase("app n=5 -1", "1969-12-31")]
    public void A_value_finds_its_day(string line, string day) =>
        Assert.That(Batch(line).Series.Single().Value.Values.Single().Day, Is.EqualTo(Some.Day(day)));

    [Test]
    public void Every_day_of_a_year_is_found_as_the_calendar_finds_it()
    {
        var calendar = Some.Calendar(timeZone: "Europe/Berlin");
        var moments = Enumerable.Range(0, 366 * 24 * 2).Select(half => Some.Instant("2026-01-01T00:00:00Z").AddMinutes(30 * half)).ToArray();
        var batch = Batch(string.Join('\n', moments.Select((at, i) => $"visits value={i} {at.ToUnixTimeSeconds()}")));

        var expected = moments.Select((at, i) => (Day: calendar.DayOf(at), Value: (double)i)).GroupBy(one => one.Day).Select(day => day.Last());
        Assert.That(batch.Series.Single().Value.Values.Select(value => (value.Day, value.Value)), Is.EqualTo(expected));
    }

    [TestCase("visits value=1 1795132800\nvisits value=2 1795132801\nvisits value=3 1795132799", 2.0, Description = "the latest timestamp counts")]
    [TestCase("visits value=1 1795132800\nvisits value=2 1795132800", 2.0, Description = "of two with the same the last")]
    [TestCase("visits,host=a value=1 1795132801\nvisits,host=b value=2 1795132800", 1.0, Description = "whatever tags tell them apart that are no dimension")]
    public void Of_several_values_for_a_day_one_counts(string lines, double value) =>
        Assert.That(Batch(lines).Series.Single().Value.Values.Single().Value, Is.EqualTo(value));

    [Test]
    public void Days_in_any_order_come_out_by_day()
    {
        var days = new[] { 5, 1, 9, 1, 5, 3 };
        var batch = Batch(string.Join('\n', days.Select((day, i) => $"visits value={i} {1_795_132_800 + day * 86_400 + i}")));

        Assert.That(batch.Series.Single().Value.Values.Select(value => value.Value), Is.EqualTo(new[] { 3.0, 5, 4, 2 }));
    }

    [Test]
    public void A_token_writes_only_what_it_may()
    {
        var batch = Batch("visits value=1\npage_views value=2\nshop errors=3\ncpu idle=4", "visits", "page_");

        Assert.That(Told(batch), Is.EqualTo(new[] { "visits day {\"region\":\"(none)\"}", "page_views day {\"plan\":\"(none)\",\"region\":\"(none)\"}" }));
        Assert.That(batch.Forbidden, Is.EqualTo(new[] { "shop_errors" }));
        Assert.That(batch.Refused.First, Is.EqualTo(new[] { new PushFault(3, "The token 't' may not write 'shop_errors'.") }));
    }

    [Test]
    public void Of_many_faults_the_first_are_told_and_all_are_counted()
    {
        var batch = Batch(string.Concat(Enumerable.Repeat("mrr value=1\nbad\n", 100)));

        Assert.That((batch.Refused.Count, batch.Refused.First.Count), Is.EqualTo((100, 10)));
        Assert.That((batch.Unreadable.Count, batch.Unreadable.First[0]), Is.EqualTo((100, new PushFault(2, "unable to parse 'bad': missing fields"))));
    }

    [Test]
    public void A_series_that_is_too_long_to_keep_is_refused() =>
        Assert.That(Batch($"cpu,x={new string('y', 2_000)} idle=1").Refused.First.Single().Reason, Does.StartWith("No rule takes it, and its measurement"));

    [TestCase("push:\n  - measurement: web\n    fields: { a: nothing }\n", "push/a.yaml:3: unknown metric 'nothing'; define it under metrics/.")]
    [TestCase("push:\n  - measurement: web\n    fields: { a: mrr }\n", "push/a.yaml:3: 'mrr' is computed by the model revenue.mrr.")]
    [TestCase("push:\n  - measurement: web\n    fields: { a: filled }\n", "push/a.yaml:3: 'filled' is filled by the source 'shop', whose next sync would replace what is pushed.")]
    [TestCase("push:\n  - measurement: web\n    fields: { a: visits }\n    tags: { b: planet }\n", "push/a.yaml:4: 'visits' has no dimension 'planet'.")]
    [TestCase("push:\n  - measurement: w*b\n    fields: { a: visits }\n", "push/a.yaml:2: 'w*b' has a star that is not its end; only the end of a name may be left open: web*.")]
    [TestCase("push:\n  - measurement: web\n    fields: {}\n", "push/a.yaml:3: 'fields' names no field; write { field: metric id }.")]
    [TestCase("push:\n  - measurement: web\n", "push/a.yaml:2: a push rule has no 'fields': The metric's id for each field that is a figure.")]
    [TestCase("push:\n  - measurement: web\n    fields: { a: visits }\n    days: mine\n", "push/a.yaml:4: 'days' must be one of local, utc, not 'mine'")]
    [TestCase("push:\n  - { measurement: web, fields: { a: visits } }\n  - { measurement: web, fields: { a: page_views, b: visits } }\n", "push/a.yaml:3: the rule at push/a.yaml:2 takes the same points; put their fields together.")]
    public void A_rule_at_fault_is_named_with_its_line(string yaml, string fault)
    {
        var faults = new List<Fault>();
        PushFiles.Read([("push/a.yaml", yaml)], Pushable(), faults);

        Assert.That(faults.Select(one => one.ToString()), Is.EqualTo(new[] { fault }));
    }

    [Test]
    public void A_drafted_rule_takes_what_it_was_drafted_for()
    {
        var line = new InboxLine(new InboxKey("my app: \"x\"", "visits", """{"host":"a","true":"b"}"""), Some.Day("2026-11-16"), Received, 5, Received, "t");
        var draft = RuleDraft.Of([new InboxGroup(line.Key.Measurement, line.Key.Field, 1, Received, Received, line)], Pushable());

        var faults = new List<Fault>();
        var rules = PushFiles.Read([("push/a.yaml", draft)], Pushable(), faults);
        var to = new PushMap(Some.Calendar(), Pushable(), rules).Find(line.Key.Measurement, line.Tags, line.Key.Field);
        Assert.That(faults, Is.Empty);
        Assert.That(((Destination.Stored)to).Key.Metric, Is.EqualTo("visits"));
    }

    private static string[] Told(PushBatch batch) => [.. batch.Series.Keys.Select(key => $"{key.Metric} {key.Grain.Name()} {key.Segment.Text}")];

    private static PushBatch Batch(string lines, params string[] writes)
    {
        var faults = new List<Fault>();
        var rules = PushFiles.Read([("push/a.yaml", Rules)], Pushable(), faults);
        Assert.That(faults, Is.Empty);
        var token = new ApiToken(1, "t", writes.Length == 0 ? [ApiToken.Everything] : writes, Received, null, null);
        var batch = new PushBatch(new PushMap(Some.Calendar(timeZone: "Europe/Berlin"), Pushable(), rules), token, Received);
        batch.Add(Encoding.UTF8.GetBytes(lines), TimestampUnit.Seconds);
        return batch;
    }

    private static PushableMetrics Pushable()
    {
        var faults = new List<Fault>();
        var catalog = MetricCatalog.Read([("metrics/test.yaml", Metrics)], faults);
        Assert.That(faults, Is.Empty);
        return new PushableMetrics(catalog, new Dictionary<string, string> { ["filled"] = "shop" });
    }
}
