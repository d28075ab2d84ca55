using System.Diagnostics;
using System.Globalization;

namespace Metrics.Core.Alerts;

/// <summary>What a change is measured against.</summary>
public enum Versus
{
    /// <summary>The period before.</summary>
    Previous,

    /// <summary>The period that the calendar compares with a year before.</summary>
    YearAgo,
}

/// <summary>In what a change is measured.</summary>
public enum ChangeUnit
{
    /// <summary>A fraction of the base: -0.1 is 10 % less.</summary>
    Relative,

    /// <summary>The difference of two percentages, as a fraction: 0.01 is one percentage point.</summary>
    Points,

    /// <summary>The metric's own unit.</summary>
    Absolute,
}

/// <summary>
/// What is asked of a figure. A figure that equals a limit is neither below nor above it, and inside a range that ends there.
/// </summary>
public abstract record Condition
{
    private Condition()
    {
    }

    public sealed record Below(decimal Limit) : Condition;

    public sealed record Above(decimal Limit) : Condition;

    public sealed record Outside(decimal Low, decimal High) : Condition;

    public sealed record Inside(decimal Low, decimal High) : Condition;

    /// <param name="Limit">A <see cref="Below"/> or <see cref="Above"/> for the change, in <paramref name="In"/>.</param>
    public sealed record Change(Versus Versus, ChangeUnit In, Condition Limit) : Condition;

    /// <summary>The period is over, its grace too, and its data are not all there.</summary>
    public sealed record NoData : Condition;

    /// <summary>The condition's kind as the evaluation log names it.</summary>
    public string Comparator => this switch
    {
        Below => "below",
        Above => "above",
        Outside => "outside",
        Inside => "inside",
        Change(var versus, _, var limit) => $"change versus {(versus == Versus.Previous ? "previous" : "year_ago")} {limit.Comparator}",
        _ => "no_data",
    };

    /// <summary>The limit as the evaluation log keeps it, in the figure's own unit: "28900", "10..20".</summary>
    public string Threshold => this switch
    {
        Below(var limit) => Text(limit),
        Above(var limit) => Text(limit),
        Outside(var low, var high) => $"{Text(low)}..{Text(high)}",
        Inside(var low, var high) => $"{Text(low)}..{Text(high)}",
        Change(_, _, var limit) => limit.Threshold,
        _ => "",
    };

    /// <summary>The number that the condition looks at: the figure, or how it changed. Null where that is undefined.</summary>
    public decimal? Measure(decimal? value, decimal? basis) => this switch
    {
        Change { In: ChangeUnit.Relative } => Periods.Change.Relative(value, basis),
        Change => Periods.Change.Absolute(value, basis),
        _ => value,
    };

    /// <summary>Whether the condition holds for a number that <see cref="Measure"/> gave.</summary>
    public bool Holds(decimal measured) => this switch
    {
        Below(var limit) => measured < limit,
        Above(var limit) => measured > limit,
        Outside(var low, var high) => measured < low || measured > high,
        Inside(var low, var high) => low <= measured && measured <= high,
        Change(_, _, var limit) => limit.Holds(measured),
        NoData => false,
        _ => throw new UnreachableException(),
    };

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
