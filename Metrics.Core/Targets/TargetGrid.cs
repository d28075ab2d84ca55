using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>Which part of a plan to lay out: one version, the periods of a grain in one fiscal year.</summary>
public sealed record GridQuery(string Version, Grain Grain, int Year)
{
    /// <summary>The version that empty cells are filled from, to be looked at and then saved; null for none.</summary>
    public string? CopyFrom { get; init; }
}

/// <summary>A period of the grid.</summary>
/// <param name="Key">As addresses and files spell it.</param>
/// <param name="Label">What it is called where space is short.</param>
/// <param name="Name">What it is called where there is room.</param>
public sealed record GridColumn(Period Period, string Key, string Label, string Name, bool IsOver, bool IsRunning);

/// <summary>What a plan says of one metric, segment and period.</summary>
/// <param name="Own">The target for exactly the period; null where there is none.</param>
/// <param name="Planned">What follows from targets for other periods; null where the cell has its own, or nothing follows.</param>
/// <param name="Actual">The figure of a period that is over and complete.</param>
/// <param name="Copied">What the version that is copied from says; null where the cell has its own target or nothing is copied.</param>
public sealed record GridCell(GridColumn Column, Target? Own, decimal? Planned, decimal? Actual, decimal? Copied);

/// <summary>One metric and segment of the grid.</summary>
/// <param name="Sum">What a flow's cells come to together; null for what does not add up.</param>
/// <param name="SummedCells">How many cells that is made of.</param>
/// <param name="Year">What is promised for the fiscal year as a whole; null where nothing is.</param>
public sealed record GridRow(
    Metric Metric, Segment Segment, Accrual Accrual, ValueFormat Format, IReadOnlyList<GridCell> Cells, decimal? Sum, int SummedCells, Target? Year);

/// <summary>A plan as a table: metrics by periods.</summary>
public sealed record TargetGrid(GridQuery Query, IReadOnlyList<GridColumn> Columns, IReadOnlyList<GridRow> Rows);

/// <summary>Lays a plan out as a table, with what came of its past periods.</summary>
public sealed class TargetGridBuilder(MetricReader reader, TimeProvider clock)
{
    /// <summary>The grains that a year is laid out in: a year of days is no table.</summary>
    public static IReadOnlyList<Grain> Grains { get; } = [Grain.Week, Grain.Month, Grain.Quarter, Grain.Year];

    /// <param name="book">The targets in force.</param>
    /// <param name="asked">The rows, in their order.</param>
    public async Task<TargetGrid> BuildAsync(
        ReportingCalendar calendar, MetricCatalog catalog, TargetBook book, GridQuery query, IReadOnlyList<(Metric Metric, Segment Segment)> asked,
        CancellationToken cancellationToken)
    {
        var today = calendar.Today(clock);
        var year = calendar.FiscalYearPeriod(query.Year);
        GridColumn[] columns =
        [
            .. calendar.Covering(query.Grain, year.Start, year.End)
                .Where(period => calendar.FiscalYear(period.LastDay) == query.Year)
                .Select(period => new GridColumn(
                    period, calendar.Key(query.Grain, period), calendar.ShortLabel(query.Grain, period), calendar.Name(query.Grain, period),
                    period.End <= today, period.Contains(today))),
        ];
        var reading = reader.Over(
            calendar, catalog, new Period(calendar.Previous(Grain.Year, calendar.Containing(Grain.Year, columns[0].Period.Start)).Start, columns[^1].Period.End));
        Period[] over = [.. columns.Where(column => column.IsOver).Select(column => column.Period)];
        await reading.PrepareAsync(asked.Select(row => QueryOf(row.Metric, row.Segment, query.Grain, over)), cancellationToken);
        var rows = new List<GridRow>();
        foreach (var (metric, segment) in asked)
            rows.Add(await RowAsync(metric, segment));
        return new TargetGrid(query, columns, rows);

        async Task<GridRow> RowAsync(Metric metric, Segment segment)
        {
            var figures = QueryOf(metric, segment, query.Grain, over);
            var actuals = await ActualsAsync(reading, figures, cancellationToken);
            var plan = book.PlanOf(calendar, catalog, metric, query.Version, segment);
            var copied = query.CopyFrom is { } from ? book.PlanOf(calendar, catalog, metric, from, segment) : null;
            var planned = plan is null
                ? null
                : new PlannedValues([plan], reading, figures, new PaceShapes(calendar, catalog, reading, figures), withPartial: false);
            var cells = new List<GridCell>();
            foreach (var column in columns)
            {
                var own = plan?.Own(column.Period);
                cells.Add(new GridCell(
                    column, own, own is null && planned is not null ? (await planned.OfAsync(column.Period, cancellationToken))?.Value : null,
                    actuals.GetValueOrDefault(column.Period), own is null ? copied?.Own(column.Period)?.Value : null));
            }

            var accrual = catalog.AccrualOf(metric);
            decimal[] added = accrual == Accrual.Flow ? [.. cells.Select(cell => cell.Own?.Value ?? cell.Copied ?? cell.Planned).OfType<decimal>()] : [];
            return new GridRow(
                metric, segment, accrual, Target.FormatOf(metric, calendar.Settings.Currency, cells.Select(cell => cell.Own).OfType<Target>()), cells,
                added.Length == 0 ? null : added.Sum(), added.Length, query.Grain == Grain.Year ? null : plan?.Own(year));
        }
    }

    private static MetricQuery QueryOf(Metric metric, Segment segment, Grain grain, IReadOnlyList<Period> periods) => new()
    {
        Metric = metric,
        Grain = grain,
        Periods = periods,
        Filter = segment.Values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[pair.Value]),
    };

    private static async Task<Dictionary<Period, decimal?>> ActualsAsync(MetricReading reading, MetricQuery query, CancellationToken cancellationToken)
    {
        if (query.Periods.Count == 0)
            return [];

        try
        {
            var values = (await reading.ReadAsync(query, cancellationToken))[0].Values;
            return values.Where(value => value.Complete).ToDictionary(value => value.Period, value => value.Value);
        }
        catch (MetricQueryException)
        {
            // The metric is not known by this grain or cut; a target may be written down all the same.
            return [];
        }
    }
}
