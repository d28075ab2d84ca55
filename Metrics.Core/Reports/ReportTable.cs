namespace Metrics.Core.Reports;

/// <summary>What the cells of a column are, so that every format can write them as what they are.</summary>
public enum ColumnKind
{
    Text,
    Date,
    Instant,

    /// <summary>A decimal at full precision; null is undefined.</summary>
    Number,
    Flag,
}

public sealed record ReportColumn(string Name, ColumnKind Kind);

/// <summary>Typed columns and rows: what every format writes. A cell is a string, DateOnly, DateTimeOffset, decimal, bool or null.</summary>
public sealed record ReportTable(string Title, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>One way to write a table to a file.</summary>
public interface IReportFormat
{
    /// <summary>What <c>--format</c> names; also the file's ending.</summary>
    string Id { get; }

    string MediaType { get; }

    /// <summary>Writes the whole table, UTF-8; leaves <paramref name="target"/> open.</summary>
    Task WriteAsync(ReportTable table, Stream target, CancellationToken cancellationToken);
}
