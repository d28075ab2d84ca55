using Metrics.Core.Catalog;
using Metrics.Core.Workspace;

namespace Metrics.Core.Annotations;

/// <summary>Reads <c>annotations/*.yaml</c>.</summary>
public static class AnnotationFiles
{
    private const string Day = "day";
    private const string First = "first";
    private const string Last = "last";

    private static readonly Shape AnnotationShape = new("an annotation",
        new Key("id", KeyKind.Text, "The annotation's id, unique in the workspace.")
        {
            Required = true,
            Pattern = "[a-z0-9][a-z0-9_-]{0,63}",
            PatternHint = "at most 64 lower-case letters, digits, _ and - starting with a letter or digit",
        },
        new Key(Day, KeyKind.Text, "The day on which it happened: 2026-09-21. Either this, or first and last."),
        new Key(First, KeyKind.Text, "The first day of several."),
        new Key(Last, KeyKind.Text, "The last day of several; it belongs to them."),
        new Key("title", KeyKind.Text, "What happened, in one line of at most 80 characters.") { Required = true },
        new Key("text", KeyKind.Text, "What there is to say beyond the title, in at most 1,000 characters."),
        new Key("link", KeyKind.Text, "Where to read more: an address of http or https."),
        new Key("kind", KeyKind.Text, "What kind of thing it is. Default: other.") { Values = AnnotationNames.Kinds },
        new Key("metrics", KeyKind.Texts, "The ids of the metrics that it is about. Default, without boards too: the whole company."),
        new Key("boards", KeyKind.Texts, "The ids of the boards whose metrics it is about."),
        new Key("segment", KeyKind.TextMap, "The part of the company in which it happened, such as { region: EU }. Default: all of it."));

    /// <summary>The shape of <c>annotations/*.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("annotations",
        new Key("annotations", KeyKind.Objects, "The annotations of this file.") { Required = true, Of = AnnotationShape });

    /// <summary>The annotations of some files; those at fault are left out and their faults are added.</summary>
    /// <param name="boards">The ids of the boards that there are.</param>
    public static AnnotationBook Read(
        IEnumerable<(string Name, string Text)> files, MetricCatalog catalog, IReadOnlySet<string> boards, ICollection<Fault> faults)
    {
        var annotations = new Dictionary<string, Annotation>(StringComparer.Ordinal);
        foreach (var (name, text) in files)
        {
            foreach (var map in YamlFile.Read(name, text, FileShape, faults)?.Objects("annotations") ?? [])
            {
                if (ReadOne(map, catalog, boards) is not { } one)
                    continue;
                if (annotations.TryGetValue(one.Id, out var first))
                    map.AddFault("id", $"annotation '{one.Id}' is already defined at {first.File}:{first.Line}; give one of them another id.");
                else
                    annotations.Add(one.Id, one);
            }
        }

        return new AnnotationBook(annotations.Values);
    }

    private static Annotation? ReadOne(YamlMap map, MetricCatalog catalog, IReadOnlySet<string> boards)
    {
        // What is required and missing, or of a form that is not allowed, has its fault already.
        if (map.Text("id") is not { } id || map.Text("title") is not { } title)
            return null;
        if (map.Has(Day) == map.Has(First) || map.Has(Last) != map.Has(First))
        {
            map.AddFault(map.Line, $"annotation '{id}' takes 'day', or 'first' and 'last'.");
            return null;
        }

        var entry = new AnnotationEntry
        {
            Title = title.Trim(),
            First = map.Text(Day) ?? map.Text(First, ""),
            Last = map.Text(Last, ""),
            Kind = map.Text("kind", ""),
            Text = map.Text("text", "").Trim(),
            Link = map.Text("link", ""),
            Metrics = map.Texts("metrics"),
            Boards = map.Texts("boards"),
            Segment = [.. map.TextMap("segment")],
        };
        var (annotation, fault) = entry.Read(id, catalog, boards);
        if (fault is not null)
            map.AddFault(fault.Field == First && map.Has(Day) ? Day : fault.Field, fault.Message);
        return annotation is null ? null : annotation with { Origin = AnnotationOrigin.File, File = map.File, Line = map.Line };
    }
}
