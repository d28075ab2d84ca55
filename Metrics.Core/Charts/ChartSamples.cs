using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Charts;

/// <summary>A chart drawn from made-up figures, for looking at.</summary>
public sealed record ChartSample(string Name, string Svg);

/// <summary>Every kind of chart once or more, with the shapes that are hard to draw. The figures are always the same.</summary>
public static class ChartSamples
{
    private static readonly ValueFormat Money = new(Unit.Currency, "USD");
    private static readonly ValueFormat Share = new(Unit.Percent, "USD");
    private static readonly ValueFormat Counts = new(Unit.Count, "USD");

    private static readonly string[] Weeks = [.. Enumerable.Range(1, 12).Select(i => Text($"W{i + 34}"))];

    /// <summary>All of them for some room.</summary>
    public static IReadOnlyList<ChartSample> Of(ChartSize size)
    {
        var trend = size == ChartSize.Narrow ? TrendSize.Narrow : TrendSize.Wide;
        return
        [
            new("Trend with everything", TrendChart.Draw(Trend(), Money, "A trend with limits, signals, notes and a forecast.", trend, Layers())),
            new("Trend of one point", TrendChart.Draw([Trend()[0]], Money, "A trend of one point.", trend)),
            new("Bars", BarChart.Draw(Bars(), Money, "Columns with the year before and the plan.", size)),
            new("Stacked bars", StackedBars.Draw(Weeks, Segments(6), Money, "Six segments on top of each other.", size)),
            new("Stacked shares", StackedBars.Draw(Weeks, Segments(4), Money, "Four segments as shares.", size, shares: true)),
            new("Lines", LineSeries.Draw(Weeks, Segments(7), Money, "Seven segments as lines.", size)),
            new("Bullets", Bullet.Draw(Bullets(), "Three figures against their targets.", size)),
            new("Heat map", HeatMap.Draw([.. Enumerable.Range(0, 10).Select(i => Text($"{i}"))], Heat(), "0 %", "100 %", "Shares by row and column.", size)),
            new("Retention", Retention(size)),
            new("Histogram", Histogram.Draw(Distribution.Of(Values()), Money, "How values are spread.", size)),
            new("Waterfall", Waterfall.Draw(
                [new("New", 12, "+12", "good"), new("Expansion", 5, "+5", "good"), new("Churn", -9, "−9", "bad")], new("Change", 8, "+8", "total"),
                "sample-" + size.Name, "Why it moved", "New 12, expansion 5, churn −9.", size == ChartSize.Narrow ? WaterfallSize.Narrow : WaterfallSize.Wide)),
        ];
    }

    private static TrendPoint[] Trend()
    {
        var start = new DateOnly(2026, 3, 2);
        return
        [
            .. Enumerable.Range(0, 36).Select(i => new TrendPoint(
                Text($"W{i + 10}"), Text($"Week {i + 10}"),
                new PeriodValue(new Period(start.AddDays(7 * i), start.AddDays(7 * i + 7)), Wave(i) * 1000 + (i > 24 ? 9_000 : 0), 7, i != 35, null, i == 20),
                Wave(i + 3) * 900, i >= 24 ? 52_000 : 44_000) { Seam = i == 12 ? "definition v2" : null }),
        ];
    }

    private static TrendLayers Layers() => new()
    {
        Limits =
        [
            TrendLimits.Level(0, 24, new TrendLimit(42_000, 34_000, 50_000), "natural limits, 24 weeks to W34"),
            TrendLimits.Level(25, 35, new TrendLimit(51_000, 43_000, 59_000), "provisional, 11 weeks"),
        ],
        Signals =
        [
            new(25, SignalShape.Strong, true, "above the upper limit", "good"), new(8, SignalShape.Strong, false, "below the lower limit", "bad"),
            new(14, SignalShape.Moderate, true, "three of four near a limit"), new(18, SignalShape.Weak, true, "eight in a row above the center"),
            new(30, SignalShape.Drift, true, "the level drifts"),
        ],
        Forecast = [.. Enumerable.Range(0, 8).Select(i => new TrendForecast(
            Text($"W{i + 46}"), Text($"Week {i + 46}"), 52_000 + 300 * i, 48_000 - 200 * i, 56_000 + 800 * i, 45_000 - 400 * i, 59_000 + 1000 * i))],
        Notes = [new(4, 1, "Price change"), new(24, 2, "Campaign in the north"), new(25, 3, "Outage"), new(33, 4, "New onboarding")],
    };

    private static Bar[] Bars() =>
    [
        .. Enumerable.Range(0, 9).Select(i => new Bar(Text($"M{i + 1}"), Text($"Month {i + 1}"), Wave(i) * 1000 - 38_000, Scenario.Actual, Wave(i + 5) * 900 - 36_000, 3_000)),
        new("M10", "Month 10", 6_500, Scenario.Forecast), new("M11", "Month 11", -4_000, Scenario.Forecast),
    ];

    private static SegmentValues[] Segments(int count) =>
    [
        .. Enumerable.Range(0, count).Select(s => new SegmentValues(
            s == 2 ? "A segment with quite a long name" : Text($"Segment {s + 1}"), [.. Weeks.Select((_, i) => (decimal?)(Wave(i + 2 * s) * 100 / (1 + s / 2)))])),
    ];

    private static BulletRow[] Bullets() =>
    [
        new("Revenue", 412, "$412k", 430, "$430k", "watch") { Bands = [300, 400, 480] },
        new("Customers won", 61, "61", 50, "50", "good") { Bands = [30, 45, 70] },
        new("Net burn", -20, "−$20k", 15, "$15k", "bad"),
    ];

    private static HeatRow[] Heat() =>
    [
        .. Enumerable.Range(0, 10).Select(r => new HeatRow(Text($"W{r + 37}"), [.. Enumerable.Range(0, 10 - r).Select(c =>
            new HeatCell(Math.Pow(0.82, c), Share.Compact((decimal)Math.Pow(0.82, c)), Text($"Week {r + 37}, age {c}")))])),
    ];

    private static string Retention(ChartSize size)
    {
        CohortLine[] cohorts = [.. Enumerable.Range(0, 4).Select(s => new CohortLine(Text($"Cohort {s + 1}"), [.. Enumerable.Range(0, 12 - s * 2).Select(i => (decimal?)(decimal)Math.Pow(0.8 + s * 0.03, i))], 1))];
        return RetentionCurve.Draw(
            new CohortLine("Average", [.. Enumerable.Range(0, 12).Select(i => (decimal?)(decimal)Math.Pow(0.84, i))]),
            [.. Enumerable.Range(0, 12).Select(i => ((decimal, decimal)?)((decimal)Math.Pow(0.8, i), (decimal)Math.Pow(0.89, i)))],
            cohorts, Share, "Retention by age.", size, new CurveGoal(0.3m, "Goal 30 %"));
    }

    private static decimal[] Values() => [.. Enumerable.Range(1, 240).Select(i => (decimal)Math.Round(20 * Math.Exp(Math.Sin(i * 12.9898) * 1.1), 2))];

    private static decimal Wave(int i) => 42 + (decimal)Math.Round(5 * Math.Sin(i * 0.9) + 3 * Math.Cos(i * 2.3), 2);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
