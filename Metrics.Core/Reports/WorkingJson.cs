using System.Globalization;
using System.Text.Json;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports.Formats;

namespace Metrics.Core.Reports;

/// <summary>
/// A working as JSON: which value it is of, what it comes to, what is stored and whether the two agree, and the lines or operands.
/// Figures are numbers at full precision, as <see cref="BoardJson"/> has them.
/// </summary>
public static class WorkingJson
{
    public static async Task WriteAsync(AskedValue asked, Working working, Stream target, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("metric", working.Metric.Id);
        json.WriteString("name", working.Metric.Name);
        json.WriteString("unit", working.Metric.Unit.ToString().ToLowerInvariant());
        json.WriteString("grain", asked.Grain.Name());
        json.WriteString("period", asked.Key);
        json.WriteString("start", asked.Period.Start.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("end", asked.Period.LastDay.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartObject("dimensions");
        foreach (var (dimension, value) in working.Filter)
            json.WriteString(dimension, value);
        json.WriteEndObject();
        json.WriteString("formula", working.Metric.Formula?.Text);
        json.WriteString("what", working.Lines?.Sentence);
        json.WriteString("adds_up", working.Lines?.AddsUp.ToString().ToLowerInvariant());
        json.WriteNumber("count", working.Lines?.Count ?? working.Operands.Count);
        WriteNumber(json, "total", working.Total);
        WriteNumber(json, "stored", working.Stored.Value);
        json.WriteBoolean("agrees", working.Agrees);
        json.WriteBoolean("complete", working.Stored.Complete);
        if (working.Stored.AsOf is { } at)
            json.WriteString("as_of", at.UtcDateTime);
        else
            json.WriteNull("as_of");
        json.WriteString("reason", working.Reason);
        if (working.Lines is { } lines && lines.Count > lines.Lines.Count)
            json.WriteNumber("unlisted", lines.Unlisted);
        json.WriteStartArray(working.Metric.Formula is null ? "lines" : "operands");
        JsonFormat.WriteRows(json, WorkingReport.Of(working));
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
