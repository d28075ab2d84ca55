using System.Runtime.InteropServices;

namespace Metrics.Core.Catalog;

/// <summary>What a number measures, as powers: money is 1, 0, 0; money for each second is 1, -1, 0; a rate is none of all.</summary>
/// <remarks>
/// Counts are taken lightly, because what is counted has no name here: money for each customer is money. Only a count and a plain
/// rate do not go together in a sum.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnitPowers(int Money, int Time, int Count)
{
    public static UnitPowers Of(Unit unit) => unit switch
    {
        Unit.Currency => new UnitPowers(1, 0, 0),
        Unit.Duration => new UnitPowers(0, 1, 0),
        Unit.Count => new UnitPowers(0, 0, 1),
        _ => default,
    };

    public UnitPowers Times(UnitPowers other) => new(Money + other.Money, Time + other.Time, Count + other.Count);

    public UnitPowers Over(UnitPowers other) => new(Money - other.Money, Time - other.Time, Count - other.Count);

    /// <summary>What two numbers are that are added or compared; null is a bare number, which goes with anything.</summary>
    /// <exception cref="FormatException">They measure different things; the message names <paramref name="sign"/> and both.</exception>
    public static UnitPowers? Alike(string sign, UnitPowers? left, UnitPowers? right)
    {
        if (left is not { } a || right is not { } b)
            return left ?? right;

        if (a.Money != b.Money)
        {
            throw new FormatException(a.Money == 0 || b.Money == 0
                ? $"'{sign}' joins money and a number that is not money"
                : $"'{sign}' joins {a.InWords} and {b.InWords}");
        }

        if (a.Time != b.Time || (a is { Money: 0, Time: 0 } && (a.Count == 0) != (b.Count == 0)))
            throw new FormatException($"'{sign}' joins {a.InWords} and {b.InWords}");
        return a;
    }

    /// <summary>Why a metric with a unit cannot have these powers; null where it can.</summary>
    public string? Misfit(Unit unit)
    {
        var declared = Of(unit);
        return Money != declared.Money
                ? Money switch
                {
                    0 => "a number that is not money",
                    1 => "money (unit: currency)",
                    _ => "money multiplied or divided by money more than once",
                }
            : Time != declared.Time
                ? (Money, Time) switch
                {
                    (_, 0) => "a number that is not a length of time",
                    (0, 1) => "a length of time (unit: duration)",
                    (_, -1) => "something for each second; divide by a length such as 1d to count days",
                    _ => "time multiplied or divided by time more than once",
                }
            : null;
    }

    private string InWords => (Money, Time) switch
    {
        (1, 0) => "money",
        (-1, 0) => "something for each unit of money",
        (0, 1) => "a length of time",
        (0, 0) => Count == 0 ? "a rate" : "a count",
        (_, -1) => "something for each second",
        (0, _) => "a product of times",
        _ => "a product of money",
    };
}
