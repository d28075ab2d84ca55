using Metrics.Core.Series;

namespace Metrics.Core.Storage.Influx;

/// <summary>Takes points back to what they were.</summary>
internal static class History
{
    /// <summary>The points as of a moment: newest values, later changes undone, and what was first written later left out.</summary>
    /// <param name="later">The changes after the moment, oldest first.</param>
    public static Dictionary<SeriesKey, List<StoredPoint>> AsOf(
        DateTimeOffset moment, Dictionary<SeriesKey, List<StoredPoint>> newest, IReadOnlyList<LoggedChange> later)
    {
        var limit = Columns.Micros(moment);
        var then = newest.ToDictionary(one => one.Key, one => one.Value.Where(point => Columns.Micros(point.FirstWritten) <= limit).ToList());

        // The value at a moment is what the earliest later change replaced.
        foreach (var changes in later.GroupBy(change => change.Change.Key))
        {
            var undone = changes.DistinctBy(change => change.Change.Day).ToDictionary(change => change.Change.Day);
            IEnumerable<StoredPoint> kept = then.GetValueOrDefault(changes.Key, []).Where(point => !undone.ContainsKey(point.Day));
            var before = undone.Values
                .Where(change => change.Change.Old is not null && Columns.Micros(change.FirstWritten) <= limit)
                .Select(change => new StoredPoint(change.Change.Day, change.Change.Old!.Value, change.FirstWritten));
            then[changes.Key] = [.. kept.Concat(before).OrderBy(point => point.Day)];
        }

        return then;
    }
}
