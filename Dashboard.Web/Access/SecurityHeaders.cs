using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Access;

/// <summary>Tells browsers to run nothing, frame nothing and keep nothing that a page does not bring itself.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
        + "frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";

            // Figures are nobody's to keep; only what names itself cacheable, the product's own assets, is.
            if (!headers.ContainsKey(HeaderNames.CacheControl) || headers.CacheControl.ToString().StartsWith("no-cache", StringComparison.Ordinal))
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }
}
