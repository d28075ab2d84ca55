using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages;

/// <summary>Answers that pages give beside themselves.</summary>
internal static class PageAnswers
{
    private static readonly object ReasonKey = new();

    /// <summary>A 404 page that says what was looked for and not found.</summary>
    public static IActionResult NotFoundBecause(this PageModel page, string reason)
    {
        page.HttpContext.Items[ReasonKey] = reason;
        return page.NotFound();
    }

    /// <summary>The reason that the page before gave; null where it gave none.</summary>
    public static string? ReasonFor(HttpContext context) => context.Items[ReasonKey] as string;
}
