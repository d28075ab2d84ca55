using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>What a tile's figure can be trusted for.</summary>
public enum TileState
{
    /// <summary>The period is over and all of it is known.</summary>
    Complete,

    /// <summary>The period is still running.</summary>
    Running,

    /// <summary>The period is over and a source is late, or days of it are missing.</summary>
    NotCurrent,

    /// <summary>The metric's data begin inside the period.</summary>
    Partial,

    /// <summary>Nothing is known of the metric for this period.</summary>
    NoData,

    /// <summary>The metric cannot be read at this grain or cut; <see cref="TileSnapshot.Reason"/> says why.</summary>
    NotReadable,
}

/// <summary>One period of a tile's chart with what it is compared with.</summary>
/// <param name="Key">The period as addresses spell it.</param>
/// <param name="Label">What it is called where space is short.</param>
/// <param name="Name">What it is called where there is room.</param>
/// <param name="Value">Without a figure where the period was not over yet, or is not complete on a board that shows no such base.</param>
/// <param name="PreviousYear">The same period a year before; without a figure as <paramref name="Value"/>.</param>
/// <param name="Target">What the plan says of it; null where it says nothing.</param>
/// <param name="Change">Against the period before; null as in <see cref="TileSnapshot.Change"/>.</param>
/// <param name="YearChange">Against <paramref name="PreviousYear"/>.</param>
public sealed record TilePeriod(
    Period Period, string Key, string Label, string Name, PeriodValue Value, PeriodValue PreviousYear, PlannedValue? Target, Delta? Change, Delta? YearChange);

/// <summary>The part of a longer period that was over with the board's period.</summary>
/// <param name="Grain">The longer period's grain.</param>
/// <param name="YearChange">Against the same dates a year before.</param>
public sealed record ToDate(Grain Grain, PeriodValue Value, PeriodValue PreviousYear, Delta? YearChange)
{
    /// <summary>"MTD", "QTD" or "YTD".</summary>
    public string Label => Grain switch { Grain.Month => "MTD", Grain.Quarter => "QTD", _ => "YTD" };
}

/// <summary>
/// Where a tile's metric stands in a longer period that has a target of its own, as of the end of the board's period, so that an old board
/// keeps what it said.
/// </summary>
/// <param name="Key">The longer period as addresses spell it.</param>
/// <param name="Name">The longer period: "Nov 2026", "Q4 2026".</param>
/// <param name="Format">How its figures are written.</param>
public sealed record TileLanding(
    Period Period, string Key, string Name, Target Target, Accrual Accrual, Standing Standing, ValueFormat Format);

/// <summary>One tile of a board with the figures of its period.</summary>
public sealed record TileSnapshot
{
    public required Tile Tile { get; init; }

    public required Metric Metric { get; init; }

    public required string Name { get; init; }

    public required ValueFormat Format { get; init; }

    /// <summary>The segment it is narrowed to, such as "EU, US"; null for the total.</summary>
    public string? Filter { get; init; }

    public required TileState State { get; init; }

    /// <summary>Why there is no figure, in words; null where there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>The figure of the board's period; null where the metric cannot be read.</summary>
    public PeriodValue? Value { get; init; }

    /// <summary>Between which values the figure lies; null for a figure that is no sample of anything.</summary>
    public ConfidenceInterval? Interval { get; init; }

    /// <summary>What the figure was when its period first was complete; null unless it is another now.</summary>
    public decimal? RestatedFrom { get; init; }

    /// <summary>The last day that is known; null where none is.</summary>
    public DateOnly? KnownThrough { get; init; }

    public PeriodValue? Previous { get; init; }

    public PeriodValue? YearAgo { get; init; }

    /// <summary>
    /// Against the period before; null where one of the two is undefined, or incomplete on a board that does not show such a base.
    /// </summary>
    public Delta? Change { get; init; }

