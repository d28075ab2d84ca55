using System.Globalization;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Workspace;

namespace Metrics.Core.Targets;

/// <summary>Reads <c>targets/*.csv</c> and <c>targets/*.yaml</c>: the same rows, as a table or as a list.</summary>
public static partial class TargetFiles
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
        foreach (var row in rows)
        {
            if (Target(row, calendar, catalog, faults) is not { } target)
                continue;
            if (!targets.TryAdd((target.Metric, target.Version, target.Segment, target.Period), target))
            {
                var first = targets[(target.Metric, target.Version, target.Segment, target.Period)];
                faults.Add(new Fault(row.File, row.Line, $"'{target.Metric}' already has a {target.Version} target for {row.Period} at {first.File}:{first.Line}; keep one of them."));
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

        return rows.Select(row => new Row(file, row.Line, row["metric"], row["version"], row["grain"], row["period"], row["value"],
            [.. dimensions.Where(dimension => row[dimension].Length > 0).Select(dimension => KeyValuePair.Create(dimension, row[dimension]))], row["note"]));
    }

    private static IEnumerable<Row> FromList(string file, string text, ICollection<Fault> faults) =>
        YamlFile.Read(file, text, FileShape, faults) is not { } root
            ? []
            : root.Objects("targets").Select(entry => new Row(file, entry.Line, entry.Text("metric", ""), entry.Text("version", ""), entry.Text("grain", ""),
                entry.Text("period", ""), entry.Text("value", ""), [.. entry.TextMap("segment")], entry.Text("note", "")));

    private static Target? Target(Row row, ReportingCalendar calendar, MetricCatalog catalog, ICollection<Fault> faults)
    {
        // A list has already said what is missing.
        if (row.Metric.Length == 0 || row.Grain.Length == 0 || row.Period.Length == 0 || row.Value.Length == 0)
            return row.File.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Refuse("metric, grain, period and value must not be empty.") : null;
        if (!catalog.TryGet(row.Metric, out var metric))
            return Refuse($"unknown metric '{row.Metric}'.");
        if (GrainNames.TryParse(row.Grain) is not { } grain)
            return Refuse($"'{row.Grain}' is no grain; use day, week, month, quarter or year.");
        if (!calendar.TryParse(grain, row.Period, out var period))
            return Refuse($"'{row.Period}' is no {grain.Name()} of the calendar; use one such as {calendar.Key(grain, calendar.Containing(grain, new DateOnly(2026, 11, 9)))}.");
        if (!decimal.TryParse(row.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
            return Refuse($"'{row.Value}' is no number; write it with a decimal point, a rate as a fraction (0.05 is 5 %).");
        if (row.Version.Length > 0 && !VersionName().IsMatch(row.Version))
            return Refuse($"'{row.Version}' is no plan version; use lower-case letters, digits, _ and - starting with a letter.");

        var dimensions = catalog.DimensionsOf(metric);
        return row.Segment.FirstOrDefault(pair => !dimensions.Contains(pair.Key)).Key is { } unknown
            ? Refuse($"'{metric.Id}' has no dimension '{unknown}'. {(dimensions.Count == 0 ? "It has none." : $"Its dimensions are {string.Join(", ", dimensions)}.")}")
            : new Target(metric.Id, row.Version.Length > 0 ? row.Version : Targets.Target.DefaultVersion, grain, period, Segment.Of(row.Segment), value,
                row.Note.Length > 0 ? row.Note : null, row.File, row.Line);

        Target? Refuse(string message)
        {
            faults.Add(new Fault(row.File, row.Line, message));
            return null;
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]*$", RegexOptions.CultureInvariant)]
    internal static partial Regex VersionName();

    private sealed record Row(
        string File, int Line, string Metric, string Version, string Grain, string Period, string Value, KeyValuePair<string, string>[] Segment, string Note);
}
