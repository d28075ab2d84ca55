using System.Buffers;

namespace Metrics.Core.Workspace;

/// <summary>A row as it stands in the file: its cells, or why it could not be split into them.</summary>
/// <param name="Line">The line on which it begins, counted from 1.</param>
/// <param name="Cells">null where the row is at fault.</param>
/// <param name="Text">The row's beginning, for messages.</param>
public sealed record RawRow(long Line, string[]? Cells, string Text, string? Fault);

/// <summary>
/// Splits delimited text into rows and cells (RFC 4180), line by line in bounded memory. Where a quote is opened and not closed,
/// its line alone is at fault and the lines after it are read as rows again.
/// </summary>
/// <remarks>Our own, because a parser that reads on to the end of the file for the closing quote takes all good rows with it.</remarks>
public sealed class RowReader(TextReader source, char delimiter, bool alignedWithSpaces, int longestRow) : IDisposable
{
    // A cell with more line breaks than this is a quote that somebody forgot.
    private const int MostLinesInRow = 200;

    private readonly char[] _buffer = ArrayPool<char>.Shared.Rent(1 << 16);
    private readonly LinkedList<(long Number, string? Text)> _putBack = new();
    private readonly List<string> _cells = [];
    private int _bufferAt;
    private int _bufferEnd;
    private long _line;

    /// <summary>The next row that is not blank, or null at the end.</summary>
    public RawRow? Read()
    {
        while (NextLine() is { } first)
        {
            if (first.Text is null)
                return new RawRow(first.Number, null, "", $"the row is longer than {longestRow} characters.");
            if (!string.IsNullOrWhiteSpace(first.Text))
                return RowFrom(first!);
        }

        return null;
    }

    public void Dispose()
    {
        source.Dispose();
        ArrayPool<char>.Shared.Return(_buffer);
    }

    /// <summary>The row that begins with a line, joined with the lines that its quoted cells go on in.</summary>
    private RawRow RowFrom((long Number, string Text) first)
    {
        if (alignedWithSpaces)
            return new RawRow(first.Number, first.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries), first.Text, null);
        if (!first.Text.Contains('"'))
            return new RawRow(first.Number, first.Text.Split(delimiter), first.Text, null);

        var text = first.Text;
        var taken = new List<(long, string?)>();
        for (var state = Split(text); state != Quotes.Closed; state = Split(text))
        {
            if (state == Quotes.Open && taken.Count < MostLinesInRow && text.Length < longestRow && NextLine() is { } next)
            {
                taken.Add(next);
                if (next.Text is not null)
                {
                    text = $"{text}\n{next.Text}";
                    continue;
                }
            }

            // The line is at fault, not the ones after it: those are rows of their own again.
            for (var i = taken.Count - 1; i >= 0; i--)
                _putBack.AddFirst(taken[i]);
            return new RawRow(first.Number, null, first.Text, state == Quotes.Open || taken.Count > 0
                ? "a quote is opened and not closed in this row."
                : "text follows a closing quote; a quote inside a cell must be doubled.");
        }

        return new RawRow(first.Number, [.. _cells], text, null);
    }

    private enum Quotes
    {
        Closed,
        Open,
        Broken,
    }

    /// <summary>Fills the cells of a row. A quote opens a cell only at its beginning; elsewhere it is a character like any other.</summary>
    private Quotes Split(string row)
    {
        _cells.Clear();
        for (var at = 0; ;)
        {
            if (at < row.Length && row[at] == '"')
            {
                var close = at;
                do
                {
                    close = row.IndexOf('"', close + 1);
                    if (close < 0)
                        return Quotes.Open;
                }
                while (close + 1 < row.Length && row[close + 1] == '"' && ++close > 0);

                _cells.Add(row[(at + 1)..close].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = close + 1;
                if (at < row.Length && row[at] != delimiter)
                    return Quotes.Broken;
            }
            else
            {
                var end = row.IndexOf(delimiter, at);
                _cells.Add(end < 0 ? row[at..] : row[at..end]);
                at = end < 0 ? row.Length : end;
            }

            if (at >= row.Length)
                return Quotes.Closed;
            at++;
        }
    }

    /// <summary>The next line, with null for the text of one that is too long; null at the end.</summary>
    private (long Number, string? Text)? NextLine()
    {
        if (_putBack.First is { } back)
        {
            _putBack.RemoveFirst();
            return back.Value;
        }

        string? start = null;
        long length = 0;
        var complete = false;
        while (!complete && Fill())
        {
            var rest = _buffer.AsSpan(_bufferAt, _bufferEnd - _bufferAt);
            var end = rest.IndexOf('\n');
            complete = end >= 0;
            var piece = complete ? rest[..end] : rest;
            _bufferAt += piece.Length + (complete ? 1 : 0);
            length += piece.Length;
            if (length <= longestRow)
                start = start is null ? piece.ToString() : string.Concat(start, piece);
        }

        if (start is null && !complete)
            return null;

        _line++;
        start = (start ?? "").TrimEnd('\r');
        return (_line, length <= longestRow ? start : null);
    }

    private bool Fill()
    {
        if (_bufferAt < _bufferEnd)
            return true;

        (_bufferAt, _bufferEnd) = (0, source.Read(_buffer, 0, _buffer.Length));
        return _bufferEnd > 0;
    }
}
