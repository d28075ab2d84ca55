namespace Metrics.Core.Storage.Relational;

/// <summary>What a column holds, of the few kinds that both engines share.</summary>
internal enum ColumnKind
{
    Text,
    Whole,
    Real,
    Bytes,
}

/// <summary>A column of a table.</summary>
internal sealed record Column(string Name, ColumnKind Kind);

/// <summary>A table as the engine describes it.</summary>
/// <param name="Key">The places of the primary key's columns among <paramref name="Columns"/>, in the order of the key.</param>
internal sealed record Table(string Name, IReadOnlyList<Column> Columns, IReadOnlyList<int> Key)
{
    public string Quoted => Quote(Name);

    public string ColumnList => string.Join(", ", Columns.Select(column => Quote(column.Name)));

    public string KeyList => string.Join(", ", Key.Select(place => Quote(Columns[place].Name)));

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// Tables from rows that describe a column each: its place in the primary key is counted from 1, 0 where it is not in it.
    /// </summary>
    public static IReadOnlyList<Table> From(IEnumerable<(string Table, string Column, string Type, long Place)> rows) =>
    [
        .. rows.GroupBy(row => row.Table).Select(table => new Table(
            table.Key,
            [.. table.Select(column => new Column(column.Column, KindOf(column.Type)))],
            [
                .. table.Select((column, i) => (column.Place, i)).Where(pair => pair.Place > 0)
                    .OrderBy(pair => pair.Place).Select(pair => pair.i),
            ])),
    ];

    // A type that is none of ours belongs to a table of somebody else, which nobody copies.
    private static ColumnKind KindOf(string type) => type.ToLowerInvariant() switch
    {
        "bigint" or "integer" => ColumnKind.Whole,
        "double precision" => ColumnKind.Real,
        "bytea" or "blob" => ColumnKind.Bytes,
        _ => ColumnKind.Text,
    };
}
