using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Targets;

/// <summary>What the plans of one metric and segment say of periods, with the paths of stocks drawn from a reading.</summary>
/// <param name="plans">In the order in which they win: the first one that says something of a period counts there.</param>
/// <param name="figures">The metric and segment, as of which moment; its periods and grain are not looked at.</param>
/// <param name="shapes">The shapes of the metric's periods.</param>
/// <param name="withPartial">Whether a value counts that speaks of some days of the period alone.</param>
internal sealed class PlannedValues(IReadOnlyList<Plan> plans, MetricReading reading, MetricQuery figures, PaceShapes shapes, bool withPartial)
{
    /// <summary>What is planned for a period; null where nothing is.</summary>
    public async Task<PlannedValue?> OfAsync(Period period, CancellationToken cancellationToken)
    {
        foreach (var plan in plans)
        {
            var start = await PathStartAsync(plan, period, cancellationToken);
            if (plan.For(period, start, await ShapesAsync(plan, period, cancellationToken)) is { } planned && (withPartial || !planned.IsPartial))
                return planned;
        }

        return null;
    }

    private async ValueTask<IReadOnlyDictionary<Period, PaceShape>?> ShapesAsync(Plan plan, Period period, CancellationToken cancellationToken)
    {
        Dictionary<Period, PaceShape>? needed = null;
        foreach (var target in plan.ShapedFor(period))
            (needed ??= [])[target.Period] = await shapes.OfAsync(target.Grain, target.Period, cancellationToken);
        return needed;
    }

    private async Task<decimal?> PathStartAsync(Plan plan, Period period, CancellationToken cancellationToken)
    {
        if (plan.PathStartOf(period) is not { } start || start.Period.Start < reading.Days.Start || start.Period.End > reading.Days.End)
            return null;

        try
        {
            var query = figures with { Grain = start.Grain, Periods = [start.Period] };
            var value = (await reading.ReadAsync(query, cancellationToken))[0].Values[0];
            return value is { Complete: true, Value: { } figure } ? figure : null;
        }
        catch (MetricQueryException)
        {
            // The metric is not known by the target's grain; the path then begins at the target before.
            return null;
        }
    }
}
