namespace Metrics.Core.Charts;

/// <summary>A share of something as a bar, hidden from screen readers because the share stands beside it in words.</summary>
public static class Meter
{
    private const double Width = 100;
    private const double Height = 8;
    private const double Whole = 84;

    /// <summary>A share of a target, with a tick where it should be; what goes beyond the target goes on a little.</summary>
    /// <param name="share">0 to 1, and beyond; less than nothing is drawn as nothing.</param>
    /// <param name="look">The class that colors the bar: good, watch, bad, neutral.</param>
    /// <param name="mark">The share that should be reached: by now in a running period, else all of it.</param>
    public static string Draw(decimal share, string look, decimal mark = 1) =>
        Bar((double)share * Whole, look)
            .Empty("rect", ("class", "tick-mark"), ("x", Math.Clamp((double)mark * Whole - 1, 0, Width - 2)), ("width", 2.0), ("height", Height))
            .Close()
            .ToString();

    /// <summary>A share of a whole that cannot be passed, such as elapsed time: without a tick.</summary>
    public static string DrawShare(decimal share) => Bar((double)share * Width, "neutral").Close().ToString();

    private static SvgWriter Bar(double length, string look) => new SvgWriter()
        .Open("svg", ("class", "meter"), ("viewBox", $"0 0 {Width} {Height}"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"), ("focusable", "false"))
        .Empty("rect", ("class", "track"), ("y", 1.5), ("width", Width), ("height", Height - 3), ("rx", 2.5))
        .Empty("rect", ("class", look), ("y", 1.5), ("width", Math.Clamp(length, 0, Width)), ("height", Height - 3), ("rx", 2.5));
}
