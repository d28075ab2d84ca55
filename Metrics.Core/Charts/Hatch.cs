namespace Metrics.Core.Charts;

/// <summary>
/// Slanted strokes inside a rectangle. They are strokes and no pattern, because a pattern needs an id that nothing else on the page has.
/// </summary>
internal static class Hatch
{
    private const double Gap = 5;

    /// <summary>The strokes as the data of a path; empty where there is no room for one.</summary>
    /// <param name="falls">Whether they go down to the right, and not up.</param>
    public static string Of(double x, double y, double width, double height, bool falls = false)
    {
        var strokes = new System.Text.StringBuilder();
        for (var at = Gap; at < width + height; at += Gap)
        {
            // Along this stroke the distance from the left and that from the top come to the same sum.
            var (fromX, toX) = (Math.Max(0, at - height), Math.Min(at, width));
            if (toX - fromX < 0.5)
                continue;
            var (fromY, toY) = falls ? (height - (at - fromX), height - (at - toX)) : (at - fromX, at - toX);
            strokes.Append('M').Append(SvgWriter.Number(x + fromX)).Append(' ').Append(SvgWriter.Number(y + fromY))
                .Append('L').Append(SvgWriter.Number(x + toX)).Append(' ').Append(SvgWriter.Number(y + toY));
        }

        return strokes.ToString();
    }
}
