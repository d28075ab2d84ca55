using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Looks;

/// <summary>How pages look in this browser, and which keys they know. A page of its own, so that others hold no form.</summary>
public sealed class IndexModel : PageModel
{
    public void OnGet()
    {
    }

    public IActionResult OnPost()
    {
        foreach (var choice in Look.Choices.Where(choice => Request.Form.ContainsKey(choice.Field)))
            Look.Remember(Response, choice, Request.Form[choice.Field].ToString());
        return LocalRedirect("/look");
    }
}
