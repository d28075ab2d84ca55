using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>A cohort by age.</summary>
/// <param name="Values">Its figure at each age, from 0 on; ages that it has not reached are missing.</param>
/// <param name="Open">How many of the last ones are not over and may still change.</param>
public sealed record CohortLine(string Name, IReadOnlyList<decimal?> Values, int Open = 0);

/// <summary>The level at which a curve should stay.</summary>
public sealed record CurveGoal(decimal Value, string Text);

/// <summary>Cohorts over their age with their average as the strong line, and the range of all cohorts as a soft band.</summary>
public static class RetentionCurve
{
    /// <summary>The SVG; empty where there is nothing to draw.</summary>
    /// <param name="average">All cohorts together, age by age.</param>
    /// <param name="range">The lowest and the highest of all cohorts at each age; empty for none.</param>
    /// <param name="cohorts">Those that are drawn by themselves.</param>
    /// <param name="label">What the picture says, for those who do not see it.</param>
    public static string Draw(
        CohortLine average, IReadOnlyList<(decimal Low, decimal High)?> range, IReadOnlyList<CohortLine> cohorts, ValueFormat format, string label,
        ChartSize? size = null, CurveGoal? goal = null)
    {
        var ages = cohorts.Append(average).Max(line => line.Values.Count);
        return LinesPicture.Draw(
            "curve", [.. Enumerable.Range(0, ages).Select(age => age.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            [
                LineOf(average, "line"),
                .. cohorts.Select((cohort, i) => LineOf(cohort, "series " + SeriesLook.Of(i))),
            ],
            new PictureFrame(format) { Band = range, Goal = goal?.Value, GoalText = goal?.Text ?? "", FromZero = true }, label, size ?? ChartSize.Wide);

        PictureLine LineOf(CohortLine line, string look) =>
            new(line.Name, line.Values, look, AxisText.Of(format, line.Values.LastOrDefault(value => value is not null), (size ?? ChartSize.Wide).Width / 2), line.Open);
    }
}
