using Metrics.Core.Annotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Annotations;

/// <summary>Deletes an event that was entered; its history stays.</summary>
public sealed class DeleteModel(IAnnotationStore store, TimeProvider clock) : PageModel
{
    public IActionResult OnGet() => Redirect("/annotations");

    public async Task<IActionResult> OnPostAsync([FromForm] string? id, [FromForm] long version, CancellationToken cancellationToken)
    {
        var isThere = (await store.CurrentAsync(cancellationToken)).Any(change => change.Id == id);
        if (!isThere)
            return this.NotFoundBecause("There is no such event that was entered here.");

        var change = new AnnotationChange(id!, null, AnnotationOrigin.Page, User.Identity!.Name!, clock.GetUtcNow());
        return await store.AppendAsync(change, version, cancellationToken) is null
            ? Redirect($"/annotations/edit?id={id}")
            : Redirect($"/annotations?changed={id}");
    }
}
