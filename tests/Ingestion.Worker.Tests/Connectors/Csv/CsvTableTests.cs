using System.Text;
using Ingestion.Worker.Connectors.Csv;
using Metrics.Core.Connectors;
using Metrics.Core.Records;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Connectors.Csv;

public sealed class CsvTableTests
{
    [Test]
    public void Rows_stand_under_the_columns_of_the_header()
    {
        var (columns, rows, rejects) = Read("user, day \na,1\nb,2\n"u8);

        Assert.That(columns, Is.EqualTo((string[])["user", "day"]));
        Assert.That(rows, Is.EqualTo((string[])["2: a|1", "3: b|2"]));
        Assert.That(rejects, Is.Empty);
    }

    [Test]
    public void A_row_with_too_few_cells_names_the_first_column_that_is_missing()
    {
        var (_, rows, rejects) = Read("user,day,plan\na\nb,2,p\n"u8);

        Assert.That(rows, Is.EqualTo((string[])["3: b|2|p"]));
        Assert.That(rejects.Single().ToString(), Is.EqualTo("t.csv:2: column 'day' the row has 1 of 3 columns."));
    }

    [Test]
    public void A_row_with_too_many_cells_says_what_is_mostly_the_reason()
    {
        var (_, rows, rejects) = Read("user,day\na,1,2\nb,2\n"u8);

        Assert.That(rows, Is.EqualTo((string[])["3: b|2"]));
        Assert.That(rejects.Single().ToString(),
            Is.EqualTo("t.csv:2: the row has 3 columns, the header 2; a separator inside a cell must be quoted."));
    }

    [Test]
    public void Empty_cells_after_the_last_column_do_no_harm() => Assert.That(Read("user,day\na,1,,\n"u8).Rejects, Is.Empty);

    [Test]
    public void Bytes_of_another_encoding_are_rejected_with_line_and_column()
    {
        var (_, rows, rejects) = Read(Encoding.Latin1.GetBytes("user,name\na,Meier\nb,Müller\nc,Schulz\n"));

        Assert.That(rows, Is.EqualTo((string[])["2: a|Meier", "4: c|Schulz"]));
        Assert.That(rejects.Single().ToString(),
            Is.EqualTo("t.csv:3: column 'name' holds bytes that are not utf-8; declare the file's encoding under 'csv'."));
        Assert.That(rejects.Single().Value, Does.StartWith("M").And.EndsWith("ller"));
    }

    [TestCase("utf-16", Description = "little-endian")]
    [TestCase("utf-16BE")]
    [TestCase("utf-8")]
    public void A_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_first_column(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding);

        var (columns, rows, rejects) = Read([.. bytes.GetPreamble(), .. bytes.GetBytes("näme,day\nÄnne,1\n")]);

        Assert.That(columns, Is.EqualTo((string[])["näme", "day"]));
        Assert.That(rows, Is.EqualTo((string[])["2: Änne|1"]));
        Assert.That(rejects, Is.Empty);
    }

    [Test]
    public void A_column_that_stands_twice_in_the_header_is_refused() =>
        Assert.That(() => Read("user,day,user\n"u8), Throws.InstanceOf<ConnectorException>()
            .With.Message.EqualTo("t.csv:1: the column 'user' stands twice in the header; a row could mean either."));

    [Test]
    public void A_header_that_cannot_be_split_is_refused_with_its_line() =>
        Assert.That(() => Read("user,\"day\na,1\n"u8),
            Throws.InstanceOf<ConnectorException>().With.Message.StartsWith("t.csv:1: the header cannot be read"));

    [Test]
    public void An_empty_file_is_refused() =>
        Assert.That(() => Read(""u8), Throws.InstanceOf<ConnectorException>().With.Message.StartsWith("t.csv is empty"));

    [Test]
    public void Columns_without_a_name_may_be_several() => Assert.That(Read("user,,\na,1,2\n"u8).Rejects, Is.Empty);

    [Test]
    public void The_value_of_a_reject_is_shortened() =>
        Assert.That(Read(Encoding.UTF8.GetBytes($"user,day\n{new string('x', 5000)}\n")).Rejects.Single().Value,
            Has.Length.EqualTo(Reject.LongestValue));

    private static (IReadOnlyList<string> Columns, string[] Rows, List<Reject> Rejects) Read(ReadOnlySpan<byte> bytes)
    {
        using var file = new MemoryStream(bytes.ToArray());
        using var table = CsvTable.Open(file, "t.csv", CsvDialect.Of(null, file, "t.csv"));
        var rejects = new List<Reject>();
        var rows = new List<string>();
        while (table.Read(rejects) is { } row)
            rows.Add($"{row.Line}: {string.Join('|', row.Cells)}");
        return (table.Columns, [.. rows], rejects);
    }
}
