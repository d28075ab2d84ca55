using System.Text;
using System.Text.Json;

namespace Metrics.Core.Storage.Influx;

/// <summary>InfluxQL with its bound values. Text holds only what stands in this code and names that <see cref="Identifiers"/> allows.</summary>
internal sealed class InfluxQuery
{
    private const long NanosPerSecond = 1_000_000_000;

    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, object> _values = [];

    /// <summary>The statements, separated by semicolons.</summary>
    public string Text => _text.ToString();

    /// <summary>The bound values as the JSON object that the server takes.</summary>
    public string Parameters => JsonSerializer.Serialize(_values);

    public InfluxQuery Add(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>A comparison of a tag with one of some values, as stored; no value at all compares with the missing tag.</summary>
    public InfluxQuery WhereTag(string name, params IReadOnlyCollection<string> values)
    {
        var tag = Identifiers.Quoted(name);
        _text.Append('(').AppendJoin(" OR ", values.DefaultIfEmpty("").Select(value => $"{tag} = {Bind(TagText.Encode(value))}")).Append(')');
        return this;
    }

    /// <summary>The points from a day up to and without another one.</summary>
    public InfluxQuery WhereDays(DateOnly start, DateOnly end) =>
        Add($"time >= {Bind(StoredDays.Seconds(start) * NanosPerSecond)} AND time < {Bind(StoredDays.Seconds(end) * NanosPerSecond)}");

    private string Bind(object value)
    {
        var name = $"v{_values.Count}";
        _values.Add(name, value);
        return $"${name}";
    }
}
