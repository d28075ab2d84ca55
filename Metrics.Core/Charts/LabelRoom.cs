namespace Metrics.Core.Charts;

/// <summary>What a text or a mark covers.</summary>
internal sealed record Box(double Left, double Top, double Right, double Bottom)
{
    // How far letters reach above and below the line they stand on, as parts of their height.
    private const double Ascent = 0.8;
    private const double Descent = 0.25;

    /// <summary>The room of a text.</summary>
    /// <param name="y">The line that its letters stand on.</param>
    /// <param name="anchor">What is at <paramref name="x"/>, as SVG says it: start, middle or end.</param>
    public static Box OfText(string text, double x, double y, string anchor = "start", bool bold = false, double size = TextWidth.Size)
    {
        var width = TextWidth.Of(text, size, bold);
        var left = anchor switch { "end" => x - width, "middle" => x - width / 2, _ => x };
        return new Box(left, y - size * Ascent, left + width, y + size * Descent);
    }

    public bool Meets(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    /// <summary>Whether a straight line touches it (Liang and Barsky).</summary>
    public bool IsCrossed(double x1, double y1, double x2, double y2)
    {
        var (from, to) = (0.0, 1.0);
        return Clip(x1 - x2, x1 - Left) && Clip(x2 - x1, Right - x1) && Clip(y1 - y2, y1 - Top) && Clip(y2 - y1, Bottom - y1);

        bool Clip(double p, double q)
        {
            if (p == 0)
                return q >= 0;
            var at = q / p;
            if (p < 0)
                from = Math.Max(from, at);
            else
                to = Math.Min(to, at);
            return from <= to;
        }
    }
}

/// <summary>A place that a text could take.</summary>
internal sealed record Spot(double X, double Y, string Anchor = "start");

/// <summary>The room of a picture in which nothing is written yet: whoever writes takes a part of it, so that no two texts meet.</summary>
internal sealed class LabelRoom(double left, double top, double right, double bottom)
{
    // Two texts beside each other are two.
    private const double Gap = 3;

    private readonly List<Box> _taken = [];
    private readonly List<(double X1, double Y1, double X2, double Y2)> _lines = [];

    public LabelRoom(double width, double height)
        : this(0, 0, width, height)
    {
    }

    /// <summary>Notes that something stands here.</summary>
    public void Take(Box box) => _taken.Add(box);

    /// <summary>Notes a line that texts keep off.</summary>
    public void Avoid(IReadOnlyList<Dot?> line)
    {
        for (var i = 1; i < line.Count; i++)
        {
            if (line[i - 1] is { } from && line[i] is { } to)
                _lines.Add((from.X, from.Y, to.X, to.Y));
        }
    }

    /// <summary>Takes the box if nothing stands there.</summary>
    /// <param name="clear">Whether a line is in the way too.</param>
    /// <param name="gap">How far texts beside it have to be away.</param>
    public bool TryTake(Box box, bool clear = false, double gap = Gap)
    {
        if (!Fits(box, gap) || (clear && !IsClear(box)))
            return false;
        _taken.Add(box);
        return true;
    }

    /// <summary>The first spot at which a text meets neither text nor line, or else no text; null where there is none.</summary>
    /// <param name="clear">Whether a spot on a line is no spot.</param>
    public Spot? Find(string text, IReadOnlyCollection<Spot> spots, bool bold = false, double size = TextWidth.Size, bool clear = true)
    {
        foreach (var strict in clear ? (bool[])[true] : [true, false])
        {
            foreach (var spot in spots)
            {
                if (TryTake(Box.OfText(text, spot.X, spot.Y, spot.Anchor, bold, size), strict))
                    return spot;
            }
        }

        return null;
    }

    private bool Fits(Box box, double gap) => box.Left >= left && box.Top >= top && box.Right <= right && box.Bottom <= bottom
        && !_taken.Exists((box with { Left = box.Left - gap, Right = box.Right + gap }).Meets);

    private bool IsClear(Box box) => !_lines.Exists(line => box.IsCrossed(line.X1, line.Y1, line.X2, line.Y2));
}
