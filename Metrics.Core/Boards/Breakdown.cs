using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>One segment of a metric in one period, or several of them together.</summary>
/// <param name="Name">The segment's value of the dimension, or "Other 12".</param>
/// <param name="Value">The segment's value of the dimension where the row is one segment; null for several together.</param>
/// <param name="Share">Its part of the total, a fraction; null where segments do not add up, and where the total is not above 0.</param>
/// <param name="Bar">How long its bar is beside the longest, 0 to 1.</param>
public sealed record SegmentRow(string Name, string? Segment, PeriodValue Value, Delta? Change, Delta? YearChange, decimal? Share, double Bar);

/// <summary>A metric by the values of one dimension, largest first, in the newest complete period.</summary>
/// <param name="Key">The period as addresses spell it.</param>
/// <param name="Period">The period's name.</param>
/// <param name="AddsUp">Whether the rows add up to the total.</param>
/// <param name="Total">The metric's own row. Where rows add up it is their sum.</param>
public sealed record Breakdown(string Dimension, string Key, string Period, bool AddsUp, IReadOnlyList<SegmentRow> Rows, SegmentRow Total)
{
    /// <summary>How many segments have a row of their own; the others stand together in one.</summary>
    public const int MostRows = 20;

    internal static async Task<Breakdown> ReadAsync(
        MetricReader reader, ReportingCalendar calendar, MetricCatalog catalog, MetricSheet sheet, string by, CancellationToken cancellationToken)
    {
        var (metric, grain, focus) = (sheet.Metric, sheet.Grain, sheet.Newest ?? sheet.Rows[0]);
        var period = focus.Value.Period;
        var query = new MetricQuery
        {
            Metric = metric, Grain = grain, Periods = [calendar.Previous(grain, period), period], By = [by], AsOf = sheet.AsOf,
        };
        var segments = await reader.ReadAsync(calendar, catalog, query, cancellationToken);
        var yearAgo = (await reader.ReadAsync(calendar, catalog, query with { Periods = [calendar.YearAgo(grain, period)] }, cancellationToken))
            .ToDictionary(one => one.Segment, one => one.Values[0]);
        var figures = segments
            .Select(one => new Figures(one.Segment[by]!, one.Values[0], one.Values[1], yearAgo.GetValueOrDefault(one.Segment)))
            .Where(one => one.Now.Value is not null || one.Before.Value is not null)
            .OrderByDescending(one => one.Now.Value).ThenBy(one => one.Name, StringComparer.Ordinal)
            .ToArray();

        var addsUp = metric.SegmentsAddUp;
        var total = focus.Value.Value;
        var longest = figures.Take(MostRows).Select(one => Math.Abs(one.Now.Value ?? 0)).DefaultIfEmpty().Max();
        var rows = figures.Take(figures.Length == MostRows + 1 ? MostRows + 1 : MostRows).Select(one => Row(one, one.Name)).ToList();
        if (figures.Length > rows.Count && addsUp)
            rows.Add(Row(Together([.. figures.Skip(rows.Count)]), null));
        return new Breakdown(
            by, focus.Key, focus.Label, addsUp, rows,
            new SegmentRow("Total", null, focus.Value, focus.Change, focus.YearChange, addsUp && total > 0 ? 1 : null, 0))
        {
            More = Math.Max(0, figures.Length - rows.Count(row => row.Segment is not null)),
        };

        SegmentRow Row(Figures one, string? segment) => new(
            one.Name, segment, one.Now, Delta.Between(metric, one.Before, one.Now), Delta.Between(metric, one.YearAgo, one.Now),
            addsUp && total > 0 ? one.Now.Value / total : null,
            longest > 0 && one.Now.Value is { } value ? Math.Min(1, (double)(Math.Abs(value) / longest)) : 0);
    }

    /// <summary>How many segments have no row of their own.</summary>
    public int More { get; init; }

    private static Figures Together(Figures[] rest) => new(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Other {rest.Length}"),
        Sum([.. rest.Select(one => one.Before)])!, Sum([.. rest.Select(one => one.Now)])!, Sum([.. rest.Select(one => one.YearAgo)]));

    /// <summary>Several values of one period as one: complete where all are. A segment that was not there yet adds nothing.</summary>
    private static PeriodValue? Sum(PeriodValue?[] values)
    {
        PeriodValue[] known = [.. values.OfType<PeriodValue>()];
        return known.Length == 0 ? null : known[0] with
        {
            Value = known.All(value => value.Value is null) ? null : known.Sum(value => value.Value ?? 0),
            CoveredDays = known.Min(value => value.CoveredDays),
            Complete = known.All(value => value.Complete),
            Restated = known.Any(value => value.Restated),
        };
    }

    private sealed record Figures(string Name, PeriodValue Before, PeriodValue Now, PeriodValue? YearAgo);
}
