using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;

namespace Metrics.Core.Tests.Series;

/// <summary>Keys, points and stamps with everything that a test is not about left at a default.</summary>
internal static class SomeSeries
{
    public static readonly SeriesKey Mrr = Key("mrr");

    public static SeriesKey Key(string metric, params (string Dimension, string Value)[] segment) =>
        new(metric, Grain.Day, Segment.Of(segment));

    public static SeriesPoints With(this SeriesKey key, params (string Day, double Value)[] points) =>
        new(key, [.. points.Select(point => new Point(Some.Day(point.Day), point.Value))]);

    /// <summary>The stamp of the sync with a number: one a minute, from noon on 1 November 2026.</summary>
    public static WriteStamp Sync(int number) => new(Minute(number), $"sync {number}");

    public static DateTimeOffset Minute(int number) => Some.Instant("2026-11-01T12:00:00Z").AddMinutes(number);

    public static SeriesQuery Query(string metric = "mrr", string days = "2026-01-01..2026-12-31", params string[] cut) =>
        new() { Metrics = [metric], Grain = Grain.Day, Cut = cut, Days = Some.Days(days) };

    /// <summary>Points as one line, such as <c>2026-11-01=5 2026-11-02=6</c>.</summary>
    public static string Text(this IEnumerable<StoredPoint> points) =>
        string.Join(' ', points.Select(point => FormattableString.Invariant($"{point.Day:yyyy-MM-dd}={point.Value:R}")));

    /// <summary>Series as lines of metric, segment and points.</summary>
    public static string[] Text(this IEnumerable<StoredSeries> series) =>
        [.. series.Select(one => $"{one.Key.Metric} {one.Key.Segment}: {one.Points.Text()}")];
}
