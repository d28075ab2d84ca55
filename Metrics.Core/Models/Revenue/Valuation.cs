namespace Metrics.Core.Models.Revenue;

/// <summary>
/// Converts charges to the reporting currency: each charge's amount per month at the rate that the choices name, rounded to the minor
/// unit of the reporting currency, half away from zero.
/// </summary>
/// <param name="first">The number of the first day that is asked for.</param>
/// <param name="through">The number of the first day that is not asked for.</param>
internal sealed class Valuation(RateTable rates, FxMode mode, DateOnly? fixedDay, string reportingCurrency, int first, int through)
{
    // A company has a few hundred prices. One with more of them converts those beyond this each time anew, rather than filling the memory.
    private const int MostTables = 4_000;

    private readonly Dictionary<string, Rates> _currencies = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Currency, long Minor), long[]> _tables = [];

    /// <summary>The charges with what they are worth; one without any day whose rate is known is empty (<see cref="ValuedCharge.IsEmpty"/>).</summary>
    public (ValuedCharge[] Charges, DayGaps Gaps) Of(IReadOnlyList<Charge> charges)
    {
        var (valued, gaps) = (new ValuedCharge[charges.Count], new DayGaps());
        for (var i = 0; i < valued.Length; i++)
        {
            var charge = charges[i];
            valued[i] = charge.Row.Currency is { } currency ? Convert(charge, RatesOf(currency)) : new ValuedCharge(charge, charge.From, charge.Minor);
            if (valued[i].From > charge.From && charge is { Minor: > 0 } && charge.From < through)
                gaps.Add(charge, Math.Min(valued[i].From, Math.Min(charge.Until, through)));
        }

        return (valued, gaps);
    }

    private ValuedCharge Convert(Charge charge, Rates of) => mode switch
    {
        FxMode.Fixed => FixedRate(of) is { } rate
            ? new ValuedCharge(charge, charge.From, Round(charge.Minor, rate * of.Scale))
            : new ValuedCharge(charge, Charge.Open, 0),
        FxMode.ServiceStart => ByService(charge, of),
        _ => ByDay(charge, of),
    };

    private decimal? FixedRate(Rates of) => of.Table.Days.Length == 0 ? null
        : fixedDay is { } day ? RateTable.At(of.Table, day.DayNumber)
        : of.Table.Rates[0];

    private ValuedCharge ByDay(Charge charge, Rates of)
    {
        var from = of.Table.Days.Length == 0 ? Charge.Open : Math.Max(charge.From, of.Table.Days[0]);
        if (from == Charge.Open)
            return new ValuedCharge(charge, Charge.Open, 0);

        var key = (charge.Row.Currency!, charge.Minor);
        if (!_tables.TryGetValue(key, out var table) && _tables.Count < MostTables)
            _tables[key] = table = TableOf(charge.Minor, of);
        return new ValuedCharge(charge, from, 0) { ByDay = table, Factors = of.ByDay, FirstDay = first - 1, Changes = of.Changes };
    }

    private static long[] TableOf(long minor, Rates of)
    {
        var table = new long[of.ByDay.Length];
        for (var i = 0; i < table.Length; i++)
            table[i] = i > 0 && of.ByDay[i] == of.ByDay[i - 1] ? table[i - 1] : Round(minor, of.ByDay[i]);
        return table;
    }

    /// <summary>What it is worth changes with each billing interval, by the rate of the interval's first day.</summary>
    private ValuedCharge ByService(Charge charge, Rates of)
    {
        var (days, values) = (new List<int>(), new List<long>());
        for (var number = 0; ; number++)
        {
            var begins = charge.Interval.Begins(charge.Anchor, number).DayNumber;
            if (begins >= Math.Min(charge.Until, through) && number > 0)
                break;
            if (RateTable.At(of.Table, begins) is not { } rate)
                continue;

            var value = Round(charge.Minor, rate * of.Scale);
            if (values.Count == 0 || values[^1] != value)
            {
                days.Add(begins);
                values.Add(value);
            }
        }

        return days.Count == 0
            ? new ValuedCharge(charge, Charge.Open, 0)
            : new ValuedCharge(charge, Math.Max(charge.From, days[0] == charge.Anchor.DayNumber ? charge.From : days[0]), 0)
            {
                Changes = [.. days], StepValues = [.. values],
            };
    }

    private Rates RatesOf(string currency)
    {
        if (_currencies.TryGetValue(currency, out var known))
            return known;

        var table = rates.Of(currency);
        var scale = MrrPolicy.PowerOfTen(MrrPolicy.MinorDigits(reportingCurrency)) / MrrPolicy.PowerOfTen(MrrPolicy.MinorDigits(currency));
        var byDay = new decimal[mode == FxMode.Day ? Math.Max(0, through - first) + 2 : 0];
        for (var i = 0; i < byDay.Length; i++)
            byDay[i] = (RateTable.At(table, first - 1 + i) ?? 0) * scale;
        return _currencies[currency] = new Rates(table, scale, byDay, table.Days);
    }

    private static long Round(long minor, decimal factor) => (long)decimal.Round(minor * factor, 0, MidpointRounding.AwayFromZero);

    /// <param name="Scale">Minor units of the reporting currency for one of the currency's, at a rate of 1.</param>
    /// <param name="ByDay">What a minor unit is worth on each day, beginning with the day before the first; 0 before the first rate.</param>
    private sealed record Rates((int[] Days, decimal[] Rates) Table, decimal Scale, decimal[] ByDay, int[] Changes);
}

