using System.Globalization;
using System.Runtime.InteropServices;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>
/// The value below which a share of some values lies, interpolated between the two nearest (type 7 of Hyndman and Fan, R's default).
/// </summary>
internal static class Quantile
{
    /// <summary>Which quantile a metric shows.</summary>
    public static readonly Choice Choice = new("statistic", "The middle of all values, or the one below which so many percent of them lie.",
        "median")
    {
        Pattern = "median|p[1-9][0-9]?",
        PatternHint = "median, or a percentile such as p90",
    };

    /// <summary>The share that a metric chose: 0.5 for the median, 0.9 for p90.</summary>
    public static decimal ShareOf(Metric metric) =>
        Choice.Of(metric) is var text and not "median" ? int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture) / 100m : 0.5m;

    /// <summary>The same in words: "median", "90th percentile".</summary>
    public static string InWords(Metric metric) => Choice.Of(metric) is var text and not "median" ? $"{text[1..]}th percentile" : "median";

    /// <param name="sorted">Values, smallest first; at least one.</param>
    public static decimal Of(ReadOnlySpan<decimal> sorted, decimal share)
    {
        var place = (sorted.Length - 1) * share;
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

/// <summary>Computes a quantile of values for every period of every grain and every stored cut of a metric.</summary>
/// <remarks>Sorts the values once; every grain and cut then deals them out in that order, so that it costs one walk.</remarks>
internal sealed class Quantiles(Metric metric, ReportingCalendar calendar)
{
    private readonly Dictionary<Segment, int> _segments = [];
    private readonly List<Segment> _segmentList = [];
    private readonly List<Sample> _samples = [];

    public void Add(DateOnly day, Segment segment, decimal value)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_segments, segment, out var known);
        if (!known)
        {
            place = _segmentList.Count;
            _segmentList.Add(segment);
        }

        _samples.Add(new Sample(value, day.DayNumber, place));
    }

    public IEnumerable<ModelOutput> Outputs()
    {
        _samples.Sort((a, b) => a.Value.CompareTo(b.Value));
        return Enum.GetValues<Grain>().Where(grain => grain >= metric.NativeGrain)
            .Select(grain => new ModelOutput(metric.Id, grain, [.. metric.StoredCuts.SelectMany(cut => Of(grain, cut))]));
    }

    private IEnumerable<SeriesPoints> Of(Grain grain, IReadOnlyList<string> cut)
    {
        var segments = _segmentList.Select(segment => segment.On(cut)).ToArray();
        var distinct = segments.Distinct().ToList();
        var segmentOf = segments.Select(segment => distinct.IndexOf(segment)).ToArray();
        var starts = new Dictionary<int, int>();
        var values = new Dictionary<(int Segment, int Start), List<decimal>>();
        foreach (var sample in CollectionsMarshal.AsSpan(_samples))
        {
            if (!starts.TryGetValue(sample.Day, out var start))
                starts[sample.Day] = start = calendar.Containing(grain, DateOnly.FromDayNumber(sample.Day)).Start.DayNumber;
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(values, (segmentOf[sample.Segment], start), out _);
            (list ??= []).Add(sample.Value);
        }

        var share = Quantile.ShareOf(metric);
        return values.GroupBy(pair => pair.Key.Segment).Select(series => new SeriesPoints(
            new SeriesKey(metric.Id, grain, distinct[series.Key]),
            [
                .. series.OrderBy(pair => pair.Key.Start).Select(pair => new Point(
                    DateOnly.FromDayNumber(pair.Key.Start), (double)Quantile.Of(CollectionsMarshal.AsSpan(pair.Value), share))),
            ]));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sample(decimal Value, int Day, int Segment);
}

/// <summary>The working of a quantile: every value that it is taken of is a line.</summary>
internal sealed class QuantileLines(WorkingQuestion question, IReadOnlyList<WorkingColumn> columns)
{
    private readonly WorkingLines _lines = new(question, columns);
    private readonly List<decimal> _values = [];

    public void Add(DateOnly day, decimal value, Func<object?[]> cells)
    {
        _values.Add(value);
        _lines.Add(day, Segment.Total, value, cells);
    }

    /// <param name="what">What the lines are: "a ticket with the time to its first response".</param>
    public ModelWorking Finish(string what)
    {
        _values.Sort();
        return _lines.Finish($"The value is the {Quantile.InWords(question.Metric)} of these lines. Each is {what}.") with
        {
            AddsUp = AddsUp.Quantile,
            Total = _values.Count == 0 ? null : Quantile.Of(CollectionsMarshal.AsSpan(_values), Quantile.ShareOf(question.Metric)),
            Unlisted = 0,
        };
    }
}
