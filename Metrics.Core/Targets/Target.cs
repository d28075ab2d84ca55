using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>What was promised for one metric, period and segment in one version of the plan.</summary>
/// <param name="Version">The plan version, such as <c>budget</c> or <c>reforecast-1</c>.</param>
/// <param name="Grain">The grain of the period, which the target speaks of as a whole.</param>
/// <param name="Segment">The segment; targets of the total and of its segments are independent of each other.</param>
/// <param name="Value">In the metric's unit; a rate as a fraction.</param>
/// <param name="File">The workspace file that says so; empty for one that was set on the page.</param>
/// <param name="Line">The line in it, counted from 1.</param>
public sealed record Target(
    string Metric, string Version, Grain Grain, Period Period, Segment Segment, decimal Value, string? Note, string File, int Line)
{
    /// <summary>The version that is meant where none is named.</summary>
    public const string DefaultVersion = "budget";

    /// <summary>Who set it on the page and when; null for one from a file.</summary>
    public TargetEdit? Edit { get; init; }

    /// <summary>
    /// How figures are written beside targets. A rate that was promised to the hundredth of a percent is shown so; rounded to tenths it
    /// would seem to be missed, or met, by nothing.
    /// </summary>
    public static ValueFormat FormatOf(Metric metric, string currency, IEnumerable<Target> targets)
    {
        var isFine = metric.Unit == Unit.Percent && targets.Any(target => target.Value * 1000 != decimal.Truncate(target.Value * 1000));
        return new ValueFormat(metric.Unit, currency, isFine ? 2 : null);
    }
}

/// <summary>Who set a target on the page, and when.</summary>
public sealed record TargetEdit(string By, DateTimeOffset At);

/// <summary>How a figure stands against what was promised.</summary>
public enum TargetStatus
{
    NoTarget,

    /// <summary>The figure is not complete or not current, so that nobody can say.</summary>
    NotCurrent,
    OffTrack,
    AtRisk,
    OnTrack,
}
