using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Metrics.Core.Push;

/// <summary>What kind of value a field has.</summary>
public enum FieldKind
{
    /// <summary>A float, an integer or an unsigned integer.</summary>
    Number,

    /// <summary>True is 1, false is 0.</summary>
    Boolean,

    /// <summary>A string; it has no number.</summary>
    Text,
}

/// <summary>One field of a line: where its name stands in the body, and its value.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LineField(int NameStart, int NameLength, FieldKind Kind, double Value);

/// <summary>
/// Reads points in InfluxDB's line protocol from UTF-8 bytes, a line at a time: <c>measurement,tag=value field=1,other=2i 1700000000</c>.
/// </summary>
/// <remarks>
/// Blank lines and those that begin with # are passed over. A string may hold line breaks. A line at fault has a <see cref="Fault"/> and
/// nothing else; reading goes on behind it. Names and tags stay in the body as they were written, escapes included: who needs them as
/// texts, once for a series and not once for a line, asks <see cref="SeriesName"/>.
/// </remarks>
/// <param name="body">All lines.</param>
/// <param name="unit">What a timestamp counts.</param>
public ref struct LineReader(ReadOnlySpan<byte> body, TimestampUnit unit)
{
    // What InfluxDB takes: the range of a signed 64-bit count of nanoseconds, without its two ends.
    private const long Earliest = long.MinValue + 2, Latest = long.MaxValue - 1;

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly long _nanos = unit.Nanos();
    private LineField[] _fields = new LineField[8];
    private int _fieldCount;
    private int _at;
    private int _lineStart;
    private int _lineEnd;
    private int _seriesLength;

    /// <summary>The number of the line, counted from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Why the line cannot be read; null for a good one.</summary>
    public string? Fault { get; private set; }

    /// <summary>When the point was measured, in nanoseconds since 1970; null where the line does not say.</summary>
    public long? Nanos { get; private set; }

    /// <summary>Measurement and tags as they were written.</summary>
    public readonly ReadOnlySpan<byte> Series => _body.Slice(_lineStart, _seriesLength);

    public readonly ReadOnlySpan<LineField> Fields => _fields.AsSpan(0, _fieldCount);

    /// <summary>The line as it was written, without its end.</summary>
    public readonly ReadOnlySpan<byte> Text => _body[_lineStart.._lineEnd].TrimEnd((byte)'\r');

    /// <summary>A field's name as it was written.</summary>
    public readonly ReadOnlySpan<byte> NameOf(LineField field) => _body.Slice(field.NameStart, field.NameLength);

    /// <summary>Goes to the next line that holds a point, or a fault; false when there is none.</summary>
    public bool Read()
    {
        if (!ToNextPoint())
            return false;

        (_lineStart, _fieldCount, _seriesLength, Nanos) = (_at, 0, 0, null);
        Fault = ReadSeries() ?? ReadFields() ?? ReadTimestamp();
        if (Fault is not null)
            Resume();
        _lineEnd = _at;
        return true;
    }

    /// <summary>Past the end of the line before, blank lines and comments.</summary>
    private bool ToNextPoint()
    {
        Line += _body[_lineStart.._at].Count((byte)'\n');
        while (_at < _body.Length)
        {
            switch (_body[_at])
            {
                case (byte)'\n':
                    Line++;
                    _at++;
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or 0:
                    _at++;
                    break;
                case (byte)'#':
                    _at = EndOfLine(_at);
                    break;
                default:
                    return true;
            }
        }

        _lineStart = _at;
        return false;
    }

    private string? ReadSeries()
    {
        if (_body[_at] == ',')
            return "missing measurement";

        _at = NameEnd(_at, stopAtEquals: false);
        while (_at < _body.Length && _body[_at] == ',')
        {
            var key = ++_at;
            _at = NameEnd(_at, stopAtEquals: true);
            if (_at == key)
                return "missing tag key";
            if (_at == _body.Length || _body[_at] != '=')
                return "missing tag value";
            var value = ++_at;
            _at = NameEnd(_at, stopAtEquals: true);
            if (_at == value)
                return "missing tag value";
            if (_at < _body.Length && _body[_at] == '=')
                return "invalid tag format: an equals sign in a tag is written \\=";
        }

        _seriesLength = _at - _lineStart;
        SkipSpaces();
        return AtLineEnd() ? "missing fields" : null;
    }

    private string? ReadFields()
    {
        while (true)
        {
            var name = _at;
            _at = NameEnd(_at, stopAtEquals: true);
            var length = _at - name;
            if (length == 0)
                return "missing field key";
            if (_at == _body.Length || _body[_at] != '=')
                return "missing field value";

            _at++;
            if (ReadValue(name, length) is { } fault)
                return fault;
            if (_at == _body.Length || _body[_at] != ',')
                return null;
            _at++;
        }
    }

    private string? ReadValue(int name, int length)
    {
        if (_at < _body.Length && _body[_at] == '"')
            return ReadText(name, length);

        var start = _at;
        while (_at < _body.Length && _body[_at] is not ((byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r'))
            _at++;
        var value = _body[start.._at];
        if (value.IsEmpty)
            return "missing field value";

        switch (value[^1])
        {
            case (byte)'i' when Utf8Parser.TryParse(value[..^1], out long whole, out var used) && used == value.Length - 1:
                Add(new LineField(name, length, FieldKind.Number, whole));
                return null;
            case (byte)'u' when Utf8Parser.TryParse(value[..^1], out ulong whole, out var used) && used == value.Length - 1:
                Add(new LineField(name, length, FieldKind.Number, whole));
                return null;
            case (byte)'i' or (byte)'u':
                return "invalid number";
        }

        if (value[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.')
        {
            if (!Utf8Parser.TryParse(value, out double number, out var used) || used != value.Length || !double.IsFinite(number))
                return "invalid number";
            Add(new LineField(name, length, FieldKind.Number, number));
            return null;
        }

        if (Truth(value) is not { } truth)
            return "invalid boolean";
        Add(new LineField(name, length, FieldKind.Boolean, truth ? 1 : 0));
        return null;
    }

    private string? ReadText(int name, int length)
    {
        for (_at++; _at < _body.Length; _at++)
        {
            if (_body[_at] == '\\' && _at + 1 < _body.Length && _body[_at + 1] is (byte)'"' or (byte)'\\')
            {
                _at++;
            }
            else if (_body[_at] == '"')
            {
                _at++;
                Add(new LineField(name, length, FieldKind.Text, 0));
                return _at == _body.Length || _body[_at] is (byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r' ? null : "unbalanced quotes";
            }
        }

        // The quote may have opened anywhere: the lines behind this one are read as lines of their own.
        _at = _lineStart;
        return "unbalanced quotes";
    }

    private string? ReadTimestamp()
    {
        SkipSpaces();
        if (AtLineEnd())
            return null;

        var start = _at;
        while (_at < _body.Length && _body[_at] is not ((byte)' ' or (byte)'\n' or (byte)'\r'))
            _at++;
        var text = _body[start.._at];
        if (text.IsEmpty || text[0] == '+' || !Utf8Parser.TryParse(text, out long count, out var used) || used != text.Length)
            return "bad timestamp";

        var nanos = (Int128)count * _nanos;
        if (nanos < Earliest || nanos > Latest)
            return "time outside range: is the precision right?";
        Nanos = (long)nanos;
        SkipSpaces();
        return AtLineEnd() ? null : "bad timestamp";
    }

    /// <summary>Behind the line at fault.</summary>
    private void Resume() => _at = EndOfLine(_at);

    private void Add(LineField field)
    {
        if (_fieldCount == _fields.Length)
            Array.Resize(ref _fields, 2 * _fieldCount);
        _fields[_fieldCount++] = field;
    }

    /// <summary>Where a name or tag value ends; an escaped sign belongs to it.</summary>
    private readonly int NameEnd(int at, bool stopAtEquals)
    {
        for (; at < _body.Length; at++)
        {
            switch (_body[at])
            {
                case (byte)'\\' when at + 1 < _body.Length && _body[at + 1] is (byte)',' or (byte)' ' or (byte)'=':
                    at++;
                    break;
                case (byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r':
                    return at;
                case (byte)'=' when stopAtEquals:
                    return at;
            }
        }

        return at;
    }

    private void SkipSpaces()
    {
        while (_at < _body.Length && _body[_at] is (byte)' ' or (byte)'\t')
            _at++;
    }

    /// <summary>At a line break of either kind, or the end of the body.</summary>
    private readonly bool AtLineEnd() =>
        _at == _body.Length || _body[_at] == '\n' || (_body[_at] == '\r' && (_at + 1 == _body.Length || _body[_at + 1] == '\n'));

    private readonly int EndOfLine(int from) => _body[from..].IndexOf((byte)'\n') is >= 0 and var length ? from + length : _body.Length;

    private static bool? Truth(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("t"u8) || value.SequenceEqual("T"u8) || value.SequenceEqual("true"u8) || value.SequenceEqual("True"u8)
        || value.SequenceEqual("TRUE"u8) ? true
        : value.SequenceEqual("f"u8) || value.SequenceEqual("F"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("False"u8)
        || value.SequenceEqual("FALSE"u8) ? false
        : null;
}

/// <summary>Measurement and tags as texts.</summary>
public sealed record SeriesName(string Measurement, IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    /// <summary>The texts of what <see cref="LineReader.Series"/> gives.</summary>
    public static SeriesName Parse(ReadOnlySpan<byte> series)
    {
        var end = PartEnd(series, (byte)',');
        var measurement = Unescape(series[..end], isMeasurement: true);
        var tags = new List<KeyValuePair<string, string>>();
        while (end < series.Length)
        {
            series = series[(end + 1)..];
            end = PartEnd(series, (byte)',');
            var equals = PartEnd(series[..end], (byte)'=');
            tags.Add(KeyValuePair.Create(Unescape(series[..equals]), Unescape(series[(equals + 1)..end])));
        }

        return new SeriesName(measurement, tags);
    }

    /// <summary>A name or tag value without its escapes: \, and \= and \ with a space. In a measurement \= is no escape.</summary>
    public static string Unescape(ReadOnlySpan<byte> written, bool isMeasurement = false)
    {
        if (!written.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(written);

        var plain = new byte[written.Length];
        var length = 0;
        for (var i = 0; i < written.Length; i++)
        {
            var next = i + 1 < written.Length ? written[i + 1] : (byte)0;
            if (written[i] == '\\' && (next is (byte)',' or (byte)' ' || (next == '=' && !isMeasurement)))
                i++;
            plain[length++] = written[i];
        }

        return Encoding.UTF8.GetString(plain, 0, length);
    }

    private static int PartEnd(ReadOnlySpan<byte> text, byte end)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is (byte)',' or (byte)' ' or (byte)'=')
                i++;
            else if (text[i] == end)
                return i;
        }

        return text.Length;
    }
}
