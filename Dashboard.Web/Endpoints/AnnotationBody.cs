using System.Text.Json;
using System.Text.Json.Serialization;
using Metrics.Core.Annotations;

namespace Dashboard.Web.Endpoints;

/// <summary>An annotation as programs send it.</summary>
internal sealed record AnnotationBody
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>The id that it is to have, with which sending it again changes it; left out, it gets one.</summary>
    public string? Id { get; init; }

    /// <summary>Its day; or <see cref="First"/> and <see cref="Last"/>.</summary>
    public string? Day { get; init; }

    public string? First { get; init; }

    public string? Last { get; init; }

    public string? Title { get; init; }

    public string? Text { get; init; }

    public string? Link { get; init; }

    public string? Kind { get; init; }

    public IReadOnlyList<string?>? Metrics { get; init; }

    public IReadOnlyList<string?>? Boards { get; init; }

    public IReadOnlyDictionary<string, string?>? Segment { get; init; }

    /// <summary>What a body says, or why it cannot be read; exactly one of the two is null.</summary>
    public static (AnnotationBody? Body, string? Fault) Read(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<AnnotationBody>(content, Json) switch
            {
                null => (null, "The body is null; send an object with a title and a day."),
                { Day: not null, First: not null } or { Day: not null, Last: not null } => (null, "Send day, or first and last."),
                var body => (body, null),
            };
        }
        catch (JsonException broken)
        {
            return (null, $"The body cannot be read{(broken.Path is { Length: > 1 } path ? $" at {path[2..]}" : "")}: it has to be a JSON object with "
                + "title and day, or first and last, and may have id, text, link, kind, metrics, boards and segment.");
        }
    }

    public AnnotationEntry ToEntry() => new()
    {
        Title = Title?.Trim() ?? "",
        First = Day ?? First ?? "",
        Last = Last ?? "",
        Kind = Kind ?? "",
        Text = Text?.Trim() ?? "",
        Link = Link ?? "",
        Metrics = [.. (Metrics ?? []).Select(metric => metric ?? "")],
        Boards = [.. (Boards ?? []).Select(board => board ?? "")],
        Segment = [.. (Segment ?? new Dictionary<string, string?>()).Select(pair => KeyValuePair.Create(pair.Key, pair.Value ?? ""))],
    };
}
