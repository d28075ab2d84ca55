using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Errors;

/// <summary>What is shown in the place of a page that could not be. Says nothing about the inside; that is in the log.</summary>
[IgnoreAntiforgeryToken(Order = AfterTheRule)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ErrorModel : PageModel
{
    // The last rule counts, and the one for all pages has the order 1000: a post that was refused must not have its answer refused too.
    private const int AfterTheRule = 2000;

    public string Heading { get; private set; } = "";

    public string Reason { get; private set; } = "";

    public void OnGet(int code) => Show(code);

    public void OnPost(int code) => Show(code);

    private void Show(int code)
    {
        var isAway = HttpContext.Response.StatusCode == StatusCodes.Status503ServiceUnavailable;
        (Heading, Reason) = (isAway ? StatusCodes.Status503ServiceUnavailable : code) switch
        {
            503 => ("The figures cannot be read just now", "A server that keeps them cannot be reached. Nothing is lost: load the page again in a moment. Boards are shown as they were."),
            404 => ("Not found", "There is nothing at this address."),
            400 => ("That request could not be taken", "Go back, load the page again and try once more."),
            403 => ("Not allowed", "You may not do this."),
            405 => ("Not possible", "This address does not take that kind of request."),
            500 => ("Something went wrong", "The page could not be built. The log of the process says why."),
            _ => ("That did not work", "The request could not be answered."),
        };
        Reason = PageAnswers.ReasonFor(HttpContext) ?? Reason;
    }
}
