using System.Security.Cryptography;
using System.Reflection;
using System.Text.RegularExpressions;
using Ingestion.Worker;
using Metrics.Core;
using Metrics.Core.Alerts;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Records;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using NUnit.Framework;
using Tests.Support;

namespace Architecture.Tests;

/// <summary>Habits that are easily forgotten when something is added.</summary>
public sealed class ConventionTests
{
    private static readonly Assembly[] Product = [typeof(CoreServices).Assembly, typeof(IngestionServices).Assembly, typeof(Dashboard.Web.DashboardApp).Assembly];

    private static readonly string[] DrawerNames = ["Helpers", "Helper", "Utils", "Util", "Common", "Managers", "Misc", "Shared"];

    private static readonly string[] RootEntries =
    [
        ".ci", ".editorconfig", ".git", ".gitattributes", ".gitignore", "artifacts", "BannedSymbols.txt", "CHANGELOG.md", "CONTRIBUTING.md", "Dashboard.Web",
        "deploy", "Directory.Build.props", "Directory.Packages.props", "docs", "global.json", "Ingestion.Worker", "kpi", "KpiDashboard.sln", "LICENSE",
        "Metrics.Core", "README.md", "tests",
    ];

    [Test]
    public void Every_implementation_of_a_promise_has_its_contract_fixture()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        var missing = Implementations(typeof(ISeriesStore), typeof(IConnector), typeof(IAlertStore), typeof(INotificationChannel))
            .Where(pair => !sources.Any(source => Regex.IsMatch(
                source, $@"class {pair.Type.Name}Tests(\([^)]*\))? : {pair.Promise.Name[1..]}Contract\b", RegexOptions.None, TimeSpan.FromSeconds(10))))
            .Select(pair => $"{pair.Type.Name} has no {pair.Type.Name}Tests : {pair.Promise.Name[1..]}Contract");
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Asynchronous_work_of_stores_connectors_and_builders_can_be_stopped()
    {
        var strays = Product.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace is { } space && (space.StartsWith("Metrics.Core", StringComparison.Ordinal) || space.StartsWith("Ingestion.Worker.Connectors", StringComparison.Ordinal) || space.StartsWith("Ingestion.Worker.Channels", StringComparison.Ordinal) || space.StartsWith("Ingestion.Worker.Jobs", StringComparison.Ordinal) || space.StartsWith("Ingestion.Worker.Pipeline", StringComparison.Ordinal)))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name != "DisposeAsync")
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last, Name: "cancellationToken" }] || last != typeof(CancellationToken))
            .Select(method => $"{method.DeclaringType}.{method.Name}");
        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void Engines_are_internal()
    {
        var open = typeof(CoreServices).Assembly.GetExportedTypes()
            .Where(type => type.Namespace!.StartsWith("Metrics.Core.Storage", StringComparison.Ordinal))
            .Select(type => type.Name);
        Assert.That(open, Is.EquivalentTo(["StorageOptions", "StorageSettingException", "StorageServices", "StorageFault", "StorageMigration", "MigrationProgress", "MigrationOutcome", "MigrationRefusedException"]));
    }

    [Test]
    public void Ids_of_connectors_models_and_formats_are_unique()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Made<IConnector>().Select(connector => connector.Id), Is.Unique);
            Assert.That(Made<IModel>().Select(model => model.Name), Is.Unique);
            Assert.That(Made<IReportFormat>().Select(format => format.Id), Is.Unique);
            Assert.That(RecordType.All.Select(type => type.Name), Is.Unique);
        });
    }

    [Test]
    public void Connectors_stand_in_a_folder_of_their_name()
    {
        var strays = Implementations(typeof(IConnector)).Where(pair => !pair.Type.Namespace!.EndsWith("." + pair.Type.Name.Replace("Connector", "", StringComparison.Ordinal), StringComparison.Ordinal)).Select(pair => pair.Type);
        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void There_are_no_drawer_folders()
    {
        var drawers = Product.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace is { } space && space.StartsWith("Dashboard.Web.Pages", StringComparison.Ordinal) == false && DrawerNames.Contains(space.Split('.')[^1]));
        Assert.That(drawers, Is.Empty);
    }

    [Test]
    public void Migrations_are_numbered_without_a_gap()
    {
        var numbers = Directory.EnumerateFiles(Path.Combine(Repository.Root, "Metrics.Core", "Storage", "Relational", "Migrations"))
            .Select(file => int.Parse(Path.GetFileName(file).AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture)).Order().ToArray();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, numbers.Length)));
    }

    [TestCase("0001_foundation.sql", "5eaac1aa8e9a73a726b7c280b1df69587c6847999ec964b6b9cbb0c734bd5041")]
    [TestCase("0002_alerts.sql", "6dcc6e91be9e6504bfd9d08ff4f2e4256e21cf53ef2b533764eeea1665c3c715")]
    [TestCase("0003_targets.sql", "37f81d06ef4b3bd29a95b9f92544ce56b6a914f6adeae815a101ad0526b42901")]
    [TestCase("0004_server.sql", "e27d3b026d86633e7b24ea4b83704ce0cd02b281a81d8789e307a999ccb6c2c8")]
    [TestCase("0005_series_server.sql", "5dae31b6d9563cf4a19e2c28b4216262550e77fd54d3855aa11a343962452a61")]
    [TestCase("0006_push.sql", "0c8ebfb34c8a94ad532a94bc6bdde28106011c9524c757318a403c5481dfa47d")]
    [TestCase("0007_models.sql", "454ef5b1d90b5790fb3466278f9185f30e8eb8b97b5d2de063d1a3478549f63a")]
    [TestCase("0008_definitions.sql", "ed7f3366920baba4202cab399c6ebede783d1e4807f25bd92549e6e46901d1eb")]
    public void A_migration_that_was_shipped_never_changes(string name, string digest)
    {
        var shipped = File.ReadAllBytes(Path.Combine(Repository.Root, "Metrics.Core", "Storage", "Relational", "Migrations", name));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(shipped)), Is.EqualTo(digest), "Databases have applied it; write the next one instead.");
    }

    [Test]
    public void Nothing_lies_at_the_root_that_is_not_on_the_list()
    {
        var entries = Directory.EnumerateFileSystemEntries(Repository.Root).Select(entry => Path.GetFileName(entry)!);
        Assert.That(entries, Is.SubsetOf(RootEntries));
    }

    private static IEnumerable<(Type Promise, Type Type)> Implementations(params Type[] promises) =>
        from promise in promises
        from assembly in Product
        from type in assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(promise)
        select (promise, type);

    private static IEnumerable<T> Made<T>() => Implementations(typeof(T)).Select(pair => (T)Activator.CreateInstance(pair.Type, nonPublic: true)!);
}
