using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;

namespace Metrics.Core.Boards;

/// <summary>What a tile draws.</summary>
public enum TileChart
{
    /// <summary>Six periods and twelve months, each with its own axis, and the box of nine numbers.</summary>
    SixTwelve,

    /// <summary>Half a year of periods as one line.</summary>
    Trend,
    None,
}

/// <summary>Which twelve months stand beside the six periods.</summary>
public enum TwelveMonths
{
    /// <summary>The last twelve that were over when the board's period ended.</summary>
    Trailing,

    /// <summary>Those of the fiscal year that holds the period's last day; the ones not over then are empty.</summary>
    FiscalYear,
}

/// <summary>What a board does with a comparison whose base is not complete.</summary>
public enum IncompleteBase
{
    /// <summary>There is none.</summary>
    Undefined,

    /// <summary>It is shown, and flagged.</summary>
    AsIs,
}

/// <summary>One metric on a board, with what this board changes about it.</summary>
public sealed record Tile
{
    public required string Metric { get; init; }

    /// <summary>Another name on this board; null shows the metric's own.</summary>
    public string? Name { get; init; }

    /// <summary>Only these values of some dimensions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Another aggregation over time for this tile; null keeps the metric's.</summary>
    public OverTime? OverTime { get; init; }

    public TileChart Chart { get; init; }

    public TwelveMonths Months { get; init; }

    /// <summary>How many decimals are shown; null leaves it to the unit.</summary>
    public int? Decimals { get; init; }
}

public sealed record BoardSection(string Name, IReadOnlyList<Tile> Tiles);

/// <summary>What is reviewed together.</summary>
public sealed record Board(string Id, string Name, Grain Grain, IReadOnlyList<BoardSection> Sections, string File, int Line)
{
    /// <summary>The plan versions it is held against; the first one that has a value wins.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [Target.DefaultVersion];

    public IncompleteBase IncompleteBase { get; init; }

    /// <summary>All tiles, in the order of the board.</summary>
    public IEnumerable<Tile> Tiles => Sections.SelectMany(section => section.Tiles);
}

/// <summary>Reads <c>boards/*.yaml</c>.</summary>
public static class BoardFiles
{
    /// <summary>The shape of a board file.</summary>
    public static Shape FileShape { get; } = new("a board",
        new Key("id", KeyKind.Text, "The board's id; its address is /boards/{id}.") { Required = true, Pattern = "[a-z][a-z0-9_-]*", PatternHint = "lower-case letters, digits, _ and - starting with a letter" },
        new Key("name", KeyKind.Text, "Its title.") { Required = true },
        new Key("grain", KeyKind.Text, "What one step of the board is. Default: week.") { Values = ["day", "week", "month", "quarter", "year"] },
        new Key("targets", KeyKind.Texts, "Plan versions, the first one that has a value wins. Default: budget."),
        new Key("incomplete_base", KeyKind.Text, "undefined (default): a comparison with an incomplete period is n/a; as_is: shown and flagged.") { Values = ["undefined", "as_is"] },
        new Key("sections", KeyKind.Objects, "Its tiles, grouped.")
        {
            Required = true,
            Of = new Shape("a section",
                new Key("name", KeyKind.Text, "The section's heading.") { Required = true },
                new Key("tiles", KeyKind.Objects, "Its tiles.")
                {
                    Required = true,
                    Of = new Shape("a tile",
                        new Key("metric", KeyKind.Text, "The metric's id.") { Required = true },
                        new Key("name", KeyKind.Text, "Another name on this board."),
                        new Key("filter", KeyKind.TextsMap, "Only these values of a dimension."),
                        new Key("over_time", KeyKind.Text, "Another aggregation for this tile.") { Values = ["sum", "last", "first", "mean", "min", "max"] },
                        new Key("chart", KeyKind.Text, "six_twelve (default), trend or none.") { Values = ["six_twelve", "trend", "none"] },
                        new Key("months", KeyKind.Text, "trailing (twelve full months, default) or fiscal_year.") { Values = ["trailing", "fiscal_year"] },
                        new Key("decimals", KeyKind.Integer, "How many decimals are shown. Default: by the unit.")),
                }),
        });

    /// <summary>The boards of some files; tiles at fault are left out and their faults are added.</summary>
    public static IReadOnlyList<Board> Read(IEnumerable<(string Name, string Text)> files, MetricCatalog catalog, ICollection<Fault> faults)
    {
        var boards = new Dictionary<string, Board>(StringComparer.Ordinal);
        foreach (var (name, text) in files)
        {
            if (YamlFile.Read(name, text, FileShape, faults) is not { } root || root.Text("id") is not { } id)
                continue;

            var grain = Enum.Parse<Grain>(root.Text("grain", "week"), ignoreCase: true);
            var sections = root.Objects("sections")
                .Select(section => new BoardSection(section.Text("name", ""), [.. section.Objects("tiles").Select(tile => ReadTile(tile, catalog)).OfType<Tile>()]))
                .ToArray();
            if (boards.TryGetValue(id, out var first))
                root.AddFault("id", $"board '{id}' is already defined at {first.File}:{first.Line}; give one of them another id.");
            else
                boards.Add(id, new Board(id, root.Text("name", id), grain, sections, root.File, root.Line)
                {
                    Versions = root.Texts("targets") is { Count: > 0 } versions ? versions : [Target.DefaultVersion],
                    IncompleteBase = root.Text("incomplete_base") == "as_is" ? IncompleteBase.AsIs : IncompleteBase.Undefined,
                });
        }

        return [.. boards.Values];
    }

    private static Tile? ReadTile(YamlMap entry, MetricCatalog catalog)
    {
        if (entry.Text("metric") is not { } id)
            return null;

        if (!catalog.TryGet(id, out var metric))
        {
            entry.AddFault("metric", $"unknown metric '{id}'.");
            return null;
        }

        var dimensions = catalog.DimensionsOf(metric);
        foreach (var dimension in entry.TextsMap("filter").Keys.Where(dimension => !dimensions.Contains(dimension)))
            entry.AddFault("filter", $"'{id}' has no dimension '{dimension}'. {(dimensions.Count == 0 ? "It has none." : $"Its dimensions are {string.Join(", ", dimensions)}.")}");

        return new Tile
        {
            Metric = id,
            Name = entry.Text("name"),
            Filter = entry.TextsMap("filter"),
            OverTime = entry.Text("over_time") is { } overTime ? Enum.Parse<OverTime>(overTime, ignoreCase: true) : null,
            Chart = entry.Text("chart") switch { "trend" => TileChart.Trend, "none" => TileChart.None, _ => TileChart.SixTwelve },
            Months = entry.Text("months") == "fiscal_year" ? TwelveMonths.FiscalYear : TwelveMonths.Trailing,
            Decimals = entry.Integer("decimals"),
        };
    }
}
