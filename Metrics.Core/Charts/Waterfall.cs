namespace Metrics.Core.Charts;

/// <summary>One bar of a waterfall.</summary>
/// <param name="Amount">How far it goes from where the one before ended.</param>
/// <param name="Text">The amount as it is written.</param>
/// <param name="Look">The class that colors it: good, bad, neutral or total.</param>
public sealed record WaterfallStep(string Name, decimal Amount, string Text, string Look);

/// <summary>For how much room a waterfall is drawn. Its texts are 13 units high.</summary>
/// <param name="MostNames">How much of the width the names may take.</param>
public sealed record WaterfallSize(string Name, double Width, double MostNames)
{
    /// <summary>Beside a column of facts, or over a whole page.</summary>
    public static WaterfallSize Wide { get; } = new("wide", 920, 300);

    /// <summary>A phone held upright.</summary>
    public static WaterfallSize Narrow { get; } = new("narrow", 360, 132);
}

/// <summary>
/// How parts make up a change: a row each, its bar beginning where the one before ended, and the whole change last, from the same zero.
/// Names stand on the left and amounts on the right of all bars, so that no two texts can meet.
/// </summary>
public static class Waterfall
{
    private const double RowHeight = 30;
    private const double BarHeight = 16;
    private const double Edge = 4;
    private const double Gap = 14;

    // About the width of a letter and of a digit of the bold amounts; nothing else to measure with is at hand.
    private const double LetterWidth = 7.2;
    private const double DigitWidth = 8.2;

    // A change too small to be seen is still drawn.
    private const double LeastBar = 1.5;

    /// <summary>The SVG; empty where there is no step.</summary>
    /// <param name="total">What the steps come to, drawn from zero.</param>
    /// <param name="id">An id that nothing else on the page has.</param>
    /// <param name="title">What the picture is, for those who do not see it.</param>
    /// <param name="description">What it says.</param>
    public static string Draw(
        IReadOnlyList<WaterfallStep> steps, WaterfallStep total, string id, string title, string description, WaterfallSize size)
    {
        if (steps.Count == 0)
            return "";

        WaterfallStep[] rows = [.. steps, total];
        var left = Math.Min(size.MostNames, rows.Max(row => row.Name.Length) * LetterWidth) + Gap;
        var right = size.Width - rows.Max(row => row.Text.Length) * DigitWidth - Gap;
        var ends = Ends(steps);
        var x = Scale.Fit([0, total.Amount, .. ends], left, right);
        var height = rows.Length * RowHeight + 2 * Edge;

        var svg = new SvgWriter().Open(
            "svg", ("class", $"waterfall {size.Name}"), ("viewBox", $"0 0 {SvgWriter.Number(size.Width)} {SvgWriter.Number(height)}"),
            ("role", "img"), ("aria-label", title), ("aria-describedby", id));
        svg.Text("desc", description, ("id", id));
        svg.Empty("line", ("class", "zero"), ("x1", x[0]), ("x2", x[0]), ("y1", Edge), ("y2", height - Edge));
        for (var i = 0; i < rows.Length; i++)
        {
            var (isTotal, top) = (i == steps.Count, Edge + i * RowHeight);
            var (from, to) = isTotal || i == 0 ? (0, rows[i].Amount) : (ends[i - 1], ends[i]);
            if (isTotal)
                svg.Empty("line", ("class", "grid"), ("x1", 0.0), ("x2", size.Width), ("y1", top), ("y2", top));
            if (i > 0)
                svg.Empty("line", ("class", "link"), ("x1", x[ends[i - 1]]), ("x2", x[ends[i - 1]]), ("y1", top - Margin), ("y2", top + Margin));
            DrawRow(svg, rows[i], size, left, top, x[Math.Min(from, to)], x[Math.Max(from, to)]);
        }

        return svg.Close().ToString();
    }

    private static double Margin => (RowHeight - BarHeight) / 2;

    /// <summary>Where each step ends.</summary>
    private static decimal[] Ends(IReadOnlyList<WaterfallStep> steps)
    {
        var end = 0m;
        return [.. steps.Select(step => end += step.Amount)];
    }

    private static void DrawRow(SvgWriter svg, WaterfallStep row, WaterfallSize size, double left, double top, double from, double to)
    {
        var baseline = top + RowHeight / 2 + 4.5;
        var most = (int)Math.Round((left - Gap) / LetterWidth);
        var name = row.Name.Length <= most ? row.Name : row.Name[..(most - 1)].TrimEnd() + "…";
        svg.Open("g").Text("title", $"{row.Name}: {row.Text}");
        svg.Text("text", name, ("class", row.Look == "total" ? "mark" : "name"), ("x", 0.0), ("y", baseline));
        svg.Empty("rect", ("class", row.Look), ("x", from), ("y", top + Margin),
            ("width", Math.Max(LeastBar, to - from)), ("height", BarHeight), ("rx", 2.0));
        svg.Text("text", row.Text, ("class", "mark"), ("x", size.Width), ("y", baseline), ("text-anchor", "end"));
        svg.Close();
    }
}
