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

    /// <summary>
    /// The metrics that explain the changes of <paramref name="metric"/>, each once: its movements, and its drivers or else its formula's.
    /// </summary>
    public IReadOnlyList<Metric> DriversOf(Metric metric) =>
    [
        .. (metric.Movements?.Metrics ?? []).Concat((metric.Drivers ?? metric.Formula)?.Metrics ?? []).Distinct(StringComparer.Ordinal)
            .Select(id => this[id]),
    ];

    /// <summary>The metrics whose changes <paramref name="metric"/> explains.</summary>
    public IReadOnlyList<Metric> DrivenBy(Metric metric) => [.. Metrics.Where(other => DriversOf(other).Any(driver => driver.Id == metric.Id))];

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

        // What explains a metric is no part of its value: without it the metric stays.
        foreach (var metric in metrics.Values.ToArray())
            metrics[metric.Id] = metric with { Drivers = Known(metric.Drivers), Movements = Known(metric.Movements) };

        return new MetricCatalog([.. metrics.Values]);

        Formula? Known(Formula? formula) => formula?.Metrics.All(metrics.ContainsKey) == true ? formula : null;
    }

    private static string? FaultOf(Metric metric, OrderedDictionary<string, Metric> metrics) =>
        FaultOf("formula", metric, metric.Formula, one => one.Formula, metrics)
        ?? FaultOf("drivers", metric, metric.Drivers, one => one.Drivers, metrics)
        ?? FaultOf("movements", metric, metric.Movements, one => one.Movements, metrics);

    /// <param name="key">The key under which the formula stands.</param>
    /// <param name="next">What a circle would go through: only what is written under the same key.</param>
    private static string? FaultOf(
        string key, Metric metric, Formula? formula, Func<Metric, Formula?> next, OrderedDictionary<string, Metric> metrics)
    {
        if (formula is null)
            return null;

        var plural = key != "formula";
        if (formula.Metrics.FirstOrDefault(id => !metrics.ContainsKey(id)) is { } unknown)
            return $"the {key} of '{metric.Id}' {(plural ? "use" : "uses")} the unknown metric '{unknown}'.";

        if (formula.Metrics.Count == 0)
            return $"the {key} of '{metric.Id}' {(plural ? "use" : "uses")} no metric: {formula}";

        if (CircleFrom(metric, next, metrics) is { } circle)
            return $"the {key} of '{metric.Id}' {(plural ? "are" : "is")} circular: {string.Join(" → ", circle)}.";

        return UnitFault(key, metric, formula, metrics);
    }

    private static List<string>? CircleFrom(Metric start, Func<Metric, Formula?> next, OrderedDictionary<string, Metric> metrics)
    {
        var path = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Walk(start.Id) ? path : null;

        bool Walk(string id)
        {
            path.Add(id);
            if (path.Count > 1 && id == start.Id)
                return true;
            if (seen.Add(id) && metrics.TryGetValue(id, out var metric) && next(metric) is { } formula && formula.Metrics.Any(Walk))
                return true;
            path.RemoveAt(path.Count - 1);
            return false;
        }
    }

    private static string? UnitFault(string key, Metric metric, Formula formula, OrderedDictionary<string, Metric> metrics)
    {
        UnitPowers? powers;
        try
        {
            powers = formula.PowersOf(id => metrics[id].Unit);
        }
        catch (FormatException mixed)
        {
            return $"in the {key} of '{metric.Id}' {mixed.Message}: {formula}";
        }

        return powers?.Misfit(metric.Unit) is { } misfit
            ? $"'{metric.Id}' has the unit {metric.Unit.ToString().ToLowerInvariant()}, "
                + $"but its {key} {(key == "formula" ? "gives" : "give")} {misfit}: {formula}"
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
