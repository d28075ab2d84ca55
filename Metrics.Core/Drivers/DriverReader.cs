using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Drivers;

/// <summary>Which change to explain: that of a period on the one before, or on another.</summary>
/// <param name="AsOf">What was known at this moment; null for now.</param>
public sealed record DriverQuery(Metric Metric, Grain Grain, Period Period, DateTimeOffset? AsOf = null)
{
    /// <summary>The earlier period; null for the one before. The flows of a period explain a stock's change only on the one before.</summary>
    public Period? Against { get; init; }

    /// <summary>Only these values of some dimensions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether the change is taken apart by segment too.</summary>
    public bool WithDimensions { get; init; } = true;
}

/// <summary>Why a metric changed from one period to the next.</summary>
public sealed record MetricDrivers
{
    public required Metric Metric { get; init; }

    public required Grain Grain { get; init; }

    /// <summary>The metric in the earlier period.</summary>
    public required PeriodValue Before { get; init; }

    public required PeriodValue After { get; init; }

    /// <summary>Over the flows that move a stock; null where none are named or one of them is not known.</summary>
    public Decomposition? Movements { get; init; }

    /// <summary>Over its drivers, or else the operands of its formula; null where there are none or one of them is not known.</summary>
    public Decomposition? Drivers { get; init; }

    /// <summary>Over each dimension by which its segments make up the total, in the order of the catalog.</summary>
    public IReadOnlyList<SegmentEffects> Dimensions { get; init; } = [];

    /// <summary>The metric behind each text of a contribution; absent where it is made of several.</summary>
    public required IReadOnlyDictionary<string, Metric> Sources { get; init; }

    public decimal? Change => After.Value - Before.Value;

    /// <summary>The metric behind a part; null where it is made of several.</summary>
    public Metric? SourceOf(string text) => Sources.GetValueOrDefault(text);

    /// <summary>What a part is called: its metric's name, or the formula that reads it.</summary>
    public string NameOf(string text) => SourceOf(text) is { } metric && metric.Id == text ? metric.Name : text;

    /// <summary>Whether there is anything to say.</summary>
    public bool IsEmpty => Movements is null && Drivers is null && Dimensions.Count == 0;
}

