using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Metrics.Core.Storage.Influx;

/// <summary>
/// Writes points as lines of InfluxDB's line protocol, a double in the form that reads back as the same double. What a server would not
/// give back as it was is refused here: control characters, <c>\</c> (each version reads it differently), halves of characters,
/// empty texts, and numbers that are not finite.
/// </summary>
internal static class LineProtocol
{
    private const int LongestNumber = 32;

    // Two doubles, a long, and the names between them.
    private const int LongestFields = 3 * LongestNumber + 16;

    /// <summary>Writes measurement and tags, which all points of a series begin with.</summary>
    /// <param name="tags">Sorted by key, which spares the server the sorting.</param>
    /// <exception cref="ArgumentException">A text is empty or cannot be given back as it is.</exception>
    public static void WriteSeries(IBufferWriter<byte> to, string measurement, IEnumerable<KeyValuePair<string, string>> tags)
    {
        if (measurement.StartsWith('#'))
            throw new ArgumentException($"A line that begins with '#', as '{measurement}' does, is a comment.", nameof(measurement));

        Write(to, measurement, ", ");
        foreach (var (key, value) in tags)
        {
            to.Write(","u8);
            Write(to, key, ",= ");
            to.Write("="u8);
            Write(to, value, ",= ");
        }
    }

    /// <summary>Writes one line.</summary>
    /// <param name="series">What <see cref="WriteSeries"/> wrote.</param>
    /// <param name="first">When the point was first written, seconds since 1970, as <see cref="Text"/> writes a number.</param>
    /// <param name="time">Seconds since 1970.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public static void WritePoint(IBufferWriter<byte> to, ReadOnlySpan<byte> series, double value, ReadOnlySpan<byte> first, long time)
    {
        var line = to.GetSpan(series.Length + LongestFields);
        series.CopyTo(line);
        var at = series.Length;
        at += Copy(" value="u8, line[at..]);
        at += Copy(value, line[at..]);
        at += Copy(",first="u8, line[at..]);
        at += Copy(first, line[at..]);
        line[at++] = (byte)' ';
        Utf8Formatter.TryFormat(time, line[at..], out var digits);
        at += digits;
        line[at++] = (byte)'\n';
        to.Advance(at);
    }

    /// <summary>A number as a field value. Points have the same one again and again, which is then not written anew.</summary>
    /// <exception cref="ArgumentException">The number is not finite.</exception>
    public static byte[] Text(double number)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        return text[..Copy(number, text)].ToArray();
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> to)
    {
        text.CopyTo(to);
        return text.Length;
    }

    /// <summary>
    /// The shortest digits that read back as the same double. Whole numbers and cents, which are most of what is counted, take a short way:
    /// the double nearest to a number of cents is what both this division and whoever reads the digits arrive at.
    /// </summary>
    private static int Copy(double number, Span<byte> to)
    {
        if (!double.IsFinite(number))
            throw new ArgumentException($"{number} is not a finite number.", nameof(number));

        int written;
        if (Math.Abs(number) < 1e15 && (long)number is var whole && whole == number && (whole != 0 || !double.IsNegative(number)))
            Utf8Formatter.TryFormat(whole, to, out written);
        else if (Math.Abs(number) < 1e13 && Math.Round(number * 100) is var cents && cents / 100 == number && cents != 0)
            written = CopyCents((long)cents, to);
        else
            number.TryFormat(to, out written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int CopyCents(long cents, Span<byte> to)
    {
        var at = 0;
        if (cents < 0)
            to[at++] = (byte)'-';
        var (whole, rest) = Math.DivRem(Math.Abs(cents), 100);
        Utf8Formatter.TryFormat(whole, to[at..], out var digits);
        at += digits;
        to[at++] = (byte)'.';
        to[at++] = (byte)('0' + (rest / 10));
        if (rest % 10 != 0)
            to[at++] = (byte)('0' + (rest % 10));
        return at;
    }

    private static void Write(IBufferWriter<byte> to, string text, string escaped)
    {
        if (text.Length == 0)
            throw new ArgumentException("Line protocol has no empty names and tag values.", nameof(text));

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\\' || Rune.IsControl(rune) || (rune == Rune.ReplacementChar && HasHalves(text)))
                throw new ArgumentException($"Line protocol cannot carry U+{rune.Value:X4}, which a name or tag value holds.", nameof(text));

            if (rune.IsAscii && escaped.Contains((char)rune.Value, StringComparison.Ordinal))
                to.Write("\\"u8);
            to.Advance(rune.EncodeToUtf8(to.GetSpan(4)));
        }
    }

    private static bool HasHalves(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i) && (i == 0 || !char.IsSurrogatePair(text, i - 1)))
                return true;
        }

        return false;
    }
}
