using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Metrics.Core.Series;

namespace Metrics.Core.Storage;

/// <summary>
/// A series store seen as a shelf of whole series, with everything that it remembers of each; for moving from one engine to another.
/// </summary>
internal interface ISeriesArchive
{
    /// <summary>What messages call it: a file, or a server with its database. Never with a secret.</summary>
    string Name { get; }

    /// <summary>Makes sure that it can be used, and says so soon where it cannot.</summary>
    Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Every series that has, or once had, a point; sorted by metric, grain, cut and segment.</summary>
    Task<IReadOnlyList<SeriesKey>> KeysAsync(CancellationToken cancellationToken);

    /// <summary>Some series whole, in the order of the keys; one that is not there is empty.</summary>
    Task<IReadOnlyList<ArchivedSeries>> ReadAsync(IReadOnlyList<SeriesKey> keys, CancellationToken cancellationToken);

    /// <summary>Stores series as they are: restatements before points, or both at once.</summary>
    /// <param name="replace">Whether something of them may be there already; it goes.</param>
    /// <exception cref="ArgumentException">The engine cannot keep a series as it is.</exception>
    Task PutAsync(IReadOnlyList<ArchivedSeries> series, bool replace, CancellationToken cancellationToken);
}

/// <summary>A day of a series that has a value, or had one.</summary>
/// <param name="Value">null where the point was removed.</param>
/// <param name="First">When it was first written, UTC microseconds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ArchivedPoint(DateOnly Day, double? Value, long First);

/// <summary>A restatement of a series.</summary>
/// <param name="At">UTC microseconds.</param>
internal sealed record ArchivedChange(DateOnly Day, double? Old, double? New, long At, string Sync);

/// <summary>Everything that is known of one series.</summary>
/// <param name="Points">By day.</param>
/// <param name="Changes">By moment and day.</param>
internal sealed record ArchivedSeries(SeriesKey Key, IReadOnlyList<ArchivedPoint> Points, IReadOnlyList<ArchivedChange> Changes)
{
    private const int BytesOfPoint = sizeof(int) + 1 + sizeof(long) + sizeof(long);
    private const int BytesOfChange = sizeof(int) + 2 + sizeof(long) + sizeof(long) + sizeof(long) + sizeof(int);

    /// <summary>The order in which archives give their keys.</summary>
    public static IReadOnlyList<SeriesKey> Sorted(IEnumerable<SeriesKey> keys) =>
    [
        .. keys.OrderBy(key => key.Metric, StringComparer.Ordinal).ThenBy(key => key.Grain)
            .ThenBy(key => key.Segment.Cut, StringComparer.Ordinal).ThenBy(key => key.Segment.Text, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The series as every engine can keep it. Of several changes of a point at one moment the first says what was before and the last
    /// what is after, which is what a read as of any moment sees of them; where the two are the same, nothing changed.
    /// </summary>
    public ArchivedSeries Folded()
    {
        ArchivedChange[] changes =
        [
            .. Changes.GroupBy(change => (change.At, change.Day))
                .Select(same => same.First() with { New = same.Last().New, Sync = same.Last().Sync })
                .Where(change => !Nullable.Equals(change.Old, change.New))
                .OrderBy(change => change.At).ThenBy(change => change.Day),
        ];

        // A day without a value is remembered for the sake of its changes.
        var changed = changes.Select(change => change.Day).ToHashSet();
        return new ArchivedSeries(Key, [.. Points.Where(point => point.Value is not null || changed.Contains(point.Day))], changes);
    }

    /// <summary>A number that is the same for the same points and changes, and else practically never.</summary>
    public UInt128 Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var row = ArrayPool<byte>.Shared.Rent(Math.Max(BytesOfPoint, BytesOfChange));
        foreach (var point in Points)
        {
            BinaryPrimitives.WriteInt32LittleEndian(row, point.Day.DayNumber);
            Write(row.AsSpan(4), point.Value);
            BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(13), point.First);
            hash.AppendData(row, 0, BytesOfPoint);
        }

        foreach (var change in Changes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(row, change.Day.DayNumber);
            Write(row.AsSpan(4), change.Old);
            Write(row.AsSpan(13), change.New);
            BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(22), change.At);
            var sync = Encoding.UTF8.GetBytes(change.Sync);
            BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(30), sync.Length);
            hash.AppendData(row, 0, BytesOfChange);
            hash.AppendData(sync);
        }

        ArrayPool<byte>.Shared.Return(row);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    private static void Write(Span<byte> to, double? value)
    {
        to[0] = value is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], BitConverter.DoubleToInt64Bits(value ?? 0));
    }
}