/// <summary>Reads why a metric changed.</summary>
public sealed class DriverReader(MetricReader reader)
{
    /// <summary>The explanation of a change; null where the metric is not known and complete in both periods.</summary>
    public async Task<MetricDrivers?> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, DriverQuery query, CancellationToken cancellationToken) =>
        (await ReadAsync(calendar, catalog, [query], cancellationToken))[0];

    /// <summary>The explanations of several changes, each as of one, from one reading.</summary>
    public async Task<IReadOnlyList<MetricDrivers?>> ReadAsync(
        ReportingCalendar calendar, MetricCatalog catalog, IReadOnlyList<DriverQuery> queries, CancellationToken cancellationToken)
    {
        if (queries.Count == 0)
            return [];

        Plan[] plans = [.. queries.Select(query => PlanOf(calendar, catalog, query))];
        var reading = reader.Over(
            calendar, catalog, new Period(plans.Min(plan => plan.Whole.Periods[0].Start), plans.Max(plan => plan.Whole.Periods[1].End)));
        await reading.PrepareAsync(plans.SelectMany(plan => plan.Queries), cancellationToken);
        var answers = new List<MetricDrivers?>();
        foreach (var plan in plans)
            answers.Add(await ExplainAsync(reading, calendar, catalog, plan, cancellationToken));
        return answers;
    }

    private static Plan PlanOf(ReportingCalendar calendar, MetricCatalog catalog, DriverQuery query)
    {
        var metric = query.Metric;
        Period[] periods = [query.Against ?? calendar.Previous(query.Grain, query.Period), query.Period];
        var whole = new MetricQuery { Metric = metric, Grain = query.Grain, Periods = periods, Filter = query.Filter, AsOf = query.AsOf };
        var tree = !metric.SegmentsAddUp && (metric.Formula ?? metric.Drivers) is { } formula
            ? DriverTree.Of(formula)
            : new DriverTree.Leaf(metric.Id);
        var shape = SegmentShape.Of(tree, text => MetricOf(catalog, text));
        string[] dimensions = shape is null || !query.WithDimensions ? [] : [.. catalog.DimensionsOf(metric).Where(one => !query.Filter.ContainsKey(one))];
        string[] totals =
        [
            .. new[] { metric.Drivers ?? metric.Formula, metric.Movements }.OfType<Formula>().SelectMany(one => DriverTree.Of(one).Leaves).Distinct(),
        ];
        return new Plan(
            whole, tree, shape, dimensions, totals,
            [
                whole, .. totals.Select(text => whole with { Metric = MetricOf(catalog, text) }),
                .. dimensions.SelectMany(dimension => tree.Leaves.Select(text => whole with { Metric = MetricOf(catalog, text), By = [dimension] })),
            ]);
    }

    private static async Task<MetricDrivers?> ExplainAsync(
        MetricReading reading, ReportingCalendar calendar, MetricCatalog catalog, Plan plan, CancellationToken cancellationToken)
    {
        var (whole, tree, shape, dimensions, totals, _) = plan;
        var (metric, periods) = (whole.Metric, whole.Periods);
        var drivers = metric.Drivers ?? metric.Formula;
        var values = (await reading.ReadAsync(whole, cancellationToken))[0].Values;
        if (values is not [{ Complete: true, Value: { } before } earlier, { Complete: true, Value: { } after } later])
            return null;

        var leaves = new Dictionary<string, IReadOnlyList<PeriodValue>>(StringComparer.Ordinal);
        foreach (var text in totals)
        {
            if (await TryReadAsync(reading, whole with { Metric = MetricOf(catalog, text) }, cancellationToken) is { } series)
                leaves[text] = series[0].Values;
        }

        var effects = new List<SegmentEffects>();
        foreach (var dimension in dimensions)
        {
            if (await EffectsAsync(reading, catalog, whole, dimension, tree, shape!, before, after, cancellationToken) is { } one)
                effects.Add(one);
        }

        return new MetricDrivers
        {
            Metric = metric,
            Grain = whole.Grain,
            Before = earlier,
            After = later,
            Movements = metric.Movements is { } movements && periods[0] == calendar.Previous(whole.Grain, periods[1]) && Of(movements, 1, leaves) is { } flows
                ? WithEarlierFlows(Decomposition.OfMovements(movements, before, after, flows), leaves)
                : null,
            Drivers = drivers is not null && Of(drivers, 0, leaves) is { } then && Of(drivers, 1, leaves) is { } now
                ? Decomposition.Of(drivers, before, after, then, now)
                : null,
            Dimensions = effects,
            Sources = totals.Select(text => (Text: text, Formula.Parse(text).Metrics)).Where(pair => pair.Metrics.Count == 1)
                .ToDictionary(pair => pair.Text, pair => catalog[pair.Metrics[0]]),
        };
    }

    /// <summary>What has to be read to explain a change.</summary>
    /// <param name="Whole">The metric itself in the two periods.</param>
    /// <param name="Totals">What its drivers and movements read.</param>
    /// <param name="Queries">All of it.</param>
    private sealed record Plan(
        MetricQuery Whole, DriverTree Tree, SegmentShape? Shape, IReadOnlyList<string> Dimensions, IReadOnlyList<string> Totals,
        IReadOnlyList<MetricQuery> Queries);

    /// <summary>The metric that a text names, or one that is computed as it says.</summary>
    private static Metric MetricOf(MetricCatalog catalog, string text) => catalog.TryGet(text, out var metric)
        ? metric
        : new Metric { Id = text, Name = text, Unit = Unit.Score, Formula = Formula.Parse(text) };

    /// <summary>What a formula reads in one of the two periods; null where a part could not be read or is not complete.</summary>
    private static Dictionary<string, decimal?>? Of(Formula formula, int period, Dictionary<string, IReadOnlyList<PeriodValue>> leaves)
    {
        string[] texts = [.. DriverTree.Of(formula).Leaves];
        return texts.All(text => leaves.TryGetValue(text, out var values) && values[period].Complete)
            ? texts.ToDictionary(text => text, text => leaves[text][period].Value)
            : null;
    }

    /// <summary>The flows of the earlier period too, which say whether those of the later one are unusual.</summary>
    private static Decomposition? WithEarlierFlows(Decomposition? parts, Dictionary<string, IReadOnlyList<PeriodValue>> leaves) => parts is null
        ? null
        : parts with
        {
            Parts = [.. parts.Parts.Select(part => part with { Before = leaves[part.Text][0] is { Complete: true, Value: { } flow } ? flow : null })],
        };

    private static async Task<IReadOnlyList<PeriodSeries>?> TryReadAsync(MetricReading reading, MetricQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.ReadAsync(query, cancellationToken);
        }
        catch (MetricQueryException)
        {
            // A driver that is known by a coarser grain only, or not by this dimension, explains nothing here.
            return null;
        }
    }

    private static async Task<SegmentEffects?> EffectsAsync(
        MetricReading reading, MetricCatalog catalog, MetricQuery whole, string dimension, DriverTree tree, SegmentShape shape,
        decimal before, decimal after, CancellationToken cancellationToken)
    {
        var segments = new Dictionary<string, (Dictionary<string, decimal?> Before, Dictionary<string, decimal?> After)>(StringComparer.Ordinal);
        foreach (var text in tree.Leaves)
        {
            if (await TryReadAsync(reading, whole with { Metric = MetricOf(catalog, text), By = [dimension] }, cancellationToken) is not { } series)
                return null;

            foreach (var one in series)
            {
                // A segment that is not there adds nothing.
                var name = one.Segment[dimension]!;
                if (!segments.TryGetValue(name, out var leaves))
                    segments[name] = leaves = (tree.Leaves.ToDictionary(leaf => leaf, _ => (decimal?)0), tree.Leaves.ToDictionary(leaf => leaf, _ => (decimal?)0));
                (leaves.Before[text], leaves.After[text]) = (one.Values[0].Value ?? 0, one.Values[1].Value ?? 0);
            }
        }

        SegmentFigures[] figures =
        [
            .. segments.Select(pair => new SegmentFigures(
                pair.Key, shape.Top.Value(pair.Value.Before) ?? 0, shape.Top.Value(pair.Value.After) ?? 0,
                shape.Bottom?.Value(pair.Value.Before) ?? 0, shape.Bottom?.Value(pair.Value.After) ?? 0)),
        ];
        return figures.Length == 0 ? null
            : shape.Bottom is null ? SegmentEffects.OfSum(dimension, before, after, figures)
            : SegmentEffects.OfRatio(dimension, before, after, figures, shape.Scale);
    }
}

