namespace Metrics.Core.Workspace;

/// <summary>One row of a CSV file of the workspace, by the names in its first line.</summary>
/// <param name="Line">The line on which it begins, counted from 1.</param>
public sealed record TableRow(string File, int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The trimmed text of a column; empty where the column is not there.</summary>
    public string this[string column] => Cells.GetValueOrDefault(column, "");
}

/// <summary>Reads a CSV file of the workspace: small, comma-separated, with the column names in its first line.</summary>
public static class TableFile
{
    private const int LongestRow = 1 << 16;

    /// <summary>
    /// The rows of <paramref name="text"/>; what cannot be read is added to <paramref name="faults"/> under the name
    /// <paramref name="file"/> and left out.
    /// </summary>
    /// <param name="required">The columns that must be there.</param>
    public static IReadOnlyList<TableRow> Read(string file, string text, IReadOnlyCollection<string> required, ICollection<Fault> faults)
    {
        using var reader = new RowReader(new StringReader(text.TrimStart('\uFEFF')), ',', alignedWithSpaces: false, LongestRow);
        if (reader.Read() is not { Cells: { } names } head)
        {
            faults.Add(new Fault(file, 1, $"has no line with the column names {string.Join(", ", required)}."));
            return [];
        }

        string[] columns = [.. names.Select(name => name.Trim())];
        string[] missing = [.. required.Except(columns)];
        if (missing.Length > 0 || columns.Distinct(StringComparer.Ordinal).Count() < columns.Length)
        {
            faults.Add(new Fault(file, (int)head.Line, missing.Length > 0
                ? $"has no column {string.Join(", ", missing)}. Its columns are {string.Join(", ", columns)}."
                : $"names a column twice: {string.Join(", ", columns)}."));
            return [];
        }

        var rows = new List<TableRow>();
        while (reader.Read() is { } row)
        {
            if (row.Cells is null)
                faults.Add(new Fault(file, (int)row.Line, row.Fault!));
            else if (row.Cells.Length != columns.Length)
                faults.Add(new Fault(file, (int)row.Line, $"has {row.Cells.Length} cells, but there are {columns.Length} columns."));
            else
                rows.Add(new TableRow(file, (int)row.Line, columns.Zip(row.Cells).ToDictionary(pair => pair.First, pair => pair.Second.Trim())));
        }

        return rows;
    }
}
