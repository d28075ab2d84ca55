using Metrics.Core.Boards;

namespace Metrics.Core.Reports;

/// <summary>A cohort triangle as a table: a row for each cell, in full precision.</summary>
public static class CohortReport
{
    public static ReportTable Of(string metric, CohortTriangle triangle) => new(
        $"cohorts of {metric}",
        [
            new("cohort", ColumnKind.Date), new("age", ColumnKind.Number), new("from", ColumnKind.Date), new("through", ColumnKind.Date),
            new("part", ColumnKind.Number), new("size", ColumnKind.Number), new("share", ColumnKind.Number), new("complete", ColumnKind.Flag),
        ],
        [
            .. triangle.Rows.SelectMany(row => row.Cells.Select(cell => (IReadOnlyList<object?>)
            [
                row.Cohort.Start, (decimal)cell.Age, cell.Period.Start, cell.Period.LastDay, cell.Part, cell.Size, cell.Value, cell.Complete,
            ])),
        ]);
}
