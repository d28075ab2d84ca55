namespace Dashboard.Web.Pages;

/// <summary>A section of the product: a link in the bar or on pages, a line in the search, and a key.</summary>
/// <param name="Go">The key that follows <c>g</c>.</param>
/// <param name="Holds">What is there, for the search.</param>
public sealed record Section(string Name, string Address, char? Go, string Holds)
{
    /// <summary>Whether it has a link in the bar; the others are reached from pages, the search and by key.</summary>
    public bool InBar { get; init; } = true;

    public const string Boards = nameof(Boards);
    public const string Alerts = nameof(Alerts);

    /// <summary>The sections in the order of the bar. A page belongs to the one that its <c>ViewData["Section"]</c> names.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new(Boards, "/", 'b', "What is reviewed together, week by week"),
        new("Metrics", "/metrics", 'm', "What is measured, what it means, and where it stands"),
        new("Cohorts", "/cohorts", 'c', "Who stays, by when they joined"),
        new("P&L", "/finance", 'p', "Profit and loss of a month, a quarter or the year so far"),
        new("Tree", "/tree", 'r', "Which metrics drive which, and what each added to a change") { InBar = false },
        new("Targets", "/targets", 't', "What was promised, and how far it is reached"),
        new("Events", "/annotations", 'e', "What happened that figures show"),
        new(Alerts, "/alerts", 'a', "Rules, and which of them fire"),
        new("Sources", "/sources", 's', "Where records come from, and how that is going"),
    ];
}
