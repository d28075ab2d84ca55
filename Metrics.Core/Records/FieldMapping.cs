using System.Collections.Frozen;

namespace Metrics.Core.Records;

/// <summary>How numbers and empty cells are written in a source.</summary>
public sealed record CellFormat
{
    public char Decimal { get; init; } = '.';

    /// <summary>The thousands separator; null where there is none.</summary>
    public char? Thousands { get; init; } = ',';

    /// <summary>The texts that mean "no value", compared without case.</summary>
    public FrozenSet<string> Empty { get; init; } = FrozenSet<string>.Empty;
}

/// <summary>
/// Which column fills which field of a record. A place is a column's name, or <c>=text</c> for a constant.
/// </summary>
public sealed record FieldMapping
{
    public required RecordType Type { get; init; }

    /// <summary>The columns that identify a row; empty where its whole content does.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Record field → place. Fields that are left out take the column of their own name where there is one.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>The column of the event time, or null where <see cref="Fields"/> maps it.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>A .NET format of the event time; null reads ISO dates and instants.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>A .NET format of all other dates; null reads ISO dates.</summary>
    public string? DateFormat { get; init; }

    /// <summary>Metric id → place, for streams of already aggregated values.</summary>
    public IReadOnlyDictionary<string, string> Metrics { get; init; } = new Dictionary<string, string>();

    /// <summary>Dimension → place.</summary>
    public IReadOnlyDictionary<string, string> Dimensions { get; init; } = new Dictionary<string, string>();

    /// <summary>Column → the values of which a row must have one; other rows are passed over.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Where { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>A source lacks a column that its mapping names; nothing of it can be read until one of them is changed.</summary>
public sealed class MappingException(string message) : Exception(message);
