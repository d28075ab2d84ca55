using System.Globalization;

namespace Metrics.Core.Charts;

/// <summary>A cell of a heat map.</summary>
/// <param name="Heat">0 to 1, of which 1 has the darkest ground; null for a cell that is not known.</param>
/// <param name="Text">What is written in it.</param>
/// <param name="Title">What is said of it when pointing at it.</param>
public sealed record HeatCell(double? Heat, string Text, string Title);

/// <summary>A row of a heat map; cells at its end may be missing.</summary>
public sealed record HeatRow(string Name, IReadOnlyList<HeatCell> Cells);

/// <summary>
/// A matrix whose cells are the darker the larger their value, with the value in each that has room for it. Grounds stay so light that
/// texts can be read on all of them.
/// </summary>
public static class HeatMap
{
    private const double RowHeight = 24;
    private const double Head = 24;
    private const double LegendHeight = 30;
    private const double Gap = 10;
    private const double CellSize = 12;
    private const int Grounds = 10;

    /// <summary>The class of the ground for a heat of 0 to 1; what is below or above has the lightest or the darkest.</summary>
    public static string GroundOf(double? heat) => heat is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"heat-{Math.Clamp((int)Math.Ceiling(known * Grounds), 0, Grounds)}")
        : "heat-0";

    /// <summary>The SVG; empty where there is no row.</summary>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="low">What the lightest ground stands for.</param>
    /// <param name="high">What the darkest stands for.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(
        IReadOnlyList<string> columns, IReadOnlyList<HeatRow> rows, string low, string high, string label, ChartSize? size = null)
    {
        if (rows.Count == 0 || columns.Count == 0)
            return "";

        size ??= ChartSize.Wide;
        var left = Math.Min(size.Width * 0.3, rows.Max(row => TextWidth.Of(row.Name))) + Gap;
        var step = (size.Width - left) / columns.Count;
        var height = Head + rows.Count * RowHeight + LegendHeight;
        var room = new LabelRoom(size.Width, height);
        var svg = new SvgWriter().Open(
            "svg", ("class", $"plot heat-map {size.Name}"), ("viewBox", $"0 0 {SvgWriter.Number(size.Width)} {SvgWriter.Number(height)}"),
            ("role", "img"), ("aria-label", label));
        for (var c = 0; c < columns.Count; c++)
        {
            var text = TextWidth.Cut(columns[c], Math.Max(step - 2, 14));
            if (room.Find(text, [new Spot(left + (c + 0.5) * step, Head - 8, "middle")]) is { } spot)
                svg.Text("text", text, ("class", "tick"), ("x", spot.X), ("y", spot.Y), ("text-anchor", "middle"));
        }

        for (var r = 0; r < rows.Count; r++)
        {
            var top = Head + r * RowHeight;
            svg.Text("text", TextWidth.Cut(rows[r].Name, left - Gap), ("class", "name"), ("x", 0.0), ("y", top + RowHeight / 2 + 4.5));
            for (var c = 0; c < Math.Min(columns.Count, rows[r].Cells.Count); c++)
            {
                var cell = rows[r].Cells[c];
                svg.Open("g").Text("title", cell.Title);
                svg.Empty("rect", ("class", GroundOf(cell.Heat)), ("x", left + c * step + 0.5), ("y", top + 0.5), ("width", step - 1), ("height", RowHeight - 1));
                if (TextWidth.Of(cell.Text, CellSize) <= step - 2)
                    svg.Text("text", cell.Text, ("class", "cell"), ("x", left + (c + 0.5) * step), ("y", top + RowHeight / 2 + 4.5), ("text-anchor", "middle"));
                svg.Close();
            }
        }

        DrawLegend(svg, low, high, left, height, size.Width);
        return svg.Close().ToString();
    }

    private static void DrawLegend(SvgWriter svg, string low, string high, double left, double height, double width)
    {
        const double step = 14;
        var (x, y) = (left, height - LegendHeight + 12);
        var lowText = TextWidth.Cut(low, (width - left) / 2 - 5 * step);
        svg.Text("text", lowText, ("class", "tick"), ("x", x), ("y", y + 11));
        x += TextWidth.Of(lowText) + 6;
        for (var ground = 2; ground <= Grounds; ground += 2)
            svg.Empty("rect", ("class", string.Create(CultureInfo.InvariantCulture, $"heat-{ground}")), ("x", x + (ground / 2 - 1) * step), ("y", y), ("width", step), ("height", 14.0));
        x += Grounds / 2 * step + 6;
        svg.Text("text", TextWidth.Cut(high, width - x), ("class", "tick"), ("x", x), ("y", y + 11));
    }
}
