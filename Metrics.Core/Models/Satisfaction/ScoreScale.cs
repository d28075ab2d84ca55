using System.Globalization;
using System.Text.RegularExpressions;

namespace Metrics.Core.Models.Satisfaction;

/// <summary>The lowest and the highest score that a question can be answered with, both included.</summary>
internal sealed partial record ScoreScale(int Lowest, int Highest)
{
    /// <summary>What the net promoter score is defined on.</summary>
    public static ScoreScale Promoter { get; } = new(0, 10);

    /// <summary>The scale of a text such as <c>0-10</c>, <c>1..5</c> or <c>1 to 7</c>; null where it is none.</summary>
    public static ScoreScale? TryParse(string text) =>
        Written().Match(text) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lowest)
        && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var highest)
        && lowest < highest
            ? new ScoreScale(lowest, highest)
            : null;

    /// <summary>The usual scale of a survey that is called like its question; null for any other name.</summary>
    public static ScoreScale? Usual(string survey) => survey.ToLowerInvariant() switch
    {
        "nps" => Promoter,
        "csat" => new ScoreScale(1, 5),
        "ces" => new ScoreScale(1, 7),
        _ => null,
    };

    public bool Contains(decimal score) => Lowest <= score && score <= Highest;

    /// <summary>
    /// Whether a score is one of the highest <paramref name="boxes"/> whole numbers of the scale: 4 and 5 of 1-5 for two.
    /// </summary>
    public bool IsInTop(decimal score, int boxes) => score >= Highest - boxes + 1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lowest}-{Highest}");

    [GeneratedRegex(@"\A\s*(-?\d{1,6})\s*(?:-|–|\.\.|to|/)\s*(-?\d{1,6})\s*\z", RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}
