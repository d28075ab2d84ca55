using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>Whether a change is good news: its sign seen through the metric's direction.</summary>
public enum Verdict
{
    Neutral,
    Favorable,
    Unfavorable,
}

/// <summary>In what a change is measured.</summary>
public enum DeltaKind
{
    /// <summary>A fraction of the base.</summary>
    Relative,

    /// <summary>The difference of two percentages, as a fraction: 0.012 is 1.2 percentage points.</summary>
    Points,

    /// <summary>The metric's own unit, where the base is zero or negative and a fraction of it would say the wrong thing.</summary>
    Absolute,
}

/// <summary>How a figure differs from one it is compared with.</summary>
/// <param name="Amount">The change, not rounded; see <paramref name="Kind"/>.</param>
public sealed record Delta(decimal Amount, DeltaKind Kind, Verdict Verdict)
{
    /// <summary>-1, 0 or 1: the sign of the change as it is shown, so 0 where it rounds to nothing.</summary>
    public int Sign => Math.Sign(Kind == DeltaKind.Absolute ? Amount : decimal.Round(Amount, 3, MidpointRounding.AwayFromZero));

    /// <summary>Whether one of the two is not complete, so that the change says less than it seems to.</summary>
    public bool OfIncomplete { get; init; }

    /// <summary>The same change, of figures that nobody should judge.</summary>
    public Delta Unjudged => this with { Verdict = Verdict.Neutral };

    /// <summary>
    /// The change from one period value to another; null unless both are defined, and complete as well unless
    /// <paramref name="incomplete"/> allows the change to be shown as it is.
    /// </summary>
    public static Delta? Between(Metric metric, PeriodValue? basis, PeriodValue? current, IncompleteBase incomplete = IncompleteBase.Undefined)
    {
        if (basis?.Value is not { } before || current?.Value is not { } now)
            return null;
        var ofIncomplete = !basis.Complete || !current.Complete;
        if (ofIncomplete && incomplete == IncompleteBase.Undefined)
            return null;

        var delta = metric.Unit == Unit.Percent
            ? new Delta(now - before, DeltaKind.Points, Verdict.Neutral)
            : Change.Relative(now, before) is { } fraction
                ? new Delta(fraction, DeltaKind.Relative, Verdict.Neutral)
                : new Delta(now - before, DeltaKind.Absolute, Verdict.Neutral);
        return delta with { Verdict = VerdictOf(metric.Direction, delta.Sign), OfIncomplete = ofIncomplete };
    }

    /// <summary>The change with its sign: "+6.1 %", "−1.2 pp", "+$31k".</summary>
    public string Text(ValueFormat format) => Kind switch
    {
        DeltaKind.Relative => ValueFormat.RelativeChange(Amount),
        DeltaKind.Points => ValueFormat.PointsChange(Amount),
        _ => format.Difference(Amount),
    };

    /// <summary>The change as a sentence says it: "up 6.1 percent", "down 1.2 percentage points", "unchanged".</summary>
    public string InWords(ValueFormat format)
    {
        if (Sign == 0)
            return "unchanged";

        var size = Kind switch
        {
            DeltaKind.Relative => ValueFormat.RelativeChange(Math.Abs(Amount))[1..^1] + "percent",
            DeltaKind.Points => ValueFormat.PointsChange(Math.Abs(Amount))[1..^2] + "percentage points",
            _ => format.Compact(Math.Abs(Amount)),
        };
        return $"{(Sign > 0 ? "up" : "down")} {size.Replace('\u00A0', ' ')}";
    }

    private static Verdict VerdictOf(Direction direction, int sign) => (direction, sign) switch
    {
        (Direction.Range, _) or (_, 0) => Verdict.Neutral,
        (Direction.Up, > 0) or (Direction.Down, < 0) => Verdict.Favorable,
        _ => Verdict.Unfavorable,
    };
}
