namespace Dashboard.Web.Search;

/// <summary>What a search can find, in the order in which equally good answers are given.</summary>
public enum SearchKind
{
    Page,
    Board,
    Metric,
    Command,
    Targets,
    Alert,
    Source,
}

/// <summary>Something that can be found.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Address">Where it leads; for a command where it can be done without a script.</param>
/// <param name="Detail">What it is, in a sentence; searched too.</param>
/// <param name="Names">Other names, such as its id.</param>
public sealed record SearchEntry(SearchKind Kind, string Title, string Address, string Detail, IReadOnlyList<string> Names)
{
    /// <summary>What scripts do in the place of going to the address, by the name that <c>site.js</c> knows it by; null for nothing.</summary>
    public string? Act { get; init; }

    /// <summary>The policy that the reader must fulfill to be told of it.</summary>
    public required string Policy { get; init; }

    /// <summary>How much it comes before others that fit as well, 0 to 9: what is on a board is asked for more than what is not.</summary>
    public int Weight { get; init; }
}
