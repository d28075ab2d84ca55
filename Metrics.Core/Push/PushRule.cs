namespace Metrics.Core.Push;

/// <summary>Which day a pushed point belongs to.</summary>
public enum PushDays
{
    /// <summary>The local day of its timestamp in the workspace's zone.</summary>
    Local,

    /// <summary>The date of its timestamp in UTC.</summary>
    Utc,
}

/// <summary>How the points of a measurement become points of metrics: one entry of <c>push/*.yaml</c>.</summary>
/// <param name="Measurement">The exact name, or the beginning of it with a star behind.</param>
/// <param name="Fields">The metric's id for each field.</param>
/// <param name="Tags">The dimension that a tag with another name gives.</param>
/// <param name="Where">The values that a tag must have one of; other points of the measurement are ignored.</param>
public sealed record PushRule(
    string Measurement, IReadOnlyDictionary<string, string> Fields, IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Where, PushDays Days)
{
    /// <summary>What stands behind the beginning of a name.</summary>
    public const char Star = '*';

    /// <summary>Where it is written, for messages.</summary>
    public string File { get; init; } = "";

    public int Line { get; init; } = 1;

    public bool IsFor(string measurement) => Measurement.EndsWith(Star)
        ? measurement.AsSpan().StartsWith(Measurement.AsSpan(0, Measurement.Length - 1))
        : measurement == Measurement;

    /// <summary>Whether a point with these tags is wanted; a tag that it does not have is empty.</summary>
    public bool Wants(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        foreach (var (tag, values) in Where)
        {
            if (!values.Contains(tags.FirstOrDefault(pair => pair.Key == tag).Value ?? ""))
                return false;
        }

        return true;
    }

    /// <summary>The dimensions that tags give: first those that the rule names, then all by their own name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> DimensionsOf(IReadOnlyList<KeyValuePair<string, string>> tags) =>
        [.. tags.Where(tag => Tags.ContainsKey(tag.Key)).Select(tag => KeyValuePair.Create(Tags[tag.Key], tag.Value)), .. tags];
}
