using Metrics.Core.Periods;
using Metrics.Core.Workspace;

namespace Metrics.Core.Catalog;

/// <summary>Reads metric definitions from YAML: the ones that ship and the workspace's <c>metrics/*.yaml</c>.</summary>
public static class MetricFiles
{
    private const string IdPattern = "[a-z][a-z0-9_]*";

    /// <summary>The names that the series store keeps for itself.</summary>
    private static readonly string[] ReservedNames = ["metric", "grain", "cut", "time", "value", "first"];

    private static readonly Shape MetricShape = new("a metric",
        new Key("id", KeyKind.Text, "The metric's id, unique in the catalog.") { Required = true, Pattern = IdPattern, PatternHint = "lower-case letters, digits and _ starting with a letter" },
        new Key("name", KeyKind.Text, "What people call it.") { Required = true },
        new Key("description", KeyKind.Text, "The definition in words."),
        new Key("category", KeyKind.Text, "Where it is listed. Default: product.") { Values = Metric.Categories },
        new Key("kind", KeyKind.Text, "input (can be acted on) or output (results from others). Default: output.") { Values = ["input", "output"] },
        new Key("unit", KeyKind.Text, "What its numbers are.") { Required = true, Values = ["currency", "count", "percent", "ratio", "score", "duration"] },
        new Key("direction", KeyKind.Text, "Which way is good. Default: up.") { Values = ["up", "down", "range"] },
        new Key("over_time", KeyKind.Text, "How days become a period. Default: sum; a formula has none.") { Values = ["sum", "last", "first", "mean", "min", "max", "distinct", "none"] },
        new Key("over_segments", KeyKind.Text, "How segments become the total. Default: sum.") { Values = ["sum", "none"] },
        new Key("native_grain", KeyKind.Text, "The finest grain that is stored. Default: day.") { Values = ["day", "week", "month", "quarter", "year"] },
        new Key("missing", KeyKind.Text, "What a day without a point means: zero (nothing happened) or unknown (its period is incomplete). Default: unknown.") { Values = ["zero", "unknown"] },
        new Key("dimensions", KeyKind.Texts, "The dimensions it may be cut by.") { Pattern = IdPattern, PatternHint = "lower-case letters, digits and _ starting with a letter" },
        new Key("model", KeyKind.Text, "The model's measure that fills it, such as revenue.mrr."),
        new Key("with", KeyKind.TextMap, "What the measure leaves open, such as days: 7."),
        new Key("formula", KeyKind.Text,
            "Arithmetic over other metrics: + - * / ( ), min max abs if, and previous year_ago rolling to_date average cmgr for other periods."),
        new Key("drivers", KeyKind.Text, "What explains its changes, as a formula such as customers * arpa. Default: its formula."),
        new Key("movements", KeyKind.Text, "For a stock: the flows that make up its change over a period, as a sum such as opened - closed."),
        new Key("interval", KeyKind.Object, "From which metrics its 95 % interval is computed. Default: it has none.") { Of = IntervalRule.Shape },
        new Key("pace", KeyKind.Text, "How the days of a period are expected to bring its target. Default: linear.") { Values = ["linear", "business_days", "profile"] },
        new Key("on_track", KeyKind.Number, "From which share of what is expected it is on track. Default: 1."),
        new Key("at_risk", KeyKind.Number, "From which share of what is expected it is at risk, below it is off track. Default: 0.9."),
        new Key("owner", KeyKind.Text, "Who answers for it."),
        new Key("certified", KeyKind.Flag, "Whether the owner has checked that it is computed as it is meant. Default: false."));

