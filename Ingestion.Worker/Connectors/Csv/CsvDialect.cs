using System.Collections.Frozen;
using System.Text;
using Metrics.Core.Connectors;
using Metrics.Core.Records;
using Metrics.Core.Workspace;

namespace Ingestion.Worker.Connectors.Csv;

/// <summary>How a file writes its rows: what the stream declares, and for the rest what the file's beginning shows.</summary>
internal sealed record CsvDialect(Encoding Encoding, string Delimiter, bool AlignedWithSpaces, IReadOnlyList<string>? Columns, CellFormat Format)
{
    private const int SampleBytes = 64 * 1024;
    private const string Spaces = "spaces";

    private static readonly Dictionary<string, string> NamedDelimiters = new() { ["tab"] = "\t", ["comma"] = ",", ["semicolon"] = ";", ["pipe"] = "|" };

    public static Key Key { get; } = new("csv", KeyKind.Object, "How the file is written; what is left out is detected.")
    {
        Of = new Shape("csv",
            new Key("delimiter", KeyKind.Text, "The separator: a character, tab, or spaces for aligned columns. Default: detected."),
            new Key("encoding", KeyKind.Text, "utf-8, utf-16, iso-8859-1 or windows-1252. Default: by the byte order mark, else utf-8."),
            new Key("decimal", KeyKind.Text, "The decimal sign. Default: detected, else a point.") { Values = [".", ","] },
            new Key("thousands", KeyKind.Text, "The thousands separator. Default: the comma or point that is not the decimal sign.") { Values = [".", ",", " ", "'", "none"] },
            new Key("empty", KeyKind.Texts, "Texts that mean no value, beside the empty cell."),
            new Key("header", KeyKind.Flag, "Whether the first row names the columns. Default: true."),
            new Key("columns", KeyKind.Texts, "The names of the columns, for files without a header.")),
    };

    /// <exception cref="ConnectorException">The settings contradict each other, or the file's encoding is not one we read.</exception>
    public static CsvDialect Of(YamlMap? declared, Stream file, string name)
    {
        var columns = declared is not null && !declared.Flag("header", true) ? declared.Texts("columns") : null;
        if (columns is { Count: 0 })
            throw new ConnectorException($"{name}: 'header: false' needs 'columns': the names of the columns in their order.", isPermanent: true);

        var sample = new byte[SampleBytes];
        var length = file.ReadAtLeast(sample, SampleBytes, throwOnEndOfStream: false);
        file.Position = 0;
        var encoding = EncodingOf(declared?.Text("encoding"), sample.AsSpan(0, length), name);
        var lines = encoding.GetString(sample, 0, length).TrimStart('\uFEFF').Split('\n');
        if (length == SampleBytes)
            lines = lines[..^1];

        var delimiter = declared?.Text("delimiter") is { } given ? NamedDelimiters.GetValueOrDefault(given, given) : MostFrequentDelimiter(lines);
        var aligned = delimiter == Spaces;
        var decimalSign = declared?.Text("decimal")?[0] ?? DetectDecimal(lines, delimiter);
        var thousands = declared?.Text("thousands") is { } separator
            ? separator == "none" ? (char?)null : separator[0]
            : decimalSign == ',' ? '.' : ',';
        if (thousands == decimalSign)
            throw new ConnectorException($"{name}: '{decimalSign}' cannot be both the decimal sign and the thousands separator; declare both under 'csv'.", isPermanent: true);

        var format = new CellFormat
        {
            Decimal = decimalSign,
            Thousands = thousands,
            Empty = (declared?.Texts("empty") ?? []).Select(text => text.Trim()).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        };
        return new CsvDialect(encoding, aligned ? " " : delimiter, aligned, columns, format);
    }

    private static Encoding EncodingOf(string? declared, ReadOnlySpan<byte> start, string name) => declared?.ToLowerInvariant() switch
    {
        // Bytes that are no UTF-8 become U+FFFD, and the rows that hold one are rejected with their line.
        null when start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) => Encoding.Unicode,
        null when start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) => Encoding.BigEndianUnicode,
        null or "utf-8" or "utf8" => new UTF8Encoding(false),
        "utf-16" => Encoding.Unicode,
        "iso-8859-1" or "latin1" => Encoding.Latin1,
        "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        var unknown => throw new ConnectorException($"{name}: unknown encoding '{unknown}'; use utf-8, utf-16, iso-8859-1 or windows-1252.", isPermanent: true),
    };

    private static string MostFrequentDelimiter(string[] lines)
    {
        var sample = lines.Where(line => line.Length > 0).Take(20).ToArray();
        return new[] { ",", ";", "\t", "|" }
            .OrderByDescending(delimiter => sample.Length == 0 ? 0 : sample.Min(line => line.Split(delimiter).Length))
            .ThenByDescending(delimiter => sample.FirstOrDefault()?.Split(delimiter).Length)
            .First();
    }

    /// <summary>A comma is the decimal sign where cells show it as one: after a point, or before other than three digits.</summary>
    private static char DetectDecimal(string[] lines, string delimiter)
    {
        if (delimiter == ",")
            return '.';

        foreach (var cell in lines.Skip(1).Take(500).SelectMany(line => line.Split(delimiter)).Select(cell => cell.Trim().Trim('"').TrimStart('-')))
        {
            if (cell.Length == 0 || !cell.All(sign => char.IsAsciiDigit(sign) || sign is '.' or ','))
                continue;

            var (comma, point) = (cell.LastIndexOf(','), cell.LastIndexOf('.'));
            var alone = point < 0 && cell.IndexOf(',', StringComparison.Ordinal) == comma;
            if (comma > 0 && ((alone && cell.Length - comma - 1 != 3) || (point >= 0 && point < comma)))
                return ',';
        }

        return '.';
    }
}
