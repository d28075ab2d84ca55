using System.Text.Json.Nodes;

namespace Metrics.Core.Workspace;

/// <summary>What kind of value a key of a workspace file takes.</summary>
public enum KeyKind
{
    Text,
    Integer,
    Number,
    Flag,

    /// <summary>One text or a list of texts.</summary>
    Texts,

    /// <summary>A mapping of free names to texts.</summary>
    TextMap,

    /// <summary>A list of names, or a mapping of names to the columns that hold them.</summary>
    Columns,

    /// <summary>A mapping of free names to one text or a list of texts.</summary>
    TextsMap,

    /// <summary>A mapping with a shape of its own.</summary>
    Object,

    /// <summary>A list of mappings that share a shape.</summary>
    Objects,
}

/// <summary>One key of a mapping in a workspace file: its meaning is written once, and read by validation, schema and documentation.</summary>
/// <param name="Name">The key as people type it.</param>
/// <param name="Kind">What kind of value it takes.</param>
/// <param name="Description">What it means, with its default.</param>
public sealed record Key(string Name, KeyKind Kind, string Description)
{
    public bool Required { get; init; }

    /// <summary>The only texts allowed; null when any text is.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>A regular expression that the whole text must match, with <see cref="PatternHint"/> as its wording for people.</summary>
    public string? Pattern { get; init; }

    public string? PatternHint { get; init; }

    /// <summary>The shape of an <see cref="KeyKind.Object"/> or of the items of <see cref="KeyKind.Objects"/>.</summary>
    public Shape? Of { get; init; }
}

/// <summary>The keys that a mapping in a workspace file may have.</summary>
public sealed class Shape(string name, params IReadOnlyList<Key> keys)
{
    private readonly Dictionary<string, Key> _byName = keys.ToDictionary(key => key.Name);

    public string Name { get; } = name;

    public IReadOnlyList<Key> Keys { get; } = keys;

    public Key? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The same rules as a JSON Schema (draft 2020-12), for editors that complete and check YAML.</summary>
    public JsonObject ToJsonSchema()
    {
        var schema = ObjectSchema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", Name);
        return schema;
    }

    private JsonObject ObjectSchema()
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
        {
            var property = PropertySchema(key);
            property.Insert(0, "description", key.Description);
            properties[key.Name] = property;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. Keys.Where(key => key.Required).Select(key => (JsonNode)key.Name)]),
            ["properties"] = properties,
        };
    }

    private static JsonObject PropertySchema(Key key) => key.Kind switch
    {
        KeyKind.Text => Scalar(key),
        KeyKind.Integer => new JsonObject { ["type"] = "integer" },
        KeyKind.Number => new JsonObject { ["type"] = "number" },
        KeyKind.Flag => new JsonObject { ["type"] = "boolean" },
        KeyKind.Texts => Either(Scalar(key), ListOf(Scalar(key))),
        KeyKind.TextMap => MapOf(Scalar(key)),
        KeyKind.Columns => Either(ListOf(Scalar(key)), MapOf(Scalar(key))),
        KeyKind.TextsMap => MapOf(Either(Scalar(key), ListOf(Scalar(key)))),
        KeyKind.Object => key.Of!.ObjectSchema(),
        KeyKind.Objects => ListOf(key.Of!.ObjectSchema()),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key.Kind, "A key kind without a schema."),
    };

    private static JsonObject Scalar(Key key)
    {
        // YAML reads an unquoted 2026 as a number; the reader takes it as text, so the schema must as well.
        var schema = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        if (key.Values is { } values)
            schema = new JsonObject { ["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value)]) };
        if (key.Pattern is { } pattern)
            schema["pattern"] = $"^(?:{pattern})$";
        return schema;
    }

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject MapOf(JsonObject values) => new() { ["type"] = "object", ["additionalProperties"] = values };

    private static JsonObject Either(JsonObject one, JsonObject other) => new() { ["anyOf"] = new JsonArray(one, other) };
}
