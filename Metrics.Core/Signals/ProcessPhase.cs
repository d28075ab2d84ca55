using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using static System.FormattableString;

namespace Metrics.Core.Signals;

/// <summary>Whose figures a process is made of, and how they are written.</summary>
/// <param name="Name">What the series is called in sentences.</param>
public sealed record ProcessSubject(
    string Name, Metric Metric, Accrual Accrual, Grain Grain, ReportingCalendar Calendar, ValueFormat Format)
{
    /// <summary>A period's short name, with its year where that is another one than that of <paramref name="beside"/>.</summary>
    internal string NameOf(Period period, Period beside) => Grain is Grain.Day or Grain.Week
        && Calendar.NumberOf(Grain.Year, period.LastDay) != Calendar.NumberOf(Grain.Year, beside.LastDay)
            ? Calendar.Name(Grain, period)
            : Calendar.ShortLabel(Grain, period);
}

/// <summary>Where the center and the limits lie in one period, in the metric's unit, for drawing.</summary>
/// <param name="Lower">Floored at 0 for figures that cannot be negative.</param>
public sealed record ProcessLine(decimal Center, decimal Lower, decimal Upper);

/// <summary>One period of a process.</summary>
/// <param name="Value">The metric's value; null where the period is not complete, has none or is made of too few answers.</param>
/// <param name="Line">Its limits; null where there are none.</param>
/// <param name="Signals">The rules that hold of it, the strongest first; mostly empty.</param>
public sealed record ProcessPoint(Period Period, decimal? Value, ProcessLine? Line, ProcessPhase Phase, IReadOnlyList<Signal> Signals)
{
    /// <summary>The strongest rule that holds; null where none does.</summary>
    public Signal? Signal => Signals.Count == 0 ? null : Signals[0];
}

/// <summary>Consecutive periods that share their limits.</summary>
public sealed record ProcessPhase
{
    public required ProcessSubject Subject { get; init; }

    /// <summary>The first of its periods.</summary>
    public required Period From { get; init; }

    /// <summary>The last of its periods so far.</summary>
    public required Period To { get; init; }

    /// <summary>The limits of what is judged, which is not always the metric's value; null with fewer than 12 points.</summary>
    public ProcessLimits? Limits { get; init; }

    /// <summary>The first and the last period that the limits are computed from; null where there are none.</summary>
    public Period? BaselineFrom { get; init; }

    public Period? BaselineTo { get; init; }

    /// <summary>Whether the change over a period is judged, because the metric is a stock.</summary>
    public bool OfChanges { get; init; }

    /// <summary>Whether limits are wider where fewer people answered.</summary>
    public bool ByAnswers { get; init; }

    /// <summary>Whether distances from a straight line through the baseline are judged.</summary>
    public bool Trends { get; init; }

    /// <summary>Whether distances from what the period before lets expect are judged.</summary>
    public bool Follows { get; init; }

    /// <summary>The seasonal relatives that values are divided by; null for a series without a season.</summary>
    public Seasonality? Season { get; init; }

    /// <summary>Who began the phase, and why; null where it began by itself.</summary>
    public BaselineChange? Began { get; init; }

    /// <summary>Who chose its baseline, and why; null for the first periods of the phase.</summary>
    public BaselineChange? Locked { get; init; }

    /// <summary>From what the limits are computed: "24 weeks to W24", "14 weeks to W45, provisional".</summary>
    public string BaselineText => Limits is not { } limits || BaselineTo is not { } last ? "no limits yet"
        : Invariant($"{limits.Points} {(OfChanges ? "changes" : Subject.Grain.Name() + "s")} to {Subject.NameOf(last, To)}")
            + (limits.Provisional ? ", provisional" : "");

    /// <summary>What is judged, as sentences; empty where it is the values as they are.</summary>
    public IReadOnlyList<string> BasisInWords =>
    [
        .. OfChanges ? ["It is a stock, so its change over each period is judged."] : (string[])[],
        .. ByAnswers ? ["Limits are wider where fewer people answered."] : (string[])[],
        .. Season is { } season
            ? [Invariant($"It has a season, so each value is divided by what its {Subject.Grain.Name()} usually is of the average ({season.Seasons} seasons).")]
            : (string[])[],
        .. Trends ? ["It has a trend, so the distance from a straight line through the baseline is judged."] : (string[])[],
        .. Follows ? [$"Each {Subject.Grain.Name()} follows the one before, so the distance from what that lets expect is judged."] : (string[])[],
    ];

    /// <summary>What the center is called.</summary>
    internal string CenterInWords => Trends ? "the trend" : Follows ? "what was expected" : OfChanges ? "the mean change" : "the mean";

    /// <summary>What is said behind a limit that is another one in every period.</summary>
    internal string Qualifier => (Season, Trends, Follows) switch
    {
        (not null, _, _) => " for the season",
        (_, true, _) => " of its trend",
        (_, _, true) => $" after the {Subject.Grain.Name()} before",
        _ => "",
    };

    internal string MoveInWords => OfChanges ? "its change moved" : "it moved";
}
