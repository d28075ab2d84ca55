namespace Metrics.Core.Charts;

/// <summary>Texts at the ends of lines, pushed apart so that each keeps a line for itself.</summary>
internal static class EndLabels
{
    /// <summary>
    /// Heights as near as may be to the wanted ones, in the same order, at least <paramref name="gap"/> apart and all between two bounds.
    /// </summary>
    /// <param name="wanted">No more of them than the bounds have room for.</param>
    public static double[] Spread(IReadOnlyList<double> wanted, double gap, double top, double bottom)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i])];
        var places = new double[wanted.Count];
        var least = top;
        foreach (var i in order)
        {
            places[i] = Math.Max(least, wanted[i]);
            least = places[i] + gap;
        }

        var most = bottom;
        foreach (var i in order.Reverse())
        {
            places[i] = Math.Min(places[i], most);
            most = places[i] - gap;
        }

        return places;
    }

    /// <summary>How many lines there is room for.</summary>
    public static int Most(double gap, double top, double bottom) => Math.Max(1, (int)((bottom - top) / gap) + 1);
}
