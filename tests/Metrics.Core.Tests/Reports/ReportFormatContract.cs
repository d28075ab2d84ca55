using System.Text;
using System.Text.Json;
using Metrics.Core.Reports;
using Metrics.Core.Reports.Formats;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Reports;

/// <summary>What every report format promises. Derive from it, read back what it writes, and the promises are checked.</summary>
public abstract class ReportFormatContract
{
    private static readonly ReportColumn[] Columns =
    [
        new("name", ColumnKind.Text), new("day", ColumnKind.Date), new("at", ColumnKind.Instant), new("value", ColumnKind.Number), new("complete", ColumnKind.Flag),
    ];

    private protected abstract IReportFormat Format { get; }

    [Test]
    public async Task Every_kind_of_cell_comes_back_and_undefined_is_empty()
    {
        object?[] row = ["Umsatz, \"brutto\"", Some.Day("2026-11-09"), Some.Instant("2026-11-09T23:30:00+01:00"), 1234567890.1234567890123m, true];

        var rows = await RoundTripAsync(row, ["", null, null, null, false], ["x", null, null, -50.00m, null]);

        Assert.That(rows, Is.EqualTo((string[])
        [
            "Umsatz, \"brutto\"|2026-11-09|2026-11-09T22:30:00Z|1234567890.1234567890123|true", "||||false", "x|||-50|",
        ]));
    }

    [TestCase("a,b;c\td")]
    [TestCase("\"quoted\" 'text'")]
    [TestCase("two\nlines")]
    [TestCase("Zoë 日本 🚀")]
    [TestCase("<script>alert(1)</script>")]
    public async Task Any_text_comes_back_as_it_was(string text) =>
        Assert.That(await RoundTripAsync([text, null, null, null, null]), Is.EqualTo((string[])[text + "||||"]));

    [Test]
    public async Task A_table_without_rows_is_a_file_without_rows() => Assert.That(await RoundTripAsync(), Is.Empty);

    [Test]
    public async Task The_target_stays_open()
    {
        using var target = new MemoryStream();

        await Format.WriteAsync(new ReportTable("t", Columns, []), target, CancellationToken.None);

        Assert.That(target.CanWrite, Is.True);
    }

    /// <summary>The rows of a written file, each one's cells joined by |.</summary>
    private protected abstract IEnumerable<string> Read(string written);

    private protected async Task<string[]> RoundTripAsync(params object?[][] rows) => [.. Read(await WriteAsync(rows))];

    private protected async Task<string> WriteAsync(params object?[][] rows)
    {
        using var target = new MemoryStream();
        await Format.WriteAsync(new ReportTable("t", Columns, rows), target, CancellationToken.None);
        return Encoding.UTF8.GetString(target.ToArray());
    }
}

public sealed class CsvFormatTests : ReportFormatContract
{
    private protected override IReportFormat Format { get; } = new CsvFormat();

    [TestCase("=1+1")]
    [TestCase("+1")]
    [TestCase("-1")]
    [TestCase("@SUM(A1)")]
    [TestCase("\t=1")]
    [TestCase("\r=1")]
    public async Task A_text_that_a_spreadsheet_would_run_is_disarmed(string text) =>
        Assert.That(await RoundTripAsync([text, null, null, -1m, null]), Is.EqualTo((string[])[$"'{text}|||-1|"]));

    [Test]
    public async Task The_file_begins_with_the_columns() => Assert.That(await WriteAsync(), Is.EqualTo("name,day,at,value,complete\n"));

    private protected override IEnumerable<string> Read(string written)
    {
        var (cells, row, quoted, fields) = (new StringBuilder(), 0, false, new List<string>());
        for (var i = 0; i < written.Length; i++)
        {
            var sign = written[i];
            if (sign == '"' && quoted && i + 1 < written.Length && written[i + 1] == '"')
                cells.Append(written[i++]);
            else if (sign == '"')
                quoted = !quoted;
            else if (!quoted && sign is ',' or '\n' && !quoted)
            {
                fields.Add(cells.ToString());
                cells.Clear();
                if (sign == '\n')
                {
                    if (row++ > 0)
                        yield return string.Join('|', fields);
                    fields.Clear();
                }
            }
            else
                cells.Append(sign);
        }
    }
}

public sealed class JsonFormatTests : ReportFormatContract
{
    private protected override IReportFormat Format { get; } = new JsonFormat();

    private protected override IEnumerable<string> Read(string written) => JsonSerializer.Deserialize<JsonElement>(written).EnumerateArray()
        .Select(row => string.Join('|', row.EnumerateObject().Select(cell => cell.Value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => cell.Value.ToString(),
        })));
}
