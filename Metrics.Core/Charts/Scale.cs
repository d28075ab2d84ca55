namespace Metrics.Core.Charts;

/// <summary>Maps values to places on a line, and knows the round values worth a label.</summary>
internal sealed class Scale
{
    private const double Day = 86_400;

    private static readonly double[] Lengths =
    [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, Day, 2 * Day, 5 * Day, 10 * Day,
    ];

    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    private Scale(double low, double high, double from, double to) => (_low, _high, _from, _to) = (low, high, from, to);

    /// <summary>The round values inside the scale, lowest first.</summary>
    public IReadOnlyList<decimal> Ticks { get; private init; } = [];

    public double this[decimal value] => _from + ((double)value - _low) / (_high - _low) * (_to - _from);

    /// <summary>Exactly the range of some values, with air above and below where they are all the same.</summary>
    public static Scale Fit(IReadOnlyCollection<decimal> values, double from, double to)
    {
        var (low, high) = RangeOf(values);
        return new Scale(low, high, from, to);
    }

    /// <summary>
    /// The range of some values with a little air, and the round values inside of it, which are about <paramref name="steps"/> steps of
    /// 1, 2, 2.5 or 5 times a power of ten apart, or as clocks and calendars divide time. Starts at 0 where that costs less than a quarter
    /// of the room.
    /// </summary>
    public static Scale Round(IReadOnlyCollection<decimal> values, int steps, double from, double to, bool areLengths = false)
    {
        const double air = 0.06;
        var (low, high) = RangeOf(values);
        var pad = (high - low) * air;
        low = low >= 0 && low < high / 4 ? 0 : low - pad;
        high = high <= 0 && high > low / 4 ? 0 : high + pad;

        // An axis with a single number says nothing.
        var rough = (high - low) / steps;
        var step = areLengths ? LengthOf(rough) : StepOf(rough);
        if (Math.Floor(high / step) - Math.Ceiling(low / step) < 1)
            step = areLengths ? LengthOf(step / 2) : step / 2;
        var first = Math.Ceiling(low / step - 1e-9);
        var last = Math.Floor(high / step + 1e-9);
        var ticks = Enumerable.Range(0, (int)(last - first) + 1).Select(i => (decimal)((first + i) * step)).ToArray();
        return new Scale(low, high, from, to) { Ticks = ticks };
    }

    /// <summary>The step nearest to a rough one, by proportion: the bounds are the geometric means of neighbors.</summary>
    internal static double StepOf(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch
        {
            < 1.414 => 1,
            < 2.236 => 2,
            < 3.536 => 2.5,
            < 7.071 => 5,
            _ => 10,
        };
    }

    /// <summary>The same for lengths of time in seconds: people count in quarters of an hour and in days, not in thousands of seconds.</summary>
    private static double LengthOf(double rough) => rough < Lengths[0] ? StepOf(rough)
        : rough > Lengths[^1] ? StepOf(rough / Day) * Day
        : Lengths.MinBy(length => Math.Max(length / rough, rough / length));

    private static (double Low, double High) RangeOf(IReadOnlyCollection<decimal> values)
    {
        if (values.Count == 0)
            return (0, 1);

        var (low, high) = ((double)values.Min(), (double)values.Max());
        if (high > low)
            return (low, high);

        var air = Math.Abs(low) * 0.1;
        return low == 0 ? (0, 1) : (low - air, high + air);
    }
}
