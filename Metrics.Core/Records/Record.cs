using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Metrics.Core.Series;

namespace Metrics.Core.Records;

/// <summary>When something happened: a moment, or a whole local day where the source only gave the date.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordMoment(DateOnly? Date, DateTimeOffset? Instant)
{
    /// <summary>How a moment stands in a record: UTC, to the microsecond.</summary>
    internal const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    /// <summary>The local day, by <paramref name="dayOf"/> for a moment.</summary>
    public DateOnly Day(Func<DateTimeOffset, DateOnly> dayOf) => Date ?? dayOf(Instant!.Value);
}

/// <summary>A record as mapped from one row, ready to be stored.</summary>
/// <param name="Key">Its identity inside the stream; null where the row has none and its content stands for it.</param>
/// <param name="Digest">A short text that is the same for the same content and different for another.</param>
/// <param name="Body">The content: canonical JSON, UTF-8.</param>
/// <param name="Line">Where it stands in its file, for messages.</param>
public sealed record Record(string? Key, string Digest, ReadOnlyMemory<byte> Body, long Line)
{
    /// <summary>Where it comes from, for the reject that it becomes when its key is taken; null where nobody asks.</summary>
    public RecordOrigin? Origin { get; init; }
}

/// <summary>The file that records come from, and the columns that make their key.</summary>
public sealed record RecordOrigin(string File, string KeyColumns);

/// <summary>A row, or a cell of one, that could not be taken.</summary>
/// <param name="File">The file or endpoint that was read.</param>
/// <param name="Line">Its line, counted from 1; 0 where the fault is the file's as a whole.</param>
/// <param name="Column">The column, or null for the row as a whole.</param>
/// <param name="Value">What stood there, shortened.</param>
/// <param name="Reason">What is wrong, in words.</param>
public sealed record Reject(string File, long Line, string? Column, string? Value, string Reason)
{
    /// <summary>How much of a value is kept: enough to find it, not enough to fill the store.</summary>
    public const int LongestValue = 200;

    /// <summary>
    /// The records that the row would have become, where their keys could be read: a row that is spoilt today keeps what it said
    /// yesterday, and does not count as vanished.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Rejects are equal when they say the same.</summary>
    public bool Equals(Reject? other) =>
        other is not null && (File, Line, Column, Value, Reason) == (other.File, other.Line, other.Column, other.Value, other.Reason);

    public override int GetHashCode() => HashCode.Combine(File, Line, Column, Value, Reason);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {(Column is null ? "" : $"column '{Column}' ")}{Reason}");
}

/// <summary>Reads the content of a stored record.</summary>
public readonly struct RecordBody(JsonElement json)
{
    internal const string Dimensions = "dims";

    public bool Has(string field) => json.TryGetProperty(field, out _);

    public string? Text(string field) => json.TryGetProperty(field, out var value) ? value.GetString() : null;

    public decimal? Number(string field) => json.TryGetProperty(field, out var value) ? value.GetDecimal() : null;

    public bool? Flag(string field) => json.TryGetProperty(field, out var value) ? value.GetBoolean() : null;

    public DateOnly? Date(string field) =>
        Text(field) is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    public RecordMoment? Moment(string field) => Text(field) switch
    {
        null => null,
        { Length: 10 } day => new RecordMoment(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), null),
        var instant => new RecordMoment(null, DateTimeOffset.ParseExact(instant, RecordMoment.Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
    };

    /// <summary>The record's dimension values, joined by those of some text fields that serve as dimensions of the same name.</summary>
    public Segment Segment(params ReadOnlySpan<string> fields)
    {
        if (fields.IsEmpty)
            return json.TryGetProperty(Dimensions, out var own) ? Series.Segment.Parse(own.GetRawText()) : Series.Segment.Total;

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (Text(field) is { } value)
                values[field] = value;
        }

        if (json.TryGetProperty(Dimensions, out var dimensions))
        {
            foreach (var dimension in dimensions.EnumerateObject())
                values[dimension.Name] = dimension.Value.GetString() ?? "";
        }

        return Series.Segment.Of(values);
    }
}
