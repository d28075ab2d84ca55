using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Targets;

/// <summary>What the address of the grid asks for; texts that nobody has checked yet.</summary>
public sealed record GridAsked
{
    public string? Version { get; init; }

    public string? Grain { get; init; }

    public string? Year { get; init; }

    public string? Category { get; init; }

    public string? Metric { get; init; }

    /// <summary>Which metrics have a row: those with targets, those on boards, or all.</summary>
    public string? Show { get; init; }

    /// <summary>The version to fill empty cells from.</summary>
    public string? Copy { get; init; }

    /// <summary>Rows that were asked for one by one, as <see cref="GridForm.RowText"/>.</summary>
    public string[] Row { get; init; } = [];

    /// <summary>A metric to add a row of.</summary>
    public string? Add { get; init; }

    /// <summary>The segment of that row, as people type it.</summary>
    public string? Segment { get; init; }
}

/// <summary>What is said of a cell that was sent.</summary>
/// <param name="Understood">How a text that could be read was understood; null where it was not.</param>
/// <param name="Fault">Why it was not saved; null where nothing is wrong.</param>
public sealed record CellAnswer(string Text, string? Understood, string? Fault);

/// <summary>The grid with everything around it.</summary>
public sealed record GridView
{
    public required TargetGrid Grid { get; init; }

    /// <summary>What the address asked for, with the defaults filled in and an added row among the rows.</summary>
    public required GridAsked Asked { get; init; }

    public required CalendarSettings Settings { get; init; }

    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<(int Year, string Name)> Years { get; init; }

    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The metrics that a row can be added of.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>Whether any target is in force, whatever is shown.</summary>
    public required bool HasTargets { get; init; }

    /// <summary>What is wrong with the row that was to be added; null where nothing is.</summary>
    public string? RowFault { get; init; }

    /// <summary>Whether cells can be changed by who looks at them.</summary>
    public bool CanEdit { get; init; }

    /// <summary>What was sent, by field; empty where nothing was.</summary>
    public IReadOnlyDictionary<string, CellAnswer> Answers { get; init; } = new Dictionary<string, CellAnswer>();

    /// <summary>Why, as it was sent.</summary>
    public string? Note { get; init; }

    /// <summary>The year to look at, as titles say it.</summary>
    public string YearName => Years.First(one => one.Year == Grid.Query.Year).Name;

    /// <summary>The address of this grid, or of another part of the same one.</summary>
    public string Address(GridAsked? other = null)
    {
        var asked = other ?? Asked;
        List<(string Name, string? Value)> pairs =
        [
            ("version", asked.Version), ("grain", asked.Grain), ("year", asked.Year), ("show", asked.Show), ("category", asked.Category),
            ("metric", asked.Metric), ("copy", asked.Copy), .. asked.Row.Select(row => ("row", (string?)row)),
        ];
        return "/targets?" + string.Join('&', pairs.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
    }
}

/// <summary>Makes the grid of targets that an address asks for.</summary>
public sealed class GridPages(LiveDefinition live, TargetReader targets, TargetGridBuilder grids, TimeProvider clock)
{
    public const string Planned = "planned";
    public const string OnBoards = "boards";
    public const string All = "all";

    // A person compares a handful of plans; these are the names that people give them.
    private static readonly string[] UsualVersions = [Target.DefaultVersion, "reforecast-1", "stretch", "minimum"];

