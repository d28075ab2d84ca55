using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Models.Values;

namespace Metrics.Core.Definitions;

/// <summary>Where the points of one stored metric come from.</summary>
/// <param name="Model">The model that computes them.</param>
/// <param name="Streams">The streams whose records the model reads; empty where none is configured.</param>
public sealed record Origin(Metric Metric, IModel Model, IReadOnlyList<SourceStream> Streams);

/// <summary>How a metric comes about, from its sources to its figure.</summary>
/// <param name="Origins">One for each stored metric that goes into it; the metric itself if it has points of its own.</param>
/// <param name="UsedBy">The metrics whose formulas read it.</param>
public sealed record Lineage(IReadOnlyList<Origin> Origins, IReadOnlyList<Metric> UsedBy)
{
    /// <summary>The lineage of a metric in a workspace.</summary>
    public static Lineage Of(CompanyDefinition company, Metric metric, IEnumerable<IModel> models)
    {
        var byName = models.ToDictionary(model => model.Name);
        return new Lineage(
            [
                .. company.Catalog.StoredInputs(metric).Select(input => new Origin(
                    input,
                    byName[ModelOf(input)],
                    company.StreamsOf(input, byName[ModelOf(input)]))),
            ],
            [.. company.Catalog.Metrics.Where(other => other.Formula?.Metrics.Contains(metric.Id) == true)]);
    }

    internal static string ModelOf(Metric metric) => metric.Model?.Split('.')[0] ?? ValuesModel.ModelName;
}
