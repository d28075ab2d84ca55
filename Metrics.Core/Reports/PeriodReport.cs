using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Reports;

/// <summary>Which period values a report holds.</summary>
public sealed record PeriodReportQuery
{
    public required IReadOnlyList<Metric> Metrics { get; init; }

    public required Grain Grain { get; init; }

    /// <summary>The first day; the period that holds it is the first. null: the first period with data.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The first day that is not asked for; null: after today.</summary>
    public DateOnly? To { get; init; }

    public IReadOnlyList<string> By { get; init; } = [];

    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>
/// The period values of metrics as a table: <c>metric, period_start, period_end, dimensions…, value, complete, as_of, restated</c>,
/// ordered by metric as asked for, dimensions and period. <c>period_end</c> is the last day of the period.
/// </summary>
public sealed class PeriodReport(MetricReader reader, ISeriesStore series, TimeProvider clock)
{
    /// <exception cref="MetricQueryException">A metric is not stored by that grain or dimension.</exception>
    public async Task<ReportTable> BuildAsync(CompanyDefinition company, PeriodReportQuery query, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var metric in query.Metrics)
        {
            var from = query.From ?? await FirstDayAsync(company.Catalog, metric, cancellationToken);
            var to = query.To ?? company.Calendar.Today(clock).AddDays(1);
            if (from is not { } first || first >= to)
                continue;

            var answer = await reader.ReadAsync(company.Calendar, company.Catalog, new MetricQuery
            {
                Metric = metric,
                Grain = query.Grain,
                Periods = company.Calendar.Covering(query.Grain, first, to),
                By = query.By,
                AsOf = query.AsOf,
            }, cancellationToken);
            foreach (var one in answer)
            {
                object?[] dimensions = [.. query.By.Select(dimension => one.Segment[dimension])];
                rows.AddRange(one.Values.Select(value => (IReadOnlyList<object?>)
                    [metric.Id, value.Period.Start, value.Period.LastDay, .. dimensions, value.Value, value.Complete, value.AsOf, value.Restated]));
            }
        }

        return new ReportTable("period values",
        [
            new ReportColumn("metric", ColumnKind.Text),
            new ReportColumn("period_start", ColumnKind.Date),
            new ReportColumn("period_end", ColumnKind.Date),
            .. query.By.Select(dimension => new ReportColumn(dimension, ColumnKind.Text)),
            new ReportColumn("value", ColumnKind.Number),
            new ReportColumn("complete", ColumnKind.Flag),
            new ReportColumn("as_of", ColumnKind.Instant),
            new ReportColumn("restated", ColumnKind.Flag),
        ], rows);
    }

    /// <summary>The first day on which anything that the metric is computed from has a point.</summary>
    private async Task<DateOnly?> FirstDayAsync(MetricCatalog catalog, Metric metric, CancellationToken cancellationToken)
    {
        DateOnly? first = null;
        foreach (var input in catalog.StoredInputs(metric))
        {
            if (await series.ExtentAsync(input.Id, input.NativeGrain, cancellationToken) is { } extent && (first is null || extent.First < first))
                first = extent.First;
        }

        return first;
    }
}
