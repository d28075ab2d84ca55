using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>A segment over some periods.</summary>
/// <param name="Values">One for each period, oldest first; null where the segment is not known.</param>
public sealed record SegmentValues(string Name, IReadOnlyList<decimal?> Values);

/// <summary>Segments of periods on top of each other: their values, or their shares of the whole. What is negative goes down from zero.</summary>
public static class StackedBars
{
    private const double Widest = 56;

    /// <summary>The SVG; empty where no segment has a value.</summary>
    /// <param name="periods">The short names of the periods, oldest first.</param>
    /// <param name="segments">The largest first: it stands at the bottom.</param>
    /// <param name="shares">Whether each period is a whole of 100 %; values that are not positive have no share.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(
        IReadOnlyList<string> periods, IReadOnlyList<SegmentValues> segments, ValueFormat format, string label, ChartSize? size = null, bool shares = false)
    {
        if (segments.All(segment => segment.Values.All(value => value is null)))
            return "";

        size ??= ChartSize.Wide;
        decimal?[][] values = [.. segments.Select(segment => segment.Values.ToArray())];
        if (shares)
            values = Shares(values, periods.Count);
        var axis = shares ? new ValueFormat(Unit.Percent, format.Currency) : format;
        var ups = periods.Select((_, i) => values.Sum(segment => Math.Max(segment[i] ?? 0, 0))).ToArray();
        var downs = periods.Select((_, i) => values.Sum(segment => Math.Min(segment[i] ?? 0, 0))).ToArray();
        var legend = new Legend([.. segments.Select(segment => segment.Name)], size.Width);
        var plot = new Plot(size with { Height = size.Height + legend.Height }, axis, [0, .. ups, .. downs], new PlotMargins(Top: legend.Height + 26, Bottom: downs.Min() < 0 ? 48 : 30));
        var svg = plot.Open("stack", label);
        legend.Draw(svg, plot.Room);
        var step = (plot.Right - plot.Left) / periods.Count;
        var wide = Math.Min(Widest, step * 0.72);
        for (var i = 0; i < periods.Count; i++)
        {
            var (up, down) = (0m, 0m);
            for (var s = 0; s < segments.Count; s++)
            {
                if (values[s][i] is not { } value || value == 0)
                    continue;
                var from = value > 0 ? up : down;
                (up, down) = value > 0 ? (up + value, down) : (up, down + value);
                var (top, bottom) = (plot.Y[Math.Max(from, from + value)], plot.Y[Math.Min(from, from + value)]);
                svg.Open("g").Text("title", $"{segments[s].Name}, {periods[i]}: {axis.Compact(value)}");
                SeriesLook.Fill(svg, s, X(i) - wide / 2, top, wide, bottom - top);
                svg.Close();
            }

            plot.Room.Take(new Box(X(i) - wide / 2, plot.Y[up], X(i) + wide / 2, plot.Y[down]));
        }

        svg.Empty("line", ("class", "zero"), ("x1", plot.Left), ("x2", plot.Right), ("y1", plot.Y[0]), ("y2", plot.Y[0]));
        plot.DrawNames(svg, periods, X);
        for (var i = periods.Count - 1; !shares && i >= 0; i--)
        {
            if (segments.Any(segment => segment.Values[i] is not null))
                plot.TryWrite(svg, format.Compact(ups[i] + downs[i]), "reading", [new Spot(X(i), plot.Y[ups[i]] - 5, "middle")]);
        }

        return svg.Close().ToString();

        double X(int i) => plot.Left + (i + 0.5) * step;
    }

    private static decimal?[][] Shares(decimal?[][] values, int periods)
    {
        decimal[] wholes = [.. Enumerable.Range(0, periods).Select(i => values.Sum(segment => Math.Max(segment[i] ?? 0, 0)))];
        return [.. values.Select(segment => segment.Select((value, i) => value > 0 && wholes[i] > 0 ? value / wholes[i] : null).ToArray())];
    }
}
