using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Annotations;

/// <summary>What kind of thing happened.</summary>
public enum AnnotationKind
{
    Release,
    Campaign,
    Incident,
    Price,
    Market,

    /// <summary>Something about the figures themselves, such as a source that was replaced.</summary>
    Data,
    Other,
}

/// <summary>Where an annotation was written down.</summary>
public enum AnnotationOrigin
{
    File,
    Page,
    Api,
}

/// <summary>Something that happened on some days, and that may explain why figures moved.</summary>
/// <remarks>
/// Without metrics and boards it is about the whole company. With some it is about those metrics, and about every metric of those
/// boards. A segment narrows it further: the total is told of what happened in its segments, a segment only of its own.
/// </remarks>
/// <param name="Id">Unique; the last part of its address.</param>
/// <param name="Days">The days on which it happened, often a single one.</param>
/// <param name="Title">One line of at most <see cref="AnnotationEntry.LongestTitle"/> characters.</param>
public sealed record Annotation(string Id, Period Days, string Title, AnnotationKind Kind)
{
    /// <summary>What there is to say beyond the title; null for nothing.</summary>
    public string? Text { get; init; }

    /// <summary>Where to read more: an address of http or https; null for none.</summary>
    public Uri? Link { get; init; }

    /// <summary>The ids of the metrics that it is about.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The ids of the boards whose metrics it is about.</summary>
    public IReadOnlyList<string> Boards { get; init; } = [];

    /// <summary>The part of the company in which it happened; the total for all of it.</summary>
    public Segment Segment { get; init; } = Segment.Total;

    public AnnotationOrigin Origin { get; init; }

    /// <summary>The workspace file that says so; empty for one that was entered.</summary>
    public string File { get; init; } = "";

    /// <summary>The line in it, counted from 1.</summary>
    public int Line { get; init; }

    /// <summary>Who entered it last and when; null for one from a file.</summary>
    public AnnotationEdit? Edit { get; init; }

    public bool IsOfWholeCompany => Metrics.Count == 0 && Boards.Count == 0;

    /// <summary>Whether some of it happened within some days.</summary>
    public bool IsWithin(Period days) => Days.Start < days.End && days.Start < Days.End;

    /// <summary>Whether it may have moved a figure.</summary>
    public bool Concerns(AnnotationSubject subject)
    {
        var isInScope = IsOfWholeCompany || Metrics.Contains(subject.Metric) || Boards.Any(subject.Boards.Contains);
        return isInScope && Segment.Values.All(pair => subject.Dimensions.Contains(pair.Key)
            && (!subject.Filter.TryGetValue(pair.Key, out var values) || values.Contains(pair.Value)));
    }
}

/// <summary>Who entered an annotation, when, and as which of all changes.</summary>
public sealed record AnnotationEdit(string By, DateTimeOffset At, long Version);

/// <summary>A figure of which somebody asks what happened to it.</summary>
/// <param name="Dimensions">The dimensions that the metric can be cut by.</param>
/// <param name="Boards">The ids of the boards that show the metric.</param>
public sealed record AnnotationSubject(string Metric, IReadOnlyList<string> Dimensions, IReadOnlyList<string> Boards)
{
    /// <summary>Only these values of some dimensions; none for the total.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>The names of kinds and origins in files, addresses and stores.</summary>
public static class AnnotationNames
{
    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetNames<AnnotationKind>().Select(name => name.ToLowerInvariant())];

    public static string Name(this AnnotationKind kind) => kind.ToString().ToLowerInvariant();

    public static string Name(this AnnotationOrigin origin) => origin.ToString().ToLowerInvariant();

    /// <summary>The kind of a name; null for any other text.</summary>
    public static AnnotationKind? TryParseKind(string? text) =>
        text is not null && Kinds.Contains(text) ? Enum.Parse<AnnotationKind>(text, ignoreCase: true) : null;
}
