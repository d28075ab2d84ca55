using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Themes;

/// <summary>Remembers in the browser whether pages are light, dark or as the system is.</summary>
public sealed class IndexModel : PageModel
{
    public IActionResult OnGet() => Redirect("/");

    public IActionResult OnPost(string? theme, string? back)
    {
        Theme.Remember(Response, theme);
        return LocalRedirect(Url.IsLocalUrl(back) ? back : "/");
    }
}
