using Metrics.Core.Catalog;

namespace Metrics.Core.Push;

/// <summary>The metrics that take pushed values: those that nothing else fills.</summary>
/// <param name="catalog">All metrics.</param>
/// <param name="filledBy">The source of each metric that a source delivers.</param>
public sealed class PushableMetrics(MetricCatalog catalog, IReadOnlyDictionary<string, string> filledBy)
{
    public MetricCatalog Catalog { get; } = catalog;

    /// <summary>Why values of a metric cannot be pushed; null where they can.</summary>
    public string? Refusal(Metric metric) =>
        metric.Formula is { } formula ? $"'{metric.Id}' is computed by its formula {formula}; push what goes into it."
        : metric.Model is { } model ? $"'{metric.Id}' is computed by the model {model}."
        : filledBy.TryGetValue(metric.Id, out var source) ? $"'{metric.Id}' is filled by the source '{source}', whose next sync would replace what is pushed."
        : null;
}
