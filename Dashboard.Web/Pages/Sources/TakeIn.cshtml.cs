using System.Globalization;
using Metrics.Core.Definitions;
using Metrics.Core.Push;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Sources;

/// <summary>Asks today's rules about what waits in the inbox. A page of its own, because it takes another permission than looking does.</summary>
public sealed class TakeInModel(LiveDefinition live, PushIntake intake) : PageModel
{
    public IActionResult OnGet() => Redirect("/sources/inbox");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var taken = await intake.TakeInAsync(live.Current.Push, User.Identity!.Name!, cancellationToken);
        return Redirect(string.Create(CultureInfo.InvariantCulture,
            $"/sources/inbox?written={taken.Written}&outdated={taken.Outdated}&ignored={taken.Ignored}"));
    }
}
