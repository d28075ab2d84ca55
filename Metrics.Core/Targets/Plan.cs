using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Targets;

/// <summary>What a plan says of one run of days.</summary>
/// <param name="Value">In the metric's unit.</param>
/// <param name="Target">The target it is, or follows from; of several the last.</param>
/// <param name="IsDerived">Whether it follows from targets for other periods.</param>
/// <param name="IsPartial">Whether some of the days have no target, so that the value speaks of the others alone.</param>
public sealed record PlannedValue(decimal Value, Target Target, bool IsDerived, bool IsPartial);

/// <summary>Where a stock's path to a target begins: the figure of the period before the target's.</summary>
public sealed record PathStart(Grain Grain, Period Period);

/// <summary>The targets of one metric, version and segment, and what they say of any period (KPIS §3).</summary>
/// <remarks>
/// <para>A target for exactly the period always wins; where two targets say something of a day, the one for the shorter period does.</para>
/// <para>
/// A flow's target is spread over its days by the pace method, and days add up: a week in two months takes its share of both. A stock's
/// target is reached along a path from the last figure before its period, straight but for days that do not count. A level (a rate, a mean, a distinct count) has the same target
/// in every part of its period.
/// </para>
/// </remarks>
public sealed class Plan
{
    private readonly Accrual _accrual;
    private readonly ReportingCalendar _calendar;
    private readonly Dictionary<Period, Target> _exact;
    private readonly Target[] _shortestFirst;
    private readonly PaceMethod _method;
    private readonly Dictionary<Period, PaceShape> _shapes = [];

    /// <param name="targets">At most one for each period.</param>
    /// <param name="method">How days are expected to bring a target.</param>
    public Plan(Accrual accrual, ReportingCalendar calendar, IReadOnlyCollection<Target> targets, PaceMethod method = PaceMethod.Linear)
    {
        (_accrual, _calendar) = (accrual, calendar);
        _method = method == PaceMethod.Profile && accrual != Accrual.Flow ? PaceMethod.Linear : method;
        _exact = targets.ToDictionary(target => target.Period);
        _shortestFirst = [.. targets.OrderBy(target => target.Period.Days).ThenBy(target => target.Period.Start)];
    }

    /// <summary>The figures that <see cref="For"/> needs to draw a path to the end of <paramref name="period"/>; null where it needs none.</summary>
    public PathStart? PathStartOf(Period period) => _accrual == Accrual.Stock && !Settles(period) && Holding(period) is { } target
        ? new PathStart(target.Grain, _calendar.Previous(target.Grain, target.Period))
        : null;

    /// <summary>The target for exactly this period; null where there is none.</summary>
    public Target? Own(Period period) => _exact.GetValueOrDefault(period);

    /// <summary>The targets of which <see cref="For"/> needs the shape to say something of <paramref name="period"/>; none but for profiles.</summary>
    public IEnumerable<Target> ShapedFor(Period period) => _method != PaceMethod.Profile || _exact.ContainsKey(period)
        ? []
        : _shortestFirst.Where(target => target.Period.Start < period.End && period.Start < target.Period.End);

    /// <summary>What the plan says of a period; null where it says nothing.</summary>
    /// <param name="start">
    /// The figure of <see cref="PathStartOf"/>; null where it is not known. Then the path begins at the target before, and where there
    /// is none it is the target all along.
    /// </param>
    /// <param name="shapes">The shapes of <see cref="ShapedFor"/>, by period; a target without one is spread evenly.</param>
    public PlannedValue? For(Period period, decimal? start = null, IReadOnlyDictionary<Period, PaceShape>? shapes = null) => _exact.TryGetValue(period, out var exact)
        ? new PlannedValue(exact.Value, exact, IsDerived: false, IsPartial: false)
        : _accrual switch
        {
            Accrual.Flow => Accrued(period, shapes),
            Accrual.Stock => Reached(period, start),
            _ => Holding(period) is { } target ? new PlannedValue(target.Value, target, IsDerived: true, IsPartial: false) : null,
        };

    private PlannedValue? Accrued(Period period, IReadOnlyDictionary<Period, PaceShape>? shapes)
    {
        var claimed = new bool[period.Days];
        decimal sum = 0;
        var days = 0;
        Target? last = null;
        foreach (var target in _shortestFirst)
        {
            var (from, to) = (Math.Max(0, Offset(target.Period.Start)), Math.Min(period.Days, Offset(target.Period.End)));
            var shape = ShapeOf(target, shapes);
            var taken = 0;
            decimal weight = 0, whole = target.Period.Days;
            for (var i = from; i < to; i++)
            {
                if (claimed[i])
                    continue;

                (claimed[i], taken) = (true, taken + 1);
                if (shape?.Of(new Period(period.Start.AddDays(i), period.Start.AddDays(i + 1))) is { } day)
                    (weight, whole) = (weight + day.Part, day.Whole);
            }

            if (taken == 0)
                continue;

            sum += taken == target.Period.Days ? target.Value : target.Value * (shape is null ? taken : weight) / whole;
            days += taken;
            if (last is null || target.Period.End > last.Period.End)
                last = target;
            if (days == period.Days)
                break;
        }

        return last is null ? null : new PlannedValue(sum, last, IsDerived: true, IsPartial: days < period.Days);

        int Offset(DateOnly day) => day.DayNumber - period.Start.DayNumber;
    }

    private PlannedValue? Reached(Period period, decimal? start)
    {
        if (Array.Find(_shortestFirst, target => target.Period.End == period.End) is { } same)
            return new PlannedValue(same.Value, same, IsDerived: true, IsPartial: false);
        if (Holding(period) is not { } next)
            return null;

        var from = start ?? Array.Find(_shortestFirst, target => target.Period.End == next.Period.Start)?.Value ?? next.Value;
        var elapsed = period.End.DayNumber - next.Period.Start.DayNumber;
        var share = ShapeOf(next, null)?.Until(elapsed) ?? new ElapsedShare(elapsed, next.Period.Days);
        return new PlannedValue(from + share.Of(next.Value - from), next, IsDerived: true, IsPartial: false);
    }

    /// <summary>The shape of a target's period; null where every day weighs the same.</summary>
    private PaceShape? ShapeOf(Target target, IReadOnlyDictionary<Period, PaceShape>? shapes)
    {
        if (_method == PaceMethod.Linear)
            return null;
        if (_method == PaceMethod.Profile)
            return shapes?.GetValueOrDefault(target.Period);
        if (!_shapes.TryGetValue(target.Period, out var shape))
            _shapes[target.Period] = shape = PaceShape.BusinessDays(_calendar, target.Period);
        return shape;
    }

    private bool Settles(Period period) => _exact.ContainsKey(period) || Array.Exists(_shortestFirst, target => target.Period.End == period.End);

    /// <summary>The target for the shortest period that is as long and holds the last day.</summary>
    private Target? Holding(Period period) =>
        Array.Find(_shortestFirst, target => target.Period.Days >= period.Days && target.Period.Contains(period.LastDay));
}
