using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Targets;

/// <summary>How targets are named in addresses and form fields.</summary>
internal static class TargetAddress
{
    /// <summary>The query string of some targets.</summary>
    public static string Of(TargetQuery query) => Joined(
        ("version", query.Version), ("metric", query.Metric), ("grain", query.Grain?.Name()),
        ("year", query.Year?.ToString(CultureInfo.InvariantCulture)), ("segment", query.Segment));

    /// <summary>The query string of one target, for the form.</summary>
    public static string Of(string metric, string version, Grain grain, string period, Segment segment) => Joined(
        ("metric", metric), ("version", version), ("grain", grain.Name()), ("period", period),
        ("segment", segment.IsTotal ? null : SegmentText(segment)));

    /// <summary>A segment as people type it: "region=EU, plan=Pro".</summary>
    public static string SegmentText(Segment segment) => string.Join(", ", segment.Values.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>The values of a typed segment; null where it is not one, with each dimension once.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? ParseSegment(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } dimension, { Length: > 0 } value]
                || !values.TryAdd(dimension, value))
                return null;
        }

        return [.. values];
    }

    /// <summary>A value as the form shows it back: a rate as a percentage.</summary>
    public static string ValueText(Unit unit, decimal value) => unit == Unit.Percent
        ? (value * 100).ToString("0.##########################", CultureInfo.InvariantCulture) + "%"
        : value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Joined(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var parts = new List<string>();
        foreach (var (name, value) in pairs)
        {
            if (value is not null)
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}