    /// <summary>Against the same period a year before; null as <see cref="Change"/>.</summary>
    public Delta? YearChange { get; init; }

    /// <summary>
    /// Against what the board was asked to compare with: one of <see cref="Change"/>, <see cref="YearChange"/>, <see cref="Variance"/>, or
    /// against the mean of the four periods before; null as <see cref="Change"/>.
    /// </summary>
    public Delta? Compared { get; init; }

    /// <summary>Against <see cref="Target"/>; null without one, and as <see cref="Change"/>.</summary>
    public Delta? Variance { get; init; }

    /// <summary>What the plan says of the board's period; null where it says nothing.</summary>
    public PlannedValue? Target { get; init; }

    /// <summary>The share of the target that is reached; null without a target or a figure that can be judged.</summary>
    public decimal? Attainment { get; init; }

    public TargetStatus Status { get; init; }

    /// <summary>The rows that are missing from the metric's figures, and from those that its formula reads; empty where none are.</summary>
    public IReadOnlyList<DataWarning> LeftOut { get; init; } = [];

    /// <summary>The last periods of the board's grain up to its period, oldest first; six, or what a <see cref="TileChart.Trend"/> shows.</summary>
    public IReadOnlyList<TilePeriod> Periods { get; init; } = [];

    /// <summary>
    /// Every period of the board's grain up to its own that it is judged against, oldest first, the last one being
    /// <see cref="Value"/>; as it is known, complete or not.
    /// </summary>
    public IReadOnlyList<PeriodValue> History { get; init; } = [];

    /// <summary>
    /// The dimensions of the board's segment by which the tile is not narrowed, because its metric is not known by them or its own filter
    /// says otherwise; empty on a board of the total. Such a tile is not part of what the board says of its segment.
    /// </summary>
    public IReadOnlyList<string> NotBy { get; init; } = [];

    /// <summary>
    /// The complete part of <see cref="History"/> with its limits, line by line in the metric's unit, and what stands out; null where the
    /// metric cannot be read.
    /// </summary>
    public Process? Process { get; init; }

    /// <summary>The limits of the current phase, of what is judged; null with fewer than 12 points.</summary>
    public ProcessLimits? Limits => Process?.Limits;

    /// <summary>
    /// What stands out in the window that ends with the board's period; null where that is normal variation, is not complete, or has no
    /// limits.
    /// </summary>
    public Signal? Signal => Process is { Signal: { } signal } && signal.Period == Value?.Period ? signal : null;

    /// <summary>Whether the board's period is held against limits, so that no <see cref="Signal"/> means normal variation.</summary>
    public bool HasLimits => Process is { Newest: { Line: not null } newest } && newest.Period == Value?.Period;

    /// <summary>Twelve months, oldest first; empty on a board by month or coarser.</summary>
    public IReadOnlyList<TilePeriod> Months { get; init; } = [];

    /// <summary>
    /// Month, quarter and year to date, as far as they are longer than the board's period and the metric is known by them.
    /// </summary>
    public IReadOnlyList<ToDate> ToDates { get; init; } = [];

    /// <summary>
    /// Where the metric stands in the shortest longer period that has a target of its own in a version of the board; null where none has.
    /// </summary>
    public TileLanding? Landing { get; init; }

    /// <summary>The last good sync that feeds the metric.</summary>
    public DateTimeOffset? AsOf => Value?.AsOf;
}

/// <summary>How much of a longer period was over with the board's period.</summary>
/// <param name="Name">The longer period: "Nov 2026", "Q4 2026".</param>
/// <param name="Share">0 to 1.</param>
public sealed record Elapsed(Grain Grain, string Name, decimal Share);

/// <summary>A period that a board shows beside its own.</summary>
/// <param name="Key">As addresses spell it.</param>
/// <param name="Label">What it is called where space is short.</param>
public sealed record BoardPeriod(Period Period, string Key, string Label);

