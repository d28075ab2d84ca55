using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>A line of a picture with several.</summary>
/// <param name="Values">One for each place of the axis; those at the end may be missing.</param>
/// <param name="Look">Its classes.</param>
/// <param name="End">The value that stands behind its name.</param>
/// <param name="Open">How many of its last values are not final.</param>
internal sealed record PictureLine(string Name, IReadOnlyList<decimal?> Values, string Look, string End, int Open = 0);

/// <summary>What stands behind the lines.</summary>
internal sealed record PictureFrame(ValueFormat Format)
{
    /// <summary>The lowest and the highest at each place; empty for none.</summary>
    public IReadOnlyList<(decimal Low, decimal High)?> Band { get; init; } = [];

    /// <summary>A level that should be reached; null for none.</summary>
    public decimal? Goal { get; init; }

    public string GoalText { get; init; } = "";

    /// <summary>Whether the axis has 0, because the lines are parts of a whole.</summary>
    public bool FromZero { get; init; }
}

/// <summary>Lines with names at their ends.</summary>
internal static class LinesPicture
{
    private const double Row = 16;

    // Between the data and a name stands a piece of the name's line.
    private const double NameGap = 28;
    private const double KeyLeft = 8;
    private const double KeyRight = 24;

    // Names take at most so much of the width.
    private const double MostNames = 0.38;

    public static string Draw(
        string look, IReadOnlyList<string> places, IReadOnlyList<PictureLine> lines, PictureFrame frame, string label, ChartSize size)
    {
        PictureLine[] known = [.. lines.Where(line => line.Values.Any(value => value is not null))];
        if (known.Length == 0 || places.Count == 0)
            return "";

        decimal[] values =
        [
            .. known.SelectMany(line => line.Values).OfType<decimal>(), .. frame.Band.OfType<(decimal Low, decimal High)>().SelectMany(band => (decimal[])[band.Low, band.High]),
            .. frame.Goal is { } goal ? [goal] : (decimal[])[], .. frame.FromZero ? [0] : (decimal[])[],
        ];
        var names = Math.Min(size.Width * MostNames, known.Max(line => TextWidth.Of(NameOf(line), bold: true)));
        var plot = new Plot(size, frame.Format, values, new PlotMargins(Right: names + NameGap + 4));
        var svg = plot.Open(look, label);
        var step = places.Count > 1 ? (plot.Right - plot.Left) / (places.Count - 1) : 0;
        plot.DrawNames(svg, places, X);
        DrawBand(svg, frame.Band, plot, X);
        var all = known.Select(line => line.Values.Take(places.Count)
            .Select((value, i) => value is { } number ? new Dot(X(i), plot.Y[number], i < line.Values.Count - line.Open) : null).ToArray()).ToArray();
        for (var i = 0; i < known.Length; i++)
        {
            svg.Open("g", ("class", "line-of")).Text("title", NameOf(known[i]));
            Line.Draw(svg, all[i], known[i].Look);
            svg.Close();
            plot.Room.Avoid(all[i]);
        }

        DrawEnds(svg, known, all, plot, names, step);
        if (frame.Goal is { } aim)
        {
            var y = plot.Y[aim];
            svg.Empty("line", ("class", "goal"), ("x1", plot.Left), ("x2", plot.Right), ("y1", y), ("y2", y));
            plot.TryWrite(svg, frame.GoalText, "tick", [new Spot(plot.Left + 4, y - 5), new Spot(plot.Right - 4, y - 5, "end"), new Spot(plot.Left + 4, y + 14), new Spot(plot.Right - 4, y + 14, "end")]);
        }

        return svg.Close().ToString();

        double X(int i) => places.Count > 1 ? plot.Left + i * step : (plot.Left + plot.Right) / 2;
    }

    private static string NameOf(PictureLine line) => line.End.Length == 0 ? line.Name : $"{line.Name} {line.End}";

    private static void DrawBand(SvgWriter svg, IReadOnlyList<(decimal Low, decimal High)?> band, Plot plot, Func<int, double> x)
    {
        var run = new List<int>();
        for (var i = 0; i <= band.Count; i++)
        {
            if (i < band.Count && band[i] is not null)
            {
                run.Add(i);
                continue;
            }

            if (run.Count > 1)
            {
                var outline = run.Select(at => (x(at), plot.Y[band[at]!.Value.High])).Concat(run.AsEnumerable().Reverse().Select(at => (x(at), plot.Y[band[at]!.Value.Low])));
                svg.Empty("polygon", ("class", "range-band"), ("points", string.Join(' ', outline.Select(place => $"{SvgWriter.Number(place.Item1)},{SvgWriter.Number(place.Item2)}"))));
            }

            run.Clear();
        }
    }

    /// <summary>
    /// The names in the right margin, as near to the ends of their lines as they can be. A thin line leads there from a line that goes that
    /// far; from one that ended long before it would only cross the others.
    /// </summary>
    private static void DrawEnds(SvgWriter svg, PictureLine[] lines, Dot?[][] all, Plot plot, double room, double step)
    {
        var most = EndLabels.Most(Row, plot.Top, plot.Bottom);
        var ends = all.Take(most).Select(line => line.Last(dot => dot is not null)!).ToArray();
        var places = EndLabels.Spread([.. ends.Select(end => end.Y)], Row, plot.Top, plot.Bottom);
        for (var i = 0; i < ends.Length; i++)
        {
            if (ends[i].X > plot.Right - 1.5 * step)
                svg.Empty("line", ("class", "leader " + lines[i].Look), ("x1", ends[i].X + 3), ("x2", plot.Right + KeyLeft), ("y1", ends[i].Y), ("y2", places[i]));
            svg.Empty("polyline", ("class", lines[i].Look), ("points", $"{SvgWriter.Number(plot.Right + KeyLeft)},{SvgWriter.Number(places[i])} {SvgWriter.Number(plot.Right + KeyRight)},{SvgWriter.Number(places[i])}"));
            var full = NameOf(lines[i]);
            var text = TextWidth.Of(full, bold: true) <= room ? full
                : $"{TextWidth.Cut(lines[i].Name, room - TextWidth.Of(" " + lines[i].End, bold: true), bold: true)} {lines[i].End}".Trim();
            plot.Write(svg, TextWidth.Cut(text, room, bold: true), "end", new Spot(plot.Right + NameGap, places[i] + 4.5), bold: true);
        }
    }
}
