using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>What the field of a chart has to leave room for.</summary>
internal sealed record PlotMargins(double Top = 16, double Right = 14, double Bottom = 30);

/// <summary>
/// The field of a chart with its two axes: round values on the left, whose margin is as wide as they are, and names below, of which those
/// are left out that have no room.
/// </summary>
internal sealed class Plot
{
    private const double TickGap = 10;
    private const double Edge = 4;
    private const double NameGap = 10;

    private readonly ChartSize _size;
    private readonly IReadOnlyList<string> _texts;

    public Plot(ChartSize size, ValueFormat format, IReadOnlyCollection<decimal> values, PlotMargins margins)
    {
        _size = size;
        (Top, Bottom, Right) = (margins.Top, size.Height - margins.Bottom, size.Width - margins.Right);
        Y = Scale.Round(values, size.Ticks, Bottom, Top, format.Unit is Unit.Duration);
        _texts = AxisText.Of(format, Y.Ticks, size.Width);
        Left = Edge + TickGap + _texts.Select(text => TextWidth.Of(text)).DefaultIfEmpty().Max();
        Room = new LabelRoom(size.Width, size.Height);
    }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    public Scale Y { get; }

    /// <summary>Where texts may still stand.</summary>
    public LabelRoom Room { get; }

    /// <summary>Begins the picture and draws the values of the axis.</summary>
    public SvgWriter Open(string look, string label)
    {
        var svg = new SvgWriter().Open(
            "svg", ("class", $"plot {look} {_size.Name}"), ("viewBox", $"0 0 {SvgWriter.Number(_size.Width)} {SvgWriter.Number(_size.Height)}"),
            ("role", "img"), ("aria-label", label));
        foreach (var (tick, text) in Y.Ticks.Zip(_texts))
        {
            svg.Empty("line", ("class", tick == 0 ? "axis" : "grid"), ("x1", Left), ("x2", Right), ("y1", Y[tick]), ("y2", Y[tick]));
            Write(svg, text, "tick", new Spot(Left - TickGap, Y[tick] + 4.5, "end"));
        }

        return svg;
    }

    /// <summary>The names below, counted back from the last, which is the one that must have its own.</summary>
    public void DrawNames(SvgWriter svg, IReadOnlyList<string> names, Func<int, double> x)
    {
        if (names.Count == 0)
            return;

        var step = names.Count > 1 ? Math.Abs(x(1) - x(0)) : _size.Width;
        var widest = names.Max(name => TextWidth.Of(name));
        var every = Math.Max(1, (int)Math.Ceiling((widest + NameGap) / Math.Max(step, 1e-6)));
        for (var i = names.Count - 1; i >= 0; i -= every)
        {
            var text = TextWidth.Cut(names[i], Math.Max(step * every - NameGap, 40));
            var half = TextWidth.Of(text) / 2;
            var spot = new Spot(Math.Clamp(x(i), Math.Min(half, _size.Width / 2), Math.Max(_size.Width - half, _size.Width / 2)), _size.Height - 8, "middle");
            if (Room.TryTake(Box.OfText(text, spot.X, spot.Y, spot.Anchor)))
                Text(svg, text, "tick", spot);
        }
    }

    /// <summary>Writes a text and takes its room.</summary>
    public void Write(SvgWriter svg, string text, string look, Spot spot, bool bold = false)
    {
        Room.Take(Box.OfText(text, spot.X, spot.Y, spot.Anchor, bold));
        Text(svg, text, look, spot);
    }

    /// <summary>Writes a text at the first spot that is free; says whether there was one.</summary>
    public bool TryWrite(SvgWriter svg, string text, string look, IReadOnlyCollection<Spot> spots, bool bold = false, bool clear = true)
    {
        if (Room.Find(text, spots, bold, clear: clear) is not { } spot)
            return false;
        Text(svg, text, look, spot);
        return true;
    }

    private static void Text(SvgWriter svg, string text, string look, Spot spot) =>
        svg.Text("text", text, ("class", look), ("x", spot.X), ("y", spot.Y), ("text-anchor", spot.Anchor == "start" ? null : spot.Anchor));
}
