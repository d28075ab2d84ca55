using Metrics.Core.Periods;

namespace Metrics.Core.Targets;

/// <summary>By what the days of a period were weighed: what was asked for, or what the data allowed instead.</summary>
public enum PaceBasis
{
    Days,
    BusinessDays,

    /// <summary>The weekdays of the eight weeks before the period.</summary>
    Weekdays,

    /// <summary>The course of the same period a year before.</summary>
    LastYear,
}

/// <summary>How much of a period's figure a part of its days is expected to bring: <paramref name="Part"/> of <paramref name="Whole"/>.</summary>
/// <remarks>Kept as two numbers, because a third of the days of a target of 300 is 100 and not 99.99…</remarks>
/// <param name="Part">The weight of the part, 0 to <paramref name="Whole"/>.</param>
/// <param name="Whole">The weight of all days, more than 0.</param>
public sealed record ElapsedShare(decimal Part, decimal Whole)
{
    /// <summary>0 to 1.</summary>
    public decimal Value => Part / Whole;

    /// <summary>What the part is expected to bring of an amount.</summary>
    public decimal Of(decimal amount) => Part == Whole ? amount : amount * Part / Whole;

    /// <summary>What the whole comes to if the rest is like the part; null where the part is nothing.</summary>
    public decimal? Projected(decimal actual) => Part == 0 ? null : Part == Whole ? actual : actual * Whole / Part;
}

/// <summary>What share of a period's figure each of its days is expected to bring. Never falls from one day to the next, 0 to 1.</summary>
public sealed class PaceShape
{
    /// <summary>How many days before a period its weekdays are weighed by: eight weeks (KPIS §3).</summary>
    public const int ProfileDays = 56;

    // Two weeks: long enough that no weekday sticks out, short enough to keep a season.
    private const int SmoothedBy = 7;

    // What no day of an amount needs; keeps products with the largest targets inside a decimal.
    private const int Digits = 12;

    private readonly Period _period;
    private readonly decimal[]? _until;

    private PaceShape(PaceBasis basis, Period period, decimal[]? weights = null)
    {
        (Basis, _period) = (basis, period);
        if (weights is null)
            return;

        var sum = weights.Sum();
        _until = new decimal[weights.Length + 1];
        for (var i = 0; i < weights.Length; i++)
            _until[i + 1] = _until[i] + decimal.Round(weights[i] * weights.Length / sum, Digits);
    }

    public PaceBasis Basis { get; }

    /// <summary>Every day weighs the same.</summary>
    public static PaceShape Linear(Period period) => new(PaceBasis.Days, period);

    /// <summary>Every business day weighs the same and other days nothing; where a period has no business day, all its days do.</summary>
    public static PaceShape BusinessDays(ReportingCalendar calendar, Period period)
    {
        var weights = new decimal[period.Days];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = calendar.IsBusinessDay(period.Start.AddDays(i)) ? 1 : 0;
        return Array.TrueForAll(weights, weight => weight == 0) ? Linear(period) : new PaceShape(PaceBasis.BusinessDays, period, weights);
    }

    /// <summary>Days weigh what their weekday brought in the eight weeks before; null where that says nothing.</summary>
    /// <param name="before">The figures of the <see cref="ProfileDays"/> days before the period, oldest first.</param>
    public static PaceShape? Weekdays(Period period, IReadOnlyList<decimal?> before)
    {
        var brought = new decimal[7];
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i] is not { } figure)
                return null;
            brought[(int)period.Start.AddDays(i - before.Count).DayOfWeek] += figure;
        }

        decimal[] weights = [.. Enumerable.Range(0, period.Days).Select(i => brought[(int)period.Start.AddDays(i).DayOfWeek])];
        return CanWeigh(weights) ? new PaceShape(PaceBasis.Weekdays, period, weights) : null;
    }

    /// <summary>
    /// Days weigh what the same point of the period a year before brought, smoothed over two weeks; null where that says nothing.
    /// </summary>
    /// <param name="yearAgo">The figures of the days of that period, oldest first.</param>
    public static PaceShape? LastYear(Period period, IReadOnlyList<decimal?> yearAgo)
    {
        if (yearAgo.Any(figure => figure is null))
            return null;

        var smooth = new decimal[yearAgo.Count];
        for (var i = 0; i < smooth.Length; i++)
        {
            var (from, to) = (Math.Max(0, i - SmoothedBy), Math.Min(smooth.Length, i + SmoothedBy + 1));
            for (var j = from; j < to; j++)
                smooth[i] += yearAgo[j]!.Value / (to - from);
        }

        if (!CanWeigh(smooth))
            return null;

        // The year before may have a day more or less: the same point is the same share of its days.
        var until = new decimal[smooth.Length + 1];
        for (var i = 0; i < smooth.Length; i++)
            until[i + 1] = until[i] + smooth[i];
        return new PaceShape(PaceBasis.LastYear, period, [.. Enumerable.Range(0, period.Days).Select(i => At(i + 1) - At(i))]);

        decimal At(int day)
        {
            var point = (decimal)day * smooth.Length / period.Days;
            var whole = (int)point;
            return whole >= smooth.Length ? until[^1] : until[whole] + (point - whole) * smooth[whole];
        }
    }

    /// <summary>The share of the first days of the period.</summary>
    public ElapsedShare Until(int days) => _until is null ? new ElapsedShare(days, _period.Days) : new ElapsedShare(_until[days], _until[^1]);

    /// <summary>The share of a part of the period.</summary>
    public ElapsedShare Of(Period part)
    {
        var (from, to) = (part.Start.DayNumber - _period.Start.DayNumber, part.End.DayNumber - _period.Start.DayNumber);
        return _until is null ? new ElapsedShare(to - from, _period.Days) : new ElapsedShare(_until[to] - _until[from], _until[^1]);
    }

    private static bool CanWeigh(decimal[] weights) => Array.TrueForAll(weights, weight => weight >= 0) && Array.Exists(weights, weight => weight > 0);
}
