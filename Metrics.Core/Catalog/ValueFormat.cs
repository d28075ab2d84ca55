using System.Globalization;

namespace Metrics.Core.Catalog;

/// <summary>
/// How the values of one metric are written, in invariant culture with a true minus sign (U+2212). Null, a value that is not known or
/// not defined, is a dash and never 0.
/// </summary>
/// <param name="Currency">The ISO code that amounts are in.</param>
/// <param name="Decimals">The decimals of a compact value; null leaves them to the unit.</param>
public sealed record ValueFormat(Unit Unit, string Currency, int? Decimals = null)
{
    /// <summary>What is written for no value.</summary>
    public const string None = "–";

    private const string Minus = "\u2212";
    private const string NoBreakSpace = "\u00A0";

    // Up to here a figure is read as it is; above, thousands are easier to compare.
    private const decimal SmallestScaled = 10_000;

    private static readonly (decimal Divisor, string Suffix)[] Scales = [(1e12m, "T"), (1e9m, "B"), (1e6m, "M"), (1e3m, "k")];

    // An axis counts in days from two days on, in the others from one of them on.
    private static readonly (decimal Seconds, int From, string Suffix)[] LengthUnits =
        [(86_400, 2, "d"), (3_600, 1, "h"), (60, 1, "m"), (1, 1, "s")];

    /// <summary>What all values are divided by before they are written, so that a column has one scale; 0 leaves it to each value.</summary>
    public decimal Divisor { get; private init; }

    /// <summary>
    /// This format for a column or an axis: one scale and one number of decimals, three digits for the largest. Where the values
    /// differ so much that the small ones would come out as nothing, each keeps its own.
    /// </summary>
    public ValueFormat ForColumn(IEnumerable<decimal?> values)
    {
        decimal[] sizes = [.. values.Where(value => value is not null and not 0).Select(value => Math.Abs(value!.Value))];
        if (Unit is not (Unit.Currency or Unit.Count) || sizes.Length == 0 || sizes.Min() * 100 < sizes.Max())
            return this;

        var largest = ThreeDigits(sizes.Max());
        var divisor = largest < SmallestScaled ? 1 : Scales.First(scale => scale.Divisor <= largest).Divisor;
        var decimals = divisor == 1 && (largest >= 100 || sizes.All(size => size == decimal.Truncate(size)))
            ? 0
            : (largest / divisor) switch { >= 100 => 0, >= 10 => 1, _ => 2 };
        return this with { Divisor = divisor, Decimals = Decimals ?? decimals };
    }

    /// <summary>
    /// This format for a row of a table whose unit stands at its head, so that its cells are <see cref="Bare"/>: as for a column, lengths
    /// of time in one unit too.
    /// </summary>
    public ValueFormat ForRow(IEnumerable<decimal?> values)
    {
        decimal?[] all = [.. values];
        if (Unit is Unit.Score && Decimals is null)
            return this with { Decimals = all.All(value => value is not { } score || decimal.Round(score, 1) == decimal.Truncate(score)) ? 0 : 1 };
        if (Unit is not Unit.Duration)
            return ForColumn(all);

        var longest = all.Max(value => value is { } length ? Math.Abs(length) : 0);
        return this with { Divisor = LengthUnits.FirstOrDefault(unit => unit.Seconds <= longest, LengthUnits[^1]).Seconds, Decimals = Decimals ?? 1 };
    }

    /// <summary>What all cells of a row share, said once: "$M", "%", "h"; empty where each cell says its own.</summary>
    public string RowUnit => Unit switch
    {
        Unit.Percent => "%",
        Unit.Ratio => "×",
        Unit.Duration when Divisor > 0 => LengthUnits.First(unit => unit.Seconds == Divisor).Suffix,
        Unit.Currency when Divisor > 0 => Currencies.Prefix(Currency).Trim() + ScaleSuffix,
        Unit.Count when Divisor > 0 => ScaleSuffix,
        _ => "",
    };

    private string ScaleSuffix => Divisor <= 1 ? "" : Scales.First(scale => scale.Divisor == Divisor).Suffix;

    /// <summary>A value without what <see cref="RowUnit"/> says.</summary>
    public string Bare(decimal? value)
    {
        if (value is not { } number)
            return None;

        var size = Math.Abs(number);
        return Unit switch
        {
            Unit.Percent => Signed(number, Fixed(size * 100, Decimals ?? 1)),
            Unit.Ratio when size < SmallestScaled => Signed(number, Fixed(size, Decimals ?? 1)),
            Unit.Currency or Unit.Count when Divisor > 0 => Signed(number, Fixed(size / Divisor, Decimals ?? 0)),
            Unit.Duration when Divisor > 0 => Signed(number, Fixed(size / Divisor, Decimals ?? 1)),
            _ => Compact(number),
        };
    }