/// <summary>A charge with what it is worth in the reporting currency.</summary>
/// <param name="from">The first day whose rate is known.</param>
/// <param name="constant">What it is worth on every day, where that never changes.</param>
internal sealed class ValuedCharge(Charge charge, int from, long constant)
{
    private static readonly int[] Never = [];

    public Charge Charge { get; } = charge;

    public int From { get; } = from;

    public int Until => Charge.Until;

    public int Customer => Charge.Customer;

    /// <summary>Whether it counts on no day.</summary>
    public bool IsEmpty => From >= Until;

    /// <summary>Whether it is paid for; a free subscription is not.</summary>
    public bool IsPaid => Charge.Minor > 0;

    public bool RunsOn(int day) => From <= day && day < Until;

    /// <summary>The days on which its worth may change, oldest first.</summary>
    public int[] Changes { get; init; } = Never;

    internal long[]? ByDay { get; init; }

    internal decimal[]? Factors { get; init; }

    internal int FirstDay { get; init; }

    internal long[]? StepValues { get; init; }

    /// <summary>Minor units of the reporting currency per month on a day on which it runs, or on the first day without it.</summary>
    public long At(int day)
    {
        if (ByDay is { } table)
            return table[day - FirstDay];
        if (StepValues is { } values)
        {
            var at = Array.BinarySearch(Changes, day);
            return values[Math.Max(0, at < 0 ? ~at - 1 : at)];
        }

        return Factors is { } factors ? (long)decimal.Round(Charge.Minor * factors[day - FirstDay], 0, MidpointRounding.AwayFromZero) : constant;
    }
}

/// <summary>The days on which a charge has no exchange rate, so that no total is known.</summary>
internal sealed class DayGaps
{
    private readonly List<(Charge Charge, int Until)> _charges = [];
    private (int From, int Until)[]? _merged;

    public static DayGaps None { get; } = new();

    public IReadOnlyList<(Charge Charge, int Until)> Charges => _charges;

    public void Add(Charge charge, int until)
    {
        if (charge.From < until)
            _charges.Add((charge, until));
    }

    public bool Contains(int day) => Merged().Any(gap => gap.From <= day && day < gap.Until);

    /// <summary>The first day from <paramref name="day"/> on that is none of these.</summary>
    public int FirstAfter(int day)
    {
        foreach (var gap in Merged().Where(gap => gap.From <= day && day < gap.Until))
            day = gap.Until;
        return day;
    }

    private (int From, int Until)[] Merged()
    {
        if (_merged is not null)
            return _merged;

        var merged = new List<(int From, int Until)>();
        foreach (var (charge, until) in _charges.OrderBy(gap => gap.Charge.From))
        {
            if (merged.Count > 0 && charge.From <= merged[^1].Until)
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].Until, until));
            else
                merged.Add((charge.From, until));
        }

        return _merged = [.. merged];
    }
}
