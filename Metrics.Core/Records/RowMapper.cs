using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metrics.Core.Periods;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Records;

/// <summary>One row as a connector delivers it: cells by position, under the columns of its page.</summary>
public sealed record SourceRow(long Line, IReadOnlyList<string> Cells);

/// <summary>Turns rows of one set of columns into records and rejects, by a mapping. Not for several threads at once.</summary>
public sealed class RowMapper : IDisposable
{
    private readonly CellReader _cells;
    private readonly IReadOnlyList<(string Name, Place Place)> _dimensions;
    private readonly string _file;
    private readonly IReadOnlyList<Place> _key;
    private readonly FieldMapping _mapping;
    private readonly RecordOrigin _origin;
    private readonly IReadOnlyList<(string Metric, Place Place)> _metrics;
    private readonly MappedRow _row;
    private readonly Place?[] _places;
    private readonly int _timeField;
    private readonly DateOnly _today;
    private readonly IReadOnlyList<(Place Place, IReadOnlyList<string> Values)> _where;
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;

    /// <param name="today">Days after it are plans, not news, and do not count as the newest day.</param>
    /// <exception cref="MappingException">A column that the mapping needs is not among <paramref name="columns"/>.</exception>
    public RowMapper(FieldMapping mapping, string file, IReadOnlyList<string> columns, CellFormat format, ReportingCalendar calendar, DateOnly today)
    {
        (_mapping, _file, _today) = (mapping, file, today);
        _origin = new RecordOrigin(file, string.Join(", ", mapping.Key));
        _cells = new CellReader(format, calendar);
        _row = new MappedRow(mapping.Type);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        var find = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
            find.TryAdd(columns[i], i);

        _key = [.. mapping.Key.Select(column => PlaceOf(column))];
        _metrics = [.. mapping.Metrics.Select(pair => (pair.Key, PlaceOf(pair.Value)))];
        _dimensions = [.. mapping.Dimensions.Select(pair => (pair.Key, PlaceOf(pair.Value)))];
        _where = [.. mapping.Where.Select(pair => (PlaceOf(pair.Key), pair.Value))];
        _timeField = mapping.Type.Fields.ToList().FindIndex(field => field.Name == RecordType.TimeField);
        _places = [.. mapping.Type.Fields.Select(field => FieldPlace(field))];

        Place PlaceOf(string place) =>
            place.StartsWith('=') ? new Place(-1, place[1..], place)
            : find.TryGetValue(place, out var at) ? new Place(at, null, place)
            : throw new MappingException($"{file}: there is no column '{place}'. The columns are: {string.Join(", ", columns)}.");

        Place? FieldPlace(RecordField field)
        {
            if (field.Name == RecordType.TimeField && mapping.TimeColumn is { } time)
                return PlaceOf(time);
            if (mapping.Fields.TryGetValue(field.Name, out var place))
                return PlaceOf(place);
            if (_metrics.Count > 0 && field.Name is MetricValue.MetricField or MetricValue.ValueField)
                return null;
            if (field.Required)
                return find.ContainsKey(field.Name) ? PlaceOf(field.Name) : throw new MappingException($"{file}: nothing fills '{field.Name}' ({field.Description}) of {mapping.Type}. Map it under 'fields', or 'time' for the event time.");
            return mapping.Fields.Count == 0 && find.ContainsKey(field.Name) ? PlaceOf(field.Name) : null;
        }
    }

