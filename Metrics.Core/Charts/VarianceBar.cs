namespace Metrics.Core.Charts;

/// <summary>A difference as a bar to the left or right of zero, beside the row that it is of; hidden from screen readers because the row has it in words.</summary>
public static class VarianceBar
{
    private const double Width = 120;
    private const double Height = 16;
    private const double Edge = 2;

    /// <param name="most">The largest difference of the column, up or down, which gives all its bars one scale.</param>
    /// <param name="look">The class that colors it: good, bad or neutral.</param>
    public static string Draw(decimal difference, decimal most, string look)
    {
        var (middle, reach) = (Width / 2, Width / 2 - Edge);
        var length = most <= 0 ? 0 : Math.Min(1, (double)(Math.Abs(difference) / most)) * reach;
        if (difference != 0)
            length = Math.Max(length, 1);
        return new SvgWriter()
            .Open("svg", ("class", "variance-bar"), ("viewBox", $"0 0 {Width} {Height}"), ("aria-hidden", "true"), ("focusable", "false"))
            .Empty("rect", ("class", look), ("x", difference < 0 ? middle - length : middle), ("y", 3.0), ("width", length), ("height", Height - 6))
            .Empty("line", ("class", "zero"), ("x1", middle), ("x2", middle), ("y1", 0.0), ("y2", Height))
            .Close()
            .ToString();
    }
}
