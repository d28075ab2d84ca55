using System.Buffers;
using System.Runtime.InteropServices;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Influx;

/// <summary>A point to write. The same in the order and form of its line.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlannedPoint(long Time, double Value, double First);

/// <summary>What is to be written and removed in one series.</summary>
/// <param name="Line">What all lines of the series begin with.</param>
internal sealed record PlannedSeries(SeriesKey Key, byte[] Line, List<PlannedPoint> Puts, List<DateOnly> Removals);

/// <summary>
/// What a write will do: the difference between what is given and what is stored. Nothing is stored while it is made, so what is wrong
/// with any part of a batch refuses all of it.
/// </summary>
internal sealed class WritePlan(WriteStamp stamp)
{
    /// <summary>The measurement that holds all points.</summary>
    public const string Measurement = "kpi";

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly double _now = StoredDays.Seconds(stamp.At);

    public WriteOutcome Outcome { get; private set; } = WriteOutcome.Nothing;

    public List<PlannedSeries> Series { get; } = [];

    /// <summary>Changes that are logged and did not come to what they say.</summary>
    public List<LoggedChange> Corrected { get; } = [];

    public List<LoggedChange> Changes { get; } = [];

    /// <summary>The beginning of the lines of a series; the tags are sorted by name.</summary>
    /// <exception cref="ArgumentException">Line protocol cannot carry one of its texts.</exception>
    public byte[] LineOf(SeriesKey key)
    {
        var tags = new List<KeyValuePair<string, string>>
        {
            new("metric", TagText.Encode(key.Metric)), new("grain", key.Grain.Name()),
        };
        if (!key.Segment.IsTotal)
            tags.Add(new("cut", key.Segment.Cut));
        foreach (var (name, value) in key.Segment.Values)
            tags.Add(new(StoredKeys.Dimension(name), TagText.Encode(value)));
        _line.ResetWrittenCount();
        LineProtocol.WriteSeries(_line, Measurement, tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        return _line.WrittenSpan.ToArray();
    }

    /// <summary>Merges sorted new points with the stored ones of their days; with <paramref name="complete"/> stored points that are not given go.</summary>
    /// <param name="history">The newest change of the days that have any; those of days that are looked at go out of it.</param>
    public void Merge(
        SeriesKey key, byte[] line, ReadOnlySpan<Point> given, IReadOnlyList<StoredPoint> stored, Dictionary<DateOnly, LoggedChange>? history, bool complete)
    {
        var series = new PlannedSeries(key, line, new List<PlannedPoint>(Math.Max(0, given.Length - stored.Count)), []);
        long added = 0, changed = 0, same = 0, removed = 0;
        var at = 0;
        history ??= [];
        foreach (ref readonly var point in given)
        {
            for (; at < stored.Count && stored[at].Day < point.Day; at++)
                removed += complete ? Remove(series, stored[at], history) : 0;

            if (at < stored.Count && stored[at].Day == point.Day)
            {
                var before = stored[at++];
                var newest = Settled(history, point.Day, before.Value);
                if (before.Value.Equals(point.Value))
                {
                    same++;
                    continue;
                }

                Log(key, point.Day, before.Value, point.Value, before.FirstWritten, newest);
                series.Puts.Add(new PlannedPoint(StoredDays.Seconds(point.Day), point.Value, StoredDays.Seconds(before.FirstWritten)));
                changed++;
            }
            else if (Settled(history, point.Day, null) is { } gone)
            {
                Log(key, point.Day, null, point.Value, gone.FirstWritten, gone);
                series.Puts.Add(new PlannedPoint(StoredDays.Seconds(point.Day), point.Value, StoredDays.Seconds(gone.FirstWritten)));
                changed++;
            }
            else
            {
                series.Puts.Add(new PlannedPoint(StoredDays.Seconds(point.Day), point.Value, _now));
                added++;
            }
        }

        for (; complete && at < stored.Count; at++)
            removed += Remove(series, stored[at], history);
        Outcome += new WriteOutcome(added, changed, same, removed);
        if (series.Puts.Count > 0 || series.Removals.Count > 0)
            Series.Add(series);
    }

    /// <summary>Settles the newest changes of days that are neither stored nor given.</summary>
    public void Settle(Dictionary<DateOnly, LoggedChange> history)
    {
        foreach (var day in history.Keys.ToArray())
            Settled(history, day, null);
    }

    /// <summary>Counts the lines that were refused as what they are, and gives the changes that did not happen.</summary>
    /// <param name="lines">Their numbers among all lines, in order.</param>
    public IReadOnlyList<LoggedChange> Refuse(IReadOnlyList<long> lines)
    {
        var logged = Changes.ToDictionary(change => (change.Change.Key, change.Change.Day));
        var (changes, start, at) = (new List<LoggedChange>(), 0L, 0);
        foreach (var series in Series)
        {
            for (; at < lines.Count && lines[at] < start + series.Puts.Count; at++)
            {
                var day = StoredDays.Day(series.Puts[(int)(lines[at] - start)].Time);
                if (logged.TryGetValue((series.Key, day), out var change))
                    changes.Add(change with { Change = change.Change with { New = change.Change.Old } });
            }

            start += series.Puts.Count;
        }

        Outcome = Outcome with
        {
            New = Outcome.New - (lines.Count - changes.Count), Changed = Outcome.Changed - changes.Count, Refused = lines.Count,
        };
        return changes;
    }

    private int Remove(PlannedSeries series, StoredPoint point, Dictionary<DateOnly, LoggedChange> history)
    {
        Log(series.Key, point.Day, point.Value, null, point.FirstWritten, Settled(history, point.Day, point.Value));
        series.Removals.Add(point.Day);
        return 1;
    }

    /// <summary>The newest change of a day. Where its writer was interrupted before the point was stored, it is corrected to what is stored.</summary>
    private LoggedChange? Settled(Dictionary<DateOnly, LoggedChange> history, DateOnly day, double? stored)
    {
        if (!history.Remove(day, out var newest) || Nullable.Equals(newest.Change.New, stored))
            return newest;

        Corrected.Add(newest with { Change = newest.Change with { New = stored } });
        return newest;
    }

    private void Log(SeriesKey key, DateOnly day, double? before, double? after, DateTimeOffset first, LoggedChange? newest)
    {
        // The order of a point's changes is that of their moments, also where one clock is behind another.
        var at = newest is null || newest.Change.At <= stamp.At ? stamp.At : newest.Change.At.AddMicroseconds(1);
        Changes.Add(new LoggedChange(new Restatement(key, day, before, after, at, stamp.Sync), first));
    }
}
