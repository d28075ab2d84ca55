using System.Globalization;

namespace Ingestion.Worker.Tests.Sample;

/// <summary>A file of the sample as somebody else would read it: a header, and rows found by column name.</summary>
internal static class Csv
{
    public static List<Dictionary<string, string>> Read(string path, char delimiter = ',')
    {
        var lines = File.ReadAllText(path).TrimEnd('\n').Split('\n').Select(line => Split(line, delimiter)).ToList();
        return [.. lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    public static string[] Header(string path, char delimiter = ',') => Split(File.ReadLines(path).First(), delimiter);

    public static DateOnly Day(string text) => DateOnly.ParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    /// <summary>Quoted values may hold the delimiter; a quote inside one is doubled.</summary>
    private static string[] Split(string line, char delimiter)
    {
        if (!line.Contains('"'))
            return line.Split(delimiter);

        List<string> values = [""];
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                values[^1] += line[i++];
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == delimiter && !quoted)
                values.Add("");
            else
                values[^1] += line[i];
        }

        return [.. values];
    }
}
