using Metrics.Core.Catalog;
using Metrics.Core.Series;

namespace Metrics.Core.Charts;

/// <summary>One period of a trend.</summary>
/// <param name="Label">The period's short name, for the axis.</param>
/// <param name="Name">Its full name, shown when pointing at it.</param>
/// <param name="YearAgo">The value a year before; null where there is none that is complete.</param>
/// <param name="Target">What was aimed at for the period; null where nothing was.</param>
public sealed record TrendPoint(string Label, string Name, PeriodValue Value, decimal? YearAgo, decimal? Target = null)
{
    /// <summary>What begins in the period and parts it from those before, such as a new definition; null where nothing does.</summary>
    public string? Seam { get; init; }
}

/// <summary>For how much room a trend is drawn. Its texts are 13 units high, so they can be read as long as it is shown at that width or more.</summary>
/// <param name="Ticks">About how many values the axis names.</param>
public sealed record TrendSize(string Name, double Width, double Height, int Ticks)
{
    /// <summary>Beside a column of facts, or over a whole page.</summary>
    public static TrendSize Wide { get; } = new("wide", 920, 300, 5);

    /// <summary>A phone held upright.</summary>
    public static TrendSize Narrow { get; } = new("narrow", 330, 240, 4);
}

/// <summary>
/// A metric over time: its line, the year before as a lighter dashed one, targets as level marks, round values on the axis. Incomplete
/// periods are hollow and reached by a dashed line; periods that changed after they were complete have a small triangle over them. Where the definition changed stands a dashed upright line.
/// </summary>
public static class TrendChart
{
    private const double Top = 16;
    private const double Bottom = 30;

    // About the width of a digit of the axis and of the bold value; texts are measured with it because nothing else is at hand.
    private const double DigitWidth = 7.6;
    private const double BoldWidth = 8.4;
    private const double LabelGap = 16;

    // How far a target's mark reaches beyond its period on either side: not into the value beside the newest dot.
    private const double WidestTarget = 8;

    /// <summary>The SVG; empty where no period has a value.</summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(IReadOnlyList<TrendPoint> points, ValueFormat format, string label, TrendSize? size = null)
    {
        if (points.All(point => point.Value.Value is null))
            return "";

        var frame = Frame.Of(points, format, size ?? TrendSize.Wide);
        var dots = points.Select((point, i) => point.Value.Value is { } value ? new Dot(frame.X(i), frame.Y[value], point.Value.Complete) : null).ToArray();
        var before = points.Select((point, i) => point.YearAgo is { } value ? new Dot(frame.X(i), frame.Y[value], Complete: true) : null).ToArray();

        var svg = new SvgWriter().Open(
            "svg", ("class", $"trend {frame.Size.Name}"), ("viewBox", $"0 0 {frame.Size.Width} {frame.Size.Height}"), ("role", "img"),
            ("aria-label", label));
        DrawAxes(svg, points, frame);
        DrawSeams(svg, points, frame);
        Line.Draw(svg, before, "line-before");
        DrawTargets(svg, points, frame);
        Line.Draw(svg, dots, "line");
        DrawDots(svg, points, dots, frame, format);
        return svg.Close().ToString();
    }

    private static void DrawAxes(SvgWriter svg, IReadOnlyList<TrendPoint> points, Frame frame)
    {
        foreach (var (tick, text) in frame.Y.Ticks.Zip(frame.TickTexts))
        {
            svg.Empty("line", ("class", tick == 0 ? "axis" : "grid"), ("x1", frame.Left), ("x2", frame.Right), ("y1", frame.Y[tick]), ("y2", frame.Y[tick]));
            svg.Text("text", text, ("class", "tick"), ("x", frame.Left - 10), ("y", frame.Y[tick] + 4.5), ("text-anchor", "end"));
        }

        // Counted back from the newest, which is the one that must have its name.
        var room = points.Max(point => point.Label.Length) * DigitWidth + LabelGap;
        var every = frame.Step > 0 ? Math.Max(1, (int)Math.Ceiling(room / frame.Step)) : 1;
        for (var i = points.Count - 1; i >= 0; i -= every)
        {
            var half = points[i].Label.Length * DigitWidth / 2;
            var x = Math.Clamp(frame.X(i), half, frame.Size.Width - half);
            svg.Text("text", points[i].Label, ("class", "tick"), ("x", x), ("y", frame.Size.Height - 8), ("text-anchor", "middle"));
        }
    }

    /// <summary>
    /// A dashed upright line before the first period that is measured otherwise, with its name beside it where there is more room.
    /// </summary>
    private static void DrawSeams(SvgWriter svg, IReadOnlyList<TrendPoint> points, Frame frame)
    {
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Seam is not { } seam)
                continue;

