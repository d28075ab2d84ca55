namespace Metrics.Core.Charts;

/// <summary>
/// How wide a text gets. Nothing here can measure one, and readers have different fonts, so it is estimated on the wide side: what fits
/// by this fits in Segoe UI, Roboto, Noto Sans, Liberation Sans and DejaVu Sans.
/// </summary>
public static class TextWidth
{
    /// <summary>The height of the texts of a chart.</summary>
    public const double Size = 13;

    private const double BoldFactor = 1.08;
    private const char Ellipsis = '…';

    /// <summary>The width of a line of text in the units of its height.</summary>
    public static double Of(string text, double size = Size, bool bold = false)
    {
        var width = 0.0;
        foreach (var letter in text)
            width += WidthOf(letter);
        return width * size * (bold ? BoldFactor : 1);
    }

    /// <summary>The text, or as much of it as fits with an ellipsis behind; empty where not even a letter does.</summary>
    public static string Cut(string text, double room, double size = Size, bool bold = false)
    {
        if (Of(text, size, bold) <= room)
            return text;

        for (var length = text.Length - 1; length > 0; length--)
        {
            var cut = text[..length].TrimEnd() + Ellipsis;
            if (Of(cut, size, bold) <= room)
                return cut;
        }

        return "";
    }

    private static double WidthOf(char letter) => letter switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or '\u00A0' or '\u202F' => 0.34,
        'f' or 't' or 'r' or '(' or ')' or '/' or '-' or '·' => 0.42,
        'm' or 'w' or 'M' or 'W' or '%' or '@' or Ellipsis or '–' or '—' => 0.95,
        >= '0' and <= '9' or >= 'a' and <= 'z' => 0.6,
        >= 'A' and <= 'Z' => 0.75,
        < '\u2E80' => 0.78,
        _ => 1.05,
    };
}
