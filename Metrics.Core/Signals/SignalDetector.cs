using System.Runtime.InteropServices;

namespace Metrics.Core.Signals;

/// <summary>A rule that holds of the values up to and including one of them.</summary>
/// <param name="At">The last value of the window, counted from 0.</param>
/// <param name="Since">Its first value: of a run where the run begins, of a move the value before.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SignalFlag(int At, SignalRule Rule, Side Side, int Since)
{
    /// <summary>How many values the window holds.</summary>
    public int Length => At - Since + 1;
}

/// <summary>Finds the values that a process does not produce by itself.</summary>
public static class SignalDetector
{
    private const int RunLength = 8;

    /// <summary>
    /// Every window of a series in which a rule holds, by its last value and there the strongest first. A missing value (null) ends runs
    /// and windows, and no move is measured across it.
    /// </summary>
    /// <param name="blur">For each value how far from the center it has to be to lie on a side of it; null for not at all.</param>
    public static IReadOnlyList<SignalFlag> All(IReadOnlyList<decimal?> values, ProcessLimits limits, IReadOnlyList<decimal>? blur = null)
    {
        var flags = new List<SignalFlag>();
        var (center, upper, lower, widest) = (limits.Center, limits.Upper, limits.Lower, limits.UpperRange);
        var (nearUpper, nearLower) = (limits.UpperQuartile, limits.LowerQuartile);
        var (run, side, known) = (0, Side.Above, 0);
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                (run, known) = (0, 0);
                continue;
            }

            if (value > upper)
                flags.Add(new SignalFlag(i, SignalRule.OutsideLimits, Side.Above, i));
            else if (value < lower)
                flags.Add(new SignalFlag(i, SignalRule.OutsideLimits, Side.Below, i));
            if (known > 0 && values[i - 1] is { } before && Math.Abs(value - before) > widest)
                flags.Add(new SignalFlag(i, SignalRule.WideMove, value > before ? Side.Above : Side.Below, i - 1));

            known++;
            if (known >= 4)
            {
                var (above, below) = CountOf(values, i, nearUpper, nearLower);
                if (above >= 3)
                    flags.Add(new SignalFlag(i, SignalRule.ThreeOfFour, Side.Above, i - 3));
                else if (below >= 3)
                    flags.Add(new SignalFlag(i, SignalRule.ThreeOfFour, Side.Below, i - 3));
            }

            var unsure = blur?[i] ?? 0;
            var now = value > center ? Side.Above : Side.Below;
            run = Math.Abs(value - center) <= unsure ? 0 : now == side ? run + 1 : 1;
            side = now;
            if (run >= RunLength)
                flags.Add(new SignalFlag(i, SignalRule.RunOfEight, side, i - run + 1));
        }

        return flags;
    }

    /// <summary>The strongest rule that holds of the newest value; null where none does. This is what boards show.</summary>
    public static SignalFlag? Newest(IReadOnlyList<decimal?> values, ProcessLimits limits)
    {
        foreach (var flag in All(values, limits))
        {
            if (flag.At == values.Count - 1)
                return flag;
        }

        return null;
    }

    /// <summary>How many of the four values up to one lie beyond the lines between limits and center.</summary>
    private static (int Above, int Below) CountOf(IReadOnlyList<decimal?> values, int last, decimal nearUpper, decimal nearLower)
    {
        var (above, below) = (0, 0);
        for (var i = last - 3; i <= last; i++)
        {
            var value = values[i]!.Value;
            if (value > nearUpper)
                above++;
            else if (value < nearLower)
                below++;
        }

        return (above, below);
    }
}
