using Metrics.Core.Periods;
using System.Runtime.InteropServices;
using Metrics.Core.Series;

namespace Metrics.Core.Storage;

/// <summary>What is given to a store, in the order in which every store writes it.</summary>
internal static class SeriesBatch
{
    /// <exception cref="ArgumentException">A series is another metric's or grain's, or a point lies outside of the days that are replaced.</exception>
    public static void CheckReplacement(string metric, Grain grain, Period? within, IEnumerable<SeriesPoints> series)
    {
        foreach (var (key, points) in series)
        {
            if (key.Metric != metric || key.Grain != grain)
                throw new ArgumentException($"{key} is not a series of {metric} by {grain}.", nameof(series));
            if (within is not null && points.Any(point => !within.Contains(point.Day)))
                throw new ArgumentException($"{key} has a point outside of {within}, the days that are replaced.", nameof(series));
        }
    }

    /// <summary>Each series once. One that a batch names twice is one: else its second half would restate, or replace, the first.</summary>
    public static IReadOnlyCollection<SeriesPoints> OnePerKey(IReadOnlyCollection<SeriesPoints> series) =>
        series.DistinctBy(one => one.Key).Count() == series.Count
            ? series
            : [.. series.GroupBy(one => one.Key).Select(same => new SeriesPoints(same.Key, [.. same.SelectMany(one => one.Points)]))];

    /// <summary>The points by day, the last one of each day; as they are where they are in order already.</summary>
    public static ReadOnlySpan<Point> InOrder(IReadOnlyList<Point> given)
    {
        var sorted = true;
        for (var i = 1; sorted && i < given.Count; i++)
            sorted = given[i - 1].Day < given[i].Day;

        if (sorted)
            return given is Point[] array ? array : given is List<Point> list ? CollectionsMarshal.AsSpan(list) : (Point[])[.. given];

        return given.GroupBy(point => point.Day).Select(day => day.Last()).OrderBy(point => point.Day).ToArray();
    }
}
