using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Dev;

/// <summary>Every state of tiles and boards beside its rule, for those who develop the product; elsewhere there is no such page.</summary>
public sealed class StatesModel(IHostEnvironment environment) : PageModel
{
    public IActionResult OnGet() => environment.IsDevelopment() ? Page() : NotFound();
}
