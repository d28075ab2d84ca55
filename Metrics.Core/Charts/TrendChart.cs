using Metrics.Core.Catalog;
using Metrics.Core.Series;

namespace Metrics.Core.Charts;

/// <summary>One period of a trend.</summary>
/// <param name="Label">The period's short name, for the axis.</param>
/// <param name="Name">Its full name, shown when pointing at it.</param>
/// <param name="YearAgo">The value a year before; null where there is none that is complete.</param>
public sealed record TrendPoint(string Label, string Name, PeriodValue Value, decimal? YearAgo);

/// <summary>
/// A metric over time: its line, the year before as a lighter dashed one, round values on the axis. Incomplete periods are hollow and
/// reached by a dashed line.
/// </summary>
public static class TrendChart
{
    private const double Width = 960;
    private const double Height = 300;
    private const double Left = 64;
    private const double Right = 72;
    private const double Top = 14;
    private const double Bottom = 30;

    // A label needs about this much room.
    private const double LabelRoom = 76;

    /// <summary>The SVG; empty where no period has a value.</summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(IReadOnlyList<TrendPoint> points, ValueFormat format, string label)
    {
        decimal[] values =
        [
            .. points.Where(point => point.Value.Value is not null).Select(point => point.Value.Value!.Value),
            .. points.Where(point => point.YearAgo is not null).Select(point => point.YearAgo!.Value),
        ];
        if (points.All(point => point.Value.Value is null))
            return "";

        var y = Scale.Round(values, 4, Height - Bottom, Top);
        var step = points.Count > 1 ? (Width - Left - Right) / (points.Count - 1) : 0;
        var dots = points.Select((point, i) => point.Value.Value is { } value ? new Dot(X(i), y[value], point.Value.Complete) : null).ToArray();
        var before = points.Select((point, i) => point.YearAgo is { } value ? new Dot(X(i), y[value], Complete: true) : null).ToArray();

        var svg = new SvgWriter().Open("svg", ("class", "trend"), ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", label));
        DrawAxes(svg, points, format, y, X);
        Line.Draw(svg, before, "line-before");
        Line.Draw(svg, dots, "line");
        DrawDots(svg, points, dots, format);
        return svg.Close().ToString();

        double X(int i) => points.Count > 1 ? Left + i * step : (Left + Width - Right) / 2;
    }

    private static void DrawAxes(SvgWriter svg, IReadOnlyList<TrendPoint> points, ValueFormat format, Scale y, Func<int, double> x)
    {
        var ticks = format.ForColumn(y.Ticks.Select(tick => (decimal?)tick));
        foreach (var tick in y.Ticks)
        {
            svg.Empty("line", ("class", tick == 0 ? "axis" : "grid"), ("x1", Left), ("x2", Width - Right), ("y1", y[tick]), ("y2", y[tick]));
            svg.Text("text", ticks.Compact(tick), ("class", "tick"), ("x", Left - 10), ("y", y[tick] + 4), ("text-anchor", "end"));
        }

        // Counted back from the newest, which is the one that must have its name.
        var every = Math.Max(1, (int)Math.Ceiling(LabelRoom / Math.Max(1, points.Count > 1 ? x(1) - x(0) : LabelRoom)));
        for (var i = points.Count - 1; i >= 0; i -= every)
            svg.Text("text", points[i].Label, ("class", "tick"), ("x", x(i)), ("y", Height - 8), ("text-anchor", "middle"));
    }

    private static void DrawDots(SvgWriter svg, IReadOnlyList<TrendPoint> points, Dot?[] dots, ValueFormat format)
    {
        for (var i = 0; i < dots.Length; i++)
        {
            if (dots[i] is not { } dot)
                continue;

            var last = i == dots.Length - 1;
            var look = !dot.Complete ? "dot open" : last ? "dot" : "dot quiet";
            svg.Open("circle", ("class", look), ("cx", dot.X), ("cy", dot.Y), ("r", last || !dot.Complete ? 4.5 : 3.0))
                .Text("title", $"{points[i].Name}: {format.Compact(points[i].Value.Value)}{(dot.Complete ? "" : " (incomplete)")}")
                .Close();
        }

        var newest = Array.FindLastIndex(dots, dot => dot is not null);
        svg.Text("text", format.Compact(points[newest].Value.Value),
            ("class", "mark"), ("x", dots[newest]!.X + 10), ("y", dots[newest]!.Y + 4));
    }
}
