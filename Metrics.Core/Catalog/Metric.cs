using Metrics.Core.Periods;

namespace Metrics.Core.Catalog;

/// <summary>What a metric's numbers are. Rates are stored as fractions: 0.05 is 5 %.</summary>
public enum Unit
{
    /// <summary>Money in major units of the workspace's reporting currency.</summary>
    Currency,
    Count,

    /// <summary>A fraction that people read as a percentage.</summary>
    Percent,

    /// <summary>A quotient that people read as a factor, such as 1.8×.</summary>
    Ratio,
    Score,

    /// <summary>A length of time in seconds.</summary>
    Duration,
}

/// <summary>Which way is good.</summary>
public enum Direction
{
    Up,
    Down,

    /// <summary>Good inside a range; neither more nor less is good by itself.</summary>
    Range,
}

/// <summary>How the points inside a period become the period's figure.</summary>
public enum OverTime
{
    Sum,
    Last,
    First,
    Mean,
    Min,
    Max,

    /// <summary>A distinct count: computed from records for each grain, never derived from a finer one.</summary>
    Distinct,

    /// <summary>Stored for each grain by its model or source; no grain is derived from another.</summary>
    None,
}

/// <summary>How the figures of segments become the figure of the total.</summary>
public enum OverSegments
{
    Sum,

    /// <summary>Never added up: every cut is delivered as series of its own.</summary>
    None,
}

/// <summary>What a day without a point means.</summary>
public enum Missing
{
    /// <summary>Nothing happened: the day counts as 0 (flows of events).</summary>
    Zero,

    /// <summary>Nobody knows: the day's period is incomplete.</summary>
    Unknown,
}

/// <summary>What the figures of a metric are in time, which decides how a target for a longer period speaks of a shorter one.</summary>
public enum Accrual
{
    /// <summary>It accrues: the figure of a month is what its days bring together.</summary>
    Flow,

    /// <summary>It stands: the figure of a month is where the month ends.</summary>
    Stock,

    /// <summary>Neither: rates, means and distinct counts, whose figure means the same for every length of period.</summary>
    Level,
}

/// <summary>How the days of a period are expected to bring its target (KPIS §3).</summary>
public enum PaceMethod
{
    /// <summary>Every day the same.</summary>
    Linear,

    /// <summary>Every business day of the calendar the same, weekends and holidays nothing.</summary>
    BusinessDays,

    /// <summary>As the weekdays of the eight weeks before did; quarters and years as the year before did.</summary>
    Profile,
}

/// <summary>Whether a metric can be acted on directly (input) or results from others (output).</summary>
public enum MetricKind
{
    Input,
    Output,
}

/// <summary>What is measured: one entry of the catalog.</summary>
public sealed record Metric
{
    /// <summary>The categories, in the order in which they are listed: from what customers feel to what the books say.</summary>
    public static IReadOnlyList<string> Categories { get; } =
        ["customer", "growth", "engagement", "retention", "revenue", "sales", "market", "financials", "product"];

    /// <summary>A lower-case name, <c>[a-z][a-z0-9_]*</c>, unique in the catalog.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The definition in words.</summary>
    public string Description { get; init; } = "";

    public string Category { get; init; } = "product";

    public MetricKind Kind { get; init; } = MetricKind.Output;

    public required Unit Unit { get; init; }

    public Direction Direction { get; init; } = Direction.Up;

    public OverTime OverTime { get; init; } = OverTime.Sum;

    public OverSegments OverSegments { get; init; } = OverSegments.Sum;

    /// <summary>The finest grain that is stored.</summary>
    public Grain NativeGrain { get; init; } = Grain.Day;

    public Missing Missing { get; init; } = Missing.Unknown;

    /// <summary>The dimensions it may be cut by, sorted by name.</summary>
    public IReadOnlyList<string> Dimensions { get; init; } = [];

    /// <summary>The model's measure that fills it, such as <c>revenue.mrr</c>; null when a formula or pushed values do.</summary>
    public string? Model { get; init; }

    /// <summary>What the metric chooses of what its measure leaves open, such as <c>days: 7</c>.</summary>
    public IReadOnlyDictionary<string, string> With { get; init; } = new Dictionary<string, string>();

    /// <summary>The part of <see cref="Model"/> after the point; empty where no model fills it.</summary>
    public string Measure => Model is { } model ? model[(model.IndexOf('.', StringComparison.Ordinal) + 1)..] : "";

    /// <summary>Evaluated on aggregated period values; null for metrics with points of their own.</summary>
    public Formula? Formula { get; init; }

    /// <summary>What it is made of, for explaining its changes; null leaves that to the formula. Need not give its value exactly.</summary>
    public Formula? Drivers { get; init; }

    /// <summary>For a stock: the sum of flows that make up its change over a period; null for none.</summary>
    public Formula? Movements { get; init; }

    /// <summary>From what its 95 % interval is computed; null for figures that are no sample of anything.</summary>
    public IntervalRule? Interval { get; init; }

    /// <summary>How a target of it is expected to be reached inside its period.</summary>
    public PaceMethod Pace { get; init; }

    /// <summary>From which share of what is expected it is on track. The default is all of it.</summary>
    public decimal OnTrackFrom { get; init; } = 1;

    /// <summary>From which share of what is expected it is at risk; below it is off track. The default is nine tenths.</summary>
    public decimal AtRiskFrom { get; init; } = 0.9m;

    public string? Owner { get; init; }

    /// <summary>Whether its owner has checked that it is computed as it is meant.</summary>
    public bool Certified { get; init; }

    /// <summary>Where it is defined, for messages: <c>metrics/revenue.yaml</c>, or <c>built-in/…</c> for metrics that ship.</summary>
    public string File { get; init; } = "";

    public int Line { get; init; } = 1;

    /// <summary>Whether finer points add up or are picked into coarser periods; otherwise each grain is stored.</summary>
    public bool RollsUp => OverTime is not (OverTime.Distinct or OverTime.None);

    /// <summary>Whether the values of its segments add up to that of the total.</summary>
    public bool SegmentsAddUp => Formula is null && OverSegments == OverSegments.Sum
        && OverTime is (OverTime.Sum or OverTime.Last or OverTime.First or OverTime.Mean);

    /// <summary>
    /// The cuts that are stored: the finest alone where segments add up, else every combination of dimensions down to the total.
    /// A cut is a sorted set of dimension names; the total is the empty one.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> StoredCuts
    {
        get
        {
            if (OverSegments == OverSegments.Sum && RollsUp)
                return [Dimensions];

            var cuts = new List<IReadOnlyList<string>> { (string[])[] };
            foreach (var dimension in Dimensions)
                cuts.AddRange(cuts.ToArray().Select(cut => (IReadOnlyList<string>)[.. cut, dimension]));
            return cuts;
        }
    }
}
