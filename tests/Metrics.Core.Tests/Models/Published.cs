using System.Text.Json;
using Metrics.Core.Catalog;
using Tests.Support;

namespace Metrics.Core.Tests.Models;

/// <summary>The published examples of unit economics, and the formulas that ship with the product.</summary>
internal static class Published
{
    public static MetricCatalog Catalog { get; } = MetricCatalog.Read([], []);

    /// <summary>The metrics that ship of one model.</summary>
    public static Metric[] MetricsOf(string model) =>
        [.. Catalog.Metrics.Where(metric => metric.Model?.StartsWith(model + ".", StringComparison.Ordinal) == true)];

    public static JsonElement Example(string kpi)
    {
        using var examples = JsonDocument.Parse(File.ReadAllText(Reference.File("unit-economics/worked_examples.json")));
        return examples.RootElement.Clone().EnumerateArray().First(one => one.GetProperty("kpi").GetString() == kpi);
    }

    /// <summary>A formula that ships, of given figures or of the formulas of them.</summary>
    public static decimal? Formula(string id, Func<string, decimal?> valueOf) =>
        Catalog[id].Formula!.Evaluate(operand => valueOf(operand) ?? (Catalog[operand].Formula is null ? null : Formula(operand, valueOf)));

    /// <summary>The same of figures by name.</summary>
    public static decimal? Formula(string id, params (string Metric, decimal Value)[] given) =>
        Formula(id, metric => given.Where(pair => pair.Metric == metric).Select(pair => (decimal?)pair.Value).SingleOrDefault());
}
