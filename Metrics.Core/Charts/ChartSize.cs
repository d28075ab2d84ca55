namespace Metrics.Core.Charts;

/// <summary>For how much room a chart is drawn. Its texts are 13 units high, so they can be read as long as it is shown at that width or more.</summary>
/// <param name="Name">The class of the picture, which a style sheet shows where there is that much room.</param>
/// <param name="Ticks">About how many values the axis names.</param>
public sealed record ChartSize(string Name, double Width, double Height, int Ticks)
{
    /// <summary>Over a page or a wide column.</summary>
    public static ChartSize Wide { get; } = new("wide", 920, 300, 5);

    /// <summary>A phone held upright.</summary>
    public static ChartSize Narrow { get; } = new("narrow", 330, 240, 4);
}
