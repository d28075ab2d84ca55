using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Charts;

/// <summary>Whatever the figures are: no text lies over another, none leaves the picture, ticks are round and bars start at zero.</summary>
public sealed class CollisionTests
{
    private static readonly ChartSize[] Sizes = [ChartSize.Wide, ChartSize.Narrow];

    private static readonly string[] Names =
        ["EU", "North America and the Caribbean", "Professional services, yearly contracts paid in advance", "x", "WWWWWWWW MMMMMMM", "Ünïcödé 東京 支店", "", "i i i"];

    private static readonly ValueFormat[] Formats =
    [
        new(Unit.Currency, "USD"), new(Unit.Currency, "CHF"), new(Unit.Count, "USD"), new(Unit.Percent, "USD"), new(Unit.Ratio, "USD"),
        new(Unit.Duration, "USD"), new(Unit.Score, "USD"),
    ];

    private static readonly Gen<decimal?> Figure =
        from kind in Gen.Choose(0, 11)
        from mantissa in Gen.Choose(-999, 999)
        from power in Gen.Choose(-4, 14)
        select kind == 0 ? null : (decimal?)(kind == 1 ? 0 : kind < 6 ? mantissa : mantissa * (decimal)Math.Pow(10, power));

    private static readonly Gen<Figures> All =
        from count in Gen.Choose(1, 40)
        from rows in Gen.Choose(1, 12)
        from values in Figure.ArrayOf(count).ArrayOf(rows)
        from format in Gen.Elements(Formats)
        from size in Gen.Elements(Sizes)
        from name in Gen.Choose(0, Names.Length - 1)
        from seed in Gen.Choose(0, 1000)
        select new Figures(values, format, size, name, seed);

    [Test]
    public void Bars_have_texts_that_never_meet_and_begin_at_zero() => Holds(figures =>
    {
        Bar[] bars = [.. figures.Values[0].Select((value, i) => new Bar(
            figures.Label(i), figures.Label(i), value, i % 5 == 4 ? Scenario.Forecast : Scenario.Actual, figures.At(1, i), figures.At(2, i)))];
        var svg = BarChart.Draw(bars, figures.Format, "x", figures.Size);
        if (svg.Length == 0)
            return [];

        var zero = ZeroOf(svg);
        return ChartBoxes.Faults(svg).Concat(ChartBoxes.Bars(svg, "scenario")
            .Where(bar => Math.Abs(bar.Top - zero) > 0.7 && Math.Abs(bar.Bottom - zero) > 0.7)
            .Select(bar => string.Create(CultureInfo.InvariantCulture, $"a bar from {bar.Top} to {bar.Bottom} does not begin at zero, {zero}")));
    });

    [Test]
    public void Stacks_have_texts_that_never_meet() => Holds(figures => ChartBoxes.Faults(StackedBars.Draw(
        figures.Labels, figures.Segments, figures.Format, "x", figures.Size, figures.Seed % 2 == 0)));

    [Test]
    public void Lines_have_names_that_never_meet() => Holds(figures => ChartBoxes.Faults(LineSeries.Draw(
        figures.Labels, figures.Segments, figures.Format, "x", figures.Size)));

    [Test]
    public void Retention_curves_have_texts_that_never_meet() => Holds(figures => ChartBoxes.Faults(RetentionCurve.Draw(
        new CohortLine("Average", figures.Values[0], 1), [.. figures.Values[0].Select(value => value is { } high ? ((decimal, decimal)?)(high - 1, high) : null)],
        [.. figures.Values.Skip(1).Select((values, i) => new CohortLine(figures.Name(i), values, 2))], figures.Format, "x", figures.Size,
        new CurveGoal(figures.At(0, 0) ?? 1, "Goal of the company"))));

    [Test]
    public void Histograms_have_texts_that_never_meet_and_all_values() => Holds(figures =>
    {
        decimal[] values = [.. figures.Values.SelectMany(row => row).OfType<decimal>()];
        var distribution = Distribution.Of(values);
        var faults = ChartBoxes.Faults(Histogram.Draw(distribution, figures.Format, "x", figures.Size));
        return distribution is null || distribution.Bins.Sum(bin => bin.Count) == values.Length ? faults : faults.Append("values are missing");
    });

    [Test]
    public void Heat_maps_have_texts_that_never_meet() => Holds(figures => ChartBoxes.Faults(HeatMap.Draw(
        figures.Labels,
        [.. figures.Values.Select((row, r) => new HeatRow(figures.Name(r), [.. row.Select(value => new HeatCell((double?)value, figures.Format.Compact(value), "x"))]))],
        "0 %", "100 % of everybody who ever came", "x", figures.Size)));

    [Test]
    public void Bullets_have_texts_that_never_meet_and_begin_at_zero() => Holds(figures => ChartBoxes.Faults(Bullet.Draw(
        [.. figures.Values.Select((row, r) => new BulletRow(figures.Name(r), row[0] ?? 0, figures.Format.Compact(row[0]), figures.At(r, 1), "x")
        {
            Bands = [.. row.Skip(2).Take(3).OfType<decimal>()],
        })], "x", figures.Size)));

