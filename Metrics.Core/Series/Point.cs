using System.Runtime.InteropServices;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>What identifies a series: metric, grain, and the segment, whose dimension names are the cut.</summary>
public sealed record SeriesKey(string Metric, Grain Grain, Segment Segment);

/// <summary>A value for a local day: the first day of the series' grain (for grain week, the first day of the week).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Point(DateOnly Day, double Value);

/// <summary>A point as the store keeps it, with the moment it was first written.</summary>
/// <param name="FirstWritten">When a value for this day was first stored; later values leave restatements and keep this.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StoredPoint(DateOnly Day, double Value, DateTimeOffset FirstWritten)
{
    // A board holds some hundred thousand points: as ticks of UTC a moment takes half the room.
    private readonly long _firstWritten = FirstWritten.UtcTicks;

    public DateTimeOffset FirstWritten => new(_firstWritten, TimeSpan.Zero);

    internal long FirstWrittenTicks => _firstWritten;
}

/// <summary>Points to write for one series; one point a day.</summary>
public sealed record SeriesPoints(SeriesKey Key, IReadOnlyList<Point> Points);

/// <summary>One series as read, oldest point first.</summary>
public sealed record StoredSeries(SeriesKey Key, IReadOnlyList<StoredPoint> Points);

/// <summary>A stored point that got another value: what the board said before, what it says now, and which sync changed it.</summary>
/// <param name="Old">The value before; null where the point had been removed.</param>
/// <param name="New">The value after; null where the point was removed.</param>
/// <param name="At">When it changed, UTC.</param>
/// <param name="Sync">The sync run or person that changed it.</param>
public sealed record Restatement(SeriesKey Key, DateOnly Day, double? Old, double? New, DateTimeOffset At, string Sync);

/// <summary>When and by what points are written; goes into first-written times and restatements.</summary>
public sealed record WriteStamp(DateTimeOffset At, string Sync);

/// <summary>What a write did, in points.</summary>
public sealed record WriteOutcome(long New, long Changed, long Unchanged, long Removed)
{
    public static WriteOutcome Nothing { get; } = new(0, 0, 0, 0);

    /// <summary>Points that a server did not take and that were put aside with its reason; they count nowhere else.</summary>
    public long Refused { get; init; }

    public static WriteOutcome operator +(WriteOutcome a, WriteOutcome b) =>
        new(a.New + b.New, a.Changed + b.Changed, a.Unchanged + b.Unchanged, a.Removed + b.Removed) { Refused = a.Refused + b.Refused };
}
