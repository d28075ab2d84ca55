using System.Runtime.InteropServices;

namespace Metrics.Core.Records;

/// <summary>The typed fields of one row of a source, before it becomes a record; the same instance is filled for row after row.</summary>
public sealed class MappedRow(RecordType type)
{
    private readonly Cell[] _cells = new Cell[type.Fields.Count];

    public RecordType Type { get; } = type;

    public string? Text(string field) => At(field).Text;

    public decimal? Number(string field) => At(field).Number;

    public DateOnly? Date(string field) => At(field).Date;

    internal ref Cell this[int field] => ref _cells[field];

    internal void Clear() => Array.Clear(_cells);

    private Cell At(string field)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            if (Type.Fields[i].Name == field)
                return _cells[i];
        }

        throw new ArgumentException($"{Type.Name} has no field '{field}'.", nameof(field));
    }

    /// <summary>One value: at most one member is set, none where the cell was empty.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal record struct Cell(string? Text, decimal? Number, DateOnly? Date, DateTimeOffset? Instant, bool? Flag);
}
