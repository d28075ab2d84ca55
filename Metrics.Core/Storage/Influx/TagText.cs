using System.Globalization;
using System.Text;

namespace Metrics.Core.Storage.Influx;

/// <summary>
/// Any text as a tag value and back. Control characters and <c>\</c>, which line protocol cannot carry faithfully, become <c>%XX</c>,
/// and so does a <c>%</c> that two hexadecimal digits follow; different texts stay different, so that they can be compared as stored.
/// </summary>
internal static class TagText
{
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAny('%', '\\') && !text.Any(char.IsControl))
            return text;

        var encoded = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' || char.IsControl(text[i]) || (text[i] == '%' && IsCode(text, i)))
                encoded.Append(CultureInfo.InvariantCulture, $"%{(int)text[i]:X2}");
            else
                encoded.Append(text[i]);
        }

        return encoded.ToString();
    }

    public static string Decode(string stored)
    {
        if (!stored.Contains('%', StringComparison.Ordinal))
            return stored;

        var text = new StringBuilder(stored.Length);
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] == '%' && IsCode(stored, i))
            {
                text.Append((char)byte.Parse(stored.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                text.Append(stored[i]);
            }
        }

        return text.ToString();
    }

    private static bool IsCode(string text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);
}
