namespace Metrics.Core.Charts;

/// <summary>A figure against its target.</summary>
/// <param name="Text">The figure as it is written.</param>
/// <param name="Target">Null for none.</param>
/// <param name="Look">The class that colors the bar: good, watch, bad or neutral.</param>
public sealed record BulletRow(string Name, decimal Value, string Text, decimal? Target = null, string? TargetText = null, string Look = "neutral")
{
    /// <summary>Where the qualitative ranges end, lowest first: poor, fair, good; empty for none.</summary>
    public IReadOnlyList<decimal> Bands { get; init; } = [];
}

/// <summary>Bullet graphs (Few): a bar from zero, the target as an upright mark, up to three ranges as grounds. Each row has its own scale.</summary>
public static class Bullet
{
    private const double RowHeight = 34;
    private const double BarHeight = 10;
    private const double BandHeight = 22;
    private const double Gap = 12;
    private const int MostBands = 3;

    /// <summary>The SVG; empty where there is no row.</summary>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(IReadOnlyList<BulletRow> rows, string label, ChartSize? size = null)
    {
        if (rows.Count == 0)
            return "";

        var width = (size ?? ChartSize.Wide).Width;
        var left = Math.Min(width * 0.34, rows.Max(row => TextWidth.Of(row.Name))) + Gap;
        var right = width - rows.Max(row => TextWidth.Of(Cut(row, width), bold: true)) - Gap;
        var height = rows.Count * RowHeight;
        var svg = new SvgWriter().Open(
            "svg", ("class", $"plot bullet {(size ?? ChartSize.Wide).Name}"), ("viewBox", $"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}"),
            ("role", "img"), ("aria-label", label));
        for (var i = 0; i < rows.Count; i++)
            DrawRow(svg, rows[i], i * RowHeight, left, Math.Max(left + 20, right), width);
        return svg.Close().ToString();
    }

    private static string Cut(BulletRow row, double width) => TextWidth.Cut(row.Text, width * 0.3, bold: true);

    private static void DrawRow(SvgWriter svg, BulletRow row, double top, double left, double right, double width)
    {
        decimal[] bands = [.. row.Bands.Take(MostBands).Order()];
        decimal[] ends = [0, row.Value, .. bands, .. row.Target is { } aimed ? [aimed] : (decimal[])[]];
        var x = Scale.Fit(ends.Distinct().Count() == 1 ? [0, 1] : ends, left, right);
        var middle = top + RowHeight / 2;
        svg.Open("g").Text("title", $"{row.Name}: {row.Text}{(row.TargetText is null ? "" : $", target {row.TargetText}")}");
        for (var i = bands.Length - 1; i >= 0; i--)
        {
            var from = i == 0 ? 0 : bands[i - 1];
            var (low, high) = (Math.Min(x[from], x[bands[i]]), Math.Max(x[from], x[bands[i]]));
            svg.Empty("rect", ("class", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"band b{i + 1}")), ("x", low),
                ("y", middle - BandHeight / 2), ("width", high - low), ("height", BandHeight));
        }

        svg.Empty("rect", ("class", row.Look), ("x", Math.Min(x[0], x[row.Value])), ("y", middle - BarHeight / 2),
            ("width", Math.Max(1, Math.Abs(x[row.Value] - x[0]))), ("height", BarHeight));
        if (row.Target is { } target)
            svg.Empty("rect", ("class", "tick-mark"), ("x", x[target] - 1.25), ("y", middle - BandHeight / 2), ("width", 2.5), ("height", BandHeight));
        svg.Text("text", TextWidth.Cut(row.Name, left - Gap), ("class", "name"), ("x", 0.0), ("y", middle + 4.5));
        svg.Text("text", Cut(row, width), ("class", "mark"), ("x", width), ("y", middle + 4.5), ("text-anchor", "end"));
        svg.Close();
    }
}
