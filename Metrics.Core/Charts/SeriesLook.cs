namespace Metrics.Core.Charts;

/// <summary>
/// How the lines and fills of several segments are told apart: eight colors that people with any color vision can tell apart (Okabe and
/// Ito), and dashes or strokes from the fifth on, so that it never hangs on the color alone.
/// </summary>
internal static class SeriesLook
{
    /// <summary>How many looks there are before they begin anew.</summary>
    public const int Count = 8;

    private const int Plain = 4;

    /// <summary>The class of the segment at a place: <c>s1</c> to <c>s8</c>.</summary>
    public static string Of(int at) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"s{at % Count + 1}");

    /// <summary>Whether its fill has strokes over it.</summary>
    public static bool IsHatched(int at) => at % Count >= Plain;

    /// <summary>Whether these strokes fall to the right.</summary>
    public static bool Falls(int at) => at % 2 == 1;

    /// <summary>A small filled square, as legends and bars have it.</summary>
    public static void Fill(SvgWriter svg, int at, double x, double y, double width, double height)
    {
        svg.Empty("rect", ("class", "fill " + Of(at)), ("x", x), ("y", y), ("width", width), ("height", height));
        if (IsHatched(at) && Hatch.Of(x, y, width, height, Falls(at)) is { Length: > 0 } strokes)
            svg.Empty("path", ("class", "hatch"), ("d", strokes));
    }
}
