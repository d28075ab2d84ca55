namespace Metrics.Core.Charts;

/// <summary>How the bar of a scenario looks.</summary>
internal static class ScenarioLook
{
    /// <summary>The class of a scenario's bars.</summary>
    public static string ClassOf(Scenario scenario) => scenario switch
    {
        Scenario.Actual => "actual",
        Scenario.PriorYear => "prior",
        Scenario.Plan => "planned",
        _ => "expected",
    };

    /// <summary>A bar; one of no length is still a hair, because its value is known and not missing.</summary>
    public static void Rect(SvgWriter svg, Scenario scenario, double x, double y, double width, double height)
    {
        svg.Empty("rect", ("class", "scenario " + ClassOf(scenario)), ("x", x), ("y", y), ("width", width), ("height", Math.Max(height, 0.5)));
        if (scenario == Scenario.Forecast && Hatch.Of(x, y, width, height) is { Length: > 0 } strokes)
            svg.Empty("path", ("class", "scenario-hatch"), ("d", strokes));
    }
}
