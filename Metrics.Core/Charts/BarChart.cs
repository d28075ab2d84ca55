using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>What a figure is, in the notation of IBCS: each is drawn in its own way everywhere.</summary>
public enum Scenario
{
    /// <summary>What happened: solid and dark.</summary>
    Actual,

    /// <summary>The year before: solid and lighter.</summary>
    PriorYear,

    /// <summary>What was planned: an outline.</summary>
    Plan,

    /// <summary>What is expected: an outline with strokes.</summary>
    Forecast,
}

/// <summary>A column of a bar chart.</summary>
/// <param name="Label">Its short name, for the axis.</param>
/// <param name="Name">Its full name, shown when pointing at it.</param>
/// <param name="Value">Null leaves a gap.</param>
/// <param name="PriorYear">The year before, a thin lighter column beside; null for none.</param>
/// <param name="Plan">What was planned, a thin outlined column beside; null for none.</param>
public sealed record Bar(string Label, string Name, decimal? Value, Scenario Scenario = Scenario.Actual, decimal? PriorYear = null, decimal? Plan = null);

/// <summary>Columns from zero. Values stand over them, or under negative ones, where they have room: the newest, the highest and the lowest first.</summary>
public static class BarChart
{
    private const double Widest = 46;
    private const double LabelGap = 5;

    /// <summary>The SVG; empty where no column has a value.</summary>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(IReadOnlyList<Bar> bars, ValueFormat format, string label, ChartSize? size = null)
    {
        if (bars.All(bar => bar.Value is null))
            return "";

        decimal[] values = [0, .. bars.SelectMany(bar => (decimal?[])[bar.Value, bar.PriorYear, bar.Plan]).OfType<decimal>()];
        var plot = new Plot(size ?? ChartSize.Wide, format, values, new PlotMargins(Top: 24, Bottom: values.Min() < 0 ? 48 : 30));
        var svg = plot.Open("bars", label);
        var step = (plot.Right - plot.Left) / bars.Count;
        var beside = bars.Any(bar => bar.PriorYear is not null || bar.Plan is not null);
        var wide = Math.Min(Widest, step * (beside ? 0.52 : 0.68));
        var thin = wide * 0.42;
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            svg.Open("g").Text("title", Title(bar, format));
            if (bar.Plan is { } plan)
                Column(svg, plot, Scenario.Plan, X(i) - wide / 2 - thin * 0.7, thin, plan);
            if (bar.PriorYear is { } before)
                Column(svg, plot, Scenario.PriorYear, X(i) - wide / 2 - thin * 0.35, thin, before);
            if (bar.Value is { } value)
                Column(svg, plot, bar.Scenario, X(i) - wide / 2, wide, value);
            svg.Close();
        }

        svg.Empty("line", ("class", "zero"), ("x1", plot.Left), ("x2", plot.Right), ("y1", plot.Y[0]), ("y2", plot.Y[0]));
        plot.DrawNames(svg, [.. bars.Select(bar => bar.Label)], X);
        foreach (var i in ByImportance(bars))
        {
            var (value, text) = (bars[i].Value!.Value, format.Compact(bars[i].Value));
            var y = plot.Y[value] + (value < 0 ? LabelGap + 10 : -LabelGap);
            plot.TryWrite(svg, text, "reading", [new Spot(X(i), y, "middle")]);
        }

        return svg.Close().ToString();

        double X(int i) => plot.Left + (i + 0.5) * step + (beside ? thin * 0.3 : 0);
    }

    /// <summary>The columns with a value, in the order in which they get a label.</summary>
    private static IEnumerable<int> ByImportance(IReadOnlyList<Bar> bars)
    {
        int[] known = [.. Enumerable.Range(0, bars.Count).Where(i => bars[i].Value is not null)];
        return new[] { known[^1], known.MaxBy(i => bars[i].Value), known.MinBy(i => bars[i].Value), known[0] }.Concat(known.Reverse()).Distinct();
    }

    private static void Column(SvgWriter svg, Plot plot, Scenario scenario, double x, double width, decimal value)
    {
        var (top, bottom) = (Math.Min(plot.Y[value], plot.Y[0]), Math.Max(plot.Y[value], plot.Y[0]));
        ScenarioLook.Rect(svg, scenario, x, top, width, bottom - top);
        plot.Room.Take(new Box(x, top, x + width, bottom));
    }

    private static string Title(Bar bar, ValueFormat format) => $"{bar.Name}: {format.Compact(bar.Value)}"
        + (bar.PriorYear is { } before ? $", the year before {format.Compact(before)}" : "")
        + (bar.Plan is { } plan ? $", plan {format.Compact(plan)}" : "");
}
