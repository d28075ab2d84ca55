using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Metrics.Core.Tests.Workspace;

public sealed class RowReaderTests
{
    private const string NotClosed = "a quote is opened and not closed in this row.";

    [TestCase("a,b,c", "a|b|c")]
    [TestCase("a,,", "a||")]
    [TestCase(",", "|")]
    [TestCase("\"a,b\",c", "a,b|c", Description = "a separator inside a quoted cell")]
    [TestCase("\"say \"\"hi\"\"\",c", "say \"hi\"|c", Description = "doubled quotes")]
    [TestCase("\"\"\"\",\"\"", "\"|", Description = "a cell of one quote, and an empty quoted one")]
    [TestCase("5\" pipe,2\" pipe", "5\" pipe|2\" pipe", Description = "a quote inside a cell is a character")]
    [TestCase("\"a\nb\",c", "a\nb|c", Description = "a line break inside a quoted cell")]
    [TestCase("\"a\r\nb\",c\r\n", "a\nb|c", Description = "line breaks of Windows")]
    [TestCase("\"\n\n\",c", "\n\n|c")]
    public void A_row_is_split_into_its_cells(string text, string cells) =>
        Assert.That(Read(text).Select(row => string.Join('|', row.Cells ?? ["?"])), Is.EqualTo((string[])[cells]));

    [Test]
    public void Lines_are_counted_through_quoted_breaks_and_blank_lines() =>
        Assert.That(Read("a\n\n\"b\nb\"\n  \nc\n").Select(row => row.Line), Is.EqualTo((long[])[1, 3, 6]));

    [Test]
    public void The_last_row_needs_no_line_break() => Assert.That(Read("a,b\nc,d"), Has.Count.EqualTo(2));

    [Test]
    public void An_unbalanced_quote_costs_its_own_line_only()
    {
        var rows = Read("1,a\n2,\"b\n3,c\n4,d\n");

        Assert.That(rows.Select(row => row.Fault), Is.EqualTo((string?[])[null, NotClosed, null, null]));
        Assert.That(rows.Select(row => row.Line), Is.EqualTo((long[])[1, 2, 3, 4]));
        Assert.That(rows[3].Cells, Is.EqualTo((string[])["4", "d"]));
    }

    [Test]
    public void Two_unbalanced_quotes_far_apart_cost_two_lines()
    {
        var good = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},x\n"));
        var rows = Read($"1,\"b\n{good}2,\"c\n{good}");

        Assert.That(rows.Count(row => row.Fault is null), Is.EqualTo(600));
        Assert.That(rows.Where(row => row.Fault is not null).Select(row => row.Line), Is.EqualTo((long[])[1, 302]));
    }

    [Test]
    public void Text_after_a_closing_quote_is_told_with_what_to_do()
    {
        var rows = Read("1,\"b\"c\n2,d\n");

        Assert.That(rows.Select(row => row.Fault),
            Is.EqualTo((string?[])["text follows a closing quote; a quote inside a cell must be doubled.", null]));
    }

    [Test]
    public void A_row_that_is_too_long_is_at_fault_and_the_next_one_is_not()
    {
        var rows = Read($"1,a\n2,{new string('x', 100)}\n3,c\n", longest: 50);

        Assert.That(rows.Select(row => row.Fault), Is.EqualTo((string?[])[null, "the row is longer than 50 characters.", null]));
        Assert.That(rows.Select(row => row.Line), Is.EqualTo((long[])[1, 2, 3]));
    }

    [Test]
    public void A_row_that_is_too_long_is_told_also_after_an_open_quote()
    {
        var rows = Read($"1,\"a\n2,{new string('x', 100)}\n3,c\n", longest: 50);

        Assert.That(rows.Select(row => (row.Line, row.Fault)),
            Is.EqualTo(((long, string?)[])[(1, NotClosed), (2, "the row is longer than 50 characters."), (3, null)]));
    }

    [Test]
    public void A_line_of_a_gigabyte_is_passed_over_without_being_kept()
    {
        using var endless = new Repeated('x', 1L << 30);
        using var reader = new RowReader(endless, ',', alignedWithSpaces: false, 1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var row = reader.Read();

        // Joining the first megabyte piece by piece copies it some times over; the rest of the line leaves nothing.
        Assert.That(row!.Fault, Is.EqualTo("the row is longer than 1048576 characters."));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100 << 20));
    }

    [TestCase(" 00004 0001 19970101  2   29.33", "00004|0001|19970101|2|29.33")]
    [TestCase("a \"b c\"", "a|\"b|c\"", Description = "quotes mean nothing in aligned columns")]
    public void Columns_that_are_aligned_with_spaces_are_split_at_runs_of_them(string text, string cells)
    {
        using var reader = new RowReader(new StringReader(text), ' ', alignedWithSpaces: true, 1000);

        Assert.That(string.Join('|', reader.Read()!.Cells!), Is.EqualTo(cells));
    }

    private static List<RawRow> Read(string text, int longest = 1 << 20)
    {
        using var reader = new RowReader(new StringReader(text), ',', alignedWithSpaces: false, longest);
        var rows = new List<RawRow>();
        while (reader.Read() is { } row)
            rows.Add(row);
        return rows;
    }

    /// <summary>A text of one character, as long as one likes, that takes no memory.</summary>
    private sealed class Repeated(char character, long length) : TextReader
    {
        private long _left = length;

        public override int Read(char[] buffer, int index, int count)
        {
            var given = (int)Math.Min(count, _left);
            buffer.AsSpan(index, given).Fill(character);
            _left -= given;
            return given;
        }
    }
}
