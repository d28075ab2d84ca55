using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Influx;

/// <summary>Series keys as tags, and back.</summary>
internal static class StoredKeys
{
    private static readonly string[] OwnNames = ["metric", "grain", "cut", "time", "value", "first"];

    /// <summary>The name of a dimension as a tag.</summary>
    /// <exception cref="ArgumentException">It is the name of something else, or cannot be one.</exception>
    public static string Dimension(string name) => !OwnNames.Contains(name) && Identifiers.IsAllowed(name)
        ? name
        : throw new ArgumentException(
            $"InfluxDB cannot keep a dimension '{name}': use letters, digits, '_', '-' and '.', begin with a letter or '_', and use none of "
            + $"{string.Join(", ", OwnNames)}.");

    /// <summary>The key of a series that was grouped by metric, grain, cut and at least the dimensions of its cut; null where it is not ours.</summary>
    public static SeriesKey? Read(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        string metric = "", cut = "";
        Grain? grain = null;
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "metric":
                    metric = TagText.Decode(value);
                    break;
                case "cut":
                    cut = value;
                    break;
                case "grain":
                    grain = GrainNames.TryParse(value);
                    break;
            }
        }

        if (grain is not { } known || metric.Length == 0)
            return null;

        var names = cut.Length == 0 ? [] : cut.Split(',');
        return new SeriesKey(metric, known, Segment.Of(tags
            .Where(tag => names.Contains(tag.Key))
            .Select(tag => KeyValuePair.Create(tag.Key, TagText.Decode(tag.Value)))));
    }
}
