using System.Globalization;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>Reads figures back as people write them.</summary>
internal static partial class Written
{
    /// <summary>The number that a text such as "$2,562,186.29", "$2.56M", "63.8%", "4.17×" or "−3" stands for.</summary>
    public static decimal Number(string text)
    {
        var match = Parts().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is no figure.");

        var scale = match.Groups["scale"].Value switch { "k" => 1e3m, "M" => 1e6m, "B" => 1e9m, "%" => 0.01m, _ => 1 };
        var size = decimal.Parse(match.Groups["digits"].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        return (match.Groups["minus"].Success ? -size : size) * scale;
    }

    [GeneratedRegex(@"^(?<minus>\u2212)?\p{Sc}?(?<digits>[\d,]+(\.\d+)?)(?<scale>[kMB%×])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
