using Metrics.Core.Periods;

namespace Metrics.Core.Catalog;

/// <summary>A metric's properties as sentences, for people who did not write its definition.</summary>
public static class MetricWords
{
    /// <summary>What its numbers are: "Money in EUR".</summary>
    public static string UnitInWords(this Metric metric, string currency) => metric.Unit switch
    {
        Unit.Currency => $"Money in {currency}",
        Unit.Count => "A count",
        Unit.Percent => "A percentage",
        Unit.Ratio => "A ratio",
        Unit.Score => "A score",
        _ => "A length of time",
    };

    /// <summary>Which way is good: "More is better".</summary>
    public static string DirectionInWords(this Metric metric) => metric.Direction switch
    {
        Direction.Up => "More is better",
        Direction.Down => "Less is better",
        _ => "Best inside a range",
    };

    /// <summary>How it adds up over time and over segments, a sentence each.</summary>
    public static IReadOnlyList<string> AddsUpInWords(this Metric metric)
    {
        if (metric.Formula is not null)
            return ["The formula is computed on each period's own figures; periods and segments of it are never added up."];

        var day = metric.NativeGrain.Name();
        var overTime = metric.OverTime switch
        {
            OverTime.Sum => $"A period is the sum of its {day}s.",
            OverTime.Last => $"A period shows the value of its last {day}.",
            OverTime.First => $"A period shows the value of its first {day}.",
            OverTime.Mean => $"A period is the mean of its {day}s.",
            OverTime.Min => $"A period shows the lowest of its {day}s.",
            OverTime.Max => $"A period shows the highest of its {day}s.",
            OverTime.Distinct => "Counted anew for every period: whoever counts on two days counts once in their week.",
            _ => "Computed anew for every period; periods are never added up.",
        };
        return
        [
            overTime,
            metric.OverSegments == OverSegments.Sum
                ? "Segments add up to the total."
                : "Segments do not add up to the total, which is computed by itself.",
            metric.Missing == Missing.Zero
                ? $"A {day} without a value counts as 0."
                : $"A {day} without a value is unknown, and leaves its period incomplete.",
        ];
    }
}
