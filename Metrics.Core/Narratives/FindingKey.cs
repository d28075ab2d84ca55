namespace Metrics.Core.Narratives;

/// <summary>
/// What names a finding of a board from one period to the next: the metric, the segment and what is wrong with it. "mrr_churn:target",
/// "mrr:alert/mrr_low", "signups:target:region=EU".
/// </summary>
/// <param name="Kind">What was found, such as <c>target</c>, <c>stale</c> or <c>alert/mrr_low</c>: without colons.</param>
/// <param name="Segment">Dimensions and their values as <see cref="Of"/> writes them; empty for the total.</param>
public sealed record FindingKey(string Metric, string Kind, string Segment)
{
    /// <summary>The longest key that is kept.</summary>
    public const int LongestText = 400;

    /// <summary>The key as it is kept, and stands in addresses.</summary>
    public string Text => Segment.Length == 0 ? $"{Metric}:{Kind}" : $"{Metric}:{Kind}:{Segment}";

    /// <summary>The key of a finding; the order of dimensions and values does not matter.</summary>
    public static FindingKey Of(string metric, string kind, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> segment) => new(
        metric, kind, string.Join('&', segment.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
            $"{Uri.EscapeDataString(pair.Key)}={string.Join('+', pair.Value.Order(StringComparer.Ordinal).Select(Uri.EscapeDataString))}")));

    /// <summary>The key of a text; null where it is none.</summary>
    public static FindingKey? Parse(string? text) =>
        text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl) && text.Split(':', 3) is [{ Length: > 0 } metric, { Length: > 0 } kind, .. var rest]
            ? new FindingKey(metric, kind, rest is [var segment] ? segment : "")
            : null;

    /// <summary>The segment for people: "EU, US"; empty for the total.</summary>
    public string SegmentName => string.Join(", ", Segment.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..])
        .SelectMany(values => values.Split('+').Select(Uri.UnescapeDataString)));

    public override string ToString() => Text;
}
