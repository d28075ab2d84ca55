using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Workspace;

namespace Metrics.Core.Connectors;

/// <summary>Reads <c>sources/*.yaml</c>.</summary>
public static class SourceFiles
{
    private static readonly Key[] CommonStreamKeys =
    [
        new("name", KeyKind.Text, "The stream's name, unique in its source.") { Required = true },
        new("record", KeyKind.Text, "The canonical record type that a row becomes.") { Required = true, Values = [.. RecordType.All.Select(type => type.Name)] },
        new("key", KeyKind.Texts, "The columns that identify a row. Default: the whole row and its occurrence."),
        new("fields", KeyKind.TextMap, "Record field: column, or =constant. Default: the columns of the fields' own names."),
        new("time", KeyKind.Object, "The column of the event time.")
        {
            Of = new Shape("time",
                new Key("column", KeyKind.Text, "The column.") { Required = true },
                new Key("format", KeyKind.Text, "A .NET format such as yyyyMMdd. Default: ISO dates and instants.")),
        },
        new("date_format", KeyKind.Text, "A .NET format of all other dates. Default: ISO dates."),
        new("metrics", KeyKind.TextMap, "Metric id: column, or =constant (record: metric_value)."),
        new("dimensions", KeyKind.Columns, "The dimension values of a record: a list of columns, or dimension: column."),
        new("where", KeyKind.TextsMap, "Only rows whose column has one of these values."),
        new("complete_through", KeyKind.Text, "read: a good read knows everything before its own day (default). data: only through the newest day in the data.") { Values = ["read", "data"] },
    ];

    /// <summary>The shape of a source file, with the stream keys of some connectors beside the common ones.</summary>
    public static Shape ShapeOf(IEnumerable<IConnector> connectors) =>
        new("a source",
            new Key("id", KeyKind.Text, "The source's id, unique in the workspace.") { Required = true, Pattern = "[a-z][a-z0-9_-]*", PatternHint = "lower-case letters, digits, _ and - starting with a letter" },
            new Key("connector", KeyKind.Text, "Which connector reads it.") { Required = true },
            new Key("schedule", KeyKind.Text, "A Quartz cron expression in the workspace's zone, such as \"0 0 6 * * ?\". Default: syncs by hand only."),
            new Key("fresh_within", KeyKind.Text, "How long after a due time the last good sync still counts as current, such as 1d or 12h. Default: 1d.") { Pattern = "[0-9]+[mhd]", PatternHint = "a number and m, h or d, such as 12h" },
            new Key("streams", KeyKind.Objects, "What it delivers.")
            {
                Required = true,
                Of = new Shape("a stream", [.. CommonStreamKeys, .. connectors.SelectMany(connector => connector.StreamKeys).DistinctBy(key => key.Name)]),
            });

    /// <summary>The sources of some files; an entry at fault is left out and its faults are added.</summary>
    public static IReadOnlyList<Source> Read(
        IEnumerable<(string Name, string Text)> files, IReadOnlyCollection<IConnector> connectors, IScheduleSyntax schedules, MetricCatalog catalog, ICollection<Fault> faults)
    {
        var shape = ShapeOf(connectors);
        var sources = new Dictionary<string, Source>(StringComparer.Ordinal);
        foreach (var (name, text) in files)
        {
            if (YamlFile.Read(name, text, shape, faults) is not { } root || Read(root, connectors, schedules, catalog) is not { } source)
                continue;

            if (sources.TryGetValue(source.Id, out var first))
                root.AddFault("id", $"source '{source.Id}' is already defined at {first.File}:{first.Line}; give one of them another id.");
            else
                sources.Add(source.Id, source);
        }

        return [.. sources.Values];
    }

    private static Source? Read(YamlMap root, IReadOnlyCollection<IConnector> connectors, IScheduleSyntax schedules, MetricCatalog catalog)
    {
        if (root.Text("id") is not { } id || root.Text("connector") is not { } connectorId)
            return null;

        if (connectors.All(connector => connector.Id != connectorId))
        {
            root.AddFault("connector", $"unknown connector '{connectorId}'. Known: {string.Join(", ", connectors.Select(connector => connector.Id))}.");
            return null;
        }

        if (root.Text("schedule") is { } schedule && schedules.FaultOf(schedule) is { } fault)
            root.AddFault("schedule", $"'{schedule}' is no schedule: {fault}");

        var streams = new List<SourceStream>();
        foreach (var entry in root.Objects("streams"))
        {
            if (ReadStream(id, entry, catalog) is not { } stream)
                continue;
            if (streams.Any(other => other.Name == stream.Name))
                entry.AddFault("name", $"source '{id}' has two streams named '{stream.Name}'.");
            else
                streams.Add(stream);
        }

        return new Source(id, connectorId, root.Text("schedule"), Duration(root.Text("fresh_within", "1d")), streams, root.File, root.Line);
    }

    private static SourceStream? ReadStream(string source, YamlMap entry, MetricCatalog catalog)
    {
        if (entry.Text("name") is not { } name || entry.Text("record") is not { } record || !RecordType.TryGet(record, out var type))
            return null;

        foreach (var field in entry.TextMap("fields").Keys.Where(field => type.Find(field) is null))
            entry.AddFault("fields", $"a {type} has no field '{field}'. Its fields are {string.Join(", ", type.Fields.Select(known => known.Name))}.");
        if (entry.Has("time") && type.Find(RecordType.TimeField) is null)
            entry.AddFault("time", $"a {type} has no event time; map its dates under 'fields'.");
        if (entry.Has("metrics") != (type == MetricValue.Type) && !(type == MetricValue.Type && entry.TextMap("fields").ContainsKey(MetricValue.MetricField)))
            entry.AddFault("metrics", type == MetricValue.Type ? "a metric_value stream needs 'metrics': which column fills which metric." : $"'metrics' goes with record: metric_value, not with {type}.");
        foreach (var metric in entry.TextMap("metrics").Keys)
        {
            if (!catalog.TryGet(metric, out var known))
                entry.AddFault("metrics", $"unknown metric '{metric}'; define it under metrics/.");
            else if (known.Formula is not null || known.Model is not null)
                entry.AddFault("metrics", $"metric '{metric}' is computed by {(known.Formula is null ? $"the model {known.Model}" : "a formula")}; a source cannot fill it.");
        }

        var time = entry.Object("time");
        var mapping = new FieldMapping
        {
            Type = type,
            Key = entry.Texts("key"),
            Fields = entry.TextMap("fields"),
            TimeColumn = time?.Text("column"),
            TimeFormat = time?.Text("format"),
            DateFormat = entry.Text("date_format"),
            Metrics = entry.TextMap("metrics"),
            Dimensions = entry.Columns("dimensions"),
            Where = entry.TextsMap("where"),
        };
        var completeThrough = entry.Text("complete_through", "read") == "data" ? CompleteThrough.Data : CompleteThrough.Read;
        return new SourceStream(new StreamId(source, name), mapping, completeThrough, entry, Fingerprint(entry));
    }

    private static string Fingerprint(YamlMap entry) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(entry.Canonical())))[..16];

    private static TimeSpan Duration(string text)
    {
        var count = int.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };
    }
}
