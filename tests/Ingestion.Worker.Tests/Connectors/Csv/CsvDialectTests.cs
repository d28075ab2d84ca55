using System.Text;
using Ingestion.Worker.Connectors.Csv;
using Metrics.Core.Connectors;
using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Connectors.Csv;

public sealed class CsvDialectTests
{
    [TestCase("a,b\n1,2\n", ",")]
    [TestCase("a;b\n1;2\n", ";")]
    [TestCase("a;b\n1,5;2,5\n3,5;4,5\n", ";", Description = "decimal commas in every row are no separators")]
    [TestCase("a\tb\n1\t2\n", "\t")]
    [TestCase("a|b\n1|2\n", "|")]
    [TestCase("a;b;c\n", ";", Description = "nothing but a header")]
    [TestCase("a\n1\n", ",", Description = "one column")]
    public void The_separator_is_the_one_that_splits_every_line(string text, string delimiter) =>
        Assert.That(Of(text).Delimiter, Is.EqualTo(delimiter));

    [TestCase("a;b\nx;1,5\n", ',', Description = "a comma before one digit")]
    [TestCase("a;b\nx;1.234,50\n", ',', Description = "a comma after a point")]
    [TestCase("a;b\nx;1,234.50\n", '.', Description = "a point after a comma")]
    [TestCase("a;b\nx;1,234\n", '.', Description = "a comma before three digits groups thousands")]
    [TestCase("a;b\nx;-0,75\n", ',')]
    [TestCase("a;b\nx;\"0,75\"\n", ',', Description = "in quotes")]
    [TestCase("a;b\nx;1.5\n", '.')]
    [TestCase("a,b\nx,\"1,5\"\n", '.', Description = "a comma that separates cells is no decimal sign")]
    public void The_decimal_sign_is_what_the_cells_show(string text, char sign) => Assert.That(Of(text).Format.Decimal, Is.EqualTo(sign));

    [TestCase(',', '.')]
    [TestCase('.', ',')]
    public void The_thousands_separator_is_the_other_sign(char sign, char thousands) =>
        Assert.That(Of("a;b\n1;2\n", $"decimal: \"{sign}\"").Format.Thousands, Is.EqualTo(thousands));

    [Test]
    public void What_is_declared_is_not_detected()
    {
        var dialect = Of("a,b\n1,2\n",
            "delimiter: semicolon, decimal: \",\", thousands: none, empty: [n/a, \" - \"], encoding: windows-1252");

        Assert.That((dialect.Delimiter, dialect.Format.Decimal, dialect.Format.Thousands), Is.EqualTo((";", ',', (char?)null)));
        Assert.That(dialect.Format.Empty, Is.EquivalentTo((string[])["n/a", "-"]));
        Assert.That(dialect.Encoding.CodePage, Is.EqualTo(1252));
    }

    [Test]
    public void One_sign_cannot_be_both() =>
        Assert.That(() => Of("a;b\n1;2\n", "decimal: \",\", thousands: \",\""),
            Throws.InstanceOf<ConnectorException>().With.Message.Contains("cannot be both"));

    [Test]
    public void A_file_without_a_header_needs_the_names_of_its_columns()
    {
        Assert.That(() => Of("1,2\n", "header: false"), Throws.InstanceOf<ConnectorException>().With.Message.Contains("needs 'columns'"));
        Assert.That(Of("1,2\n", "header: false, columns: [x, y]").Columns, Is.EqualTo((string[])["x", "y"]));
    }

    [Test]
    public void An_encoding_that_we_do_not_read_is_named() =>
        Assert.That(() => Of("a\n", "encoding: ebcdic"),
            Throws.InstanceOf<ConnectorException>().With.Message.Contains("unknown encoding 'ebcdic'"));

    [Test]
    public void The_file_is_left_at_its_beginning()
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("a,b\n1,2\n"));
        CsvDialect.Of(null, file, "t.csv");

        Assert.That(file.Position, Is.Zero);
    }

    private static CsvDialect Of(string text, string? declared = null)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var root = declared is null ? null : YamlFile.Read("s.yaml", $"csv: {{ {declared} }}", new Shape("a stream", CsvDialect.Key), []);
        return CsvDialect.Of(root?.Object("csv"), file, "t.csv");
    }
}