    /// <summary>This format for the ticks of an axis: round values, so without the decimals that would all be zero.</summary>
    public ValueFormat ForAxis(IEnumerable<decimal> ticks)
    {
        decimal[] all = [.. ticks];
        if (Unit is Unit.Duration)
        {
            var longest = all.Select(Math.Abs).DefaultIfEmpty().Max();
            return this with { Divisor = LengthUnits.FirstOrDefault(unit => unit.Seconds <= longest / unit.From).Seconds };
        }

        var format = ForColumn(all.Select(tick => (decimal?)tick));
        var scale = Unit == Unit.Percent ? 0.01m : format.Divisor > 0 ? format.Divisor : 1;
        var decimals = Enumerable.Range(0, 4).FirstOrDefault(digits => all.All(tick => decimal.Round(tick / scale, digits) == tick / scale), 4);
        return Unit is Unit.Score && decimals == 0 ? format : format with { Decimals = decimals };
    }

    /// <summary>For tiles and axes, three significant digits: "$2.46M", "$31k", "178", "63.8k", "101.6%", "1.8×", "3h 12m".</summary>
    public string Compact(decimal? value)
    {
        if (value is not { } number)
            return None;

        var size = Math.Abs(number);
        return Signed(number, Unit switch
        {
            Unit.Currency => Currencies.Prefix(Currency) + Scaled(size, size < 100 && size != decimal.Truncate(size) ? 2 : null),
            Unit.Count => Scaled(size, null),
            Unit.Percent => Fixed(size * 100, Decimals ?? 1) + "%",
            Unit.Ratio => (size < SmallestScaled ? Fixed(size, Decimals ?? 1) : Scaled(size, null)) + "×",
            Unit.Score => Decimals is { } decimals ? Fixed(size, decimals) : Trimmed(size, 1),
            _ when Divisor > 0 => Trimmed(size / Divisor, 2) + LengthUnits.First(unit => unit.Seconds == Divisor).Suffix,
            _ => Length(size),
        });
    }

    /// <summary>The full value with thousands separators: "$2,460,123.45", "63,812", "101.5873%".</summary>
    public string Exact(decimal? value)
    {
        if (value is not { } number)
            return None;

        var size = Math.Abs(number);
        return Signed(number, Unit switch
        {
            Unit.Currency => Currencies.Prefix(Currency) + Fixed(size, Currencies.MinorDigits(Currency)),
            Unit.Percent => Trimmed(size * 100, 4) + "%",
            Unit.Ratio => Trimmed(size, 4) + "×",
            Unit.Duration => Trimmed(size, 3) + NoBreakSpace + "s",
            _ => Trimmed(size, 6),
        });
    }

    /// <summary>Two values, compact as far as that tells them apart, else with more digits or in full: "$28.850k" and "$28.920k".</summary>
    /// <param name="faithful">Whether their difference too should be about what it is: "$2.462M" and "$2.466M" instead of "$2.46M" and "$2.47M".</param>
    public (string One, string Other) Apart(decimal one, decimal other, bool faithful = false)
    {
        var (smaller, larger) = (Math.Min(Math.Abs(one), Math.Abs(other)), Math.Max(Math.Abs(one), Math.Abs(other)));
        var isScaled = Unit is Unit.Currency or Unit.Count;
        var finer = isScaled && ThreeDigits(smaller) < SmallestScaled ? [] : Enumerable.Range(isScaled ? 3 : 2, 2);
        foreach (var decimals in (int?[])[Decimals, .. finer.Select(digits => (int?)digits)])
        {
            var format = this with { Decimals = decimals };
            if (one == other || (format.Compact(one) != format.Compact(other) && (!faithful || Math.Abs(one - other) >= 2 * format.Step(larger))))
                return (format.Compact(one), format.Compact(other));
        }

        return (Exact(one), Exact(other));
    }

    /// <summary>This format in as many decimals as it takes to tell the values apart; itself where they are too close for that.</summary>
    public ValueFormat Telling(params decimal[] values)
    {
        const int mostDecimals = 4;
        decimal[] different = [.. values.Distinct()];
        var telling = this;
        while (different.Select(value => telling.Compact(value)).Distinct().Count() < different.Length)
        {
            if (telling.Decimals >= mostDecimals)
                return this;
            telling = telling with { Decimals = (telling.Decimals ?? 2) + 1 };
        }

        return telling;
    }

    /// <summary>By how much two compact values of a size differ at least where they are not the same.</summary>
    private decimal Step(decimal size)
    {
        const int significant = 1000;
        var decimals = Decimals ?? (Unit is Unit.Currency or Unit.Count ? 0 : 1);
        var step = 1m;
        for (; decimals > 0; decimals--)
            step /= 10;
        if (Unit == Unit.Percent)
            return step / 100;
        if (Unit is not (Unit.Currency or Unit.Count))
            return Unit == Unit.Duration ? 0 : step;
        if (Decimals is null)
        {
            for (; size >= SmallestScaled && size / step >= significant; step *= 10)
            {
            }

            return step;
        }

        return step * (size < SmallestScaled ? 1 : Scales.First(scale => scale.Divisor <= size).Divisor);
    }