    /// <param name="rows">The rows where the form says them; null for those that the address asks for.</param>
    public async Task<GridView> ReadAsync(
        GridAsked asked, IReadOnlyList<(Metric Metric, Segment Segment)>? rows, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var (calendar, catalog) = (company.Calendar, company.Catalog);
        var book = await targets.ReadAsync(calendar, catalog, company.Targets, cancellationToken);
        var thisYear = calendar.FiscalYear(calendar.Today(clock));
        var year = int.TryParse(asked.Year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1900 and <= 2200 ? number : thisYear;
        var version = TargetEntry.IsVersion(asked.Version) ? asked.Version! : Target.DefaultVersion;
        var grain = GrainNames.TryParse(asked.Grain) is { } given && TargetGridBuilder.Grains.Contains(given) ? given : Grain.Month;
        var copy = TargetEntry.IsVersion(asked.Copy) && asked.Copy != version ? asked.Copy : null;
        var show = asked.Show is OnBoards or All ? asked.Show : book.Targets.Count > 0 ? Planned : OnBoards;
        var (added, rowFault) = AddedRow(asked, catalog);
        string[] extra = [.. asked.Row, .. added is { } one ? [GridForm.RowText(one.Metric, one.Segment)] : Array.Empty<string>()];
        asked = asked with
        {
            Version = version, Grain = grain.Name(), Year = year.ToString(CultureInfo.InvariantCulture), Show = show, Copy = copy,
            Row = [.. extra.Distinct()], Add = null, Segment = null,
        };
        var shown = rows ?? RowsOf(asked, company, book, show);
        var grid = await grids.BuildAsync(calendar, catalog, book, new GridQuery(version, grain, year) { CopyFrom = copy }, shown, cancellationToken);
        return new GridView
        {
            Grid = grid,
            Asked = asked,
            Settings = calendar.Settings,
            Versions = [.. UsualVersions.Concat(book.Versions).Append(version).Distinct()],
            Years =
            [
                .. book.Targets.Select(target => calendar.FiscalYear(target.Period.LastDay)).Concat([thisYear - 1, thisYear, thisYear + 1, year])
                    .Distinct().OrderDescending().Select(one => (one, calendar.Label(Grain.Year, calendar.FiscalYearPeriod(one)))),
            ],
            Categories = [.. Metric.Categories.Where(category => catalog.Metrics.Any(metric => metric.Category == category))],
            Metrics = [.. catalog.Metrics.OrderBy(metric => metric.Name, StringComparer.Ordinal)],
            HasTargets = book.Targets.Count > 0,
            RowFault = rowFault,
        };
    }

    private static ((Metric Metric, Segment Segment)? Row, string? Fault) AddedRow(GridAsked asked, MetricCatalog catalog)
    {
        if (string.IsNullOrEmpty(asked.Add))
            return (null, null);
        if (!catalog.TryGet(asked.Add, out var metric))
            return (null, $"unknown metric '{asked.Add}'.");
        if (TargetAddress.ParseSegment(asked.Segment ?? "") is not { } values)
            return (null, $"'{asked.Segment}' is no segment; write one such as region=EU, each dimension once.");

        var dimensions = catalog.DimensionsOf(metric);
        return values.FirstOrDefault(pair => !dimensions.Contains(pair.Key)).Key is { } unknown
            ? (null, $"'{metric.Id}' has no dimension '{unknown}'. {(dimensions.Count == 0 ? "It has none." : $"Its dimensions are {string.Join(", ", dimensions)}.")}")
            : ((metric, Segment.Of(values)), null);
    }

    private static IReadOnlyList<(Metric Metric, Segment Segment)> RowsOf(GridAsked asked, CompanyDefinition company, TargetBook book, string show)
    {
        var onBoards = company.Boards.SelectMany(board => board.Tiles).Select(tile => tile.Metric).ToHashSet(StringComparer.Ordinal);
        var segments = book.Targets.ToLookup(target => target.Metric, target => target.Segment);
        var extra = asked.Row.Select(text => GridForm.ParseRow(text, company.Catalog)).OfType<(Metric Metric, Segment Segment)>().ToArray();
        var rows = company.Catalog.Metrics
            .Where(metric => string.IsNullOrEmpty(asked.Category) || metric.Category == asked.Category)
            .Where(metric => string.IsNullOrEmpty(asked.Metric) ? show == All || segments.Contains(metric.Id) || (show == OnBoards && onBoards.Contains(metric.Id)) : metric.Id == asked.Metric)
            .SelectMany(metric => segments[metric.Id].Append(Segment.Total).Select(segment => (Metric: metric, Segment: segment)))
            .Concat(extra).Distinct();
        return
        [
            .. rows.OrderBy(row => Metric.Categories.ToList().IndexOf(row.Metric.Category))
                .ThenBy(row => row.Metric.Name, StringComparer.Ordinal)
                .ThenBy(row => !row.Segment.IsTotal)
                .ThenBy(row => row.Segment.Text, StringComparer.Ordinal),
        ];
    }
}
