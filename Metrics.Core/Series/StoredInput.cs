using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>The points of one stored metric, as far as one reading needs them, and the figures that follow from them.</summary>
internal sealed class StoredInput
{
    private readonly Metric _metric;
    private readonly OverTime _overTime;
    private readonly ReportingCalendar _calendar;
    private readonly DateOnly _today;
    private readonly MetricProgress? _progress;
    private readonly Period? _known;
    private readonly Dictionary<Segment, Group> _groups;

    /// <param name="now">The moment at which the figures are looked at.</param>
    /// <param name="progress">How far the metric has come; null for values that were pushed, without a source.</param>
    /// <param name="extent">The days that have points, where there is no progress.</param>
    public StoredInput(
        Metric metric, OverTime overTime, IReadOnlyList<string> by, ReportingCalendar calendar, DateTimeOffset now, MetricProgress? progress,
        (DateOnly First, DateOnly Last)? extent, IReadOnlyList<StoredSeries> series, IReadOnlyList<Restatement> restatements)
    {
        (_metric, _overTime, _calendar, _today, _progress) = (metric, overTime, calendar, calendar.DayOf(now), progress);

        // Without a watermark the data begin with the first point and are known up to today.
        _known = progress?.Newest is { } mark ? Span(mark.DataFrom, mark.CompleteThrough) : extent is { } days ? Span(days.First, _today) : null;
        var changes = restatements.ToLookup(change => change.Key.Segment.On(by));
        _groups = series
            .GroupBy(one => one.Key.Segment.On(by))
            .ToDictionary(group => group.Key, group => new Group(new Rollup([.. group]), new Changes(changes[group.Key])));
        Segments = [.. _groups.Keys];

        // A segment without points has values too: zeros, or unknown ones; and what was removed from it is a restatement.
        foreach (var gone in changes.Where(change => !_groups.ContainsKey(change.Key)))
            _groups.Add(gone.Key, new Group(new Rollup([]), new Changes(gone)));
    }

    /// <summary>The segments that have points.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The figure of a segment for a run of days, and what one has to know about it.</summary>
    public PeriodValue Value(Segment segment, Grain grain, Period period)
    {
        var group = _groups.GetValueOrDefault(segment) ?? Group.Empty;
        var (value, present) = _metric.RollsUp ? RolledUp(group.Points, period) : AsStored(group.Points, grain, period);
        var ended = period.End <= _today;
        var covered = _known is null ? 0 : Math.Min(present, Rollup.OverlapDays(period, _known));
        var isKnown = ended && _known is not null && _known.Start <= period.Start && covered >= period.Days;
        if (_progress is null)
        {
            var isRestated = ended && group.Changes.LastIn(period) is { } last && last > _calendar.StartOf(period.End);
            return new PeriodValue(period, value, covered, isKnown, AsOf: null, isRestated);
        }

        var since = _progress.CompleteSince(period.End);
        var restated = since is { } moment && (group.Changes.LastIn(period) > moment || group.Points.AnyWrittenAfter(period, moment));
        return new PeriodValue(period, value, covered, isKnown && since is not null, _progress.AsOf, restated);
    }

    private (decimal? Value, int Present) RolledUp(Rollup points, Period period)
    {
        var zeroDays = _metric.Missing == Missing.Zero ? _known : null;
        var value = points.Value(_overTime, period, zeroDays);
        return zeroDays is not null
            ? (value, Rollup.OverlapDays(period, zeroDays))
            : (value, points.PresentDays(period, _metric.NativeGrain == Grain.Day ? null : day => _calendar.Containing(_metric.NativeGrain, day)));
    }

    /// <summary>A value that is stored for each period of the grain: nothing is added up, so a part of a period has none.</summary>
    private (decimal? Value, int Present) AsStored(Rollup points, Grain grain, Period period)
    {
        if (_calendar.Containing(grain, period.Start) != period)
            return (null, 0);

        var overlap = _known is null ? 0 : Rollup.OverlapDays(period, _known);
        var value = points.Value(OverTime.Sum, new Period(period.Start, period.Start.AddDays(1)), zeroDays: null)
            ?? (_metric.Missing == Missing.Zero && overlap > 0 ? 0 : null);
        return (value, value is null ? 0 : overlap);
    }

    private static Period? Span(DateOnly start, DateOnly end) => start < end ? new Period(start, end) : null;

    private sealed record Group(Rollup Points, Changes Changes)
    {
        public static Group Empty { get; } = new(new Rollup([]), new Changes([]));
    }

    /// <summary>When days were changed, by day.</summary>
    private sealed class Changes
    {
        private readonly (DateOnly Day, DateTimeOffset At)[] _byDay;

        public Changes(IEnumerable<Restatement> restatements) =>
            _byDay = [.. restatements.Select(change => (change.Day, change.At)).OrderBy(change => change.Day)];

        /// <summary>When a day of a period was last changed; null where none was.</summary>
        public DateTimeOffset? LastIn(Period period)
        {
            var (low, high) = (0, _byDay.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_byDay[middle].Day < period.Start)
                    low = middle + 1;
                else
                    high = middle;
            }

            DateTimeOffset? last = null;
            for (; low < _byDay.Length && _byDay[low].Day < period.End; low++)
                last = last is null || _byDay[low].At > last ? _byDay[low].At : last;
            return last;
        }
    }
}
