using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>A segment over some periods, or several of them together.</summary>
/// <param name="Name">The segment's value of the dimension, or "Other 12".</param>
/// <param name="IsOther">Whether it is several segments together.</param>
/// <param name="Values">One for each period, oldest first; null where the segment is not known.</param>
public sealed record SegmentSeries(string Name, bool IsOther, IReadOnlyList<decimal?> Values);

/// <summary>The segments of a metric over the periods up to the newest complete one, the largest of that first.</summary>
/// <param name="Rows">The periods with the metric's own values, oldest first.</param>
/// <param name="More">How many segments are not shown, because nothing can be said of several together.</param>
public sealed record SegmentHistory(string Dimension, bool AddsUp, IReadOnlyList<SheetRow> Rows, IReadOnlyList<SegmentSeries> Segments, int More)
{
    /// <summary>How many segments are shown by themselves; of what adds up, the others stand together in one.</summary>
    public const int Most = 7;

    /// <summary>How many periods are shown.</summary>
    public static int LengthOf(Grain grain) => grain switch
    {
        Grain.Day => 28,
        Grain.Week => 26,
        Grain.Month => 13,
        Grain.Quarter => 13,
        _ => 12,
    };

    internal static async Task<SegmentHistory> ReadAsync(
        MetricReader reader, ReportingCalendar calendar, MetricCatalog catalog, MetricSheet sheet, Breakdown breakdown, CancellationToken cancellationToken)
    {
        SheetRow[] rows = [.. sheet.Rows.SkipWhile(row => row.Key != breakdown.Key).Take(LengthOf(sheet.Grain)).Reverse()];
        var query = new MetricQuery
        {
            Metric = sheet.Metric, Grain = sheet.Grain, Periods = [.. rows.Select(row => row.Value.Period)], By = [breakdown.Dimension], AsOf = sheet.AsOf,
        };
        var all = (await reader.ReadAsync(calendar, catalog, query, cancellationToken))
            .Select(one => new SegmentSeries(one.Segment[breakdown.Dimension]!, false, [.. one.Values.Select(value => value.Value)]))
            .Where(one => one.Values.Any(value => value is not null))
            .OrderByDescending(one => one.Values[^1]).ThenBy(one => one.Name, StringComparer.Ordinal)
            .ToArray();
        var shown = all.Length == Most + 1 ? all : [.. all.Take(Most)];
        var rest = all[shown.Length..];
        return rest.Length == 0 || !breakdown.AddsUp
            ? new SegmentHistory(breakdown.Dimension, breakdown.AddsUp, rows, shown, rest.Length)
            : new SegmentHistory(breakdown.Dimension, breakdown.AddsUp, rows, [.. shown, Together(rest, rows.Length)], 0);
    }

    private static SegmentSeries Together(SegmentSeries[] rest, int periods) => new(
        string.Create(CultureInfo.InvariantCulture, $"Other {rest.Length}"), true,
        [
            .. Enumerable.Range(0, periods).Select(i => rest.All(one => one.Values[i] is null) ? (decimal?)null : rest.Sum(one => one.Values[i] ?? 0)),
        ]);
}
