using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Metrics.Core.Series;

/// <summary>
/// One value for each dimension of a cut, such as plan=Pro and region=EU; the total is <see cref="Total"/>, the empty one.
/// </summary>
/// <remarks>Sorted by dimension name, so that two segments of the same values are equal however they were written down.</remarks>
public sealed class Segment : IEquatable<Segment>
{
    /// <summary>What an empty dimension value is stored as, so that every record of a cut has a place.</summary>
    public const string NoValue = "(none)";

    // A million records share a few hundred segments; whoever has more of them parses again now and then.
    private const int MostParsed = 10_000;

    private static readonly ConcurrentDictionary<string, Segment> Parsed = new(StringComparer.Ordinal);

    private readonly KeyValuePair<string, string>[] _values;

    private Segment(KeyValuePair<string, string>[] values)
    {
        _values = values;
        Cut = string.Join(',', values.Select(pair => pair.Key));
        Text = Write(values);
    }

    /// <summary>The segment without dimensions.</summary>
    public static Segment Total { get; } = new([]);

    /// <summary>The dimension names, sorted and joined by commas; empty for the total.</summary>
    public string Cut { get; }

    /// <summary>The canonical text, a JSON object: the same for equal segments, different for others.</summary>
    public string Text { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    public bool IsTotal => _values.Length == 0;

    /// <summary>The value of a dimension, or null where the cut does not have it.</summary>
    public string? this[string dimension]
    {
        get
        {
            foreach (var pair in _values)
            {
                if (pair.Key == dimension)
                    return pair.Value;
            }

            return null;
        }
    }

    /// <summary>A segment of these values; an empty value becomes <see cref="NoValue"/>.</summary>
    public static Segment Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        var sorted = values
            .Select(pair => KeyValuePair.Create(pair.Key, string.IsNullOrWhiteSpace(pair.Value) ? NoValue : pair.Value))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToArray();
        return sorted.Length == 0 ? Total : new Segment(sorted);
    }

    /// <summary>A segment from (dimension, value) pairs.</summary>
    public static Segment Of(params IEnumerable<(string Dimension, string Value)> values) =>
        Of(values.Select(pair => KeyValuePair.Create(pair.Dimension, pair.Value)));

    /// <summary>The segment of a JSON object such as <see cref="Text"/>, whatever the order of its names.</summary>
    public static Segment Parse(string json)
    {
        if (json is "{}")
            return Total;
        if (Parsed.TryGetValue(json, out var known))
            return known;

        using var document = JsonDocument.Parse(json);
        var segment = Of(document.RootElement.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString() ?? "")));
        if (Parsed.Count >= MostParsed)
            Parsed.Clear();
        return Parsed[json] = segment;
    }

    /// <summary>This segment on exactly these dimensions; one that it does not have becomes <see cref="NoValue"/>.</summary>
    public Segment On(IReadOnlyList<string> dimensions) =>
        dimensions.Count == 0 ? Total
        : dimensions.Count == _values.Length && _values.All(pair => dimensions.Contains(pair.Key)) ? this
        : Of(dimensions.Select(dimension => KeyValuePair.Create(dimension, this[dimension] ?? "")));

    public bool Equals(Segment? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as Segment);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => IsTotal ? "total" : string.Join(" · ", _values.Select(pair => pair.Value));

    private static string Write(KeyValuePair<string, string>[] values)
    {
        if (values.Length == 0)
            return "{}";

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