/// <summary>How the values of segments make up a total: a sum, or the quotient of two.</summary>
/// <param name="Bottom">The denominator; null for a sum.</param>
/// <param name="Scale">What the quotient is multiplied by.</param>
internal sealed record SegmentShape(DriverTree Top, DriverTree? Bottom, decimal Scale)
{
    /// <summary>The shape of a formula; null where its segments make up no total, as with distinct counts and products.</summary>
    public static SegmentShape? Of(DriverTree tree, Func<string, Metric> metricOf)
    {
        if (IsLinear(tree, text => metricOf(text).SegmentsAddUp))
            return new SegmentShape(tree, null, 1);

        if (tree is not DriverTree.Product { Factors: var factors })
            return null;

        var changing = factors.Where(factor => factor.Part is not DriverTree.Constant).ToArray();
        if (changing.Length != 2 || changing[0].Power == changing[1].Power)
            return null;

        var (top, bottom) = changing[0].Power > 0 ? (changing[0], changing[1]) : (changing[1], changing[0]);
        var scale = new DriverTree.Product([.. factors.Where(factor => factor.Part is DriverTree.Constant)]).Value(new Dictionary<string, decimal?>());
        return scale is { } number && IsLinear(top.Part, IsNoCountOfPeople) && IsLinear(bottom.Part, IsNoCountOfPeople)
            ? new SegmentShape(top.Part, bottom.Part, number)
            : null;

        // Who is in two segments counts in both: distinct counts of segments make up no total. What else does not add up exactly leaves a rest.
        bool IsNoCountOfPeople(string text) => metricOf(text) is { Formula: null, OverTime: not OverTime.Distinct };
    }

    private static bool IsLinear(DriverTree tree, Func<string, bool> addsUp) => tree switch
    {
        DriverTree.Leaf leaf => addsUp(leaf.Text),
        DriverTree.Total total => total.Terms.All(term => IsLinear(term.Part, addsUp)),
        DriverTree.Product product => product.Factors.Count(factor => factor.Part is not DriverTree.Constant) == 1
            && product.Factors.All(factor => factor.Part is DriverTree.Constant || (factor.Power == 1 && IsLinear(factor.Part, addsUp))),
        _ => false,
    };
}
