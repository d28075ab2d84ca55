using Dashboard.Web.Search;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Search;

/// <summary>Finds metrics, boards, targets, alerts, sources, pages and commands. The palette does the same without leaving the page.</summary>
public sealed class IndexModel(SearchReader search) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    public bool Asked => !string.IsNullOrWhiteSpace(Q);

    /// <summary>What fits, the best first; without a question the sections and boards.</summary>
    public IReadOnlyList<SearchEntry> Found { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        // What has no address can only be done by a script.
        var entries = (await search.ReadAsync(User, cancellationToken)).Where(entry => entry.Address.Length > 0);
        Found = Asked ? new SearchIndex(entries).Find(Q) : [.. entries.Where(entry => entry.Kind is SearchKind.Page or SearchKind.Board)];
    }
}
