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

    // Both halves leave room for an axis outside and the newest value between them, and more where these are wide.
    private static readonly Half Left = new(56, 162, LabelsAt: 46, "end");
    private static readonly Half Right = new(226, 366, LabelsAt: 376, "start");

    // A board by month or coarser has no second half.
    private static readonly Half Whole = new(54, 360, LabelsAt: 43, "end");

    private const double TextSize = 12;
    private const double MarkSize = 12.5;
    private const double AxisGap = 10;
    private const double WidestAxis = 80;
    private const double WidestMark = 84;
    private const double NewestGap = 9;

    /// <summary>The SVG; empty where no period has a figure.</summary>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    /// <param name="limits">Process limits of the first half, which a page shows when it is asked to; null for none.</param>
    public static string Draw(TileSnapshot tile, string label, TrendLimit? limits = null)
    {
        if (tile.Periods.Concat(tile.Months).All(period => period.Value.Value is null))
            return "";

        var svg = new SvgWriter().Open("svg", ("class", "six-twelve"), ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", label));
        var room = new LabelRoom(Width, Height);
        DrawHalf(svg, room, tile.Months.Count == 0 ? Whole : Left, tile.Periods, tile.Format, limits, endsInLabel: true);
        DrawHalf(svg, room, Right, tile.Months, tile.Format, limits: null, endsInLabel: false);
        return svg.Close().ToString();
    }

    private static void DrawHalf(
        SvgWriter svg, LabelRoom room, Half place, IReadOnlyList<TilePeriod> periods, ValueFormat format, TrendLimit? limits, bool endsInLabel)
    {
        decimal[] values =
        [
            .. periods.SelectMany(period => (decimal?[])[period.Value.Value, period.PreviousYear.Value, period.Target?.Value])
                .Where(value => value is not null).Select(value => value!.Value),
        ];
        if (values.Length == 0)
            return;

        var y = Scale.Round(values, 2, Bottom, Top, format.Unit is Unit.Duration);
        var ticks = format.ForAxis(y.Ticks);
        var newest = periods.LastOrDefault(period => period.Value.Value is not null);
        var half = place.Fitted(
            y.Ticks.Select(tick => TextWidth.Of(TickText(ticks, tick), TextSize)).DefaultIfEmpty().Max(),
            endsInLabel && newest is not null ? TextWidth.Of(MarkText(format, newest), MarkSize, bold: true) : 0);
        var step = (half.To - half.From) / Math.Max(1, periods.Count - 1);
        DrawAxes(svg, room, half, periods, ticks, y, X, step);

        Dot?[] before = [.. periods.Select((period, i) => period.PreviousYear.Value is { } value ? new Dot(X(i), y[value], Complete: true) : null)];
        Dot?[] dots = [.. periods.Select((period, i) => period.Value.Value is { } value ? new Dot(X(i), y[value], period.Value.Complete) : null)];
        if (limits is not null)
            DrawLimits(svg, half, limits, y);
        Line.Draw(svg, before, "line-before");
        DrawTargets(svg, periods, y, X, Math.Min(12, step * 0.7));
        Line.Draw(svg, dots, "line");
        DrawDots(svg, dots);
        foreach (var (period, i) in periods.Select((period, i) => (period, i)).Where(pair => pair.period.Target is not null))
            room.Avoid([new Dot(X(i) - step / 2, y[period.Target!.Value], Complete: true), new Dot(X(i) + step / 2, y[period.Target.Value], Complete: true)]);
        WriteValues(svg, room, half, periods, dots, before, format, endsInLabel);

        double X(int i) => periods.Count > 1 ? half.From + i * step : half.To;
    }

    /// <summary>The center and the limits as thin dotted lines, as far as they lie inside of the picture.</summary>
    private static void DrawLimits(SvgWriter svg, Half half, TrendLimit limits, Scale y)
    {
        svg.Open("g", ("class", "limits"));
        foreach (var (limit, look) in ((decimal?, string)[])[(limits.Upper, "limit"), (limits.Center, "limit center"), (limits.Lower, "limit")])
        {
            if (limit is { } value && y[value] is >= Top - 6 and <= Bottom + 6)
                svg.Empty("line", ("class", look), ("x1", half.From - 6), ("x2", half.To + 6), ("y1", y[value]), ("y2", y[value]));
        }

        svg.Close();
    }

    /// <summary>
    /// The newest value beside its dot, and the first, the last, the highest and the lowest over or under theirs, where that meets neither
    /// a line nor a text.
    /// </summary>
    private static void WriteValues(
        SvgWriter svg, LabelRoom room, Half half, IReadOnlyList<TilePeriod> periods, Dot?[] dots, Dot?[] before, ValueFormat format, bool endsInLabel)
    {
        int[] known = [.. Enumerable.Range(0, dots.Length).Where(i => dots[i] is not null)];
        if (known.Length == 0)
            return;

        room.Avoid(dots);
        room.Avoid(before);
        foreach (var dot in dots.OfType<Dot>())
            room.Take(new Box(dot.X - 3, dot.Y - 3, dot.X + 3, dot.Y + 3));
        if (endsInLabel)
        {
            var (text, dot) = (MarkText(format, periods[known[^1]]), dots[known[^1]]!);
            room.Take(Box.OfText(text, dot.X + NewestGap, dot.Y + 4, bold: true, size: MarkSize));
            svg.Text("text", text, ("class", "mark"), ("x", dot.X + NewestGap), ("y", dot.Y + 4));
        }

        var (highest, lowest) = (known.MaxBy(i => periods[i].Value.Value), known.MinBy(i => periods[i].Value.Value));
        int[] named = endsInLabel ? [highest, lowest, known[0]] : [known[^1], highest, lowest, known[0]];
        foreach (var i in named.Distinct().Where(i => !endsInLabel || i != known[^1]))
        {
            var (text, dot) = (format.Compact(periods[i].Value.Value), dots[i]!);
            Spot[] over = [new(dot.X, dot.Y - 8, "middle"), new(Math.Max(dot.X - 3, half.From - 3), dot.Y - 8), new(dot.X + 3, dot.Y - 8, "end")];
            Spot[] under = [new(dot.X, dot.Y + 17, "middle"), new(Math.Max(dot.X - 3, half.From - 3), dot.Y + 17), new(dot.X + 3, dot.Y + 17, "end")];
            Spot[] spots = [.. i == lowest ? [.. under, .. over] : over.Concat(under)];
            if (room.Find(text, [.. spots.Where(spot => spot.Y > TextSize && spot.Y < Bottom + 2)], size: TextSize) is { } spot)
                svg.Text("text", text, ("class", "reading"), ("x", spot.X), ("y", spot.Y), ("text-anchor", spot.Anchor == "start" ? null : spot.Anchor));
        }
    }

    private static void DrawAxes(
        SvgWriter svg, LabelRoom room, Half half, IReadOnlyList<TilePeriod> periods, ValueFormat ticks, Scale y, Func<int, double> x, double step)
    {
        var lines = new PathData();
        foreach (var tick in y.Ticks)
        {
            lines.Stroke(half.From - 6, y[tick], half.To - half.From + 12);
            svg.Text("text", TickText(ticks, tick), ("x", half.LabelsAt), ("y", y[tick] + 4), ("text-anchor", half.Anchor));
            room.Take(Box.OfText(TickText(ticks, tick), half.LabelsAt, y[tick] + 4, half.Anchor, size: TextSize));
        }

        svg.Empty("path", ("class", "grid"), ("d", lines.ToString()));
        for (var i = 0; i < periods.Count; i++)
        {
            var name = NameFor(periods[i].Label, step);
            if (room.TryTake(Box.OfText(name, x(i), Names, "middle", size: TextSize), gap: 0.2))
                svg.Text("text", name, ("x", x(i)), ("y", Names), ("text-anchor", "middle"));
        }
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

    private static string TickText(ValueFormat format, decimal tick) => TextWidth.Cut(format.Compact(tick), WidestAxis, TextSize);

    private static string MarkText(ValueFormat format, TilePeriod period) =>
        TextWidth.Cut(format.Compact(period.Value.Value), WidestMark, MarkSize, bold: true);

    /// <summary>The longest name that has room: "Oct 26", "Oct" or "O"; a week goes by its number.</summary>
    private static string NameFor(string label, double room)
    {
        var name = label is ['W', >= '0' and <= '9', ..] ? label[1..] : label;
        return ((string[])[name, name.Split(' ')[0]]).FirstOrDefault(one => TextWidth.Of(one, TextSize) + 2 <= room) ?? name[..Math.Min(1, name.Length)];
    }

    /// <summary>Where one half lies: from its first to its last period, and its axis beside it.</summary>
    private sealed record Half(double From, double To, double LabelsAt, string Anchor)
    {
        /// <summary>The same with room for an axis and a newest value that are wider than most.</summary>
        public Half Fitted(double axis, double newest)
        {
            if (Anchor != "end")
            {
                var most = Math.Min(To, Width - axis - 2 - AxisGap);
                return this with { To = most, LabelsAt = most + AxisGap };
            }

            var from = Math.Max(From, axis + 2 + AxisGap);
            var room = this == Whole ? Width : Right.From - 8;
            return this with { From = from, To = Math.Max(from + 20, Math.Min(To, room - newest - NewestGap)), LabelsAt = from - AxisGap };
        }
    }
}
