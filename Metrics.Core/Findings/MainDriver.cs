using System.Globalization;
using Metrics.Core.Drivers;

namespace Metrics.Core.Findings;

/// <summary>A part of a change, and which share of it that is.</summary>
/// <param name="Name">A metric, or a value of a dimension.</param>
/// <param name="Share">Of the change, a fraction; above 1 where other parts go the other way.</param>
public sealed record DriverShare(string Name, decimal Share);

/// <summary>What most of a change comes from: one of the metrics that drive it, one segment, or both.</summary>
/// <param name="Segment">The segment's value.</param>
/// <param name="Dimension">What it is a value of; null without a segment.</param>
/// <param name="IsRise">Whether the metric rose.</param>
public sealed record MainDriver(DriverShare? Part, DriverShare? Segment, string? Dimension, bool IsRise)
{
    /// <summary>A part that explains less than this of a change does not stand out.</summary>
    public const decimal SmallestShare = 0.25m;

    private string Change => IsRise ? "rise" : "drop";

    /// <summary>"Churned MRR explains 71 % of the drop; 62 % of it is in Enterprise (plan)."</summary>
    public string Sentence => (Part, Segment) switch
    {
        ({ } part, { } segment) => $"{Explains(part)}; {IsIn(segment, "it")}.",
        ({ } part, null) => $"{Explains(part)}.",
        (_, { } segment) => $"{Capital(IsIn(segment, $"the {Change}"))}.",
        _ => "",
    };

    /// <summary>The largest parts with the sign of the change; null where nothing changed or none is large enough.</summary>
    public static MainDriver? Of(MetricDrivers drivers)
    {
        if (drivers.Change is not { } change || change == 0)
            return null;

        var part = PartOf(drivers);
        var (segment, dimension) = SegmentOf(drivers);
        return part is null && segment is null ? null : new MainDriver(part, segment, dimension, change > 0);
    }

    private static DriverShare? PartOf(MetricDrivers drivers)
    {
        if ((drivers.Movements ?? drivers.Drivers) is not { Parts.Count: > 1 } parts)
            return null;

        // The largest one counts or none: naming the second would pass over what matters more.
        var largest = parts.Parts.MaxBy(one => parts.ShareOf(one.Amount) ?? 0)!;
        return parts.ShareOf(largest.Amount) is { } share && share >= SmallestShare && drivers.SourceOf(largest.Text) is { } source && source.Id == largest.Text
            ? new DriverShare(source.Name, share)
            : null;
    }

    /// <summary>Of the dimensions the one whose largest segment is most above an even share.</summary>
    private static (DriverShare? Segment, string? Dimension) SegmentOf(MetricDrivers drivers)
    {
        var found = drivers.Dimensions
            .Where(effects => effects.Rows.Count > 1 && effects.Change != 0)
            .Select(effects => (effects.Dimension, Even: 1m / effects.Rows.Count, Row: effects.Rows.MaxBy(row => row.Amount / effects.Change)!, effects.Change))
            .Select(one => (one.Dimension, one.Even, one.Row, Share: one.Row.Amount / one.Change))
            .Where(one => one.Share >= SmallestShare && one.Row is { IsOther: false } && one.Row.Name != Metrics.Core.Series.Segment.NoValue)
            .OrderByDescending(one => one.Share - one.Even).ThenBy(one => one.Dimension, StringComparer.Ordinal)
            .FirstOrDefault();
        return found.Row is null ? (null, null) : (new DriverShare(found.Row.Name, found.Share), found.Dimension);
    }

    private string Explains(DriverShare part) => part.Share switch
    {
        > 1 => $"{part.Name} explains more than the whole {Change}",
        1 => $"{part.Name} explains all of the {Change}",
        _ => $"{part.Name} explains {Percent(part.Share)} of the {Change}",
    };

    private string IsIn(DriverShare segment, string whole) =>
        $"{(segment.Share >= 1 ? "all" : Percent(segment.Share))} of {whole} is in {segment.Name} ({Dimension})";

    // Rounded down where it is nearly all, so that only all of it is called so.
    private static string Percent(decimal share) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Min(99, decimal.Round(share * 100, MidpointRounding.AwayFromZero)):0}\u00A0%");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