    /// <summary>The shape of <c>metrics/*.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("metrics",
        new Key("metrics", KeyKind.Objects, "The metrics that this file defines.") { Required = true, Of = MetricShape });

    /// <summary>The metrics of one file; an entry at fault is left out and its faults are added.</summary>
    public static IReadOnlyList<Metric> Read(string file, string text, ICollection<Fault> faults)
    {
        if (YamlFile.Read(file, text, FileShape, faults) is not { } root)
            return [];

        return [.. root.Objects("metrics").Select(entry => Read(entry)).OfType<Metric>()];
    }

    private static Metric? Read(YamlMap entry)
    {
        if (entry.Text("id") is not { } id || entry.Text("unit") is not { } unit)
            return null;

        if (Formula.FunctionNames.Contains(id))
        {
            entry.AddFault("id", $"'{id}' is the name of a function in formulas; give the metric another id.");
            return null;
        }

        if (!TryRead(entry, "formula", $"the formula of '{id}'", out var formula)
            || !TryRead(entry, "drivers", $"what 'drivers' of '{id}' says", out var drivers)
            || !TryRead(entry, "movements", $"what 'movements' of '{id}' says", out var movements))
        {
            return null;
        }

        if (formula is not null && entry.Has("model"))
            entry.AddFault("model", $"'{id}' has a formula and a model; keep one of them.");
        if (movements is { IsSumOfMetrics: false })
        {
            entry.AddFault("movements", $"'movements' of '{id}' must be a sum of metrics, such as opened - closed, not {movements}");
            return null;
        }

        foreach (var dimension in entry.Texts("dimensions").Intersect(ReservedNames))
            entry.AddFault("dimensions", $"'{dimension}' is a reserved name; call the dimension something else.");

        var (onTrack, atRisk) = (entry.Number("on_track") ?? 1, entry.Number("at_risk") ?? 0.9m);
        if (atRisk <= 0 || onTrack < atRisk)
        {
            entry.AddFault(entry.Has("at_risk") ? "at_risk" : "on_track", $"'at_risk' of '{id}' must be more than 0 and at most 'on_track'.");
            (onTrack, atRisk) = (1, 0.9m);
        }

        return new Metric
        {
            Id = id,
            Name = entry.Text("name", id),
            Description = entry.Text("description", ""),
            Category = entry.Text("category", "product"),
            Kind = Enum.Parse<MetricKind>(entry.Text("kind", "output"), ignoreCase: true),
            Unit = Enum.Parse<Unit>(unit, ignoreCase: true),
            Direction = Enum.Parse<Direction>(entry.Text("direction", "up"), ignoreCase: true),
            OverTime = Enum.Parse<OverTime>(entry.Text("over_time", "sum"), ignoreCase: true),
            OverSegments = Enum.Parse<OverSegments>(entry.Text("over_segments", "sum"), ignoreCase: true),
            NativeGrain = Enum.Parse<Grain>(entry.Text("native_grain", "day"), ignoreCase: true),
            Missing = Enum.Parse<Missing>(entry.Text("missing", "unknown"), ignoreCase: true),
            Dimensions = [.. entry.Texts("dimensions").Except(ReservedNames).Distinct().Order(StringComparer.Ordinal)],
            Model = entry.Text("model"),
            With = entry.TextMap("with"),
            Formula = formula,
            Drivers = drivers,
            Movements = movements,
            Interval = IntervalRule.Read(entry),
            Pace = entry.Text("pace") switch
            {
                "business_days" => PaceMethod.BusinessDays, "profile" => PaceMethod.Profile, _ => PaceMethod.Linear,
            },
            OnTrackFrom = onTrack,
            AtRiskFrom = atRisk,
            Owner = entry.Text("owner"),
            Certified = entry.Flag("certified", false),
            File = entry.File,
            Line = entry.Line,
        };
    }

    private static bool TryRead(YamlMap entry, string key, string what, out Formula? formula)
    {
        formula = null;
        if (entry.Text(key) is not { } text)
            return true;

        try
        {
            formula = Formula.Parse(text);
            return true;
        }
        catch (FormatException fault)
        {
            entry.AddFault(key, $"{what} {fault.Message}: {text}");
            return false;
        }
    }
}
