using System.Globalization;
using Metrics.Core.Periods;

namespace Metrics.Core.Catalog;

/// <summary>
/// Where a metric of a formula is read: in a period of the asked grain, or over a run of days that ends with it.
/// </summary>
/// <param name="Grain">The grain that is asked for.</param>
/// <param name="Asked">The period, or a part of one such as month to date.</param>
/// <remarks>
/// Stepping back moves the period, and the run of days follows its end. Of two runs, one inside the other, the inner one counts:
/// both end with the same day.
/// </remarks>
public sealed record FormulaPeriod(Grain Grain, Period Asked)
{
    /// <summary>The run of days that ends with the period; null for the period itself.</summary>
    internal FormulaRun? Run { get; init; }

    /// <summary>How many years before.</summary>
    internal int YearsAgo { get; init; }

    /// <summary>Whether it is a run of days of its own length, and not a period of the grain or a part of one.</summary>
    public bool IsRun => Run is not null;

    /// <summary>The days that are read.</summary>
    /// <remarks>
    /// A year earlier is for days and weeks 364 days earlier, for months and longer by date, and to date always by date: as boards compare.
    /// </remarks>
    public Period Days(ReportingCalendar calendar) => Run switch
    {
        ToDateRun { Grain: var grain } => Enumerable.Range(0, YearsAgo).Aggregate(
            calendar.ToDate(grain, Asked.LastDay), (days, _) => calendar.ToDateYearAgo(grain, days.LastDay)),
        RollingRun rolling => rolling.EndingWith(calendar, YearEarlier(calendar)),
        _ => YearEarlier(calendar),
    };

    /// <summary>The same <paramref name="count"/> periods of the grain earlier.</summary>
    internal FormulaPeriod Back(ReportingCalendar calendar, int count) =>
        count == 0 ? this : this with { Asked = Moved(calendar, Asked, calendar.Shift(Grain, Asked, -count)) };

    private Period YearEarlier(ReportingCalendar calendar) => Enumerable.Range(0, YearsAgo).Aggregate(Asked, (days, _) =>
        Grain is Grain.Day or Grain.Week || calendar.Containing(Grain, days.Start) == days ? calendar.YearAgo(Grain, days)
        : calendar.ToDate(Grain, days.LastDay) == days ? calendar.ToDateYearAgo(Grain, days.LastDay)
        : Moved(calendar, days, calendar.YearAgo(Grain, days)));

    /// <summary>The part of another period that some days are of their own: as many, from as many after its start, inside of it.</summary>
    private Period Moved(ReportingCalendar calendar, Period days, Period to)
    {
        var from = calendar.Containing(Grain, days.Start);
        if (from == days)
            return to;

        var start = to.Start.AddDays(Math.Min(days.Start.DayNumber - from.Start.DayNumber, to.Days - 1));
        var end = start.AddDays(days.Days);
        return new Period(start, days.End <= from.End && end > to.End ? to.End : end);
    }
}

/// <summary>A run of days that ends with a period.</summary>
internal abstract record FormulaRun;

/// <summary>A number of days or months up to the end of a period, such as <c>28d</c> or <c>12m</c>.</summary>
internal sealed record RollingRun(int Count, char Unit) : FormulaRun
{
    /// <summary>The longest run, in each unit: about ten years.</summary>
    public static int MostOf(char unit) => unit switch
    {
        'd' => 3_660,
        'w' => 523,
        'm' => 120,
        'q' => 40,
        _ => 10,
    };

    /// <summary>The days of the run that ends with a period.</summary>
    public Period EndingWith(ReportingCalendar calendar, Period period) => new(
        Unit switch
        {
            'd' => period.End.AddDays(-Count),
            'w' => period.End.AddDays(-7 * Count),
            'm' => MonthsBefore(calendar, period.End, Count),
            'q' => MonthsBefore(calendar, period.End, 3 * Count),
            _ => MonthsBefore(calendar, period.End, 12 * Count),
        },
        period.End);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}{Unit}");

    // From the end of a month of the calendar, whole months of it, which in a retail calendar are weeks; from within one, by date.
    private static DateOnly MonthsBefore(ReportingCalendar calendar, DateOnly end, int months) =>
        calendar.Containing(Grain.Month, end) is var month && month.Start == end
            ? calendar.Shift(Grain.Month, month, -months).Start
            : end.AddMonths(-months);
}

/// <summary>From the start of the month, quarter or year in which a period ends up to its end.</summary>
internal sealed record ToDateRun(Grain Grain) : FormulaRun;

/// <summary>A metric in a formula, at one of the places where the formula reads it.</summary>
/// <param name="Metric">The metric's id.</param>
/// <param name="At">Where it is read.</param>
/// <param name="Text">The metric with what the formula does to its period: <c>mrr</c>, <c>previous(mrr, 2)</c>, <c>rolling(visits, 4w)</c>.</param>
public sealed record FormulaOperand(string Metric, FormulaPeriod At, string Text);
