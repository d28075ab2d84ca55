using NUnit.Framework;

namespace Architecture.Tests;

/// <summary>Who may use whom, read from the compiled assemblies.</summary>
public sealed class DependencyTests
{
    /// <summary>The features of the core in the order in which they may use each other.</summary>
    private static readonly string[] FeatureOrder =
        ["Access", "Periods", "Workspace", "Catalog", "Series", "Records", "Models", "Connectors", "Targets", "Signals", "Forecasts",
            "Annotations", "Drivers", "Boards", "Alerts", "Findings", "Narratives", "Push", "Definitions", "Charts", "Reports", "Storage"];

    private static readonly IReadOnlyList<Use> Everything =
        [.. new[] { "Metrics.Core.dll", "Ingestion.Worker.dll", "kpi.dll" }.SelectMany(name => UsedTypes.Of(Path.Combine(AppContext.BaseDirectory, name)))];

    [TestCase("Dapper.", "Metrics.Core.Storage.Relational")]
    [TestCase("Microsoft.Data.Sqlite.", "Metrics.Core.Storage")]
    [TestCase("SQLitePCL.", "Metrics.Core.Storage")]
    [TestCase("Npgsql.", "Metrics.Core.Storage.Relational")]
    [TestCase("CsvHelper.", "Metrics.Core.Reports.Formats")]
    [TestCase("YamlDotNet.", "Metrics.Core.Workspace")]
    [TestCase("NodaTime.", "Metrics.Core.Periods")]
    [TestCase("Quartz.", "Ingestion.Worker.Scheduling")]
    [TestCase("System.Net.Mail.", "Ingestion.Worker.Channels.Email")]
    [TestCase("System.CommandLine.", "Ingestion.Worker.Commands", "Dashboard.Web.Commands")]
    [TestCase("Microsoft.AspNetCore.", "Dashboard.Web", "AspNetCoreGeneratedDocument")]
    public void A_vendor_is_named_only_by_its_adapter(string vendor, params string[] adapters)
    {
        Assert.That(Everything.Any(use => use.Used.StartsWith(vendor, StringComparison.Ordinal)), Is.True, $"Nothing uses {vendor} any more; take its row out.");

        // What the compiler writes for top-level statements has no namespace and only starts the hosts.
        var strays = Everything.Where(use => use.Used.StartsWith(vendor, StringComparison.Ordinal) && use.User.Contains('.') && !IsCompilerMade(use.User)
            && !adapters.Any(adapter => use.User.StartsWith(adapter + ".", StringComparison.Ordinal)));
        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void A_feature_of_the_core_uses_only_features_before_it()
    {
        var strays = Everything
            .Select(use => (Use: use, From: FeatureOf(use.User), To: FeatureOf(use.Used)))
            .Where(pair => pair.From is not null && pair.To is not null && Array.IndexOf(FeatureOrder, pair.From) < Array.IndexOf(FeatureOrder, pair.To))
            .Select(pair => pair.Use);
        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void Every_folder_of_the_core_has_its_place_in_the_order()
    {
        var folders = Everything.Select(use => FeatureOf(use.User)).OfType<string>().Distinct();
        Assert.That(folders, Is.EquivalentTo(FeatureOrder));
    }

    [TestCase("Ingestion.Worker.Connectors", "Metrics.Core.Storage")]
    [TestCase("Ingestion.Worker.Connectors", "Metrics.Core.Series")]
    [TestCase("Ingestion.Worker.Connectors", "Ingestion.Worker.Pipeline")]
    [TestCase("Ingestion.Worker.Connectors", "Ingestion.Worker.Jobs")]
    [TestCase("Ingestion.Worker.Pipeline", "Ingestion.Worker.Jobs")]
    [TestCase("Ingestion.Worker.Pipeline", "Ingestion.Worker.Scheduling")]
    [TestCase("Ingestion.Worker.Pipeline", "Metrics.Core.Storage")]
    [TestCase("Ingestion.Worker.Jobs", "Ingestion.Worker.Scheduling")]
    [TestCase("Ingestion.Worker.Jobs", "Ingestion.Worker.Channels")]
    [TestCase("Ingestion.Worker.Channels", "Ingestion.Worker.Jobs")]
    [TestCase("Ingestion.Worker.Channels", "Metrics.Core.Storage")]
    [TestCase("Dashboard.Web.Pages", "Metrics.Core.Storage")]
    [TestCase("Dashboard.Web.Pages", "Ingestion.Worker")]
    [TestCase("Dashboard.Web.Pages", "System.Data")]
    [TestCase("Metrics.Core", "Ingestion.Worker")]
    [TestCase("Metrics.Core", "Dashboard.Web")]
    [TestCase("Ingestion.Worker", "Dashboard.Web")]
    public void A_part_does_not_use_what_is_none_of_its_business(string part, string other)
    {
        Assert.That(Everything.Any(use => Inside(use.User, part)), Is.True, $"There is nothing in {part}.");
        Assert.That(Everything.Where(use => Inside(use.User, part) && Inside(use.Used, other)), Is.Empty);
    }

    [Test]
    public void A_connector_does_not_use_another()
    {
        var strays = Everything.Where(use => ConnectorOf(use.User) is { } from && ConnectorOf(use.Used) is { } to && from != to);
        Assert.That(strays, Is.Empty);
    }

    private static bool Inside(string type, string space) => type.StartsWith(space + ".", StringComparison.Ordinal);

    private static bool IsCompilerMade(string type) =>
        type.StartsWith('<') || type.StartsWith("Microsoft.", StringComparison.Ordinal) || type.StartsWith("System.", StringComparison.Ordinal);

    private static string? FeatureOf(string type)
    {
        const string core = "Metrics.Core.";
        if (!type.StartsWith(core, StringComparison.Ordinal))
            return null;
        var parts = type[core.Length..].Split('.');
        return parts.Length > 1 ? parts[0] : null;
    }

    private static string? ConnectorOf(string type)
    {
        const string connectors = "Ingestion.Worker.Connectors.";
        return type.StartsWith(connectors, StringComparison.Ordinal) ? type[connectors.Length..].Split('.')[0] : null;
    }
}
