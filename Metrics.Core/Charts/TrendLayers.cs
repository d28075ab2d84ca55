namespace Metrics.Core.Charts;

/// <summary>Process limits at one point.</summary>
/// <param name="Lower">Null where there is none, as for counts that cannot be negative.</param>
public sealed record TrendLimit(decimal Center, decimal? Lower, decimal? Upper);

/// <summary>The process limits of one phase: as they are at each of its points.</summary>
/// <param name="First">The index of the phase's first point.</param>
/// <param name="Caption">From what they were computed: "natural limits, 24 weeks to W34".</param>
public sealed record TrendLimits(int First, IReadOnlyList<TrendLimit> Points, string Caption)
{
    /// <summary>Limits that are the same from one point to another, both included.</summary>
    public static TrendLimits Level(int first, int last, TrendLimit limit, string caption) => new(first, [.. Enumerable.Repeat(limit, last - first + 1)], caption);
}

/// <summary>What a signal's mark looks like: its shape says by which rule it was found.</summary>
public enum SignalShape
{
    /// <summary>A point outside of the limits: a triangle that points up or down.</summary>
    Strong,

    /// <summary>Points near a limit: a square.</summary>
    Moderate,

    /// <summary>A run on one side of the center: a disc.</summary>
    Weak,

    /// <summary>A slow change of the level: a diamond.</summary>
    Drift,
}

/// <summary>A signal at a point.</summary>
/// <param name="Up">Whether it is above what was expected.</param>
/// <param name="Text">What it says, shown when pointing at it.</param>
/// <param name="Look">The class that colors it: good, bad, watch or neutral.</param>
public sealed record TrendSignal(int Index, SignalShape Shape, bool Up, string Text, string Look = "watch");

/// <summary>What is expected of a period after the last point.</summary>
/// <param name="Label">The period's short name, for the axis.</param>
/// <param name="Name">Its full name, shown when pointing at it.</param>
/// <param name="Low80">Where the band begins that holds four of five outcomes.</param>
/// <param name="Low95">Where the band begins that holds nineteen of twenty; null for none.</param>
public sealed record TrendForecast(
    string Label, string Name, decimal Value, decimal Low80, decimal High80, decimal? Low95 = null, decimal? High95 = null);

/// <summary>Something that happened in the period of a point.</summary>
/// <param name="Number">Its number in the list beside the chart.</param>
public sealed record TrendNote(int Index, int Number, string Name);

/// <summary>What a trend shows beside its line; each part may be missing. Points are meant by their index, the oldest is 0.</summary>
public sealed record TrendLayers
{
    public static TrendLayers None { get; } = new();

    public IReadOnlyList<TrendLimits> Limits { get; init; } = [];

    public IReadOnlyList<TrendSignal> Signals { get; init; } = [];

    /// <summary>Consecutive periods: those after the last point, or those from <see cref="ForecastFrom"/> on.</summary>
    public IReadOnlyList<TrendForecast> Forecast { get; init; } = [];

    /// <summary>The place of the first period that is forecast, where the last points are of periods that are not over; null for after them.</summary>
    public int? ForecastFrom { get; init; }

    public IReadOnlyList<TrendNote> Notes { get; init; } = [];

    internal int FirstForecast(int points) => Math.Clamp(ForecastFrom ?? points, 0, points);
}
