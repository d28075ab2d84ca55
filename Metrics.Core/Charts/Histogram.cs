using System.Globalization;
using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>How many values lie from one bound up to and without another; the last bin has its upper bound too.</summary>
public sealed record HistogramBin(decimal From, decimal To, int Count);

/// <summary>The distribution of some values.</summary>
/// <param name="Median">With the quartiles by linear interpolation between the two nearest values (type 7 of Hyndman and Fan).</param>
public sealed record Distribution(IReadOnlyList<HistogramBin> Bins, decimal LowerQuartile, decimal Median, decimal UpperQuartile)
{
    private const int MostBins = 40;

    /// <summary>
    /// Bins of a round width near that of Freedman and Diaconis (twice the interquartile range by the cube root of the count), or of
    /// Sturges where half of the values are the same. Null where there is no value.
    /// </summary>
    /// <param name="isWhole">Whether values are counts, so that a bin is at least 1 wide.</param>
    public static Distribution? Of(IReadOnlyCollection<decimal> values, bool isWhole = false)
    {
        if (values.Count == 0)
            return null;

        decimal[] sorted = [.. values.Order()];
        var (lower, median, upper) = (Quantile(sorted, 0.25m), Quantile(sorted, 0.5m), Quantile(sorted, 0.75m));
        var range = (double)sorted[^1] - (double)sorted[0];
        var rough = upper > lower
            ? 2 * (double)(upper - lower) / Math.Cbrt(sorted.Length)
            : range / (Math.Log2(sorted.Length) + 1);
        if (range == 0)
            rough = sorted[0] == 0 ? 1 : Math.Abs((double)sorted[0]) / 10;
        rough = Math.Max(rough, range / (MostBins / 2.0));
        var width = (decimal)Scale.StepOf(rough);
        if (isWhole)
            width = Math.Max(1, decimal.Ceiling(width));

        var first = decimal.Floor(sorted[0] / width);
        var last = Math.Max(first + 1, decimal.Ceiling(sorted[^1] / width));
        var counts = new int[(int)(last - first)];
        foreach (var value in sorted)
            counts[Math.Min((int)(decimal.Floor(value / width) - first), counts.Length - 1)]++;
        return new Distribution(
            [.. counts.Select((count, i) => new HistogramBin((first + i) * width, (first + i + 1) * width, count))], lower, median, upper);
    }

    private static decimal Quantile(decimal[] sorted, decimal share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)decimal.Floor(at);
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

/// <summary>A value that a distribution is looked at for.</summary>
public sealed record HistogramMark(decimal Value, string Name);

/// <summary>How values are spread: a column from zero for each bin, the median and the quartiles as upright marks.</summary>
public static class Histogram
{
    /// <summary>The SVG; empty where there is no value.</summary>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    /// <param name="mark">A value to show among them; null for none.</param>
    public static string Draw(Distribution? distribution, ValueFormat format, string label, ChartSize? size = null, HistogramMark? mark = null)
    {
        if (distribution is null)
            return "";

        var (bins, counts) = (distribution.Bins, new ValueFormat(Unit.Count, format.Currency));
        var plot = new Plot(size ?? ChartSize.Wide, counts, [0, .. bins.Select(bin => (decimal)bin.Count)], new PlotMargins(Top: mark is null ? 28 : 46, Right: 20));
        var svg = plot.Open("histogram", label);
        var step = (plot.Right - plot.Left) / bins.Count;
        var (from, to) = (bins[0].From, bins[^1].To);
        foreach (var (bin, i) in bins.Select((bin, i) => (bin, i)))
        {
            svg.Open("g").Text("title", string.Create(CultureInfo.InvariantCulture, $"{format.Compact(bin.From)} to {format.Compact(bin.To)}: {bin.Count}"));
            ScenarioLook.Rect(svg, Scenario.Actual, plot.Left + i * step + 0.5, plot.Y[bin.Count], step - 1, plot.Y[0] - plot.Y[bin.Count]);
            svg.Close();
        }

        svg.Empty("line", ("class", "zero"), ("x1", plot.Left), ("x2", plot.Right), ("y1", plot.Y[0]), ("y2", plot.Y[0]));
        decimal[] edges = [.. bins.Select(bin => bin.From), to];
        var texts = AxisText.Of(format, edges, (size ?? ChartSize.Wide).Width);
        plot.DrawNames(svg, texts, i => plot.Left + i * step);
        if (mark is not null)
        {
            var (x, text) = (X(Math.Clamp(mark.Value, from, to)), $"{mark.Name} {AxisText.Of(format, mark.Value, (size ?? ChartSize.Wide).Width, bold: true)}");
            svg.Open("line", ("class", "current"), ("x1", x), ("x2", x), ("y1", plot.Top - 24), ("y2", plot.Bottom)).Text("title", text).Close();
            svg.Empty("path", ("class", "current"), ("d", SignalMark.Of(SignalShape.Drift, true, x, plot.Bottom, 6)));
            plot.TryWrite(
                svg, text, "mark", [new Spot(x + 6, plot.Top - 28), new Spot(x - 6, plot.Top - 28, "end"), new Spot(x, plot.Top - 30, "middle")], bold: true, clear: false);
        }

        foreach (var (value, name, look) in ((decimal, string, string)[])
            [(distribution.Median, "median", "quantile median"), (distribution.LowerQuartile, "a quarter below", "quantile"), (distribution.UpperQuartile, "a quarter above", "quantile")])
        {
            var x = X(value);
            var text = $"{name} {AxisText.Of(format, value, (size ?? ChartSize.Wide).Width)}";
            svg.Open("line", ("class", look), ("x1", x), ("x2", x), ("y1", plot.Top - 6), ("y2", plot.Bottom)).Text("title", text).Close();
            plot.TryWrite(svg, text, "tick", [new Spot(x, plot.Top - 12, "middle"), new Spot(x, plot.Top - 12, "end"), new Spot(x, plot.Top - 12)]);
        }

        return svg.Close().ToString();

        double X(decimal value) => plot.Left + (double)((value - from) / (to - from)) * (plot.Right - plot.Left);
    }
}
