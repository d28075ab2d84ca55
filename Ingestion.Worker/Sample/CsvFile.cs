using System.Buffers;
using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>One file of an export, written line by line; when it is closed, its size is reported.</summary>
internal sealed class CsvFile : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly string _name;
    private readonly char _delimiter;
    private readonly SearchValues<char> _special;
    private readonly IProgress<string>? _progress;
    private int _rows = -1;

    public CsvFile(StreamWriter writer, string name, string[] columns, char delimiter, IProgress<string>? progress)
    {
        (_writer, _name, _delimiter, _progress) = (writer, name, delimiter, progress);
        _special = SearchValues.Create([delimiter, '"', '\n']);
        Row(columns);
    }

    public void Row(params ReadOnlySpan<string> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                _writer.Write(_delimiter);
            _writer.Write(values[i].AsSpan().ContainsAny(_special) ? Quoted(values[i]) : values[i]);
        }

        _writer.Write('\n');
        _rows++;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _progress?.Report(string.Create(CultureInfo.InvariantCulture, $"{_name}: {_rows:N0} rows"));
    }

    public static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    public static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string Instant(DateOnly day, int second) => Instant(new DateTimeOffset(day, default, TimeSpan.Zero).AddSeconds(second));

    public static string Instant(DateTimeOffset? instant) =>
        instant?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    public static string Money(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    public static string Id(string prefix, int number) => prefix + number.ToString("D6", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
