using System.Globalization;
using System.Text;
using CsvHelper;

namespace Metrics.Core.Reports.Formats;

/// <summary>
/// Comma-separated values (RFC 4180) with ISO dates and a decimal point. Texts that a spreadsheet would run as a formula are
/// disarmed with a leading apostrophe; numbers are never touched.
/// </summary>
internal sealed class CsvFormat : IReportFormat
{
    public string Id => "csv";

    public string MediaType => "text/csv";

    public async Task WriteAsync(ReportTable table, Stream target, CancellationToken cancellationToken)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        await using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteRecord([.. table.Columns.Select(column => column.Name)]);
            foreach (var row in table.Rows)
                csv.WriteRecord([.. row.Select(Cell)]);
        }

        await target.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text,
        _ => CellText.Of(value),
    };
}