    [Test]
    public void Trends_with_everything_have_texts_that_never_meet() => Holds(figures =>
    {
        TrendPoint[] points = [.. figures.Values[0].Select((value, i) => new TrendPoint(
            figures.Label(i), figures.Label(i), Period(i, value, i % 7 != 6), figures.At(1, i), figures.At(2, i)) { Seam = i % 9 == 5 ? "definition v2" : null })];
        var last = points.Length - 1;
        var layers = new TrendLayers
        {
            Limits = figures.At(3, 0) is { } center
                ? [TrendLimits.Level(0, last / 2, new(center, center - 5, center + 5), "natural limits, 24 weeks to W34"), TrendLimits.Level(last / 2, last, new(center, null, center + 9), "provisional")]
                : [],
            Signals = [.. Enumerable.Range(0, points.Length).Where(i => i % 3 == 0).Select(i => new TrendSignal(i, (SignalShape)(i % 4), i % 2 == 0, "x"))],
            Forecast = figures.At(4, 0) is { } next ? [.. Enumerable.Range(0, 6).Select(i => new TrendForecast(figures.Label(i), "x", next, next - i, next + i, next - 2 * i, next + 2 * i))] : [],
            Notes = [.. Enumerable.Range(0, figures.Seed % 12).Select(i => new TrendNote((i * 7 + figures.Seed) % points.Length, i + 1, figures.Name(i)))],
        };
        return ChartBoxes.Faults(TrendChart.Draw(points, figures.Format, "x", figures.Size == ChartSize.Wide ? TrendSize.Wide : TrendSize.Narrow, layers));
    });

    [Test]
    public void The_6_12_chart_has_texts_that_never_meet() => Holds(figures =>
    {
        TilePeriod[] periods = [.. Enumerable.Range(0, 6).Select(i => Tile(i, figures.At(0, i), figures.At(1, i)))];
        TilePeriod[] months = [.. Enumerable.Range(0, figures.Seed % 3 == 0 ? 0 : 12).Select(i => Tile(i, figures.At(2, i), figures.At(3, i)))];
        var tile = new TileSnapshot
        {
            Tile = new Tile { Metric = "visits" }, Metric = new Metric { Id = "visits", Name = "Visits", Unit = figures.Format.Unit }, Name = "Visits",
            Format = figures.Format, State = TileState.Complete, Periods = periods, Months = months,
        };
        return ChartBoxes.Faults(SixTwelveChart.Draw(tile, "x", new TrendLimit(5, 1, 9)));
    });

    [Test]
    public void Ticks_are_round() => Holds(figures =>
    {
        decimal[] values = [.. figures.Values.SelectMany(row => row).OfType<decimal>()];
        var ticks = Scale.Round(values, 5, 100, 0).Ticks;
        var step = ticks.Count > 1 ? ticks[1] - ticks[0] : 1;
        return ticks.Count > 1 && Digits(step) is "1" or "2" or "25" or "5" ? [] : [$"steps of {step}"];
    });

    [Test]
    public void Every_sample_can_be_read_and_has_texts_that_never_meet([ValueSource(nameof(Sizes))] ChartSize size)
    {
        var samples = ChartSamples.Of(size);

        Assert.That(samples.Select(sample => sample.Svg), Has.None.Empty);
        Assert.That(samples.SelectMany(sample => ChartBoxes.Faults(sample.Svg).Select(fault => $"{sample.Name}: {fault}")), Is.Empty);
        Assert.That(string.Concat(samples.Select(sample => sample.Svg)), Does.Not.Contain("style=").And.Not.Contain("url("));
    }

    private static void Holds(Func<Figures, IEnumerable<string>> faults) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Arb.From(All), figures => Assert.That(faults(figures), Is.Empty, figures.ToString())));

    private static double ZeroOf(string svg) => ChartBoxes.Of(XElement.Parse(svg).Elements("line").Single(line => line.Attribute("class")!.Value == "zero"), "y1");

    private static string Digits(decimal step) =>
        decimal.Parse(step.ToString("0.##########E+0", CultureInfo.InvariantCulture).Split('E')[0], CultureInfo.InvariantCulture)
            .ToString("0.##########", CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal).TrimEnd('0');

    private static TilePeriod Tile(int i, decimal? value, decimal? before)
    {
        var at = Period(i, value, i != 5);
        return new TilePeriod(at.Period, $"W{40 + i}", $"W{40 + i}", $"W{40 + i}", at, Period(i, before, true), null, null, null);
    }

    private static PeriodValue Period(int i, decimal? value, bool complete)
    {
        var start = new DateOnly(2026, 1, 5).AddDays(7 * i);
        return new PeriodValue(new Period(start, start.AddDays(7)), value, 7, complete, null, i % 8 == 3);
    }

    /// <summary>Figures in rows of equal length, with how they are written and where.</summary>
    private sealed record Figures(decimal?[][] Values, ValueFormat Format, ChartSize Size, int FirstName, int Seed)
    {
        public string[] Labels => [.. Values[0].Select((_, i) => Label(i))];

        public SegmentValues[] Segments => [.. Values.Select((row, i) => new SegmentValues(Name(i), row))];

        public decimal? At(int row, int i) => row < Values.Length && i < Values[row].Length ? Values[row][i] : null;

        public string Name(int i) => Names[(FirstName + i) % Names.Length];

        public string Label(int i) => FirstName == 2 ? Name(i) : string.Create(CultureInfo.InvariantCulture, $"W{i + 1}");

        public override string ToString() =>
            $"{Format.Unit} {Size.Name} {FirstName} {Seed}: " + string.Join(" | ", Values.Select(row => string.Join(' ', row.Select(value => value?.ToString(CultureInfo.InvariantCulture) ?? "-"))));
    }
}
