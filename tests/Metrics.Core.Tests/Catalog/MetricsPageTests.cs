using System.Globalization;
using System.Text;
using Metrics.Core.Catalog;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Catalog;

public sealed class MetricsPageTests
{
    private static readonly string[] Categories =
        ["customer", "growth", "engagement", "retention", "revenue", "sales", "market", "financials", "product"];

    [Test]
    public void The_page_of_metrics_lists_every_metric_that_ships_as_it_is_defined()
    {
        var faults = new List<Fault>();
        var catalog = MetricCatalog.Read([], faults);
        var fresh = Path.Combine(Repository.Root, "artifacts", "metrics.md");
        var expected = Page(catalog);
        File.WriteAllText(fresh, expected);

        Assert.That(faults, Is.Empty);
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md")).ReplaceLineEndings("\n"), Is.EqualTo(expected),
            $"The metrics that ship have changed: cp {fresh} docs/metrics.md");
    }

    private static string Page(MetricCatalog catalog)
    {
        var page = new StringBuilder($"""
            # The metrics that ship

            {catalog.Metrics.Count} metrics, by category. Each has values as soon as a source delivers the records of its model; a workspace adds its own and overrides these by id: [workspace.md](workspace.md). An input can be acted on, an output results from others.


            """);
        foreach (var category in catalog.Metrics.GroupBy(metric => metric.Category).OrderBy(group => Array.IndexOf(Categories, group.Key)))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(category.Key[0])}{category.Key[1..]}\n\n");
            page.Append("| metric | what it means | kind | from |\n| --- | --- | --- | --- |\n");
            foreach (var metric in category)
            {
                var kind = metric.Kind == MetricKind.Input ? "input" : "output";
                page.Append(CultureInfo.InvariantCulture, $"| `{metric.Id}` | {metric.Name}: {metric.Description} | {kind} | ")
                    .Append(CultureInfo.InvariantCulture, $"`{metric.Formula?.Text ?? metric.Model}`{With(metric)} |\n");
            }

            page.Append('\n');
        }

        return page.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    private static string With(Metric metric) => metric.With.Count == 0
        ? ""
        : $" with {string.Join(", ", metric.With.Select(choice => $"{choice.Key}: {choice.Value}"))}";
}
