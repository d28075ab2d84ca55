using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Models.Values;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Models.Revenue;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Tests.Support;
using Company = Metrics.Core.Tests.Series.Company;

namespace Metrics.Core.Tests.Definitions;

/// <summary>Policies, and the versions of a definition that they begin.</summary>
public sealed class DefinitionVersionsTests
{
    private static readonly IModel[] Models = [new RevenueModel(), new ValuesModel()];
    private static readonly DateTimeOffset Now = new(2026, 7, 3, 12, 0, 0, TimeSpan.Zero);

    private TempFolder _folder = null!;
    private SqliteDatabase _database = null!;
    private DefinitionVersions _versions = null!;

    [SetUp]
    public void Create()
    {
        _folder = new TempFolder();
        _database = new SqliteDatabase(_folder["kpi.db"]);
        _versions = new DefinitionVersions(new SqlDefinitionStore(_database));
    }

    [TearDown]
    public void Remove()
    {
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [TestCase("model: revenu\nchoices: { tax: included }\n", "policies/a.yaml:1: unknown model 'revenu'. Models with switches: revenue.")]
    [TestCase("model: values\nchoices:\n  tax: included\n", "policies/a.yaml:3: the model 'values' has no switches.")]
    [TestCase("model: revenue\nchoices:\n  tax: included\n  taxes: none\n", "policies/a.yaml:4: 'taxes' is no switch of the model 'revenue'. Known: discounts, tax,")]
    [TestCase("model: revenue\nchoices:\n  discounts: some\n", "policies/a.yaml:3: 'discounts' is 'some'; known are all, recurring, ignored.")]
    [TestCase("model: revenue\nchoices:\n  delinquent_days: 0\n", "policies/a.yaml:3: 'delinquent_days' is '0'; it takes a whole number from 1 to 9999.")]
    [TestCase("model: revenue\nsince: 2026-02-30\nchoices: { tax: included }\n", "policies/a.yaml:2: '2026-02-30' is no day of the calendar.")]
    [TestCase("model: revenue\n", "policies/a.yaml:1: a definition policy has no 'choices'")]
    public void A_policy_that_cannot_be_right_is_a_fault_with_its_line(string yaml, string fault)
    {
        _folder.Write("ws/policies/a.yaml", yaml);
        var faults = new List<Fault>();

        Assert.That(PolicyFiles.Read(new WorkspaceFolder(_folder["ws"]).Read("policies", ".yaml"), Models, faults), Is.Empty);
        Assert.That(faults.Single().ToString(), Does.StartWith(fault));
    }

    [Test]
    public void Two_policies_of_one_model_are_a_fault()
    {
        var faults = new List<Fault>();
        const string text = "model: revenue\nchoices: { tax: included }\n";

        Assert.That(PolicyFiles.Read([("policies/a.yaml", text), ("policies/b.yaml", text)], Models, faults), Has.Count.EqualTo(1));
        Assert.That(faults.Single().ToString(), Is.EqualTo("policies/b.yaml:1: the switches of 'revenue' are already set at policies/a.yaml:1; put the choices together."));
    }

    [Test]
    public async Task The_first_version_holds_from_the_beginning_and_a_change_begins_the_next_one()
    {
        Assert.That(await RunAsync(""), Is.EqualTo((string[])["v1 from the beginning: all"]));
        Assert.That(await RunAsync("discounts: recurring"), Is.EqualTo((string[])["v1 from the beginning: all", "v2 from 2026-07-03: recurring"]), "the day on which it is first seen");
        Assert.That(await RunAsync("discounts: recurring"), Has.Length.EqualTo(2), "and nothing happens while it stays");
        Assert.That(await RunAsync("discounts: ignored", "2026-08-01"), Has.Length.EqualTo(3).And.ItemAt(2).EqualTo("v3 from 2026-08-01: ignored"));
        Assert.That(await RunAsync("discounts: ignored", "2026-09-01"), Has.Length.EqualTo(3).And.ItemAt(2).EqualTo("v3 from 2026-09-01: ignored"), "another beginning of the same is no other definition");
    }

    [Test]
    public async Task Before_anything_was_computed_a_policy_with_a_beginning_leaves_earlier_days_as_shipped() => Assert.That(
        await RunAsync("discounts: ignored", "2026-01-01"), Is.EqualTo((string[])["v1 from the beginning: all", "v2 from 2026-01-01: ignored"]));

    [Test]
    public async Task Saying_what_is_the_default_is_no_change()
    {
        await RunAsync("");

        Assert.That(await RunAsync("discounts: all, delinquent_days: 30"), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_version_computes_the_days_that_no_later_one_took_over()
    {
        DefinitionVersion Version(int number, string? since) => new("revenue", number, since is null ? null : Some.Day(since), new Dictionary<string, string>());

        var days = VersionDays.Of([Version(1, null), Version(2, "2026-05-01"), Version(3, "2026-06-01"), Version(4, "2026-03-01")]);

        Assert.That(days.Select(one => (one.Version.Number, one.From, one.Until)),
            Is.EqualTo(new[] { (1, DateOnly.MinValue, Some.Day("2026-03-01")), (4, Some.Day("2026-03-01"), DateOnly.MaxValue) }));
    }

    [Test]
    public void A_new_definition_moves_nothing_on_its_first_day_and_leaves_earlier_days_alone()
    {
        object[] bodies =
        [
            RevenueFigures.Sub("anna", "2026-01-05", 100, ("discount", 40), ("discount_duration", "repeating")), RevenueFigures.Sub("bert", "2026-01-05..2026-03-10", 50),
            RevenueFigures.Sub("carl", "2026-03-01", 30),
        ];
        DefinitionVersion[] versions =
        [
            DefinitionVersion.First("revenue", new Dictionary<string, string>()),
            new("revenue", 2, Some.Day("2026-03-01"), new Dictionary<string, string> { ["discounts"] = "recurring" }),
        ];

        var result = Compute(versions, bodies);
        double? At(string metric, string day) => result.Outputs.Single(output => output.Metric == metric && output.Grain == Grain.Day)
            .Series.Single(series => series.Key.Segment.IsTotal).Points.Cast<Point?>().FirstOrDefault(point => point!.Value.Day == Some.Day(day))?.Value;

        Assert.That((At("mrr", "2026-02-28"), At("mrr", "2026-03-01"), At("mrr", "2026-03-10")), Is.EqualTo((110d, 180d, 130d)));
        Assert.That((At("new", "2026-03-01"), At("expansion", "2026-03-01"), At("churn", "2026-03-10")), Is.EqualTo(((double?)30, (double?)null, (double?)50)));
    }

    [Test]
    public void The_working_of_a_value_is_by_the_definition_of_its_days()
    {
        object[] bodies = [RevenueFigures.Sub("anna", "2026-01-05", 100, ("discount", 40)), RevenueFigures.Sub("bert", "2026-02-10", 50, ("discount", 10)), RevenueFigures.Sub("carl", "2026-02-20", 30, ("discount", 5))];
        DefinitionVersion[] versions =
        [
            DefinitionVersion.First("revenue", new Dictionary<string, string>()),
            new("revenue", 2, Some.Day("2026-02-15"), new Dictionary<string, string> { ["discounts"] = "ignored" }),
        ];

        Assert.That(Total("mrr", Grain.Month, "2026-01-01"), Is.EqualTo(60));
        Assert.That(Total("mrr", Grain.Month, "2026-02-01"), Is.EqualTo(180), "the month's last day is computed by the new one");
        Assert.That(Total("new", Grain.Month, "2026-02-01"), Is.EqualTo(40 + 30), "each day by its own");
        Assert.That(Total("opening_mrr", Grain.Month, "2026-02-01"), Is.EqualTo(60), "a figure of a whole period by that of its first day");
        Assert.That(Total("opening_mrr", Grain.Month, "2026-03-01"), Is.EqualTo(180));

        decimal? Total(string measure, Grain grain, string start)
        {
            var metric = RevenueFigures.Metrics.Single(one => one.Id == measure);
            var known = new Period(Some.Day("2026-01-05"), Some.Day(RevenueFigures.Through));
            var run = VersionedWorking.Start(
                new RevenueModel(), new WorkingQuestion(metric, Some.Calendar(), grain, Some.Calendar().Containing(grain, Some.Day(start)), new Dictionary<string, string>(), known, 10), versions);
            foreach (var record in Company.Records(bodies))
                run.Add(record);
            return run.Finish().Total;
        }
    }

    private static ModelResult Compute(IReadOnlyList<DefinitionVersion> versions, IEnumerable<object> bodies)
    {
        var run = VersionedRun.Start(new RevenueModel(), new ModelContext(Some.Calendar(), RevenueFigures.Metrics, Some.Day(RevenueFigures.Through)), versions);
        foreach (var record in Company.Records(bodies))
            run.Add(record);
        return run.Finish();
    }

    /// <summary>The versions after a run with some choices, as "v2 from 2026-07-03: recurring".</summary>
    private async Task<string[]> RunAsync(string choices, string? since = null)
    {
        _folder.Write("ws/policies/revenue.yaml", $"model: revenue\n{(since is null ? "" : $"since: {since}\n")}choices: {{ {choices} }}\n");
        var faults = new List<Fault>();
        var policies = PolicyFiles.Read(new WorkspaceFolder(_folder["ws"]).Read("policies", ".yaml"), Models, faults);
        Assert.That(faults, Is.Empty);
        var catalog = MetricCatalog.Read([], faults);
        var company = new CompanyDefinition(new WorkspaceFolder(_folder["ws"]), Some.Calendar(), catalog, [], null!, []) { Policies = policies, Push = null! };
        var versions = await _versions.BringUpToDateAsync(company, Models[0], Now, CancellationToken.None);
        var stored = await _versions.ReadAsync(company, Models[0], CancellationToken.None);
        Assert.That(stored.Select(DefinitionVersions.Fingerprint), Is.EqualTo(versions.Select(DefinitionVersions.Fingerprint)), "what is kept is what was said");
        return [.. versions.Select(version => $"v{version.Number} from {(version.Since is { } day ? $"{day:yyyy-MM-dd}" : "the beginning")}: {version.Choices["discounts"]}")];
    }
}
