using System.Globalization;
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
/// periods are hollow and reached by a dashed line; periods that changed after they were complete have a small triangle over them. Where
/// the definition changed stands a dashed upright line. Beside these, what <see cref="TrendLayers"/> adds.
/// </summary>
public static class TrendChart
{
    // How far a target's mark reaches beyond its period on either side: not into the value beside the newest dot.
    private const double WidestTarget = 8;

    private const double LabelGap = 16;
    private const double FlagHeight = 16;
    private const double SignalSize = 6;

    /// <summary>The SVG; empty where no period has a value.</summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(
        IReadOnlyList<TrendPoint> points, ValueFormat format, string label, TrendSize? size = null, TrendLayers? layers = null)
    {
        if (points.All(point => point.Value.Value is null))
            return "";

        layers ??= TrendLayers.None;
        var frame = Frame.Of(points, format, size ?? TrendSize.Wide, layers);
        var dots = points.Select((point, i) => point.Value.Value is { } value ? new Dot(frame.X(i), frame.Y[value], point.Value.Complete) : null).ToArray();
        var before = points.Select((point, i) => point.YearAgo is { } value ? new Dot(frame.X(i), frame.Y[value], Complete: true) : null).ToArray();
        frame.Room.Avoid(dots);
        frame.Room.Avoid(before);

        var svg = new SvgWriter().Open(
            "svg", ("class", $"trend {frame.Size.Name}"), ("viewBox", $"0 0 {frame.Size.Width} {frame.Size.Height}"), ("role", "img"),
            ("aria-label", label));
        DrawAxes(svg, points, layers, frame);
        foreach (var limits in layers.Limits)
            DrawLimits(svg, limits, frame);
        DrawForecast(svg, layers, dots, frame);
        Line.Draw(svg, before, "line-before");
        DrawTargets(svg, points, frame);
        Line.Draw(svg, dots, "line");
        DrawDots(svg, points, dots, frame);
        DrawNewest(svg, points, dots, frame);
        foreach (var signal in layers.Signals)
            DrawSignal(svg, signal, points, dots);
        DrawForecastEnd(svg, layers.Forecast, frame);
        DrawNotes(svg, layers.Notes, points, frame);
        DrawSeams(svg, points, frame);
        DrawLimitNames(svg, layers.Limits, frame);
        return svg.Close().ToString();
    }

    private static void DrawAxes(SvgWriter svg, IReadOnlyList<TrendPoint> points, TrendLayers layers, Frame frame)
    {
        foreach (var (tick, text) in frame.Y.Ticks.Zip(frame.TickTexts))
        {
            svg.Empty("line", ("class", tick == 0 ? "axis" : "grid"), ("x1", frame.Left), ("x2", frame.Right), ("y1", frame.Y[tick]), ("y2", frame.Y[tick]));
            svg.Text("text", text, ("class", "tick"), ("x", frame.Left - 10), ("y", frame.Y[tick] + 4.5), ("text-anchor", "end"));
            frame.Room.Take(Box.OfText(text, frame.Left - 10, frame.Y[tick] + 4.5, "end"));
        }

        // Counted both ways from the newest, which is the one that must have its name.
        string[] names = [.. points.Select(point => point.Label), .. layers.Forecast.Skip(points.Count - layers.FirstForecast(points.Count)).Select(one => one.Label)];
        var room = names.Max(name => TextWidth.Of(name)) + LabelGap;
        var every = frame.Step > 0 ? Math.Max(1, (int)Math.Ceiling(room / frame.Step)) : 1;
        for (var i = points.Count - 1; i >= 0; i -= every)
            Name(i);
        for (var i = points.Count - 1 + every; i < names.Length; i += every)
            Name(i);

        void Name(int i)
        {
            var text = TextWidth.Cut(names[i], frame.Size.Width / 2);
            var half = TextWidth.Of(text) / 2;
            var x = Math.Clamp(frame.X(i), half, frame.Size.Width - half);
            if (frame.Room.TryTake(Box.OfText(text, x, frame.Size.Height - 8, "middle")))
                svg.Text("text", text, ("class", "tick"), ("x", x), ("y", frame.Size.Height - 8), ("text-anchor", "middle"));
        }
    }

    /// <summary>A soft band between the limits, these and the center as thin dotted lines.</summary>
    private static void DrawLimits(SvgWriter svg, TrendLimits limits, Frame frame)
    {
        svg.Open("g", ("class", "limits")).Text("title", limits.Caption);
        var uppers = Steps(limits, frame, limit => limit.Upper);
        var lowers = Steps(limits, frame, limit => limit.Lower);
        if (uppers.Count > 0 && uppers.Count == lowers.Count)
            svg.Empty("polygon", ("class", "limit-band"), ("points", Joined(uppers.Concat(lowers.Reverse()))));
        foreach (var (line, look) in ((IReadOnlyList<(double, double)>, string)[])
            [(uppers, "limit"), (Steps(limits, frame, limit => limit.Center), "limit center"), (lowers, "limit")])
        {
            if (line.Count > 0)
                svg.Empty("polyline", ("class", look), ("points", Joined(line)));
        }

        svg.Close();
    }

    /// <summary>A line that is level over each point and steps between them; empty where one of the points has none.</summary>
    private static IReadOnlyList<(double X, double Y)> Steps(TrendLimits limits, Frame frame, Func<TrendLimit, decimal?> value)
    {
        if (limits.Points.Any(limit => value(limit) is null))
            return [];

        var places = new List<(double X, double Y)>();
        for (var i = 0; i < limits.Points.Count; i++)
        {
            var y = frame.Y[value(limits.Points[i])!.Value];
            if (i == 0 || places[^1].Y != y)
                places.Add((frame.Edge(limits.First + i), y));
            else
                places.RemoveAt(places.Count - 1);
            places.Add((frame.Edge(limits.First + i + 1), y));
        }

        return places;
    }

    /// <summary>What the limits were computed from, where there is room beside them.</summary>
    private static void DrawLimitNames(SvgWriter svg, IReadOnlyList<TrendLimits> limits, Frame frame)
    {
        // The newest phase is the one that counts now.
        foreach (var phase in limits.Reverse())
        {
            var (left, right) = (frame.Edge(phase.First) + 4, frame.Edge(phase.First + phase.Points.Count) - 4);
            var spots = new List<Spot>();
            foreach (var limit in ((decimal?[])[phase.Points[0].Upper, phase.Points[0].Lower]).OfType<decimal>())
            {
                var y = frame.Y[limit];
                spots.AddRange([new Spot(left, y - 5), new Spot(right, y - 5, "end"), new Spot(left, y + 14), new Spot(right, y + 14, "end")]);
            }

            if (frame.Room.Find(phase.Caption, [.. spots.Where(spot => spot.Y > frame.Top + 8 && spot.Y < frame.Bottom - 4)]) is { } found)
                svg.Text("text", phase.Caption, ("class", "tick limit-name"), ("x", found.X), ("y", found.Y), ("text-anchor", AnchorOf(found)));
        }
    }

    /// <summary>A dotted line from the value before it on, inside of the bands where most outcomes lie.</summary>
    private static void DrawForecast(SvgWriter svg, TrendLayers layers, Dot?[] dots, Frame frame)
    {
        var (forecast, first) = (layers.Forecast, layers.FirstForecast(dots.Length));
        if (forecast.Count == 0 || dots.Take(first).LastOrDefault(dot => dot is not null) is not { } newest)
            return;

        if (forecast.All(one => one is { Low95: not null, High95: not null }))
            Band("forecast-band wide", one => one.Low95!.Value, one => one.High95!.Value);
        Band("forecast-band", one => one.Low80, one => one.High80);
        (double X, double Y)[] line = [(newest.X, newest.Y), .. forecast.Select((one, i) => (frame.X(first + i), frame.Y[one.Value]))];
        svg.Empty("polyline", ("class", "forecast"), ("points", Joined(line)));
        frame.Room.Avoid([.. line.Select(place => new Dot(place.X, place.Y, Complete: false))]);
        for (var i = 0; i < forecast.Count; i++)
        {
            svg.Open("circle", ("class", "forecast-dot"), ("cx", frame.X(first + i)), ("cy", frame.Y[forecast[i].Value]), ("r", 2.5))
                .Text("title", $"{forecast[i].Name}: {frame.Format.Compact(forecast[i].Value)} expected, "
                    + $"{frame.Format.Compact(forecast[i].Low80)} to {frame.Format.Compact(forecast[i].High80)} in four of five cases")
                .Close();
        }

        void Band(string look, Func<TrendForecast, decimal> low, Func<TrendForecast, decimal> high) => svg.Empty(
            "polygon", ("class", look), ("points", Joined(
            [
                (newest.X, newest.Y), .. forecast.Select((one, i) => (frame.X(first + i), frame.Y[high(one)])),
                .. forecast.Select((one, i) => (frame.X(first + i), frame.Y[low(one)])).Reverse(),
            ])));
    }

    private static void DrawForecastEnd(SvgWriter svg, IReadOnlyList<TrendForecast> forecast, Frame frame)
    {
        if (forecast.Count == 0)
            return;

        var (text, x, y) = (AxisText.Of(frame.Format, forecast[^1].Value, frame.Size.Width), frame.X(frame.Count - 1), frame.Y[forecast[^1].Value] + 4.5);
        if (frame.Room.Find(text, [new Spot(x + 10, Math.Clamp(y, frame.Top, frame.Bottom)), new Spot(x + 10, y - 16), new Spot(x + 10, y + 16)], clear: false) is { } spot)
            svg.Text("text", text, ("class", "tick"), ("x", spot.X), ("y", spot.Y));
    }

    /// <summary>
    /// Numbered flags at the top, each with a thin dotted line down to its period, and with its name where that fits. Flags that would
    /// cover each other are one.
    /// </summary>
    private static void DrawNotes(SvgWriter svg, IReadOnlyList<TrendNote> notes, IReadOnlyList<TrendPoint> points, Frame frame)
    {
        var flags = Flags(notes, frame);
        foreach (var flag in flags)
            frame.Room.Take(new Box(flag.X - flag.Width / 2, 1, flag.X + flag.Width / 2, 1 + FlagHeight));
        foreach (var flag in flags)
        {
            var title = string.Join(" · ", flag.Notes.Select(note => $"{note.Name}, {points[note.Index].Name}"));
            svg.Open("g", ("class", "note-flag")).Text("title", title);
            foreach (var x in flag.Notes.Select(note => frame.X(note.Index)).Distinct())
                svg.Empty("line", ("class", "note-line"), ("x1", x), ("x2", x), ("y1", 1 + FlagHeight), ("y2", frame.Bottom));
            svg.Empty("rect", ("x", flag.X - flag.Width / 2), ("y", 1.0), ("width", flag.Width), ("height", FlagHeight), ("rx", 3.0));
            svg.Text("text", flag.Text, ("x", flag.X), ("y", 13.5), ("text-anchor", "middle"));
            var (right, left) = (flag.X + flag.Width / 2 + 5, flag.X - flag.Width / 2 - 5);
            if (flag.Notes is [var only] && frame.Room.Find(only.Name, [new Spot(right, 13.5), new Spot(left, 13.5, "end")]) is { } spot)
                svg.Text("text", only.Name, ("class", "tick"), ("x", spot.X), ("y", spot.Y), ("text-anchor", AnchorOf(spot)));
            svg.Close();
        }
    }

    private static List<Flag> Flags(IReadOnlyList<TrendNote> notes, Frame frame)
    {
        List<Flag> flags = [.. notes.OrderBy(note => note.Index).ThenBy(note => note.Number).Select(note => Flag.Of([note], frame))];
        for (var i = 1; i < flags.Count;)
        {
            if (flags[i].X - flags[i].Width / 2 > flags[i - 1].X + flags[i - 1].Width / 2 + 2)
            {
                i++;
                continue;
            }

            flags[i - 1] = Flag.Of([.. flags[i - 1].Notes, .. flags[i].Notes], frame);
            flags.RemoveAt(i);
            i = Math.Max(1, i - 1);
        }

        return flags;
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
            svg.Open("line", ("class", "seam"), ("x1", x), ("x2", x), ("y1", frame.Top), ("y2", frame.Bottom))
                .Text("title", $"{seam}, from {points[i].Name}")
                .Close();
            Spot[] spots = [new(x + 6, frame.Top - 4), new(x - 6, frame.Top - 4, "end")];
            if (frame.Room.Find(seam, x > frame.Size.Width / 2 ? [.. spots.Reverse()] : spots, clear: false) is { } spot)
                svg.Text("text", seam, ("class", "tick"), ("x", spot.X), ("y", spot.Y), ("text-anchor", spot.Anchor));
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

    private static void DrawDots(SvgWriter svg, IReadOnlyList<TrendPoint> points, Dot?[] dots, Frame frame)
    {
        var quiet = frame.Step is > 0 and < 12 ? 1.8 : 3;
        for (var i = 0; i < dots.Length; i++)
        {
            if (dots[i] is not { } dot)
                continue;

            var last = i == dots.Length - 1;
            var look = !dot.Complete ? "dot open" : last ? "dot" : "dot quiet";
            svg.Open("circle", ("class", look), ("cx", dot.X), ("cy", dot.Y), ("r", last || !dot.Complete ? 4.5 : quiet))
                .Text("title", $"{points[i].Name}: {frame.Format.Compact(points[i].Value.Value)}{(dot.Complete ? "" : " (incomplete)")}")
                .Close();
            if (points[i].Value.Restated)
                DrawRestated(svg, dot);
        }
    }

    /// <summary>The newest value: beside its dot, or over or under it where something follows.</summary>
    private static void DrawNewest(SvgWriter svg, IReadOnlyList<TrendPoint> points, Dot?[] dots, Frame frame)
    {
        var newest = Array.FindLastIndex(dots, dot => dot is not null);
        var (text, dot) = (AxisText.Of(frame.Format, points[newest].Value.Value, frame.Size.Width, bold: true), dots[newest]!);
        var beside = new Spot(dot.X + 10, Math.Clamp(dot.Y + 4.5, frame.Top, frame.Bottom));
        Spot[] around =
        [
            new(dot.X, dot.Y - 11, "middle"), new(dot.X, dot.Y + 20, "middle"), new(dot.X - 6, dot.Y - 11, "end"),
            new(dot.X - 6, dot.Y + 20, "end"), new(dot.X - 12, Math.Clamp(dot.Y + 4.5, frame.Top, frame.Bottom), "end"),
        ];
        var spots = newest == frame.Count - 1 ? [] : frame.Count > dots.Length ? around : (Spot[])[beside, .. around];
        if (frame.Room.Find(text, spots, bold: true, clear: false) is { } spot)
        {
            svg.Text("text", text, ("class", "mark"), ("x", spot.X), ("y", spot.Y), ("text-anchor", AnchorOf(spot)));
            return;
        }

        frame.Room.Take(Box.OfText(text, beside.X, beside.Y, bold: true));
        svg.Text("text", text, ("class", "mark"), ("x", beside.X), ("y", beside.Y));
    }

    private static void DrawRestated(SvgWriter svg, Dot dot) => svg.Empty("path", ("class", "restated-mark"),
        ("d", $"M{SvgWriter.Number(dot.X - 4)} {SvgWriter.Number(dot.Y - 13)}h8l-4 6z"));

    private static void DrawSignal(SvgWriter svg, TrendSignal signal, IReadOnlyList<TrendPoint> points, Dot?[] dots)
    {
        if (signal.Index < 0 || signal.Index >= dots.Length || dots[signal.Index] is not { } dot)
            return;

        svg.Open("path", ("class", $"signal {signal.Look}"), ("d", SignalMark.Of(signal.Shape, signal.Up, dot.X, dot.Y, SignalSize)))
            .Text("title", $"{points[signal.Index].Name}: {signal.Text}")
            .Close();
    }

    private static string? AnchorOf(Spot spot) => spot.Anchor == "start" ? null : spot.Anchor;

    private static string Joined(IEnumerable<(double X, double Y)> places) =>
        string.Join(' ', places.Select(place => $"{SvgWriter.Number(place.X)},{SvgWriter.Number(place.Y)}"));

    /// <summary>Notes under one flag: "3", or "3–5".</summary>
    private sealed record Flag(IReadOnlyList<TrendNote> Notes, double X, double Width, string Text)
    {
        public static Flag Of(IReadOnlyList<TrendNote> notes, Frame frame)
        {
            var (least, most) = (notes.Min(note => note.Number), notes.Max(note => note.Number));
            var text = string.Create(CultureInfo.InvariantCulture, $"{least}") + (least == most ? "" : string.Create(CultureInfo.InvariantCulture, $"–{most}"));
            var width = Math.Max(FlagHeight, TextWidth.Of(text, bold: true) + 8);
            var x = notes.Average(note => frame.X(note.Index));
            return new Flag(notes, Math.Clamp(x, width / 2, frame.Size.Width - width / 2), width, text);
        }
    }

    /// <summary>Where things are: the margins are as wide as what is written in them.</summary>
    private sealed record Frame(
        TrendSize Size, double Left, double Right, double Top, double Bottom, double Step, int Count, Scale Y, ValueFormat Format,
        IReadOnlyList<string> TickTexts)
    {
        private const double Air = 16;
        private const double UnderNotes = 40;
        private const double Names = 30;

        /// <summary>Where texts may still stand.</summary>
        public LabelRoom Room { get; } = new(Size.Width, Size.Height);

        public static Frame Of(IReadOnlyList<TrendPoint> points, ValueFormat format, TrendSize size, TrendLayers layers)
        {
            decimal[] values =
            [
                .. points.SelectMany(point => (decimal?[])[point.Value.Value, point.YearAgo, point.Target])
                    .Concat(layers.Limits.SelectMany(phase => phase.Points).SelectMany(limit => (decimal?[])[limit.Center, limit.Lower, limit.Upper]))
                    .Concat(layers.Forecast.SelectMany(one => (decimal?[])[one.Value, one.Low80, one.High80, one.Low95, one.High95]))
                    .OfType<decimal>(),
            ];
            var (top, bottom) = (layers.Notes.Count > 0 ? UnderNotes : Air, size.Height - Names);
            var y = Scale.Round(values, size.Ticks, bottom, top, format.Unit is Unit.Duration);
            var texts = AxisText.Of(format, y.Ticks, size.Width);
            var newest = AxisText.Of(format, points.Last(point => point.Value.Value is not null).Value.Value, size.Width, bold: true);
            var end = layers.Forecast.Count == 0 ? TextWidth.Of(newest, bold: true) : TextWidth.Of(AxisText.Of(format, layers.Forecast[^1].Value, size.Width));
            var left = 14 + texts.Max(text => TextWidth.Of(text));
            var right = size.Width - 14 - end;
            var count = Math.Max(points.Count, layers.FirstForecast(points.Count) + layers.Forecast.Count);
            return new Frame(size, left, right, top, bottom, count > 1 ? (right - left) / (count - 1) : 0, count, y, format, texts);
        }

        public double X(int i) => Count > 1 ? Left + i * Step : (Left + Right) / 2;

        /// <summary>Where the room of a point begins: half way from the one before.</summary>
        public double Edge(int i) => Math.Clamp(Count > 1 ? Left + (i - 0.5) * Step : i == 0 ? Left : Right, Left, Right);
    }
}
