using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>The shapes of periods by the pace method of a metric, from a reading that holds the days before them.</summary>
/// <param name="figures">The metric and segment; its periods and grain are not looked at.</param>
internal sealed class PaceShapes(ReportingCalendar calendar, MetricCatalog catalog, MetricReading reading, MetricQuery figures)
{
    private readonly Dictionary<Period, PaceShape> _known = [];
    private readonly PaceMethod _method = MethodOf(catalog, figures.Metric);

    /// <summary>The method of a metric: what a stock's days changed is no profile of where it stands.</summary>
    public static PaceMethod MethodOf(MetricCatalog catalog, Metric metric) =>
        metric.Pace == PaceMethod.Profile && catalog.AccrualOf(metric) != Accrual.Flow ? PaceMethod.Linear : metric.Pace;

    /// <summary>The first day that the shape of a period looks at.</summary>
    public static DateOnly Reach(ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, Period period) =>
        MethodOf(catalog, metric) != PaceMethod.Profile ? period.Start
        : grain < Grain.Quarter ? period.Start.AddDays(-PaceShape.ProfileDays)
        : calendar.YearAgo(grain, period).Start;

    /// <summary>
    /// The shape of a period. A profile needs its days: quarters and years take the course of the year before, else, as shorter periods
    /// do, the weekdays of the eight weeks before; without those every day weighs the same. The shape says which it was.
    /// </summary>
    public async ValueTask<PaceShape> OfAsync(Grain grain, Period period, CancellationToken cancellationToken)
    {
        if (_method == PaceMethod.Linear)
            return PaceShape.Linear(period);
        if (!_known.TryGetValue(period, out var shape))
        {
            _known[period] = shape = _method == PaceMethod.BusinessDays
                ? PaceShape.BusinessDays(calendar, period)
                : await ProfileAsync(grain, period, cancellationToken);
        }

        return shape;
    }

    private async Task<PaceShape> ProfileAsync(Grain grain, Period period, CancellationToken cancellationToken)
    {
        if (grain >= Grain.Quarter && await DaysAsync(calendar.YearAgo(grain, period), cancellationToken) is { } yearAgo
            && PaceShape.LastYear(period, yearAgo) is { } season)
        {
            return season;
        }

        var before = new Period(period.Start.AddDays(-PaceShape.ProfileDays), period.Start);
        return await DaysAsync(before, cancellationToken) is { } days && PaceShape.Weekdays(period, days) is { } weekdays
            ? weekdays
            : PaceShape.Linear(period);
    }

    private async Task<IReadOnlyList<decimal?>?> DaysAsync(Period span, CancellationToken cancellationToken)
    {
        if (span.Start < reading.Days.Start || span.End > reading.Days.End)
            return null;

        try
        {
            var query = figures with { Grain = Grain.Day, Periods = calendar.Covering(Grain.Day, span.Start, span.End) };
            return [.. (await reading.ReadAsync(query, cancellationToken))[0].Values.Select(value => value.CoveredDays == 1 ? value.Value : null)];
        }
        catch (MetricQueryException)
        {
            // It is not known by day, so no day of it can weigh more than another.
            return null;
        }
    }
}
