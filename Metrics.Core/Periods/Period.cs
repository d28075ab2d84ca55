using System.Globalization;

namespace Metrics.Core.Periods;

/// <summary>
/// A run of whole calendar days: <see cref="Start"/> belongs to it, <see cref="End"/> does not.
/// </summary>
/// <remarks>
/// Half-open, so consecutive periods meet without gap or overlap, and a day belongs to exactly
/// one week, month or quarter. An empty period cannot be made: every figure covers at least a day.
/// It knows no time zone; <see cref="ReportingCalendar.StartOf"/> turns its ends into instants.
/// </remarks>
public sealed record Period
{
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="end"/> is not after <paramref name="start"/>.</exception>
    public Period(DateOnly start, DateOnly end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        (Start, End) = (start, end);
    }

    public DateOnly Start { get; }

    /// <summary>The first day after the period.</summary>
    public DateOnly End { get; }

    /// <summary>The last day that belongs to the period: what people call its end.</summary>
    public DateOnly LastDay => End.AddDays(-1);

    public int Days => End.DayNumber - Start.DayNumber;

    public bool Contains(DateOnly day) => Start <= day && day < End;

    /// <summary>The days already over when <paramref name="today"/> begins; null if there are none yet.</summary>
    public Period? ElapsedBefore(DateOnly today) =>
        today <= Start ? null : today >= End ? this : new Period(Start, today);

    /// <summary>First and last day, both included: "2026-11-09..2026-11-15".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start:O}..{LastDay:O}");
}
