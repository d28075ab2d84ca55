namespace Metrics.Core.Drivers;

/// <summary>What one segment adds to the change of the total, or several of them together.</summary>
/// <param name="Name">The segment's value of the dimension, or "Other 12".</param>
/// <param name="IsOther">Whether it is several segments together.</param>
/// <param name="Before">The segment's value in the earlier period; null where it has none, and for several.</param>
/// <param name="Rate">Of a ratio: what its own change adds; null for a sum.</param>
/// <param name="Mix">Of a ratio: what the change of its weight adds; null for a sum.</param>
public sealed record SegmentEffect(string Name, bool IsOther, decimal? Before, decimal? After, decimal Amount, decimal? Rate, decimal? Mix);

/// <summary>A segment's numerator and denominator in two periods; of a sum, the denominators are 0 and the numerators are its values.</summary>
public sealed record SegmentFigures(string Name, decimal Before, decimal After, decimal WeightBefore = 0, decimal WeightAfter = 0);

/// <summary>The change of a metric over the values of one dimension, the largest effects first; effects and residual sum to the change.</summary>
/// <param name="IsRatio">Whether rate and mix are told apart.</param>
/// <param name="Residual">What the segments do not explain, because they do not make up the total exactly.</param>
public sealed record SegmentEffects(string Dimension, bool IsRatio, decimal Change, IReadOnlyList<SegmentEffect> Rows, decimal Residual)
{
    /// <summary>How many segments have a row of their own; the others stand together in one.</summary>
    public const int MostRows = 5;

    // Below this part of the values a rest is what rounding left.
    private const decimal Noise = 1e-12m;

    /// <summary>What the changes of the segments' own ratios come to; null for a sum.</summary>
    public decimal? Rate => IsRatio ? Rows.Sum(row => row.Rate) : null;

    /// <summary>What the changes of the segments' weights come to; null for a sum.</summary>
    public decimal? Mix => IsRatio ? Rows.Sum(row => row.Mix) : null;

    /// <summary>
    /// Whether the segments by themselves moved against the total (Simpson's paradox): the weights between them turned the sign.
    /// </summary>
    public bool Reversed => Rate is { } rate && Math.Sign(rate) * Math.Sign(Change) < 0;

    /// <summary>The effects for a metric whose segments add up: each segment's own change.</summary>
    public static SegmentEffects OfSum(string dimension, decimal before, decimal after, IReadOnlyCollection<SegmentFigures> segments) =>
        Make(dimension, isRatio: false, before, after, [.. segments.Select(one =>
            new SegmentEffect(one.Name, false, one.Before, one.After, one.After - one.Before, null, null))]);

    /// <summary>
    /// The effects for a ratio of sums: rate is the mean weight of a segment times the change of its ratio, mix the change of its weight
    /// times how far its mean ratio is from the total's. A segment that comes or goes has no change of its own.
    /// </summary>
    /// <param name="scale">What the ratio is multiplied by, such as 100.</param>
    /// <returns>Null where the denominators sum to 0.</returns>
    public static SegmentEffects? OfRatio(
        string dimension, decimal before, decimal after, IReadOnlyCollection<SegmentFigures> segments, decimal scale = 1)
    {
        var (weightBefore, weightAfter) = (segments.Sum(one => one.WeightBefore), segments.Sum(one => one.WeightAfter));
        if (weightBefore == 0 || weightAfter == 0)
            return null;

        var mean = (segments.Sum(one => one.Before) / weightBefore + segments.Sum(one => one.After) / weightAfter) / 2;
        return Make(dimension, isRatio: true, before, after, [.. segments.Select(one =>
        {
            decimal? ratioBefore = one.WeightBefore == 0 ? null : one.Before / one.WeightBefore;
            decimal? ratioAfter = one.WeightAfter == 0 ? null : one.After / one.WeightAfter;
            var (from, to) = (ratioBefore ?? ratioAfter ?? 0, ratioAfter ?? ratioBefore ?? 0);
            var (shareBefore, shareAfter) = (one.WeightBefore / weightBefore, one.WeightAfter / weightAfter);
            var rate = scale * (shareBefore + shareAfter) / 2 * (to - from);
            var mix = scale * (shareAfter - shareBefore) * ((from + to) / 2 - mean);
            return new SegmentEffect(one.Name, false, scale * ratioBefore, scale * ratioAfter, rate + mix, rate, mix);
        })]);
    }

    private static SegmentEffects Make(string dimension, bool isRatio, decimal before, decimal after, IReadOnlyList<SegmentEffect> all)
    {
        var change = after - before;
        var residual = change - all.Sum(one => one.Amount);
        SegmentEffect[] ordered = [.. all.Where(one => one.Before is not null || one.After is not null)
            .OrderByDescending(one => Math.Abs(one.Amount)).ThenBy(one => one.Name, StringComparer.Ordinal)];
        if (ordered.Length > 0 && Math.Abs(residual) <= Noise * Math.Max(Math.Abs(before), Math.Abs(after)))
            residual = 0;

        SegmentEffect[] rest = ordered.Length > MostRows + 1 ? ordered[MostRows..] : [];
        var rows = ordered[..^rest.Length].ToList();
        if (rest.Length > 0)
        {
            rows.Add(new SegmentEffect(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Other {rest.Length}"), true, null, null,
                rest.Sum(one => one.Amount), isRatio ? rest.Sum(one => one.Rate) : null, isRatio ? rest.Sum(one => one.Mix) : null));
        }

        return new SegmentEffects(dimension, isRatio, change, rows, residual);
    }
}
