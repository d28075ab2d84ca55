using System.Globalization;
using System.Text;

namespace Metrics.Core.Push;

/// <summary>Writes points as line protocol, as <see cref="LineReader"/> reads it.</summary>
public static class LineWriter
{
    /// <summary>A line of one field.</summary>
    public static string Write(string measurement, IEnumerable<KeyValuePair<string, string>> tags, string field, double value, long? timestamp)
    {
        var line = new StringBuilder(Escape(measurement, isMeasurement: true));
        foreach (var (tag, text) in tags)
            line.Append(',').Append(Escape(tag)).Append('=').Append(Escape(text));
        line.Append(' ').Append(Escape(field)).Append('=').Append(value.ToString("R", CultureInfo.InvariantCulture));
        return timestamp is { } at ? line.Append(' ').Append(at.ToString(CultureInfo.InvariantCulture)).ToString() : line.ToString();
    }

    /// <summary>A name or tag value with \ before what would end it. In a measurement = ends nothing.</summary>
    public static string Escape(string text, bool isMeasurement = false)
    {
        var escaped = text.Replace(",", "\\,", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);
        return isMeasurement ? escaped : escaped.Replace("=", "\\=", StringComparison.Ordinal);
    }
}
