using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Metrics.Core.Workspace;

/// <summary>
/// One mapping of a workspace file, checked against its <see cref="Shape"/> when it is opened: unknown and missing keys,
/// wrong kinds and values that are not allowed are added to the faults, and reading such a key gives its default.
/// </summary>
public sealed class YamlMap
{
    private readonly YamlMappingNode _node;
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly ICollection<Fault> _faults;
    private readonly Shape _shape;

    internal YamlMap(string file, YamlMappingNode node, Shape shape, ICollection<Fault> faults)
    {
        (File, _node, _shape, _faults) = (file, node, shape, faults);

        foreach (var (keyNode, value) in node.Children)
        {
            var name = (keyNode as YamlScalarNode)?.Value ?? "";
            if (shape.Find(name) is not { } key)
                AddFault(LineOf(keyNode), $"unknown key '{name}' in {shape.Name}. {Suggestion(name)}");
            else if (Check(key, value))
                _values[name] = value;
        }

        foreach (var key in shape.Keys.Where(key => key.Required && !node.Children.ContainsKey(new YamlScalarNode(key.Name))))
            AddFault(Line, $"{shape.Name} has no '{key.Name}': {key.Description}");
    }

    /// <summary>The file's path relative to the workspace.</summary>
    public string File { get; }

    /// <summary>The line on which the mapping starts.</summary>
    public int Line => LineOf(_node);

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The line of a key's value, or of the mapping where the key is absent.</summary>
    public int LineOf(string key) => _values.TryGetValue(key, out var value) ? LineOf(value) : Line;

    /// <summary>The line of one name of a key that is a mapping of names.</summary>
    public int LineOf(string key, string name) =>
        Value(key) is YamlMappingNode map && map.Children.Keys.FirstOrDefault(one => TextOf(one) == name) is { } at ? LineOf(at) : LineOf(key);

    /// <summary>Adds a fault at the line of <paramref name="key"/>.</summary>
    public void AddFault(string key, string message) => AddFault(LineOf(key), message);

    /// <summary>Adds a fault at a line of this file.</summary>
    public void AddFault(int line, string message) => _faults.Add(new Fault(File, line, message));

    public string? Text(string key) => Value(key) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    public string Text(string key, string fallback) => Text(key) ?? fallback;

    public int? Integer(string key) =>
        Text(key) is { } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public decimal? Number(string key) => Text(key) is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    public bool Flag(string key, bool fallback) => Text(key) is { } text ? text == "true" : fallback;

    /// <summary>One text or a list of texts; empty when the key is absent.</summary>
    public IReadOnlyList<string> Texts(string key) => Value(key) is { } value ? TextsOf(value) : [];

    /// <summary>Names with their texts, in the order of the file.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string key) =>
        Value(key) is YamlMappingNode map
            ? new OrderedDictionary<string, string>(map.Children.Select(pair => KeyValuePair.Create(TextOf(pair.Key), TextOf(pair.Value))))
            : new OrderedDictionary<string, string>();

    /// <summary>Names with the columns that hold them; a plain list names columns that are called like that.</summary>
    public IReadOnlyDictionary<string, string> Columns(string key) => Value(key) switch
    {
        YamlSequenceNode list =>
            new OrderedDictionary<string, string>(TextsOf(list).Distinct().Select(name => KeyValuePair.Create(name, name))),
        _ => TextMap(key),
    };

    /// <summary>Names with their lists of texts.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> TextsMap(string key) =>
        Value(key) is YamlMappingNode map
            ? new OrderedDictionary<string, IReadOnlyList<string>>(
                map.Children.Select(pair => KeyValuePair.Create(TextOf(pair.Key), TextsOf(pair.Value))))
            : new OrderedDictionary<string, IReadOnlyList<string>>();

    public YamlMap? Object(string key) =>
        Value(key) is YamlMappingNode map ? new YamlMap(File, map, KeyOf(key).Of!, _faults) : null;

    public IReadOnlyList<YamlMap> Objects(string key) =>
        Value(key) is YamlSequenceNode list
            ? [.. list.Children.OfType<YamlMappingNode>().Select(map => new YamlMap(File, map, KeyOf(key).Of!, _faults))]
            : [];

    /// <summary>The mapping's content as one text: the same for the same keys and values, whatever the layout of the file.</summary>
    public string Canonical() => Canonical(_node);

