using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>Several segments as lines, each with its name at its end; names are pushed apart so that none covers another.</summary>
public static class LineSeries
{
    /// <summary>The SVG; empty where no segment has a value.</summary>
    /// <param name="periods">The short names of the periods, oldest first.</param>
    /// <param name="segments">The most important first: where there is no room for all names, the last ones have theirs only as a title.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(
        IReadOnlyList<string> periods, IReadOnlyList<SegmentValues> segments, ValueFormat format, string label, ChartSize? size = null) =>
        LinesPicture.Draw(
            "lines", periods,
            [.. segments.Select((segment, i) => new PictureLine(segment.Name, segment.Values, "series " + SeriesLook.Of(i), AxisText.Of(format, segment.Values.LastOrDefault(value => value is not null), (size ?? ChartSize.Wide).Width / 2)))],
            new PictureFrame(format), label, size ?? ChartSize.Wide);
}
