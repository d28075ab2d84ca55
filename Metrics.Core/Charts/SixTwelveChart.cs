using Metrics.Core.Boards;
using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>
/// The chart of the weekly business review: six periods and twelve months side by side, each half with an axis of its own, with the year
/// before as a lighter dashed line and targets as short marks.
/// </summary>
/// <remarks>
/// The newest period is a large dot, one that is not complete is hollow and reached by a dashed line, a period without a figure leaves a
/// gap. Dots and marks are one path each, so that a board of many tiles stays a small page.
/// </remarks>
public static class SixTwelveChart
{
    private const double Width = 424;
    private const double Height = 172;
    private const double Top = 14;
    private const double Bottom = Height - 28;
    private const double Names = Height - 8;

    // Both halves leave room for an axis outside and the newest value between them.
    private static readonly Half Left = new(56, 162, LabelsAt: 46, "end");
    private static readonly Half Right = new(226, 366, LabelsAt: 376, "start");

    // A board by month or coarser has no second half.
    private static readonly Half Whole = new(54, 360, LabelsAt: 43, "end");

    // What one character of a name takes.
    private const double CharacterRoom = 7;

    /// <summary>The SVG; empty where no period has a figure.</summary>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(TileSnapshot tile, string label)
    {
        if (tile.Periods.Concat(tile.Months).All(period => period.Value.Value is null))
            return "";

        var svg = new SvgWriter().Open("svg", ("class", "six-twelve"), ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", label));
        DrawHalf(svg, tile.Months.Count == 0 ? Whole : Left, tile.Periods, tile.Format, endsInLabel: true);
        DrawHalf(svg, Right, tile.Months, tile.Format, endsInLabel: false);
        return svg.Close().ToString();
    }

    private static void DrawHalf(
        SvgWriter svg, Half half, IReadOnlyList<TilePeriod> periods, ValueFormat format, bool endsInLabel)
    {
        decimal[] values =
        [
            .. periods.SelectMany(period => (decimal?[])[period.Value.Value, period.PreviousYear.Value, period.Target?.Value])
                .Where(value => value is not null).Select(value => value!.Value),
        ];
        if (values.Length == 0)
            return;

        var y = Scale.Round(values, 2, Bottom, Top, format.Unit is Unit.Duration);
        var step = (half.To - half.From) / Math.Max(1, periods.Count - 1);
        DrawAxes(svg, half, periods, format, y, X, step);

        Dot?[] before = [.. periods.Select((period, i) => period.PreviousYear.Value is { } value ? new Dot(X(i), y[value], Complete: true) : null)];
        Dot?[] dots = [.. periods.Select((period, i) => period.Value.Value is { } value ? new Dot(X(i), y[value], period.Value.Complete) : null)];
        Line.Draw(svg, before, "line-before");
        DrawTargets(svg, periods, y, X, Math.Min(12, step * 0.7));
        Line.Draw(svg, dots, "line");
        DrawDots(svg, dots);

        var newest = Array.FindLastIndex(dots, dot => dot is not null);
        if (endsInLabel && newest >= 0)
            svg.Text("text", format.Compact(periods[newest].Value.Value), ("class", "mark"), ("x", dots[newest]!.X + 9), ("y", dots[newest]!.Y + 4));

        double X(int i) => periods.Count > 1 ? half.From + i * step : half.To;
    }

    private static void DrawAxes(
        SvgWriter svg, Half half, IReadOnlyList<TilePeriod> periods, ValueFormat format, Scale y, Func<int, double> x, double room)
    {
        var lines = new PathData();
        var ticks = format.ForAxis(y.Ticks);
        foreach (var tick in y.Ticks)
        {
            lines.Stroke(half.From - 6, y[tick], half.To - half.From + 12);
            svg.Text("text", ticks.Compact(tick), ("x", half.LabelsAt), ("y", y[tick] + 4), ("text-anchor", half.Anchor));
        }

        svg.Empty("path", ("class", "grid"), ("d", lines.ToString()));
        for (var i = 0; i < periods.Count; i++)
            svg.Text("text", NameFor(periods[i].Label, room), ("x", x(i)), ("y", Names), ("text-anchor", "middle"));
    }

    private static void DrawTargets(SvgWriter svg, IReadOnlyList<TilePeriod> periods, Scale y, Func<int, double> x, double length)
    {
        var marks = new PathData();
        for (var i = 0; i < periods.Count; i++)
        {
            if (periods[i].Target is { } target)
                marks.Stroke(x(i) - length / 2, y[target.Value], length);
        }

        if (!marks.IsEmpty)
            svg.Empty("path", ("class", "target"), ("d", marks.ToString()));
    }

    private static void DrawDots(SvgWriter svg, Dot?[] dots)
    {
        var quiet = new PathData();
        var newest = Array.FindLastIndex(dots, dot => dot is not null);
        for (var i = 0; i < dots.Length; i++)
        {
            if (dots[i] is not { } dot)
                continue;
            if (!dot.Complete)
                svg.Empty("circle", ("class", "dot open"), ("cx", dot.X), ("cy", dot.Y), ("r", i == newest ? 4.0 : 2.5));
            else if (i == newest)
                svg.Empty("circle", ("class", "dot"), ("cx", dot.X), ("cy", dot.Y), ("r", 4.0));
            else
                quiet.Stroke(dot.X, dot.Y, 0);
        }

        if (!quiet.IsEmpty)
            svg.Empty("path", ("class", "dots"), ("d", quiet.ToString()));
    }

    /// <summary>The longest name that has room: "Oct 26", "Oct" or "O"; a week goes by its number.</summary>
    private static string NameFor(string label, double room)
    {
        var name = label is ['W', >= '0' and <= '9', ..] ? label[1..] : label;
        return ((string[])[name, name.Split(' ')[0]]).FirstOrDefault(one => one.Length * CharacterRoom <= room) ?? name[..1];
    }

    /// <summary>Where one half lies: from its first to its last period, and its axis beside it.</summary>
    private sealed record Half(double From, double To, double LabelsAt, string Anchor);
}
