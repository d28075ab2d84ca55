using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

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

/// <summary>One tile of a board with the figures of its period.</summary>
public sealed record TileSnapshot
{
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

    public PeriodValue? Previous { get; init; }

    public PeriodValue? YearAgo { get; init; }

    /// <summary>Against the period before; null where one of the two is incomplete or undefined.</summary>
    public Delta? Change { get; init; }

    /// <summary>Against the same period a year before; null as <see cref="Change"/>.</summary>
    public Delta? YearChange { get; init; }

    /// <summary>The last periods up to the board's, oldest first; one that is incomplete and not the last has no value.</summary>
    public IReadOnlyList<PeriodValue> History { get; init; } = [];

    /// <summary>The last good sync that feeds the metric.</summary>
    public DateTimeOffset? AsOf => Value?.AsOf;
}

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

    /// <summary>What the first and the last period of tile histories are called: "W21", "W46".</summary>
    public required (string First, string Last) HistoryNames { get; init; }

    /// <summary>The next period up to the running one; null where the board shows the running one.</summary>
    public string? NextKey { get; init; }

    public required string TimeZone { get; init; }

    /// <summary>The period that ended last, where the board was not asked for one and shows an older one; else null.</summary>
    public string? LateFor { get; init; }

    /// <summary>Whether the period was over when the snapshot was taken.</summary>
    public required bool Ended { get; init; }

    /// <summary>The days of the period that were over.</summary>
    public required int ElapsedDays { get; init; }

    public required IReadOnlyList<SectionSnapshot> Sections { get; init; }

    /// <summary>All tiles, in the order of the board.</summary>
    public IEnumerable<TileSnapshot> Tiles => Sections.SelectMany(section => section.Tiles);

    /// <summary>Whether anything at all is known.</summary>
    public bool HasData => Tiles.Any(tile => tile.History.Any(value => value.Value is not null));

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
