using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Metrics.Core.Workspace;

namespace Metrics.Core.Catalog;

/// <summary>All metrics by id: the ones that ship, overridden and added to by the workspace.</summary>
public sealed class MetricCatalog
{
    private readonly FrozenDictionary<string, Metric> _byId;

    private MetricCatalog(IReadOnlyList<Metric> metrics)
    {
        _byId = metrics.ToFrozenDictionary(metric => metric.Id, StringComparer.Ordinal);
        Metrics = metrics;
    }

    /// <summary>Every metric, in the order of definition: the ones that ship first.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    public Metric this[string id] => _byId.TryGetValue(id, out var metric) ? metric : throw new KeyNotFoundException($"There is no metric '{id}'.");

    public bool TryGet(string id, [NotNullWhen(true)] out Metric? metric) => _byId.TryGetValue(id, out metric);

    /// <summary>
    /// The metrics with points of their own that <paramref name="metric"/> is computed from, each once; the metric itself if it has points.
    /// </summary>
    public IReadOnlyList<Metric> StoredInputs(Metric metric) =>
        metric.Formula is null
            ? [metric]
            : [.. metric.Formula.Metrics.SelectMany(id => StoredInputs(this[id])).DistinctBy(input => input.Id)];

    /// <summary>Whether its figure for a period is made of figures of other periods too, by its own formula or one that it builds on.</summary>
    public bool ReadsOtherPeriods(Metric metric) =>
        metric.Formula is { } formula && (formula.ReadsOtherPeriods || formula.Metrics.Any(id => ReadsOtherPeriods(this[id])));

    /// <summary>The dimensions it can be cut by: for a formula those that all its inputs share.</summary>
    public IReadOnlyList<string> DimensionsOf(Metric metric) =>
        StoredInputs(metric)
            .Select(input => (IEnumerable<string>)input.Dimensions)
            .DefaultIfEmpty([])
            .Aggregate((shared, next) => shared.Intersect(next))
            .ToArray();

    /// <summary>
    /// Whether a metric flows, stands or neither; a formula of flows that only adds, subtracts and scales is a flow, and of stocks a stock.
    /// </summary>
    public Accrual AccrualOf(Metric metric) => (metric.Unit, metric.Formula, metric.OverTime) switch
    {
        (Unit.Percent or Unit.Ratio or Unit.Score, _, _) => Accrual.Level,
        (_, { } formula, _) => formula.AccrualOf(id => AccrualOf(this[id])) ?? Accrual.Level,
        (_, _, OverTime.Sum) => Accrual.Flow,
        (_, _, OverTime.Last or OverTime.First) => Accrual.Stock,
        _ => Accrual.Level,
    };

    /// <summary>This catalog with dimensions for the metrics that declare none themselves.</summary>
    public MetricCatalog WithDimensions(IReadOnlyDictionary<string, string[]> dimensions) =>
        new([.. Metrics.Select(metric => metric.Dimensions.Count == 0 && dimensions.TryGetValue(metric.Id, out var names)
            ? metric with { Dimensions = [.. names.Order(StringComparer.Ordinal)] }
            : metric)]);

    /// <summary>
    /// The catalog of the metrics that ship and of <paramref name="files"/> (name, text). Faults are added for duplicate ids,
    /// unknown metrics in formulas, circles and units that do not fit; metrics at fault are left out with all that build on them.
    /// </summary>
    public static MetricCatalog Read(IEnumerable<(string Name, string Text)> files, ICollection<Fault> faults)
    {
        var metrics = new OrderedDictionary<string, Metric>(StringComparer.Ordinal);
        foreach (var (name, text) in BuiltInFiles())
        {
            foreach (var metric in MetricFiles.Read(name, text, faults))
                metrics.Add(metric.Id, metric);
        }

        var own = new Dictionary<string, Metric>(StringComparer.Ordinal);
        foreach (var metric in files.SelectMany(file => MetricFiles.Read(file.Name, file.Text, faults)))
        {
            if (own.TryGetValue(metric.Id, out var first))
                faults.Add(new Fault(metric.File, metric.Line, $"metric '{metric.Id}' is already defined at {first.File}:{first.Line}; give one of them another id."));
            else
                metrics[metric.Id] = own[metric.Id] = metric;
        }

        // All are looked at before the first is left out, or the rest of a circle would seem to use an unknown metric.
        foreach (var (metric, fault) in metrics.Values.Select(metric => (metric, FaultOf(metric, metrics))).Where(pair => pair.Item2 is not null).ToArray())
        {
            faults.Add(new Fault(metric.File, metric.Line, fault!));
            metrics.Remove(metric.Id);
        }

        // Whatever builds on a metric that was just left out cannot be computed either.
        while (metrics.Values.FirstOrDefault(metric => metric.Formula?.Metrics.All(metrics.ContainsKey) == false) is { } orphan)
            metrics.Remove(orphan.Id);

        return new MetricCatalog([.. metrics.Values]);
    }

    private static string? FaultOf(Metric metric, OrderedDictionary<string, Metric> metrics)
    {
        if (metric.Formula is not { } formula)
            return null;

        if (formula.Metrics.FirstOrDefault(id => !metrics.ContainsKey(id)) is { } unknown)
            return $"the formula of '{metric.Id}' uses the unknown metric '{unknown}'.";

        if (formula.Metrics.Count == 0)
            return $"the formula of '{metric.Id}' uses no metric: {formula}";

        if (CircleFrom(metric, metrics) is { } circle)
            return $"the formula of '{metric.Id}' is circular: {string.Join(" → ", circle)}.";

        return UnitFault(metric, formula, metrics);
    }

    private static List<string>? CircleFrom(Metric start, OrderedDictionary<string, Metric> metrics)
    {
        var path = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Walk(start.Id) ? path : null;

        bool Walk(string id)
        {
            path.Add(id);
            if (path.Count > 1 && id == start.Id)
                return true;
            if (seen.Add(id) && metrics.TryGetValue(id, out var metric) && metric.Formula is { } formula && formula.Metrics.Any(Walk))
                return true;
            path.RemoveAt(path.Count - 1);
            return false;
        }
    }

    private static string? UnitFault(Metric metric, Formula formula, OrderedDictionary<string, Metric> metrics)
    {
        UnitPowers? powers;
        try
        {
            powers = formula.PowersOf(id => metrics[id].Unit);
        }
        catch (FormatException mixed)
        {
            return $"in the formula of '{metric.Id}' {mixed.Message}: {formula}";
        }

        return powers?.Misfit(metric.Unit) is { } misfit
            ? $"'{metric.Id}' has the unit {metric.Unit.ToString().ToLowerInvariant()}, but its formula gives {misfit}: {formula}"
            : null;
    }

    private static IEnumerable<(string Name, string Text)> BuiltInFiles()
    {
        var assembly = typeof(MetricCatalog).Assembly;
        const string prefix = "Metrics.Core.Catalog.BuiltIn.";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            yield return ($"built-in/{resource[prefix.Length..]}", ReadResource(assembly, resource));
    }

    private static string ReadResource(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
