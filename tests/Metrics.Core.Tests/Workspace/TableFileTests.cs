using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Metrics.Core.Tests.Workspace;

public sealed class TableFileTests
{
    [Test]
    public void Rows_are_read_by_the_names_of_the_first_line_with_their_own_lines()
    {
        var (rows, faults) = Read("\uFEFFday, name\r\n2026-12-25,\"Christmas, \"\"the\"\" day\"\r\n\r\n 2026-12-26 ,\"Two\r\nlines\"\r\n2027-01-01,x\r\n");

        Assert.That(faults, Is.Empty);
        Assert.That(rows.Select(row => (row.Line, row["day"], row["name"])), Is.EqualTo(new[]
        {
            (2, "2026-12-25", "Christmas, \"the\" day"), (4, "2026-12-26", "Two\nlines"), (6, "2027-01-01", "x"),
        }));
        Assert.That(rows[0]["nowhere"], Is.Empty);
        Assert.That(rows[0].File, Is.EqualTo("data/days.csv"));
    }

    [TestCase("", "has no line with the column names day.")]
    [TestCase("name\nx\n", "has no column day. Its columns are name.")]
    [TestCase("day,name,name\n", "names a column twice: day, name, name.")]
    public void A_file_without_the_columns_has_one_fault_and_no_rows(string text, string message)
    {
        var (rows, faults) = Read(text);

        Assert.That(rows, Is.Empty);
        Assert.That(faults, Is.EqualTo(new[] { new Fault("data/days.csv", 1, message) }));
    }

    [Test]
    public void A_row_with_other_cells_than_columns_is_left_out_and_the_rest_is_read()
    {
        var (rows, faults) = Read("day,name\n2026-12-25\n2026-12-26,Boxing Day\n2026-12-27,a,b\n");

        Assert.That(rows.Single()["name"], Is.EqualTo("Boxing Day"));
        Assert.That(faults.Select(fault => (fault.Line, fault.Message)), Is.EqualTo(new[]
        {
            (2, "has 1 cells, but there are 2 columns."), (4, "has 3 cells, but there are 2 columns."),
        }));
    }

    private static (IReadOnlyList<TableRow> Rows, List<Fault> Faults) Read(string text)
    {
        var faults = new List<Fault>();
        return (TableFile.Read("data/days.csv", text, ["day"], faults), faults);
    }
}
