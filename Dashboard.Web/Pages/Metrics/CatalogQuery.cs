using Metrics.Core.Catalog;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>Which metrics of the catalog are asked for, as its address says it; what is empty asks for all.</summary>
public sealed record CatalogQuery
{
    public const string Path = "/metrics";

    /// <summary>Words, each of them somewhere in the name, the id, the description, the category or the owner.</summary>
    public string? Q { get; init; }

    public string? Category { get; init; }

    public string? Owner { get; init; }

    /// <summary><c>input</c> or <c>output</c>.</summary>
    public string? Kind { get; init; }

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    public string? Certified { get; init; }

    /// <summary><c>all</c> for metrics without data too.</summary>
    public string? Data { get; init; }

    public bool WithoutData => Data == "all";

    /// <summary>Whether anything narrows the list, beside whether metrics have data.</summary>
    public bool Narrows => (this with { Data = null }).Address.Length > Path.Length;

    /// <summary>The address of the catalog with what is asked for.</summary>
    public string Address
    {
        get
        {
            (string Name, string? Value)[] said =
                [("q", Q), ("category", Category), ("owner", Owner), ("kind", Kind), ("certified", Certified), ("data", Data)];
            var asked = said.Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}");
            return string.Join('&', asked) is { Length: > 0 } text ? $"{Path}?{text}" : Path;
        }
    }

    /// <summary>Whether a metric is asked for, whatever is known of it.</summary>
    public bool Asks(Metric metric) =>
        (string.IsNullOrEmpty(Category) || metric.Category == Category)
        && (string.IsNullOrEmpty(Owner) || metric.Owner == Owner)
        && (Kind is not ("input" or "output") || metric.Kind == MetricKind.Input == (Kind == "input"))
        && (Certified is not ("yes" or "no") || metric.Certified == (Certified == "yes"))
        && (Q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Says(metric, word));

    private static bool Says(Metric metric, string word) =>
        ((string?[])[metric.Name, metric.Id, metric.Description, metric.Category, metric.Owner])
            .Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
}
