using System.Buffers;

namespace Metrics.Core.Storage.Influx;

/// <summary>The lines of one request, and where each of them ends; emptied and filled again for the next.</summary>
internal sealed class LineBatch
{
    // A line of three or four tags; the buffer grows where they are longer and then stays.
    private const int ExpectedLine = 120;

    private readonly ArrayBufferWriter<byte> _text;
    private readonly List<int> _ends;

    private double _first = double.NaN;
    private byte[] _firstText = [];

    public LineBatch(int lines) => (_text, _ends) = (new ArrayBufferWriter<byte>(lines * ExpectedLine), new List<int>(lines));

    /// <summary>The number of its first line among all lines of the write.</summary>
    public long Start { get; set; }

    public int Count => _ends.Count;

    public void Add(ReadOnlySpan<byte> series, double value, double first, long time)
    {
        if (!first.Equals(_first))
            (_first, _firstText) = (first, LineProtocol.Text(first));
        LineProtocol.WritePoint(_text, series, value, _firstText, time);
        _ends.Add(_text.WrittenCount);
    }

    /// <summary>The text of some consecutive lines.</summary>
    public ReadOnlyMemory<byte> Lines(int from, int count)
    {
        var start = from == 0 ? 0 : _ends[from - 1];
        return _text.WrittenMemory[start.._ends[from + count - 1]];
    }

    public void Clear()
    {
        _text.ResetWrittenCount();
        _ends.Clear();
    }
}
