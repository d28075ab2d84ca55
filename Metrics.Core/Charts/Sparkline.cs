using Metrics.Core.Series;

namespace Metrics.Core.Charts;

/// <summary>
/// The last periods of a tile as one small line without axes. The last point is marked: filled when its period is complete, hollow and
/// reached by a dashed line when it is not. A period without a value leaves a gap.
/// </summary>
public static class Sparkline
{
    private const double Width = 400;
    private const double Height = 72;
    private const double Margin = 6;
    private const double SmallWidth = 104;
    private const double SmallHeight = 20;
    private const double SmallMargin = 3;

    /// <summary>The SVG, hidden from screen readers because the tile says the same in words; empty where there is nothing to draw.</summary>
    public static string Draw(IReadOnlyList<PeriodValue> values) => Draw(values, Width, Height, Margin, 4, "spark");

    /// <summary>The same for a row of a table.</summary>
    public static string DrawSmall(IReadOnlyList<PeriodValue> values) => Draw(values, SmallWidth, SmallHeight, SmallMargin, 2.5, "spark small");

    private static string Draw(IReadOnlyList<PeriodValue> values, double width, double height, double margin, double radius, string look)
    {
        decimal[] known = [.. values.Where(value => value.Value is not null).Select(value => value.Value!.Value)];
        if (known.Length == 0)
            return "";

        var y = Scale.Fit(known, height - margin, margin);
        var step = values.Count > 1 ? (width - 2 * margin) / (values.Count - 1) : 0;
        var dots = values
            .Select((value, i) => value.Value is { } number ? new Dot(margin + i * step, y[number], value.Complete) : null)
            .ToArray();

        var svg = new SvgWriter().Open("svg", ("class", look), ("viewBox", $"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}"), ("aria-hidden", "true"), ("focusable", "false"));
        Line.Draw(svg, dots, "spark-line");
        if (dots[^1] is { } last)
            svg.Empty("circle", ("class", last.Complete ? "dot" : "dot open"), ("cx", last.X), ("cy", last.Y), ("r", radius));
        return svg.Close().ToString();
    }
}
