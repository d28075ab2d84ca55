using System.Diagnostics.CodeAnalysis;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Dashboard.Web.Pages.Boards;

/// <summary>How a board is laid out.</summary>
public enum BoardView
{
    Cards,

    /// <summary>One row a metric.</summary>
    Scorecard,
}

/// <summary>
/// Everything that the address of a board holds: <c>/boards/weekly?week=2026-W46&amp;view=scorecard&amp;compare=plan&amp;segment=region:EU</c>.
/// What is as usual is left out, and the rest stands in one order, so that the same board has one address.
/// </summary>
public sealed record BoardAddress
{
    public const string DefaultBoard = "weekly";

    private static readonly (BoardComparison Comparison, string Text)[] Comparisons =
    [
        (BoardComparison.Previous, "previous"), (BoardComparison.Year, "year"), (BoardComparison.Plan, "plan"), (BoardComparison.Average, "average"),
    ];

    private static readonly Grain[] Steps = [Grain.Week, Grain.Month, Grain.Quarter];

    private BoardAddress(Board board) => Board = board;

    public Board Board { get; private init; }

    /// <summary>The key of the period, of whatever grain; null for the newest.</summary>
    public string? Week { get; init; }

    public BoardView View { get; init; }

    public BoardComparison Comparison { get; init; }

    public Segment Segment { get; init; } = Segment.Total;

    /// <summary>The board's own grain, or another to step by.</summary>
    public Grain Grain { get; init; }

    /// <summary>What the board is asked for.</summary>
    public BoardQuery Query { get; private init; } = BoardQuery.Newest;

    /// <summary>The next comparison, in the order of the menu.</summary>
    public BoardAddress NextComparison => this with { Comparison = Comparisons[((int)Comparison + 1) % Comparisons.Length].Comparison };

    /// <summary>The grains that a board can be stepped by: those at which at least one of its metrics is known, and its own.</summary>
    public static IReadOnlyList<Grain> StepsOf(Board board, MetricCatalog catalog)
    {
        var finest = board.Tiles.Select(tile => catalog.StoredInputs(catalog[tile.Metric]).Max(input => (Grain?)input.NativeGrain) ?? Grain.Day)
            .DefaultIfEmpty(Grain.Day).Min();
        return [.. Steps.Where(step => step >= finest).Append(board.Grain).Distinct().Order()];
    }

    /// <summary>A board as its file says.</summary>
    public static BoardAddress Of(Board board) => new(board) { Grain = board.Grain };

    /// <summary>The address of the review of what a board shows.</summary>
    public static string ReviewOf(CompanyDefinition company, BoardSnapshot board) =>
        (Of(company.FindBoard(board.Board.Id) ?? board.Board) with { Week = board.Key, Segment = board.Segment, Grain = board.Board.Grain }).Write("/review");

    /// <summary>Whether a board is shown by its own grain, by which it is reviewed.</summary>
    public static bool IsReviewed(CompanyDefinition company, BoardSnapshot board) =>
        company.FindBoard(board.Board.Id) is not { } own || own.Grain == board.Board.Grain;

    /// <summary>The same look at another board, as far as that has what is looked at.</summary>
    public BoardAddress On(Board board, MetricCatalog catalog)
    {
        var dimensions = Segment.IsTotal ? [] : BoardDimensions.NamesOf(board, catalog);
        return Of(board) with
        {
            View = View,
            Comparison = Comparison,
            Week = board.Grain == Grain ? Week : null,
            Segment = Segment.Of(Segment.Values.Where(pair => dimensions.Contains(pair.Key))),
        };
    }

    /// <summary>The same of one value of a dimension; null for all of them.</summary>
    public BoardAddress With(string dimension, string? value) => this with
    {
        Segment = Segment.Of(
            Segment.Values.Where(pair => pair.Key != dimension).Concat(value is null ? [] : [KeyValuePair.Create(dimension, value)])),
    };

    /// <summary>The same by another grain, at the period that holds the last day of the one that is looked at.</summary>
    public BoardAddress By(Grain grain, ReportingCalendar calendar, DateOnly lastDay) =>
        this with { Grain = grain, Week = Week is null ? null : calendar.Key(grain, calendar.Containing(grain, lastDay)) };

