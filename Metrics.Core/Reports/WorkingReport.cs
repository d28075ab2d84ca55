using Metrics.Core.Definitions;
using Metrics.Core.Models;

namespace Metrics.Core.Reports;

/// <summary>A working as a table: the columns of its lines with <c>amount</c> as the last, or the operands of a formula.</summary>
public static class WorkingReport
{
    public static ReportTable Of(Working working) => working.Lines is { } lines
        ? new ReportTable(
            $"working of {working.Metric.Id}",
            [.. lines.Columns.Select(column => new ReportColumn(NameOf(column.Name), KindOf(column.Kind))), new ReportColumn("amount", ColumnKind.Number)],
            [.. lines.Lines.Select(line => (IReadOnlyList<object?>)[.. line.Cells, line.Amount])])
        : new ReportTable(
            $"working of {working.Metric.Id}",
            [new ReportColumn("metric", ColumnKind.Text), new ReportColumn("value", ColumnKind.Number), new ReportColumn("complete", ColumnKind.Flag)],
            [.. working.Operands.Select(operand => (IReadOnlyList<object?>)[operand.Text, operand.Value.Value, operand.Value.Complete])]);

    private static string NameOf(string column) => column.Replace(' ', '_');

    private static ColumnKind KindOf(WorkingKind kind) => kind switch
    {
        WorkingKind.Text => ColumnKind.Text,
        WorkingKind.Day => ColumnKind.Date,
        _ => ColumnKind.Number,
    };
}
