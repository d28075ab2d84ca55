using System.Globalization;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Annotations;

/// <summary>What is wrong with an entry.</summary>
/// <param name="Field">The name of what it is about, as files and programs spell it.</param>
public sealed record AnnotationFault(string Field, string Message);

/// <summary>
/// An annotation as somebody wrote it down, in a file, on the page or in a program: texts that nobody has checked yet, empty where
/// nothing was written.
/// </summary>
public sealed partial record AnnotationEntry
{
    /// <summary>The longest title in characters: it stands in one line under a chart.</summary>
    public const int LongestTitle = 80;

    /// <summary>The longest text in characters: a few sentences; the rest is where the link leads.</summary>
    public const int LongestText = 1_000;

    public const int LongestLink = 500;

    /// <summary>The longest id in characters.</summary>
    public const int LongestId = 64;

    /// <summary>The most days that one event lasts: two years. What lasts longer is no event.</summary>
    public const int MostDays = 731;

    // More than anybody means; who means all names none.
    private const int MostNames = 50;
    private const int FirstYear = 1000;
    private const int LastYear = 8999;

    public string Title { get; init; } = "";

    /// <summary>The day, or the first of several: 2026-09-21.</summary>
    public string First { get; init; } = "";

    /// <summary>The last day; empty for a single one.</summary>
    public string Last { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Text { get; init; } = "";

    public string Link { get; init; } = "";

    public IReadOnlyList<string> Metrics { get; init; } = [];

    public IReadOnlyList<string> Boards { get; init; } = [];

    /// <summary>Dimension and value, each dimension once; empty for the whole.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Segment { get; init; } = [];

    /// <summary>Whether a text can be an id: lower-case letters, digits, _ and -, starting with a letter or digit.</summary>
    public static bool IsId(string text) => text.Length <= LongestId && IdForm().IsMatch(text);

    /// <summary>The annotation that is meant, or what is wrong with it; exactly one of the two is null.</summary>
    /// <param name="boards">The ids of the boards that there are.</param>
    public (Annotation? Annotation, AnnotationFault? Fault) Read(string id, MetricCatalog catalog, IReadOnlySet<string> boards)
    {
        if (!IsId(id))
            return Refuse("id", $"'{id}' is no id; use at most {LongestId} lower-case letters, digits, _ and - starting with a letter or digit.");
        if (Title.Length is 0 or > LongestTitle)
            return Refuse("title", Title.Length == 0 ? "the title must not be empty." : $"the title has {Title.Length} characters; {LongestTitle} are enough.");
        if (Title.Any(char.IsControl))
            return Refuse("title", "the title must be one line.");
        if (Text.Length > LongestText)
            return Refuse("text", $"the text has {Text.Length} characters; {LongestText} are enough.");
        if (DayOf(First) is not { } first)
            return Refuse("first", $"'{First}' is no day; use one such as 2026-09-21.");
        if (Last.Length > 0 && DayOf(Last) is null)
            return Refuse("last", $"'{Last}' is no day; use one such as 2026-09-21.");

        var last = DayOf(Last) ?? first;
        if (last < first)
            return Refuse("last", $"the last day, {Last}, is before the first, {First}.");
        if (last.DayNumber - first.DayNumber >= MostDays)
            return Refuse("last", $"from {First} to {Last} are more than two years; what lasts longer is no event.");
        if (Kind.Length > 0 && AnnotationNames.TryParseKind(Kind) is null)
            return Refuse("kind", $"'{Kind}' is no kind; use {string.Join(", ", AnnotationNames.Kinds)}.");
        if (Link.Length > 0 && LinkOf(Link) is null)
            return Refuse("link", $"'{Link}' is no address that a page may link to; use one such as https://example.com/notes.");
        if (FaultOfScope(catalog, boards) is { } fault)
            return (null, fault);

        return (new Annotation(id, new Period(first, last.AddDays(1)), Title, AnnotationNames.TryParseKind(Kind) ?? AnnotationKind.Other)
        {
            Text = Text.Length == 0 ? null : Text,
            Link = Link.Length == 0 ? null : LinkOf(Link),
            Metrics = [.. Metrics.Distinct()],
            Boards = [.. Boards.Distinct()],
            Segment = Series.Segment.Of(Segment),
        }, null);
    }

    /// <summary>The address of a text; null where it is none that a browser may be sent to.</summary>
    internal static Uri? LinkOf(string text) =>
        text.Length <= LongestLink && Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" && link.Host.Length > 0
            ? link
            : null;

    private AnnotationFault? FaultOfScope(MetricCatalog catalog, IReadOnlySet<string> boards)
    {
        if (Metrics.Count > MostNames || Boards.Count > MostNames)
            return new AnnotationFault("metrics", $"more than {MostNames} metrics or boards; name none for the whole company.");
        if (Metrics.FirstOrDefault(metric => !catalog.TryGet(metric, out _)) is { } metric)
            return new AnnotationFault("metrics", $"unknown metric '{metric}'.");
        if (Boards.FirstOrDefault(board => !boards.Contains(board)) is { } board)
            return new AnnotationFault("boards", $"unknown board '{board}'. {(boards.Count == 0 ? "There is none." : $"The boards are {string.Join(", ", boards.Order(StringComparer.Ordinal))}.")}");
        if (Segment.Any(pair => pair.Value.Length == 0))
            return new AnnotationFault("segment", $"'{Segment.First(pair => pair.Value.Length == 0).Key}' of the segment has no value.");

        var named = Metrics.Count > 0 ? Metrics.Select(id => catalog[id]) : catalog.Metrics;
        var dimensions = named.SelectMany(catalog.DimensionsOf).Distinct().Order(StringComparer.Ordinal).ToArray();
        return Segment.FirstOrDefault(pair => !dimensions.Contains(pair.Key)).Key is { } unknown
            ? new AnnotationFault("segment", $"{(Metrics.Count > 0 ? $"'{string.Join("', '", Metrics)}' cannot" : "No metric can")} be cut by '{unknown}'. "
                + (dimensions.Length == 0 ? "There are no dimensions." : $"The dimensions are {string.Join(", ", dimensions)}."))
            : null;
    }

    private static (Annotation?, AnnotationFault?) Refuse(string field, string message) => (null, new AnnotationFault(field, message));

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= FirstYear and <= LastYear
            ? day
            : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IdForm();
}
