using System.Globalization;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>Reads figures back as people write them.</summary>
internal static partial class Written
{
    /// <summary>
    /// The number that a text such as "$2,562,186.29", "$2.56M", "63.8%", "4.17×" or "−3" stands for; the seconds of "3h 31m" and "63.5d".
    /// </summary>
    public static decimal Number(string text)
    {
        if (Length().IsMatch(text))
            return LengthPart().Matches(text).Sum(part => decimal.Parse(part.Groups["digits"].Value, NumberStyles.Number, CultureInfo.InvariantCulture) * Seconds(part));

        var match = Parts().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is no figure.");

        var scale = match.Groups["scale"].Value switch { "k" => 1e3m, "M" => 1e6m, "B" => 1e9m, "%" => 0.01m, _ => 1 };
        var size = decimal.Parse(match.Groups["digits"].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        return (match.Groups["minus"].Success ? -size : size) * scale;
    }

    /// <summary>By how much the number may be off, as it is shown; a length has no digits after its second unit.</summary>
    public static decimal Rounding(string text) => Length().IsMatch(text) ? 0.06m * Seconds(LengthPart().Matches(text)[0]) : 0.06m;

    private static decimal Seconds(Match part) => part.Groups["unit"].Value switch { "d" => 86_400, "h" => 3_600, "m" => 60, _ => 1 };

    [GeneratedRegex(@"^([\d,.]+\s?[dhms]\s?)+$")]
    private static partial Regex Length();

    [GeneratedRegex(@"(?<digits>[\d,.]+)\s?(?<unit>[dhms])", RegexOptions.ExplicitCapture)]
    private static partial Regex LengthPart();

    [GeneratedRegex(@"^(?<minus>\u2212)?\p{Sc}?(?<digits>[\d,]+(\.\d+)?)(?<scale>[kMB%×])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
