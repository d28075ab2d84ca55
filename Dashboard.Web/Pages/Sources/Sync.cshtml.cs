using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Sources;

/// <summary>Asks for a sync of a source. A page of its own, because it takes another permission than looking does.</summary>
public sealed class SyncModel(LiveDefinition live, ISyncRequests requests) : PageModel
{
    public IActionResult OnGet() => Redirect("/sources");

    public IActionResult OnPost(string id)
    {
        if (live.Current.FindSource(id) is not { } source)
            return this.NotFoundBecause($"There is no source '{id}'.");

        requests.Request(source.Id);
        return Redirect($"/sources#{source.Id}");
    }
}