            var x = Math.Max(frame.Left, frame.X(i) - frame.Step / 2);
            svg.Open("line", ("class", "seam"), ("x1", x), ("x2", x), ("y1", Top), ("y2", frame.Size.Height - Bottom))
                .Text("title", $"{seam}, from {points[i].Name}")
                .Close();
            var left = x > frame.Size.Width / 2;
            svg.Text("text", seam, ("class", "tick"), ("x", left ? x - 6 : x + 6), ("y", Top - 4), ("text-anchor", left ? "end" : "start"));
        }
    }

    /// <summary>A level mark over each run of periods with the same target, so that a change of target is a step.</summary>
    private static void DrawTargets(SvgWriter svg, IReadOnlyList<TrendPoint> points, Frame frame)
    {
        var half = frame.Step > 0 ? Math.Min(frame.Step * 0.4, WidestTarget) : WidestTarget;
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Target is not { } target)
                continue;

            var first = i;
            while (i + 1 < points.Count && points[i + 1].Target == target)
                i++;
            var (from, to, y) = (Math.Max(frame.Left, frame.X(first) - half), frame.X(i) + half, frame.Y[target]);
            svg.Open("line", ("class", "target"), ("x1", from), ("x2", to), ("y1", y), ("y2", y))
                .Text("title", $"Target {frame.Format.Compact(target)}")
                .Close();
        }
    }

    private static void DrawDots(SvgWriter svg, IReadOnlyList<TrendPoint> points, Dot?[] dots, Frame frame, ValueFormat format)
    {
        var quiet = frame.Step is > 0 and < 12 ? 1.8 : 3;
        for (var i = 0; i < dots.Length; i++)
        {
            if (dots[i] is not { } dot)
                continue;

            var last = i == dots.Length - 1;
            var look = !dot.Complete ? "dot open" : last ? "dot" : "dot quiet";
            svg.Open("circle", ("class", look), ("cx", dot.X), ("cy", dot.Y), ("r", last || !dot.Complete ? 4.5 : quiet))
                .Text("title", $"{points[i].Name}: {format.Compact(points[i].Value.Value)}{(dot.Complete ? "" : " (incomplete)")}")
                .Close();
            if (points[i].Value.Restated)
                DrawRestated(svg, dot);
        }

        var newest = Array.FindLastIndex(dots, dot => dot is not null);
        svg.Text("text", format.Compact(points[newest].Value.Value),
            ("class", "mark"), ("x", dots[newest]!.X + 10), ("y", Math.Clamp(dots[newest]!.Y + 4.5, Top, frame.Size.Height - Bottom)));
    }

    private static void DrawRestated(SvgWriter svg, Dot dot) => svg.Empty("path", ("class", "restated-mark"),
        ("d", $"M{SvgWriter.Number(dot.X - 4)} {SvgWriter.Number(dot.Y - 13)}h8l-4 6z"));

    /// <summary>Where things are: the margins are as wide as what is written in them.</summary>
    private sealed record Frame(TrendSize Size, double Left, double Right, double Step, int Count, Scale Y, ValueFormat Format, IReadOnlyList<string> TickTexts)
    {
        public static Frame Of(IReadOnlyList<TrendPoint> points, ValueFormat format, TrendSize size)
        {
            decimal[] values = [.. points.SelectMany(point => (decimal?[])[point.Value.Value, point.YearAgo, point.Target]).OfType<decimal>()];
            var y = Scale.Round(values, size.Ticks, size.Height - Bottom, Top);
            var (ticks, texts) = Written(format.ForColumn(y.Ticks.Select(tick => (decimal?)tick)), y.Ticks);
            var newest = format.Compact(points.Last(point => point.Value.Value is not null).Value.Value);
            var left = 14 + texts.Max(text => text.Length) * DigitWidth;
            var right = size.Width - 14 - newest.Length * BoldWidth;
            return new Frame(size, left, right, points.Count > 1 ? (right - left) / (points.Count - 1) : 0, points.Count, y, ticks, texts);
        }

        public double X(int i) => Count > 1 ? Left + i * Step : (Left + Right) / 2;

        /// <summary>The ticks in as many decimals as it takes to tell them apart.</summary>
        private static (ValueFormat Format, string[] Texts) Written(ValueFormat format, IReadOnlyList<decimal> ticks)
        {
            for (; ; format = format with { Decimals = (format.Decimals ?? 1) + 1 })
            {
                string[] texts = [.. ticks.Select(tick => format.Compact(tick))];
                if (texts.Distinct().Count() == texts.Length || format.Decimals > 6)
                    return (format, texts);
            }
        }
    }
}
