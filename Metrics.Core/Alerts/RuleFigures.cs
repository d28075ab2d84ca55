using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>A period's figure, and the one that a condition on a change compares it with.</summary>
public sealed record Reading(PeriodValue Value, PeriodValue? Base)
{
    /// <summary>What a condition measures here; null where it is undefined or not complete.</summary>
    public decimal? Measure(Condition condition) => Value.Complete && (condition is not Condition.Change || Base is { Complete: true })
        ? condition.Measure(Value.Value, Base?.Value)
        : null;
}

/// <summary>Reads the figures that a rule judges.</summary>
public sealed class RuleFigures(MetricReader reader, KnownDays knownDays)
{
    /// <summary>The days for which the rule's metric is known; null where there are none.</summary>
    public Task<Period?> KnownAsync(AlertRule rule, ReportingCalendar calendar, MetricCatalog catalog,
        CancellationToken cancellationToken) =>
        knownDays.ReadAsync(calendar, catalog, catalog[rule.Metric], rule.Grain, null, cancellationToken);

    /// <summary>One reading a period for each segment that has data in any of them; the total alone for a rule without <c>by</c>.</summary>
    /// <exception cref="MetricQueryException">The rule asks for what is not stored.</exception>
    public async Task<IReadOnlyDictionary<Segment, IReadOnlyList<Reading>>> ReadAsync(
        AlertRule rule, ReportingCalendar calendar, MetricCatalog catalog, IReadOnlyList<Period> periods,
        CancellationToken cancellationToken)
    {
        var query = new MetricQuery
        {
            Metric = catalog[rule.Metric],
            Grain = rule.Grain,
            Periods = periods,
            By = rule.By,
            Filter = rule.Filter
        };
        var values = await reader.ReadAsync(calendar, catalog, query, cancellationToken);
        if (rule.When is not Condition.Change change)
            return values.ToDictionary(one => one.Segment, one =>
                (IReadOnlyList<Reading>)[.. one.Values.Select(value => new Reading(value, null))]);

        Period[] earlier = [.. periods.Select(period => change.Versus == Versus.Previous ? calendar.Previous(rule.Grain, period)
            : calendar.YearAgo(rule.Grain, period))];
        var bases = (await reader.ReadAsync(calendar, catalog, query with { Periods = earlier }, cancellationToken))
            .ToDictionary(one => one.Segment, one => one.Values);
        return values.ToDictionary(one => one.Segment, one => (IReadOnlyList<Reading>)
            [.. one.Values.Select((value, i) => new Reading(value, bases.TryGetValue(one.Segment, out var before) ? before[i] : null))]);
    }
}
