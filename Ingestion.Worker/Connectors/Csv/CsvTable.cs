using Metrics.Core.Connectors;
using Metrics.Core.Records;
using Metrics.Core.Workspace;

namespace Ingestion.Worker.Connectors.Csv;

/// <summary>The rows of one delimited file under its columns, read forward once; rows that do not fit them become rejects.</summary>
internal sealed class CsvTable : IDisposable
{
    /// <summary>Longer rows are rejected: they are no rows of a table, and would not fit into memory.</summary>
    private const int LongestRow = 1 << 20;

    private readonly CsvDialect _dialect;
    private readonly string _file;
    private readonly RowReader _rows;

    private CsvTable(RowReader rows, string file, CsvDialect dialect) => (_rows, _file, _dialect) = (rows, file, dialect);

    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <exception cref="ConnectorException">The file is empty, or its header cannot be read or names a column twice.</exception>
    public static CsvTable Open(Stream stream, string file, CsvDialect dialect)
    {
        var text = new StreamReader(stream, dialect.Encoding, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        var table = new CsvTable(new RowReader(text, dialect.Delimiter[0], dialect.AlignedWithSpaces, LongestRow), file, dialect);
        if (dialect.Columns is { } named)
        {
            table.Columns = named;
            return table;
        }

        var header = table._rows.Read() ?? throw new ConnectorException($"{file} is empty; its first row must name the columns. What was read before is kept.", isPermanent: false);
        if (header.Cells is not { } names)
            throw new ConnectorException($"{file}:{header.Line}: the header cannot be read: {header.Fault}", isPermanent: true);

        table.Columns = [.. names.Select(name => name.Trim().Trim('\uFEFF'))];
        if (table.Columns.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ConnectorException($"{file}:{header.Line}: the column '{twice.Key}' stands twice in the header; a row could mean either.", isPermanent: true);
        return table;
    }

    /// <summary>The next row that fits the columns, or null at the end; rows passed over on the way are added to <paramref name="rejects"/>.</summary>
    public SourceRow? Read(List<Reject> rejects)
    {
        while (_rows.Read() is { } row)
        {
            if (row.Cells is not { } cells)
                rejects.Add(new Reject(_file, row.Line, null, Shorten(row.Text), row.Fault!));
            else if (cells.Length < Columns.Count)
                rejects.Add(new Reject(_file, row.Line, Columns[cells.Length], Shorten(row.Text), $"the row has {cells.Length} of {Columns.Count} columns."));
            else if (cells.Length > Columns.Count && cells[Columns.Count..].Any(cell => cell.Length > 0))
                rejects.Add(new Reject(_file, row.Line, null, Shorten(row.Text), $"the row has {cells.Length} columns, the header {Columns.Count}; a separator inside a cell must be quoted."));
            else if (row.Text.Contains('\uFFFD'))
                rejects.Add(Undecodable(row.Line, cells));
            else
                return new SourceRow(row.Line, cells);
        }

        return null;
    }

    public void Dispose() => _rows.Dispose();

    private Reject Undecodable(long line, string[] cells)
    {
        var at = Array.FindIndex(cells, cell => cell.Contains('\uFFFD'));
        return new Reject(_file, line, at < Columns.Count ? Columns[at] : null, Shorten(cells[at]), $"holds bytes that are not {_dialect.Encoding.WebName}; declare the file's encoding under 'csv'.");
    }

    private static string Shorten(string text) => text.Length <= Reject.LongestValue ? text : text[..Reject.LongestValue];
}
