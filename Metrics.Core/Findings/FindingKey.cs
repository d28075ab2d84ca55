namespace Metrics.Core.Findings;

/// <summary>
/// What names a finding of a board from one period to the next: the metric and the segment, whatever makes it one. "mrr_churn",
/// "signups:region=EU".
/// </summary>
/// <remarks>A metric that is at risk one week and stands out the next is one story, and what was said of it stays with it.</remarks>
/// <param name="Segment">Dimensions and their values as <see cref="Of"/> writes them; empty for the total.</param>
public sealed record FindingKey(string Metric, string Segment)
{
    /// <summary>The longest key that is kept.</summary>
    public const int LongestText = 400;

    /// <summary>The key as it is kept, and stands in addresses.</summary>
    public string Text => Segment.Length == 0 ? Metric : $"{Metric}:{Segment}";

    /// <summary>The key of a finding; the order of dimensions and values does not matter.</summary>
    public static FindingKey Of(string metric, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> segment) => new(
        metric, string.Join('&', segment.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
            $"{Uri.EscapeDataString(pair.Key)}={string.Join('+', pair.Value.Order(StringComparer.Ordinal).Select(Uri.EscapeDataString))}")));

    /// <summary>The key of a text; null where it is none.</summary>
    public static FindingKey? Parse(string? text)
    {
        if (text is not { Length: > 0 and <= LongestText } || text.Any(char.IsControl))
            return null;

        return text.Split(':', 2) switch
        {
            [{ Length: > 0 } metric] => new FindingKey(metric, ""),
            [{ Length: > 0 } metric, var segment] when segment.Split('&').All(pair => pair.IndexOf('=', StringComparison.Ordinal) > 0) =>
                new FindingKey(metric, segment),
            _ => null,
        };
    }

    /// <summary>The segment for people: "EU, US"; empty for the total.</summary>
    public string SegmentName => string.Join(", ", Segment.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..])
        .SelectMany(values => values.Split('+').Select(Uri.UnescapeDataString)));

    public override string ToString() => Text;
}