    /// <summary>A difference in the metric's own unit, compact and with its sign: "+$31k". Null as <see cref="None"/>.</summary>
    public string Difference(decimal? difference) =>
        difference is not { } number ? None : number > 0 ? "+" + Compact(number) : Compact(number);

    /// <summary>A relative change from its fraction: 0.061 is "+6.1 %".</summary>
    public static string RelativeChange(decimal? fraction) => SignedTenths(fraction * 100, "%");

    /// <summary>A change of a percentage from the difference of the fractions: 0.012 is "+1.2 pp".</summary>
    public static string PointsChange(decimal? difference) => SignedTenths(difference * 100, "pp");

    /// <summary>A share of something: 0.971 is "97.1 %".</summary>
    public static string Share(decimal share)
    {
        // "100.0 %" and "at risk" side by side would contradict each other.
        var rounded = decimal.Round(share * 100, 1, MidpointRounding.AwayFromZero);
        if (share < 1 && rounded >= 100)
            rounded = 99.9m;
        return Signed(rounded, Trimmed(Math.Abs(rounded), 1)) + NoBreakSpace + "%";
    }

    /// <summary>The same in whole percents, rounded down so that 100 % is all of it: 0.977 is "97 %".</summary>
    public static string WholeShare(decimal share)
    {
        var whole = decimal.Floor(share * 100);
        return Signed(whole, Fixed(Math.Abs(whole), 0)) + NoBreakSpace + "%";
    }

    private static string SignedTenths(decimal? number, string unit)
    {
        if (number is not { } value)
            return None;

        var rounded = decimal.Round(value, 1, MidpointRounding.AwayFromZero);
        var sign = rounded > 0 ? "+" : rounded < 0 ? Minus : "";
        return sign + Fixed(Math.Abs(rounded), 1) + NoBreakSpace + unit;
    }

    // The sign is left away where rounding leaves nothing to carry it.
    private static string Signed(decimal value, string text) =>
        value < 0 && text.AsSpan().IndexOfAnyInRange('1', '9') >= 0 ? Minus + text : text;

    private string Scaled(decimal size, int? smallDecimals)
    {
        if (Divisor > 0)
            return Fixed(size / Divisor, Decimals ?? 0) + (Divisor == 1 ? "" : Scales.First(scale => scale.Divisor == Divisor).Suffix);

        var rounded = ThreeDigits(size);
        if (rounded >= SmallestScaled)
        {
            foreach (var (divisor, suffix) in Scales)
            {
                if (rounded >= divisor)
                    return (Decimals is { } decimals ? Fixed(size / divisor, decimals) : ThreeSignificant(rounded / divisor, divisor)) + suffix;
            }
        }

        if (Decimals is { } asked)
            return Fixed(size, asked);
        return smallDecimals is { } digits ? Fixed(size, digits) : Trimmed(size, size < 100 ? 1 : 0);
    }

    /// <summary>Rounded to three significant digits where that takes nothing of what stands before the decimal point of small numbers.</summary>
    private static decimal ThreeDigits(decimal size)
    {
        if (size < SmallestScaled - 0.5m)
            return size;

        var step = 1m;
        while (size / step >= 1000)
            step *= 10;
        return decimal.Round(size / step, MidpointRounding.AwayFromZero) * step;
    }

    // From millions on a digit is worth enough to be said where it is zero: "$2.60M" beside "$2.61M". Thousands are read as whole numbers.
    private static string ThreeSignificant(decimal scaled, decimal divisor) => divisor < 1_000_000 ? Trimmed(scaled, 2)
        : Fixed(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0);

    private static string Length(decimal seconds)
    {
        const int minute = 60, hour = 60 * minute, day = 24 * hour;
        var whole = (long)decimal.Round(Math.Min(seconds, long.MaxValue / 2), MidpointRounding.AwayFromZero);
        return whole switch
        {
            < minute => Trimmed(seconds, 1) + "s",
            < hour => Parts(whole / minute, "m", whole % minute, "s"),
            < 2 * day => Parts(whole / hour, "h", whole % hour / minute, "m"),
            _ => Trimmed(seconds / day, 1) + "d",
        };
    }

    private static string Parts(long large, string largeUnit, long small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}{NoBreakSpace}{small}{smallUnit}");

    private static string Fixed(decimal size, int decimals) =>
        decimal.Round(size, decimals, MidpointRounding.AwayFromZero).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Trimmed(decimal size, int mostDecimals) =>
        decimal.Round(size, mostDecimals, MidpointRounding.AwayFromZero)
            .ToString("#,##0" + (mostDecimals == 0 ? "" : "." + new string('#', mostDecimals)), CultureInfo.InvariantCulture);
}