/// <summary>The tiles under one heading.</summary>
public sealed record SectionSnapshot(string Name, IReadOnlyList<TileSnapshot> Tiles);

/// <summary>The computed content of a board for one period: every page, file and mail about it shows this.</summary>
public sealed record BoardSnapshot
{
    public required Board Board { get; init; }

    public required Period Period { get; init; }

    /// <summary>The period as addresses spell it.</summary>
    public required string Key { get; init; }

    /// <summary>The period's name, short: "W46 2026".</summary>
    public required string Name { get; init; }

    /// <summary>The period's name in full: "Week 46 · 9 – 15 November 2026".</summary>
    public required string Title { get; init; }

    public required string PreviousKey { get; init; }

    /// <summary>What the period before is called on tiles: "W45".</summary>
    public required string PreviousName { get; init; }

    /// <summary>What the tiles are compared with first.</summary>
    public BoardComparison Comparison { get; init; }

    /// <summary>What that is called.</summary>
    public ComparisonName ComparedWith => ComparisonName.Of(Comparison, Board.Grain, PreviousName);

    /// <summary>What the tiles are compared with beside that: a year before, or the period before where that is the first.</summary>
    public ComparisonName AlsoWith =>
        ComparisonName.Of(Comparison == BoardComparison.Year ? BoardComparison.Previous : BoardComparison.Year, Board.Grain, PreviousName);

    /// <summary>The segment that the tiles are narrowed to; the total on a whole board.</summary>
    public Segment Segment { get; init; } = Segment.Total;

    /// <summary>Whether anything was ever known of <see cref="Segment"/> in a metric of the board.</summary>
    public bool MatchesSegment { get; init; } = true;

    /// <summary>The last thirteen periods, oldest first, up to the board's own; those of the end of <see cref="TileSnapshot.History"/>.</summary>
    public IReadOnlyList<BoardPeriod> Recent { get; init; } = [];

    /// <summary>The next period up to the running one; null where the board shows the running one.</summary>
    public string? NextKey { get; init; }

    public required string TimeZone { get; init; }

    public required string Currency { get; init; }

    /// <summary>When the snapshot was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The period that ended last, where the board was not asked for one and shows an older one; else null.</summary>
    public string? LateFor { get; init; }

    /// <summary>Whether the period was over when the snapshot was taken.</summary>
    public required bool Ended { get; init; }

    /// <summary>The days of the period that were over.</summary>
    public required int ElapsedDays { get; init; }

    /// <summary>The longer periods that hold the board's, shortest first.</summary>
    public IReadOnlyList<Elapsed> Elapsed { get; init; } = [];

    public required IReadOnlyList<SectionSnapshot> Sections { get; init; }

    /// <summary>How many tiles were left out because the reader may not see their metrics.</summary>
    public int Hidden { get; init; }

    /// <summary>All tiles, in the order of the board.</summary>
    public IEnumerable<TileSnapshot> Tiles => Sections.SelectMany(section => section.Tiles);

    /// <summary>The change of a tile on <see cref="AlsoWith"/>.</summary>
    public Delta? AlsoOf(TileSnapshot tile) => Comparison == BoardComparison.Year ? tile.Change : tile.YearChange;

    /// <summary>Whether anything at all is known.</summary>
    public bool HasData => Tiles.Any(tile => tile.Periods.Concat(tile.Months).Any(period => period.Value.Value is not null));

    /// <summary>How complete the board is, in words: "complete", "3 of 7 days over", "9 of 12 metrics complete".</summary>
    public string Completeness
    {
        get
        {
            if (!Ended)
                return $"{ElapsedDays} of {Period.Days} {(Period.Days == 1 ? "day" : "days")} over";

            var (complete, all) = (Tiles.Count(tile => tile.State == TileState.Complete), Tiles.Count());
            return complete == all ? "complete" : complete == 0 ? "not complete" : $"{complete} of {all} metrics complete";
        }
    }
}
