namespace Metrics.Core.Catalog;

/// <summary>Between which values a figure that was asked of some people would lie if all had been asked, in 95 of 100 cases.</summary>
/// <param name="Low">In the figure's own unit; null with <paramref name="High"/> where too few answers say nothing about how they
/// spread.</param>
/// <param name="Answers">How many answers the figure is made of.</param>
/// <param name="TooFew">Whether they are too few to judge the figure or its changes by.</param>
public sealed record ConfidenceInterval(decimal? Low, decimal? High, decimal Answers, bool TooFew)
{
    /// <summary>The normal quantile of 95 % between both ends.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>"95 %: −61.0 to −10.8, n = 39"; of too few answers "n = 12, too few to judge" with the ends behind it.</summary>
    public string InWords(ValueFormat format)
    {
        var ends = Low is { } low && High is { } high ? $"95\u00A0%: {format.Compact(low)} to {format.Compact(high)}" : null;
        var count = FormattableString.Invariant($"n = {Answers:#,##0}");
        return TooFew ? $"{count}, too few to judge{(ends is null ? "" : $" ({ends})")}" : $"{ends}, {count}";
    }

    /// <summary>
    /// Of a net promoter score: an answer has the variance p + d − (p − d)² with the shares p of promoters and d of detractors
    /// (KPIS §1.4). From -100 to 100; null without answers.
    /// </summary>
    public static (decimal Low, decimal High)? OfNetPromoters(decimal promoters, decimal detractors, decimal answers)
    {
        if (!IsPart(promoters, answers) || !IsPart(detractors, answers) || promoters + detractors > answers)
            return null;

        var (p, d, n) = ((double)(promoters / answers), (double)(detractors / answers), (double)answers);
        var reach = 100 * Z * Math.Sqrt(Math.Max(0, p + d - (p - d) * (p - d)) / n);
        var score = 100 * (p - d);
        return (Decimal(Math.Max(-100, score - reach)), Decimal(Math.Min(100, score + reach)));
    }

    /// <summary>Of a share, by Wilson's score without continuity correction, as a fraction from 0 to 1; null without answers.</summary>
    public static (decimal Low, decimal High)? OfShare(decimal part, decimal answers)
    {
        if (!IsPart(part, answers))
            return null;

        var (p, n) = ((double)(part / answers), (double)answers);
        var middle = p + Z * Z / (2 * n);
        var reach = Z * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        var scale = 1 + Z * Z / n;
        return (part == 0 ? 0 : Decimal((middle - reach) / scale), part == answers ? 1 : Decimal((middle + reach) / scale));
    }

    /// <summary>
    /// Of a mean, from the sum of the scores and that of their squares, with the variance of a sample; null for fewer than two.
    /// </summary>
    public static (decimal Low, decimal High)? OfMean(decimal sum, decimal squares, decimal answers)
    {
        if (answers < 2)
            return null;

        var mean = sum / answers;
        var variance = Math.Max(0, (squares - sum * mean) / (answers - 1));
        var reach = Decimal(Z * Math.Sqrt((double)(variance / answers)));
        return (mean - reach, mean + reach);
    }

    private static bool IsPart(decimal part, decimal whole) => whole > 0 && part >= 0 && part <= whole;

    private static decimal Decimal(double value) => (decimal)value;
}
