using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Definitions;

/// <summary>What a workspace may say, and what it is told where it cannot be right.</summary>
public sealed class DefinitionTests
{
    private static readonly IModel[] Models =
    [
        .. typeof(IModel).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IModel)))
            .Select(type => (IModel)Activator.CreateInstance(type)!),
    ];
    private static readonly DefinitionReader Reader = new([new PaperConnector()], Models, new AnySchedule());

    private TempFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TempFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    ovr_time: sum\n", "metrics/a.yaml:5: unknown key 'ovr_time' in a metric. Did you mean 'over_time'?")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n  - id: x\n    name: X\n    unit: count\n", "metrics/a.yaml:5: metric 'x' is already defined at metrics/a.yaml:2; give one of them another id.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    formula: 1 + 1\n", "metrics/a.yaml:2: the formula of 'x' uses no metric: 1 + 1")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    formula: y + 1\n", "metrics/a.yaml:2: the formula of 'x' uses the unknown metric 'y'.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: count, formula: y }\n  - { id: y, name: Y, unit: count, formula: x }\n", "metrics/a.yaml:2: the formula of 'x' is circular: x → y → x.", "metrics/a.yaml:3: the formula of 'y' is circular: y → x → y.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: euros\n", "metrics/a.yaml:4: 'unit' must be one of currency, count, percent, ratio, score, duration, not 'euros'")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    formula: mrr + customers\n", "metrics/a.yaml:2: in the formula of 'x' '+' joins money and a number that is not money: mrr + customers")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: percent\n    formula: mrr / customers\n", "metrics/a.yaml:2: 'x' has the unit percent, but its formula gives money (unit: currency): mrr / customers")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    formula: (mrr\n", "metrics/a.yaml:5: the formula of 'x' has its end where ')' was expected: (mrr")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: rolling\n    name: X\n    unit: count\n", "metrics/a.yaml:2: 'rolling' is the name of a function in formulas; give the metric another id.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: currency\n    formula: previous(mrr, 0)\n", "metrics/a.yaml:5: the formula of 'x' has '0' at column 15 where a whole number from 1 to 120 was expected: previous(mrr, 0)")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: currency\n    formula: mrr + nrr\n", "metrics/a.yaml:2: in the formula of 'x' '+' joins money and a number that is not money: mrr + nrr")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: percent\n    formula: customers - nrr\n", "metrics/a.yaml:2: in the formula of 'x' '-' joins a count and a rate: customers - nrr")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: t, name: T, unit: duration }\n  - { id: x, name: X, unit: count, formula: t + customers }\n", "metrics/a.yaml:3: in the formula of 'x' '+' joins a length of time and a count: t + customers")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: t, name: T, unit: duration }\n  - { id: x, name: X, unit: ratio, formula: t * 2 }\n", "metrics/a.yaml:3: 'x' has the unit ratio, but its formula gives a length of time (unit: duration): t * 2")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: t, name: T, unit: duration }\n  - { id: x, name: X, unit: currency, formula: mrr / t }\n", "metrics/a.yaml:3: 'x' has the unit currency, but its formula gives something for each second; divide by a length such as 1d to count days: mrr / t")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: percent, formula: 'if(mrr > customers, nrr, grr)' }\n", "metrics/a.yaml:2: in the formula of 'x' '>' joins money and a number that is not money: if(mrr > customers, nrr, grr)")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: currency, formula: 'max(mrr, customers)' }\n", "metrics/a.yaml:2: in the formula of 'x' 'max' joins money and a number that is not money: max(mrr, customers)")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: currency, formula: 'cmgr(mrr, 3)' }\n", "metrics/a.yaml:2: 'x' has the unit currency, but its formula gives a number that is not money: cmgr(mrr, 3)")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: count, formula: previous(x) + customers }\n", "metrics/a.yaml:2: the formula of 'x' is circular: x → x.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    drivers: a +\n", "metrics/a.yaml:5: what 'drivers' of 'x' says has its end where a metric id, a number or '(' was expected: a +")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: count, drivers: nothing }\n", "metrics/a.yaml:2: the drivers of 'x' use the unknown metric 'nothing'.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: count, drivers: y }\n  - { id: y, name: Y, unit: count, drivers: x }\n", "metrics/a.yaml:2: the drivers of 'x' are circular: x → y → x.", "metrics/a.yaml:3: the drivers of 'y' are circular: y → x → y.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: percent, drivers: mrr / customers }\n", "metrics/a.yaml:2: 'x' has the unit percent, but its drivers give money (unit: currency): mrr / customers")]
    [TestCase("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: currency, movements: mrr_new - churned_customers }\n", "metrics/a.yaml:2: in the movements of 'x' '-' joins money and a number that is not money: mrr_new - churned_customers")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: currency\n    movements: mrr_new * 2\n", "metrics/a.yaml:5: 'movements' of 'x' must be a sum of metrics, such as opened - closed, not mrr_new * 2")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: count\n    dimensions: [plan, cut]\n", "metrics/a.yaml:5: 'cut' is a reserved name; call the dimension something else.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: X\n    name: X\n    unit: count\n", "metrics/a.yaml:2: 'id' must be lower-case letters, digits and _ starting with a letter, not 'X'")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: score\n    formula: nps / 2\n    interval: { kind: share, part: nope, answers: nps_answers }\n", "metrics/a.yaml:2: the interval of 'x' uses the unknown metric 'nope'.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: score\n    formula: nps / 2\n    interval: { kind: nps, answers: nps_answers, promoters: nps_promoters }\n", "metrics/a.yaml:6: an interval of the kind nps needs 'detractors'.")]
    [TestCase("metrics/a.yaml", "metrics:\n  - id: x\n    name: X\n    unit: duration\n    over_time: mean\n    model: support.resolution_time\n", "metrics/a.yaml:2: metric 'x' must say over_time: none, because support.resolution_time is computed anew for each period.")]
    [TestCase("calendar.yaml", "business_hours:\n  monday: 9 to 5\n", "calendar.yaml:2: '9 to 5' of monday are no hours such as 09:00-17:00, or 09:00-12:00, 13:00-17:00.")]
    [TestCase("calendar.yaml", "currency: EUR\ntime_zone: Europe/Berlinn\n", "calendar.yaml:2: unknown time zone 'Europe/Berlinn'; use an IANA name such as Europe/Berlin.")]
    [TestCase("calendar.yaml", "week_starts: Monday\n", "calendar.yaml:1: 'week_starts' must be one of sunday, monday, tuesday, wednesday, thursday, friday, saturday, not 'Monday'")]
    [TestCase("sources/a.yaml", "id: a\nconnector: fax\nstreams: []\n", "sources/a.yaml:2: unknown connector 'fax'. Known: paper.")]
    [TestCase("sources/a.yaml", "id: a\nconnector: paper\nstreams:\n  - name: s\n    record: signup\n    fields: { user: u, email: e }\n", "sources/a.yaml:6: a signup has no field 'email'. Its fields are user, at.")]
    [TestCase("sources/a.yaml", "id: a\nconnector: paper\nstreams:\n  - name: s\n    record: metric_value\n    metrics: { nothing: n }\n", "sources/a.yaml:6: unknown metric 'nothing'; define it under metrics/.")]
    [TestCase("sources/a.yaml", "id: a\nconnector: paper\nstreams:\n  - name: s\n    record: metric_value\n    metrics: { mrr: n }\n", "sources/a.yaml:6: metric 'mrr' is computed by the model revenue.mrr; a source cannot fill it.")]
    [TestCase("boards/a.yaml", "id: a\nname: A\nsections:\n  - name: S\n    tiles:\n      - metric: mmr\n", "boards/a.yaml:6: unknown metric 'mmr'.")]
    [TestCase("boards/a.yaml", "id: a\nname: A\nsections:\n  - name: S\n    tiles:\n      - metric: mrr\n        filter: { country: DE }\n", "boards/a.yaml:7: 'mrr' has no dimension 'country'. Its dimensions are plan, region.")]
    public void A_fault_is_named_with_its_file_and_line(string file, string yaml, params string[] faults)
    {
        _folder.Write(file, yaml);

        Assert.That(Read().Faults.Select(fault => fault.ToString()), Is.EqualTo(faults));
    }

    [TestCase("currency", "mrr / customers", Description = "money for each customer is money")]
    [TestCase("currency", "mrr / (t / 1d)")]
    [TestCase("count", "if(t > 2h, customers, 0)")]
    [TestCase("count", "customers * (1 - nrr) + new_customers")]
    [TestCase("percent", "(mrr - previous(mrr)) / previous(mrr)")]
    [TestCase("duration", "t * customers / new_customers")]
    [TestCase("ratio", "cmgr(mrr, 3) + 1")]
    public void Units_that_fit_are_no_fault(string unit, string formula)
    {
        _folder.Write("metrics/a.yaml", $"metrics:\n  - {{ id: t, name: T, unit: duration }}\n  - {{ id: x, name: X, unit: {unit}, formula: '{formula}' }}\n");

        Assert.That(Read().Faults, Is.Empty);
    }

    [TestCase("metrics:\n  - id: x\n   name: X\n", 3, Description = "an indentation that does not fit")]
    [TestCase("metrics:\n  - id: x\n    id: y\n    name: X\n    unit: count\n", 3, Description = "the same key twice")]
    [TestCase("metrics:\n  - id: \"x\n", 3, Description = "a quote that is not closed")]
    public void Broken_YAML_is_a_fault_where_it_breaks(string yaml, int line)
    {
        _folder.Write("metrics/a.yaml", yaml);

        var fault = Read().Faults.Single();

        Assert.That(fault.Message, Does.StartWith("is not valid YAML: "));
        Assert.That(fault.Line, Is.EqualTo(line).Within(1), fault.Message);
    }

    [Test]
    public void A_workspace_that_is_not_there_is_a_fault_and_an_empty_one_is_none()
    {
        Assert.That(Reader.Read(new WorkspaceFolder(_folder["absent"])).Faults.Single().Message, Does.Contain(_folder["absent"]));
        Assert.That(Read().Faults, Is.Empty);
    }

    [Test]
    public void What_builds_on_a_metric_at_fault_is_left_out_with_it_and_the_rest_stays()
    {
        _folder.Write("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: count, formula: nothing }\n  - { id: y, name: Y, unit: count, formula: x * 2 }\n  - { id: z, name: Z, unit: count }\n");

        var (definition, faults) = Read();

        Assert.That(faults, Has.Count.EqualTo(1));
        Assert.That(definition.Catalog.TryGet("y", out _), Is.False);
        Assert.That(definition.Catalog.TryGet("z", out _), Is.True);
    }

    [Test]
    public void The_metrics_are_a_tree_by_their_drivers()
    {
        var catalog = Read().Definition.Catalog;

        Assert.That(catalog.DriversOf(catalog["customers"]).Select(metric => metric.Id), Is.EqualTo((string[])["new_customers", "reactivated_customers", "churned_customers"]));
        Assert.That(catalog.DriversOf(catalog["arr"]).Select(metric => metric.Id), Is.EqualTo((string[])["mrr"]));
        Assert.That(catalog.DrivenBy(catalog["mrr"]).Select(metric => metric.Id), Is.EqualTo((string[])["arr", "arpa", "mrr_growth", "mrr_growth_12m"]));
    }

    [Test]
    public void Drivers_that_name_a_metric_at_fault_are_left_away_and_the_metric_stays()
    {
        _folder.Write("metrics/a.yaml", "metrics:\n  - { id: x, name: X, unit: count, formula: nothing }\n  - { id: z, name: Z, unit: count, drivers: x * 2 }\n");

        Assert.That(Read().Definition.Catalog["z"].Drivers, Is.Null);
    }

    [Test]
    public void Every_metric_that_ships_is_described_owned_and_filled_by_a_measure_that_exists()
    {
        var (definition, faults) = Read();
        var measures = Models.SelectMany(model => model.Measures.Select(measure => $"{model.Name}.{measure}")).ToArray();

        Assert.That(faults, Is.Empty);
        Assert.That(definition.Catalog.Metrics, Has.Count.GreaterThan(30));
        Assert.That(definition.Catalog.Metrics.Select(metric => metric.Id), Is.Unique);
        Assert.That(definition.Catalog.Metrics.Where(metric => metric.Description.Length < 20 || metric.Owner is null), Is.Empty);
        Assert.That(definition.Catalog.Metrics.Where(metric => metric.Model is null == metric.Formula is null), Is.Empty, "a model or a formula, and not both");
        Assert.That(definition.Catalog.Metrics.Select(metric => metric.Model).OfType<string>().Except(measures), Is.Empty);
    }

    [Test]
    public void Every_key_of_every_shape_stands_in_its_JSON_Schema_and_nothing_else_is_allowed()
    {
        Assert.That(Reader.Shapes.Keys, Is.EquivalentTo((string[])["calendar", "metrics", "sources", "targets", "boards", "annotations", "alerts", "push", "people", "accounts", "policies"]));
        foreach (var (name, shape) in Reader.Shapes)
            AssertSchema(shape, shape.ToJsonSchema(), name);

        static void AssertSchema(Shape shape, System.Text.Json.Nodes.JsonObject schema, string path)
        {
            Assert.That(schema["additionalProperties"]!.GetValue<bool>(), Is.False, path);
            Assert.That(schema["properties"]!.AsObject().Select(pair => pair.Key), Is.EqualTo(shape.Keys.Select(key => key.Name)), path);
            Assert.That(schema["required"]!.AsArray().Select(key => key!.GetValue<string>()), Is.EqualTo(shape.Keys.Where(key => key.Required).Select(key => key.Name)), path);
            foreach (var key in shape.Keys)
            {
                var property = schema["properties"]![key.Name]!.AsObject();
                Assert.That(property["description"]?.GetValue<string>(), Is.EqualTo(key.Description), $"{path}.{key.Name}");
                if (key.Of is { } inner)
                    AssertSchema(inner, (key.Kind is KeyKind.Objects ? property["items"]! : property).AsObject(), $"{path}.{key.Name}");
            }
        }
    }

    [Test]
    public void A_live_definition_keeps_its_last_good_version_while_a_file_is_broken_and_takes_the_mended_one()
    {
        var clock = new FakeClock("2026-11-16");
        var live = new LiveDefinition(new WorkspaceFolder(_folder.Path), Reader, clock);
        _folder.Write("calendar.yaml", "currency: EUR\n");
        Assert.That((Currency(), live.Faults.Count), Is.EqualTo(("EUR", 0)));

        _folder.Write("calendar.yaml", "currency: GBP \n");
        Assert.That(Currency(), Is.EqualTo("EUR"), "within a second it does not look again");
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.That(Currency(), Is.EqualTo("GBP"));

        _folder.Write("calendar.yaml", "currency: [broken\n");
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.That((Currency(), live.Faults.Single().File), Is.EqualTo(("GBP", "calendar.yaml")));

        _folder.Write("calendar.yaml", "currency: JPY # mended\n");
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.That((Currency(), live.Faults.Count), Is.EqualTo(("JPY", 0)));

        string Currency() => live.Current.Calendar.Settings.Currency;
    }

    [Test]
    public void At_the_start_the_parts_at_fault_are_left_out()
    {
        _folder.Write("calendar.yaml", "currency: EUR\n");
        _folder.Write("boards/a.yaml", "id: [\n");
        var live = new LiveDefinition(new WorkspaceFolder(_folder.Path), Reader, new FakeClock("2026-11-16"));

        Assert.That(live.Current.Calendar.Settings.Currency, Is.EqualTo("EUR"));
        Assert.That(live.Faults, Has.Count.EqualTo(1));
    }

    private (CompanyDefinition Definition, IReadOnlyList<Fault> Faults) Read() => Reader.Read(new WorkspaceFolder(_folder.Path));

    private sealed class PaperConnector : IConnector
    {
        public string Id => "paper";

        public string Name => "Paper";

        public IReadOnlyList<Key> StreamKeys => [];

        public IAsyncEnumerable<SourcePage> ReadAsync(WorkspaceFolder workspace, SourceStream stream, string? checkpoint, CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<SourcePage>();
    }

    private sealed class AnySchedule : IScheduleSyntax
    {
        public string? FaultOf(string schedule) => null;
    }
}
