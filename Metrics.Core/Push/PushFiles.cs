using Metrics.Core.Catalog;
using Metrics.Core.Workspace;

namespace Metrics.Core.Push;

/// <summary>Reads <c>push/*.yaml</c>.</summary>
public static class PushFiles
{
    private static readonly Shape RuleShape = new("a push rule",
        new Key("measurement", KeyKind.Text, "The measurement's exact name, or its beginning and a star: web*.") { Required = true },
        new Key("fields", KeyKind.TextMap, "The metric's id for each field that is a figure.") { Required = true },
        new Key("tags", KeyKind.TextMap, "The dimension that a tag gives. A tag with the name of a dimension needs no line."),
        new Key("where", KeyKind.TextsMap, "Only points whose tag has one of these values; others of the measurement are ignored."),
        new Key("days", KeyKind.Text,
            "local: the day of the timestamp in the workspace's zone; utc: its date in UTC. Default: local.")
        { Values = ["local", "utc"] });

    /// <summary>The shape of <c>push/*.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("push rules",
        new Key("push", KeyKind.Objects, "The rules of this file; the first that fits a point counts.") { Required = true, Of = RuleShape });

    /// <summary>The rules of some files, in their order; rules at fault are left out and their faults are added.</summary>
    public static IReadOnlyList<PushRule> Read(IEnumerable<(string Name, string Text)> files, PushableMetrics metrics, ICollection<Fault> faults)
    {
        var rules = new List<PushRule>();
        foreach (var (name, text) in files)
        {
            if (YamlFile.Read(name, text, FileShape, faults) is not { } root)
                continue;

            var entries = root.Objects("push");
            for (var i = 0; i < entries.Count; i++)
            {
                var (entry, end) = (entries[i], i + 1 < entries.Count ? entries[i + 1].Line : int.MaxValue);
                if (ReadRule(entry, metrics) is not { } rule)
                    continue;
                if (rules.FirstOrDefault(earlier => Hides(earlier, rule)) is { } first)
                    entry.AddFault("measurement", $"the rule at {first.File}:{first.Line} takes the same points; put their fields together.");
                else if (!faults.Any(fault => fault.File == name && fault.Line >= entry.Line && fault.Line < end))
                    rules.Add(rule);
            }
        }

        return rules;
    }

    private static PushRule? ReadRule(YamlMap entry, PushableMetrics metrics)
    {
        if (entry.Text("measurement") is not { } measurement)
            return null;

        if (measurement.IndexOf(PushRule.Star, StringComparison.Ordinal) is >= 0 and var star && star < measurement.Length - 1)
            entry.AddFault("measurement", $"'{measurement}' has a star that is not its end; only the end of a name may be left open: web*.");

        var fields = entry.TextMap("fields");
        if (entry.Has("fields") && fields.Count == 0)
            entry.AddFault("fields", "'fields' names no field; write { field: metric id }.");

        var named = new List<Metric>();
        foreach (var id in fields.Values)
        {
            if (!metrics.Catalog.TryGet(id, out var metric))
                entry.AddFault("fields", $"unknown metric '{id}'; define it under metrics/.");
            else if (metrics.Refusal(metric) is { } refusal)
                entry.AddFault("fields", refusal);
            else
                named.Add(metric);
        }

        foreach (var dimension in entry.TextMap("tags").Values.Where(dimension => named.Count > 0 && !named.Any(metric => metric.Dimensions.Contains(dimension))))
            entry.AddFault("tags", $"{(named.Count == 1 ? $"'{named[0].Id}' has" : "None of the metrics has")} no dimension '{dimension}'.");

        return new PushRule(
            measurement, fields, entry.TextMap("tags"), entry.TextsMap("where"), entry.Text("days") == "utc" ? PushDays.Utc : PushDays.Local)
        {
            File = entry.File,
            Line = entry.Line,
        };
    }

    /// <summary>Whether every point of some field of a rule is taken by an earlier one already.</summary>
    private static bool Hides(PushRule earlier, PushRule rule) =>
        earlier.Measurement == rule.Measurement && rule.Fields.Keys.Any(earlier.Fields.ContainsKey)
        && earlier.Where.Count == rule.Where.Count
        && earlier.Where.All(tag => rule.Where.TryGetValue(tag.Key, out var values) && values.ToHashSet().SetEquals(tag.Value));
}