    private static string Canonical(YamlNode node) => node switch
    {
        YamlMappingNode map => $"{{{string.Join(',', map.Children.Select(pair => $"{Canonical(pair.Key)}:{Canonical(pair.Value)}").Order(StringComparer.Ordinal))}}}",
        YamlSequenceNode list => $"[{string.Join(',', list.Children.Select(Canonical))}]",
        _ => System.Text.Json.JsonSerializer.Serialize(TextOf(node)),
    };

    private Key KeyOf(string key) =>
        _shape.Find(key) ?? throw new ArgumentException($"'{key}' is not a key of {_shape.Name}.", nameof(key));

    private YamlNode? Value(string key)
    {
        _ = KeyOf(key);
        return _values.GetValueOrDefault(key);
    }

    private bool Check(Key key, YamlNode value)
    {
        // "key:" with nothing behind it is the same as leaving the key out.
        if (value is YamlScalarNode { Value: "" or null, Style: YamlDotNet.Core.ScalarStyle.Plain or YamlDotNet.Core.ScalarStyle.Any })
            return !key.Required || Fail(key, value, "has no value");

        return key.Kind switch
        {
            KeyKind.Text => CheckText(key, value),
            KeyKind.Integer => CheckText(key, value, "a whole number", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)),
            KeyKind.Number => CheckText(key, value, "a number", text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)),
            KeyKind.Flag => CheckText(key, value, "true or false", text => text is "true" or "false"),
            KeyKind.Texts => value is YamlSequenceNode list ? list.Children.All(item => CheckText(key, item)) : CheckText(key, value),
            KeyKind.TextMap => CheckMap(key, value, item => CheckText(key, item)),
            KeyKind.Columns => value is YamlSequenceNode names ? names.Children.All(item => CheckText(key, item)) : CheckMap(key, value, item => CheckText(key, item)),
            KeyKind.TextsMap => CheckMap(key, value, item => item is YamlSequenceNode list ? list.Children.All(text => CheckText(key, text)) : CheckText(key, item)),
            KeyKind.Object => value is YamlMappingNode || Fail(key, value, "must be a mapping"),
            KeyKind.Objects => (value is YamlSequenceNode items && items.Children.All(item => item is YamlMappingNode)) || Fail(key, value, "must be a list of mappings"),
            _ => throw new ArgumentOutOfRangeException(nameof(key), key.Kind, "A key kind without a check."),
        };
    }

    private bool CheckMap(Key key, YamlNode value, Func<YamlNode, bool> check) =>
        value is YamlMappingNode map
            ? map.Children.All(pair => check(pair.Value))
            : Fail(key, value, "must be a mapping of names to values");

    private bool CheckText(Key key, YamlNode value, string? expected = null, Func<string, bool>? check = null)
    {
        if (value is not YamlScalarNode { Value: { } text })
            return Fail(key, value, $"must be {expected ?? "a text"}, not a {(value is YamlSequenceNode ? "list" : "mapping")}");
        if (check is not null && !check(text))
            return Fail(key, value, $"must be {expected}, not '{text}'");
        if (key.Values is { } values && !values.Contains(text, StringComparer.Ordinal))
            return Fail(key, value, $"must be one of {string.Join(", ", values)}, not '{text}'");
        if (key.Pattern is { } pattern && !Regex.IsMatch(text, $"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            return Fail(key, value, $"must be {key.PatternHint ?? pattern}, not '{text}'");
        return true;
    }

    private bool Fail(Key key, YamlNode value, string problem)
    {
        AddFault(LineOf(value), $"'{key.Name}' {problem}");
        return false;
    }

    private string Suggestion(string name)
    {
        var nearest = _shape.Keys.MinBy(key => Distance(key.Name, name));
        return nearest is not null && Distance(nearest.Name, name) <= Math.Max(1, name.Length / 3)
            ? $"Did you mean '{nearest.Name}'?"
            : $"Known keys: {string.Join(", ", _shape.Keys.Select(key => key.Name))}.";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    private static IReadOnlyList<string> TextsOf(YamlNode value) =>
        value is YamlSequenceNode list ? [.. list.Children.Select(TextOf)] : [TextOf(value)];

    private static string TextOf(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    private static int LineOf(YamlNode node) => (int)node.Start.Line;
}
