using System.Text.Json;

namespace Metrics.Core.Reports.Formats;

/// <summary>A JSON array with an object per row; undefined values are null.</summary>
internal sealed class JsonFormat : IReportFormat
{
    public string Id => "json";

    public string MediaType => "application/json";

    public async Task WriteAsync(ReportTable table, Stream target, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        WriteRows(json, table);
        json.WriteEndArray();
    }

    /// <summary>An object per row, into an array that was begun.</summary>
    internal static void WriteRows(Utf8JsonWriter json, ReportTable table)
    {
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Count; i++)
            {
                json.WritePropertyName(table.Columns[i].Name);
                if (row[i] is not { } value)
                    json.WriteNullValue();
                else if (value is decimal)
                    json.WriteRawValue(CellText.Of(value));
                else if (value is bool flag)
                    json.WriteBooleanValue(flag);
                else
                    json.WriteStringValue(CellText.Of(value));
            }

            json.WriteEndObject();
        }
    }
}
