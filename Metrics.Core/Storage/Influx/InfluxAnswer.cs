using System.Text.Json;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Influx;

/// <summary>One series of an answer, oldest point first as the server gives them.</summary>
/// <param name="Statement">The statement that it answers, counted from 0.</param>
/// <param name="Tags">The tags that were grouped by, as stored; one that the series does not have is empty.</param>
/// <param name="Points">Columns time, value, and where it was asked for the first-written moment; rows without a value are left out.</param>
internal sealed record InfluxSeries(int Statement, KeyValuePair<string, string>[] Tags, List<StoredPoint> Points);

/// <summary>
/// Reads the documents of an answer, one after the other: a series may go on in the next. A document is walked once; of its rows nothing
/// is kept but the points.
/// </summary>
internal sealed class InfluxAnswer
{
    private readonly List<InfluxSeries> _series = [];

    // The moments of consecutive points are mostly the same one, which is then not read again.
    private byte[] _firstText = [];
    private DateTimeOffset _first;

    public IReadOnlyList<InfluxSeries> Series => _series;

    /// <summary>What went wrong in the server's words, although its status said that nothing did; null where all is well.</summary>
    public string? Error { get; private set; }

    public void Add(ReadOnlySpan<byte> document)
    {
        if (document.Trim(" \r\n"u8).IsEmpty)
            return;

        var json = new Utf8JsonReader(document);
        json.Read();
        while (NextName(ref json))
        {
            if (json.ValueTextEquals("results"u8))
                ReadEach(ref json, ReadResult);
            else
                ReadError(ref json);
        }
    }

    private delegate void Reading(ref Utf8JsonReader json);

    private void ReadResult(ref Utf8JsonReader json)
    {
        var statement = 0;
        while (NextName(ref json))
        {
            if (json.ValueTextEquals("statement_id"u8))
            {
                json.Read();
                statement = json.GetInt32();
            }
            else if (json.ValueTextEquals("series"u8))
            {
                ReadEach(ref json, (ref json) => ReadSeries(ref json, statement));
            }
            else
            {
                ReadError(ref json);
            }
        }
    }

    private void ReadSeries(ref Utf8JsonReader json, int statement)
    {
        KeyValuePair<string, string>[] tags = [];
        while (NextName(ref json))
        {
            if (json.ValueTextEquals("tags"u8))
            {
                tags = ReadTags(ref json);
            }
            else if (json.ValueTextEquals("values"u8))
            {
                // A series that does not fit into one document goes on in the next one.
                if (_series is not [.., var last] || last.Statement != statement || !last.Tags.SequenceEqual(tags))
                    _series.Add(last = new InfluxSeries(statement, tags, []));
                var points = last.Points;
                json.Read();
                while (json.Read() && json.TokenType == JsonTokenType.StartArray)
                    ReadRow(ref json, points);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static KeyValuePair<string, string>[] ReadTags(ref Utf8JsonReader json)
    {
        var tags = new List<KeyValuePair<string, string>>();
        json.Read();
        while (NextName(ref json))
        {
            var name = json.GetString()!;
            json.Read();
            tags.Add(KeyValuePair.Create(name, json.GetString() ?? ""));
        }

        return [.. tags];
    }

    private void ReadRow(ref Utf8JsonReader json, List<StoredPoint> points)
    {
        json.Read();
        var time = json.GetInt64();
        json.Read();
        double? value = json.TokenType == JsonTokenType.Number ? json.GetDouble() : null;
        var first = DateTimeOffset.UnixEpoch;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number)
                continue;

            if (!json.ValueSpan.SequenceEqual(_firstText))
                (_firstText, _first) = (json.ValueSpan.ToArray(), StoredDays.Moment(json.GetDouble()));
            first = _first;
        }

        if (value is { } number)
            points.Add(new StoredPoint(StoredDays.Day(time), number, first));
    }

    private void ReadError(ref Utf8JsonReader json)
    {
        var isError = json.ValueTextEquals("error"u8);
        json.Read();
        if (isError)
            Error ??= json.GetString();
        json.Skip();
    }

    private static void ReadEach(ref Utf8JsonReader json, Reading read)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            read(ref json);
    }

    /// <summary>Goes to the next name of an object; false at its end.</summary>
    private static bool NextName(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;
}
