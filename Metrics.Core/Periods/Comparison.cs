namespace Metrics.Core.Periods;

/// <summary>How a figure differs from the one it is compared with. Undefined is null, shown as n/a and never as 0.</summary>
public static class Change
{
    // Far beyond any figure that means something, and still a decimal: a base that is only rounding noise must not stop a page.
    private const decimal LargestRatio = 1e27m;

    /// <summary>
    /// <paramref name="current"/> / <paramref name="previous"/> - 1, as a fraction (0.05 is 5 %). Null if either is missing
    /// or the previous one is zero, negative or next to nothing, or the sign changes: from a negative base a rise would read as a
    /// fall, and a loss after a gain is no percentage of it. What is shown there is <see cref="Absolute"/>.
    /// </summary>
    public static decimal? Relative(decimal? current, decimal? previous)
    {
        if (current is not { } value || previous is not { } basis || basis <= 0 || value < 0)
            return null;

        return basis < 1 && Math.Abs(value) >= LargestRatio * basis ? null : value / basis - 1;
    }

    /// <summary><paramref name="current"/> - <paramref name="previous"/>, in their unit; null if either is missing.</summary>
    public static decimal? Absolute(decimal? current, decimal? previous) => current - previous;
}
