using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Workspace;

namespace Metrics.Core.Targets;

/// <summary>Reads <c>targets/*.csv</c> and <c>targets/*.yaml</c>: the same rows, as a table or as a list.</summary>
public static class TargetFiles
{
    private static readonly string[] Required = ["metric", "grain", "period", "value"];
    private static readonly string[] Known = [.. Required, "version", "note"];

    private static readonly Shape TargetShape = new("a target",
        new Key("metric", KeyKind.Text, "The metric's id.") { Required = true },
        new Key("version", KeyKind.Text, "The plan version. Default: budget."),
        new Key("grain", KeyKind.Text, "What the period is.") { Required = true, Values = ["day", "week", "month", "quarter", "year"] },
        new Key("period", KeyKind.Text, "The period, such as 2026-12, 2026-W46, 2026-Q4, 2026 or 2026-11-09.") { Required = true },
        new Key("value", KeyKind.Number, "What was promised, in the metric's unit; a rate as a fraction.") { Required = true },
        new Key("segment", KeyKind.TextMap, "The dimension values it is for. Default: the total."),
        new Key("note", KeyKind.Text, "Why this value."));

    /// <summary>The shape of <c>targets/*.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("targets",
        new Key("targets", KeyKind.Objects, "The targets of this file.") { Required = true, Of = TargetShape });

    /// <summary>The targets of some files, tables and lists; rows at fault are left out and their faults are added.</summary>
    public static TargetBook Read(
        IEnumerable<(string Name, string Text)> files, ReportingCalendar calendar, MetricCatalog catalog, ICollection<Fault> faults)
    {
        var rows = files.SelectMany(file => file.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? FromTable(file.Name, file.Text, catalog, faults)
            : FromList(file.Name, file.Text, faults));
        var targets = new Dictionary<(string, string, Segment, Period), Target>();
        foreach (var (file, line, entry) in rows)
        {
            var (target, fault) = entry.Read(calendar, catalog, file, line);
            if (target is null)
                faults.Add(new Fault(file, line, fault!));
            else if (!targets.TryAdd((target.Metric, target.Version, target.Segment, target.Period), target))
            {
                var first = targets[(target.Metric, target.Version, target.Segment, target.Period)];
                faults.Add(new Fault(file, line,
                    $"'{target.Metric}' already has a {target.Version} target for {entry.Period} at {first.File}:{first.Line}; keep one of them."));
            }
        }

        return new TargetBook(targets.Values);
    }

    private static IEnumerable<Row> FromTable(string file, string text, MetricCatalog catalog, ICollection<Fault> faults)
    {
        var rows = TableFile.Read(file, text, Required, faults);
        string[] dimensions = rows.Count == 0 ? [] : [.. rows[0].Cells.Keys.Except(Known)];
        var all = catalog.Metrics.SelectMany(metric => metric.Dimensions).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in dimensions.Where(dimension => !all.Contains(dimension)))
            faults.Add(new Fault(file, 1, $"'{unknown}' is neither a column of targets ({string.Join(", ", Known)}) nor a dimension of a metric."));

        return rows.Select(row => new Row(file, row.Line, new TargetEntry(row["metric"], row["version"], row["grain"], row["period"], row["value"],
            [.. dimensions.Where(dimension => row[dimension].Length > 0).Select(dimension => KeyValuePair.Create(dimension, Armed(row[dimension])))],
            Armed(row["note"]))));
    }

    /// <summary>A text without the apostrophe that our own files put before what a spreadsheet would run as a formula.</summary>
    private static string Armed(string text) => text is ['\'', '=' or '+' or '-' or '@', ..] ? text[1..] : text;

    // An entry that lacks what is required has its fault already.
    private static IEnumerable<Row> FromList(string file, string text, ICollection<Fault> faults) =>
        YamlFile.Read(file, text, FileShape, faults) is not { } root
            ? []
            : root.Objects("targets")
                .Select(map => new Row(file, map.Line, new TargetEntry(map.Text("metric", ""), map.Text("version", ""), map.Text("grain", ""),
                    map.Text("period", ""), map.Text("value", ""), [.. map.TextMap("segment")], map.Text("note", ""))))
                .Where(row => row.Entry is { Metric.Length: > 0, Grain.Length: > 0, Period.Length: > 0, Value.Length: > 0 });

    private sealed record Row(string File, int Line, TargetEntry Entry);
}
