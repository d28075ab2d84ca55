using System.Globalization;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Targets;

/// <summary>
/// Reads a number as people type it into a cell or paste it from a spreadsheet: thousands separators, the currency's sign, a percentage, K, M
/// and B, a true minus sign or brackets.
/// </summary>
/// <remarks>
/// Both decimal conventions are understood. Where one separator could be either, as in <c>1.234</c>, the workspace's habit decides
/// (<see cref="CalendarSettings.DecimalComma"/>); the page says what was understood.
/// </remarks>
public static partial class TypedNumber
{
    private static readonly (string Suffix, decimal Factor)[] Scales =
    [
        ("tsd", 1e3m), ("k", 1e3m), ("mio", 1e6m), ("mn", 1e6m), ("mm", 1e6m), ("m", 1e6m), ("mrd", 1e9m), ("bn", 1e9m), ("b", 1e9m),
    ];

    private static readonly (string Suffix, decimal Seconds)[] Lengths = [("min", 60), ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];

    private const string OtherSigns = "$€£¥₹₩₪₺₫₱₴₦";

    /// <summary>The value in the metric's unit, or what is wrong with the text; exactly one of the two is null.</summary>
    public static (decimal? Value, string? Fault) Read(string text, Metric metric, CalendarSettings settings)
    {
        var rest = Spaces().Replace(text, "").Replace('\u2212', '-').ToLowerInvariant();
        var isNegative = rest is ['(', .., ')'] or ['-', ..] or [.., '-'];
        rest = rest switch
        {
            ['(', .. var inside, ')'] => inside,
            ['-' or '+', .. var after] => after,
            [.. var before, '-'] => before,
            _ => rest,
        };

        if (WithoutCurrency(ref rest, metric, settings.Currency) is { } fault)
            return (null, fault);
        if (!isNegative && rest.StartsWith('-'))
            (isNegative, rest) = (true, rest[1..]);

        // An abbreviation may have its point: 2,5 Mio.
        if (rest is [.., >= 'a' and <= 'z', '.'])
            rest = rest[..^1];

        var factor = 1m;
        if (rest.EndsWith('%'))
        {
            if (metric.Unit != Unit.Percent)
                return (null, $"'{text}' is a percentage, but {metric.Name} is no rate.");
            (rest, factor) = (rest[..^1], 0.01m);
        }
        else if (metric.Unit == Unit.Ratio && rest is [.., '×' or 'x'])
        {
            rest = rest[..^1];
        }
        else
        {
            var scales = metric.Unit == Unit.Duration ? Lengths : Scales;
            if (scales.FirstOrDefault(scale => rest.EndsWith(scale.Item1, StringComparison.Ordinal)) is { Item1: { } suffix, Item2: var scaled })
                (rest, factor) = (rest[..^suffix.Length], scaled);
        }

        if (Digits(rest, settings.DecimalComma) is not { } number)
            return (null, $"'{text}' is no number.");
        if (number >= TargetEntry.TooLarge / Math.Max(1, factor))
            return (null, $"'{text}' is too large a number.");
        return (isNegative ? -number * factor : number * factor, null);
    }

    /// <summary>A value as a cell shows it: every digit, with thousands separators by the workspace's habit; a rate as a percentage.</summary>
    public static string Write(decimal value, Unit unit, CalendarSettings settings)
    {
        var text = unit == Unit.Percent
            ? (value * 100).ToString("#,##0.##########################", CultureInfo.InvariantCulture) + "%"
            : value.ToString("#,##0.############################", CultureInfo.InvariantCulture);
        return settings.DecimalComma ? text.Replace(',', '\u001f').Replace('.', ',').Replace('\u001f', '.') : text;
    }

    private static string? WithoutCurrency(ref string rest, Metric metric, string currency)
    {
        var sign = Currencies.Prefix(currency).Trim('\u00A0').ToLowerInvariant();
        var code = currency.ToLowerInvariant();
        foreach (var mark in (string[])[sign, code])
        {
            if (!rest.StartsWith(mark, StringComparison.Ordinal) && !rest.EndsWith(mark, StringComparison.Ordinal))
                continue;
            if (metric.Unit != Unit.Currency)
                return $"'{rest}' is an amount of money, but {metric.Name} is none.";

            rest = rest.StartsWith(mark, StringComparison.Ordinal) ? rest[mark.Length..] : rest[..^mark.Length];
            return null;
        }

        return rest.IndexOfAny([.. OtherSigns]) >= 0 ? $"'{rest}' is in another currency than {currency}." : null;
    }

    private static decimal? Digits(string text, bool decimalComma)
    {
        var (points, commas) = (text.Count(letter => letter == '.'), text.Count(letter => letter == ','));
        char? fraction = (points, commas) switch
        {
            ( > 0, > 0) => text.LastIndexOf('.') > text.LastIndexOf(',') ? '.' : ',',
            ( > 1, _) or (_, > 1) or (0, 0) => null,
            _ when !CouldBeThousands().IsMatch(text) => points > 0 ? '.' : ',',
            (1, _) => decimalComma ? null : '.',
            _ => decimalComma ? ',' : null,
        };
        var parts = fraction is { } mark ? text.Split(mark) : [text];
        if (parts.Length > 2)
            return null;

        var whole = parts[0];
        if (whole.IndexOfAny(['.', ',', '\'', '’']) >= 0)
        {
            if (!Grouped().IsMatch(whole))
                return null;
            whole = Separators().Replace(whole, "");
        }

        var plain = whole + (parts.Length == 2 ? "." + parts[1] : "");
        return Plain().IsMatch(plain) && decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    [GeneratedRegex(@"[\s\u00A0\u2007\u2009\u202F]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[1-9]\d{0,2}[.,]\d{3}$", RegexOptions.CultureInvariant)]
    private static partial Regex CouldBeThousands();

    [GeneratedRegex(@"^\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*$", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();

    [GeneratedRegex("[.,'’]", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();

    [GeneratedRegex(@"^(\d+(\.\d*)?|\.\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