    /// <param name="ending">Empty for the page; <c>/tv</c>, <c>/day</c>, or the ending of a file.</param>
    /// <param name="more">What such a page has besides, written after the rest.</param>
    public string Write(string ending = "", params IEnumerable<(string Name, string? Value)> more)
    {
        List<(string Name, string? Value)> said =
        [
            ("week", Week),
            ("view", View == BoardView.Scorecard ? "scorecard" : null),
            ("compare", Comparison == BoardComparison.Previous ? null : Comparisons.First(one => one.Comparison == Comparison).Text),
            .. Segment.Values.Select(pair => ("segment", (string?)$"{pair.Key}:{pair.Value}")),
            ("grain", Grain == Board.Grain ? null : Grain.Name()),
            .. more,
        ];
        var asked = said.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Escape(pair.Value!)}");
        return string.Join('&', asked) is { Length: > 0 } text ? $"/boards/{Board.Id}{ending}?{text}" : $"/boards/{Board.Id}{ending}";
    }

    public override string ToString() => Write();

    /// <summary>Reads what a request asks of a board; false with the reason where that is nothing.</summary>
    public static bool TryRead(
        CompanyDefinition company, Board board, IQueryCollection query, [NotNullWhen(true)] out BoardAddress? address, [NotNullWhen(false)] out string? fault)
    {
        address = null;
        var (view, compare, step, week) = (Text(query, "view"), Text(query, "compare"), Text(query, "grain"), Text(query, "week"));
        if (view is not (null or "cards" or "scorecard"))
            return Fails($"'{view}' is no view of a board. Use cards or scorecard.", out fault);
        (BoardComparison Comparison, string Text) comparison = Comparisons.FirstOrDefault(one => one.Text == (compare ?? "previous"), (default, ""));
        if (comparison.Text.Length == 0)
            return Fails($"'{compare}' is nothing to compare with. Use previous, year, plan or average.", out fault);
        var grain = step is null ? board.Grain : GrainNames.TryParse(step) is { } known && (Steps.Contains(known) || known == board.Grain) ? known : (Grain?)null;
        if (grain is not { } by)
            return Fails($"'{step}' is no step of a board. Use week, month or quarter.", out fault);

        Period? period = null;
        if (week is not null && !company.Calendar.TryParse(by, week, out period))
        {
            var example = company.Calendar.Key(by, company.Calendar.Containing(by, new DateOnly(2026, 11, 9)));
            return Fails($"'{week}' is no {by.Name()} of the calendar. Use one such as {example}, or a date.", out fault);
        }

        if (!TryReadSegment(company, board, query, out var segment, out fault))
            return false;

        address = new BoardAddress(board)
        {
            Week = period is null ? null : company.Calendar.Key(by, period),
            View = view == "scorecard" ? BoardView.Scorecard : BoardView.Cards,
            Comparison = comparison.Comparison,
            Segment = segment,
            Grain = by,
            Query = new BoardQuery { Period = period, Grain = by == board.Grain ? null : by, Comparison = comparison.Comparison, Segment = segment },
        };
        return true;
    }

    private static bool TryReadSegment(
        CompanyDefinition company, Board board, IQueryCollection query, [NotNullWhen(true)] out Segment? segment, [NotNullWhen(false)] out string? fault)
    {
        segment = null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in query["segment"].OfType<string>().Where(text => text.Length > 0))
        {
            var dimensions = BoardDimensions.NamesOf(board, company.Catalog);
            var known = dimensions.Count == 0 ? "The board has none." : $"The board's dimensions are {string.Join(", ", dimensions)}.";
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon == text.Length - 1)
                return Fails($"'{text}' is no segment. Use one such as {(dimensions.Count > 0 ? dimensions[0] : "region")}:EU.", out fault);
            if (!dimensions.Contains(text[..colon]))
                return Fails($"No metric of the board is known by '{text[..colon]}'. {known}", out fault);
            if (!values.TryAdd(text[..colon], text[(colon + 1)..]))
                return Fails($"'{text[..colon]}' can be one value at a time.", out fault);
        }

        (segment, fault) = (Segment.Of(values), null);
        return true;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static bool Fails(string reason, [NotNullWhen(false)] out string? fault)
    {
        fault = reason;
        return false;
    }

    // Both may stand in a query, and read better than their codes.
    private static string Escape(string text) =>
        Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal);
}
