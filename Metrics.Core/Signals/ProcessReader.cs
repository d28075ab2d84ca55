using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Signals;

/// <summary>A series up to its newest period, with its limits and signals.</summary>
/// <param name="History">As many periods as were read, oldest first, as they are known.</param>
public sealed record ProcessHistory(Process Process, IReadOnlyList<PeriodValue> History);

/// <summary>Reads a metric's periods together with what people decided about its limits.</summary>
public sealed class ProcessReader(MetricReader reader, KnownDays knownDays, IBaselineStore baselines, TimeProvider clock)
{
    /// <summary>The baselines of all series, for whoever judges many of them.</summary>
    public async Task<BaselineBook> BookAsync(ReportingCalendar calendar, CancellationToken cancellationToken) =>
        new(calendar, await baselines.AllAsync(cancellationToken));

    /// <summary>
    /// How many periods up to the newest one a series is judged against where nobody chose a baseline: two of every season where the
    /// grain has seasons, and more than limits need.
    /// </summary>
    public static int LengthOf(Grain grain) => grain switch
    {
        Grain.Day => 92,
        Grain.Week => 106,
        Grain.Month => 37,
        Grain.Quarter => 24,
        _ => 12,
    };

    /// <summary>
    /// The process of a metric in a segment. More periods than it is judged against are in the history, for forecasts.
    /// </summary>
    /// <param name="asOf">What was known at a moment; null for now. Baselines are always those of now.</param>
    /// <param name="length">How many periods to read at least.</param>
    /// <exception cref="MetricQueryException">The metric is not stored by that grain.</exception>
    public async Task<ProcessHistory> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, Segment segment, DateTimeOffset? asOf, int length,
        CancellationToken cancellationToken)
    {
        var subject = new ProcessSubject(
            segment.IsTotal ? metric.Name : $"{metric.Name} ({segment})", metric, catalog.AccrualOf(metric), grain, calendar, new ValueFormat(metric.Unit, calendar.Settings.Currency));
        if (await knownDays.ReadAsync(calendar, catalog, metric, grain, asOf, cancellationToken) is not { } known)
            return new ProcessHistory(new Process { Subject = subject }, []);

        var choices = (await BookAsync(calendar, cancellationToken)).Of(metric.Id, grain, segment);
        var running = calendar.Containing(grain, calendar.DayOf(asOf ?? clock.GetUtcNow()));
        var last = calendar.Containing(grain, known.End > running.End ? running.Start : known.LastDay);
        var begins = calendar.NumberOf(grain, known.Start);
        var newest = calendar.NumberOf(grain, last.Start);
        var judged = Math.Max(begins, newest - LengthOf(grain));
        if (choices.Earliest is { } chosen && calendar.NumberOf(grain, chosen) < judged)
            judged = Math.Max(begins, calendar.NumberOf(grain, chosen));
        var first = Math.Min(judged, Math.Max(begins, newest - length));
        Period[] periods = [.. Enumerable.Range(first, newest - first + 1).Select(number => calendar.Numbered(grain, number))];
        var query = new MetricQuery
        {
            Metric = metric, Grain = grain, Periods = periods, AsOf = asOf,
            Filter = segment.Values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[pair.Value]),
        };
        var reading = reader.Over(calendar, catalog, new Period(periods[0].Start, periods[^1].End));
        var values = (await reading.ReadAsync(query, cancellationToken))[0].Values;
        var intervals = metric.Interval is null ? [] : await reading.IntervalsAsync(catalog, query, cancellationToken);

        // The same periods as on a board for the newest complete one.
        var end = values.Count;
        while (end > 0 && values[end - 1] is not { Complete: true })
            end--;
        var from = Math.Max(judged - first, choices.IsDefault ? end - LengthOf(grain) : 0);
        var process = Process.Of(
            subject, [.. values.Take(end).Skip(from)], intervals.Count == 0 ? [] : [.. intervals.Take(end).Skip(from)], choices);
        return new ProcessHistory(process, values);
    }
}
