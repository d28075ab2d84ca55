namespace Metrics.Core.Charts;

/// <summary>Names with their look over a chart, in as many rows as they need.</summary>
internal sealed class Legend
{
    private const double Row = 20;
    private const double Swatch = 12;
    private const double Gap = 16;
    private const double Baseline = 14;

    private readonly List<(int At, string Text, double X, double Y)> _entries = [];

    public Legend(IReadOnlyList<string> names, double width)
    {
        var (x, y) = (0.0, 0.0);
        for (var i = 0; i < names.Count; i++)
        {
            var text = TextWidth.Cut(names[i], width - Swatch - 6);
            var needs = Swatch + 6 + TextWidth.Of(text);
            if (x > 0 && x + needs > width)
                (x, y) = (0, y + Row);
            _entries.Add((i, text, x, y));
            x += needs + Gap;
        }

        Height = names.Count == 0 ? 0 : y + Row;
    }

    public double Height { get; }

    public void Draw(SvgWriter svg, LabelRoom room)
    {
        foreach (var (at, text, x, y) in _entries)
        {
            SeriesLook.Fill(svg, at, x, y + Baseline - 11, Swatch, Swatch);
            svg.Text("text", text, ("class", "tick"), ("x", x + Swatch + 6), ("y", y + Baseline));
            room.Take(Box.OfText(text, x + Swatch + 6, y + Baseline));
        }
    }
}