    /// <summary>Adds the row's records and rejects; a row that <c>where</c> leaves out adds neither. Says the newest local day in it that is not in the future, if any.</summary>
    public DateOnly? Map(SourceRow source, List<Record> records, List<Reject> rejects)
    {
        foreach (var (place, values) in _where)
        {
            if (!values.Contains(Raw(place, source).Trim(), StringComparer.Ordinal))
                return null;
        }

        _row.Clear();
        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i] is { } place && !ReadField(source, i, place, rejects))
                return null;
        }

        if (_mapping.Type.FaultOf(_row) is { } fault)
        {
            AddReject(source, new Reject(_file, source.Line, null, null, $"the row {fault}."), rejects);
            return null;
        }

        if (_metrics.Count == 0)
            records.Add(Write(source, null, 0));

        foreach (var (metric, place) in _metrics)
        {
            var text = Raw(place, source);
            if (_cells.IsEmpty(text))
                continue;
            if (_cells.TryNumber(text, out var value))
                records.Add(Write(source, metric, value));
            else
                Refuse(source, place, text, "is not a number", rejects, metric);
        }

        return NewestDay();
    }

    public void Dispose() => _json.Dispose();

    private bool ReadField(SourceRow source, int index, Place place, List<Reject> rejects)
    {
        var field = _mapping.Type.Fields[index];
        var text = Raw(place, source);
        if (_cells.IsEmpty(text))
            return !field.Required || Refuse(source, place, text, $"is empty, and '{field.Name}' is needed", rejects);

        ref var cell = ref _row[index];
        switch (field.Kind)
        {
            case FieldKind.Text:
                cell.Text = text.Trim();
                return true;
            case FieldKind.Number when _cells.TryNumber(text, out var number):
                cell.Number = number;
                return true;
            case FieldKind.Number:
                return Refuse(source, place, text, "is not a number", rejects);
            case FieldKind.Flag when CellReader.TryFlag(text) is { } flag:
                cell.Flag = flag;
                return true;
            case FieldKind.Flag:
                return Refuse(source, place, text, "is neither true nor false", rejects);
        }

        var format = index == _timeField ? _mapping.TimeFormat : _mapping.DateFormat;
        if (!_cells.TryMoment(text, format, out var moment))
            return Refuse(source, place, text, format is null ? "is no ISO date such as 2026-11-09; declare its format" : $"is no date of the form {format}", rejects);

        if (field.Kind == FieldKind.Date)
            cell.Date = moment.Day(_cells.DayOf);
        else
            (cell.Date, cell.Instant) = (moment.Date, moment.Instant);
        return true;
    }

    private bool Refuse(SourceRow source, Place place, string text, string problem, List<Reject> rejects, string? metric = null)
    {
        var value = text.Length > Reject.LongestValue ? text[..Reject.LongestValue] : text;
        AddReject(source, new Reject(_file, source.Line, place.Name, value, $"'{value}' {problem}."), rejects, metric);
        return false;
    }

    /// <summary>A row of several metrics that is refused as a whole speaks for the records of all of them.</summary>
    private void AddReject(SourceRow source, Reject reject, List<Reject> rejects, string? metric = null)
    {
        string?[] keys = metric is not null || _metrics.Count == 0 ? [KeyOf(source, metric)] : [.. _metrics.Select(one => KeyOf(source, one.Metric))];
        rejects.Add(reject with { Keys = [.. keys.OfType<string>()] });
    }

    private Record Write(SourceRow source, string? metric, decimal value)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        for (var i = 0; i < _places.Length; i++)
            WriteField(_mapping.Type.Fields[i].Name, _row[i]);
        if (metric is not null)
        {
            _json.WriteString(MetricValue.MetricField, metric);
            _json.WriteNumber(MetricValue.ValueField, value);
        }

        if (_dimensions.Count > 0)
        {
            _json.WriteStartObject(RecordBody.Dimensions);
            foreach (var (name, place) in _dimensions)
            {
                var text = Raw(place, source);
                _json.WriteString(name, _cells.IsEmpty(text) ? Series.Segment.NoValue : text.Trim());
            }

            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.Flush();

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.WrittenSpan, hash);
        return new Record(KeyOf(source, metric), Digest(hash), _buffer.WrittenSpan.ToArray(), source.Line) { Origin = _origin };
    }

    /// <summary>
    /// The day in front of the hash keeps rows of one day together in the store, which for content that is its own key saves most
    /// of the writing: files are mostly in the order of time.
    /// </summary>
    private string Digest(ReadOnlySpan<byte> hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{FirstDay()?.DayNumber ?? 0:x}.{Convert.ToBase64String(hash[..16]).AsSpan(0, 22)}");

    private void WriteField(string name, in MappedRow.Cell cell)
    {
        if (cell.Text is { } text)
            _json.WriteString(name, text);
        else if (cell.Number is { } number)
            _json.WriteNumber(name, number);
        else if (cell.Instant is { } instant)
            _json.WriteString(name, instant.ToUniversalTime().ToString(RecordMoment.Format, CultureInfo.InvariantCulture));
        else if (cell.Date is { } date)
            _json.WriteString(name, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        else if (cell.Flag is { } flag)
            _json.WriteBoolean(name, flag);
    }

    private string? KeyOf(SourceRow source, string? metric)
    {
        if (_key.Count == 0)
            return null;

        if (_key.Count == 1 && metric is null)
            return Raw(_key[0], source).Trim();

        // The unit separator cannot be typed into a cell by accident, so ("a", "bc") and ("ab", "c") stay two keys.
        var key = new StringBuilder();
        foreach (var place in _key)
            key.Append(key.Length == 0 ? "" : "\u001F").Append(Raw(place, source).Trim());
        return metric is null ? key.ToString() : key.Append('\u001F').Append(metric).ToString();
    }

    /// <summary>The day of the event, where the type has one; else the newest of its dates, such as a subscription's start or end.</summary>
    private DateOnly? NewestDay() => _timeField >= 0 ? NotAfterToday(DayOf(_timeField)) : Enumerable.Range(0, _places.Length).Max(field => NotAfterToday(DayOf(field)));

    /// <summary>A day of the row that does not depend on when it is read.</summary>
    private DateOnly? FirstDay()
    {
        if (_timeField >= 0)
            return DayOf(_timeField);

        for (var field = 0; field < _places.Length; field++)
        {
            if (DayOf(field) is { } day)
                return day;
        }

        return null;
    }

    private DateOnly? DayOf(int field) => _row[field].Date ?? (_row[field].Instant is { } instant ? _cells.DayOf(instant) : null);

    private DateOnly? NotAfterToday(DateOnly? day) => day <= _today ? day : null;

    private static string Raw(Place place, SourceRow source) =>
        place.Constant ?? (place.Column < source.Cells.Count ? source.Cells[place.Column] : "");

    private sealed record Place(int Column, string? Constant, string Name);
}
