using Metrics.Core.Targets;

namespace Metrics.Core.Charts;

/// <summary>
/// A figure as a bar on the way to its target, with a mark where it should be. The numbers stand beside it, so it is hidden from
/// screen readers.
/// </summary>
public static class TargetBar
{
    private const double Width = 120;
    private const double Height = 12;
    private const double Thickness = 6;

    // The target stands at four fifths, so that a figure a quarter above it still fits.
    private const double TargetAt = Width * 0.8;

    /// <summary>The picture as SVG; empty where there is no figure, or no positive target that could be the way.</summary>
    /// <param name="expected">What should be reached: by now in a running period, else the target.</param>
    public static string Draw(decimal? actual, decimal target, decimal expected, TargetStatus status)
    {
        if (actual is not { } reached || target <= 0)
            return "";

        const double top = (Height - Thickness) / 2;
        return new SvgWriter()
            .Open(
                "svg", ("class", "bar-to " + LookOf(status)), ("viewBox", $"0 0 {Width} {Height}"), ("width", Width), ("height", Height),
                ("aria-hidden", "true"))
            .Empty("rect", ("class", "track"), ("y", top), ("width", Width), ("height", Thickness), ("rx", Thickness / 2))
            .Empty("rect", ("class", "fill"), ("y", top), ("width", At(reached)), ("height", Thickness), ("rx", Thickness / 2))
            .Empty("line", ("class", "mark-at"), ("x1", At(expected)), ("x2", At(expected)), ("y2", Height))
            .Close()
            .ToString();

        double At(decimal value) => Math.Clamp((double)value / (double)target * TargetAt, 0, Width);
    }

    private static string LookOf(TargetStatus status) => status switch
    {
        TargetStatus.OnTrack => "good",
        TargetStatus.AtRisk => "watch",
        TargetStatus.OffTrack => "bad",
        _ => "neutral",
    };
}
