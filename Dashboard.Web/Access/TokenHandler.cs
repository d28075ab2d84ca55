using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Dashboard.Web.Endpoints;
using Metrics.Core.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Access;

/// <summary>
/// Takes requests with the secret of a token for those of its holder. Clients send it as <c>Authorization: Token</c> or
/// <c>Bearer</c>, as the password of <c>Basic</c>, or as <c>p=</c> in the address.
/// </summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenGate gate)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string TokenScheme = "token";

    /// <summary>The token of a request that was let in.</summary>
    public static ApiToken TokenOf(HttpContext context) =>
        context.Features.Get<ApiToken>() ?? throw new InvalidOperationException("The request was not let in by a token.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SecretOf(Request) is not { Length: > 0 } secret)
            return AuthenticateResult.NoResult();

        ApiToken? token;
        try
        {
            token = await gate.FindAsync(secret, Context.RequestAborted);
        }
        catch (Exception fault) when (PushAnswers.IsStoreFault(fault))
        {
            return AuthenticateResult.Fail(fault);
        }

        if (token is null)
            return AuthenticateResult.Fail("No token in force has this secret.");

        Context.Features.Set(token);
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, token.Name), new Claim(Policies.Claim, Policies.Push),
                .. ApiToken.Scopes.Where(token.May).Select(scope => new Claim(Policies.Claim, scope)),
            ],
            TokenScheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), TokenScheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Whoever could not be looked up may well be allowed in: he must not take the answer for a no.
        if ((await HandleAuthenticateOnceSafeAsync()).Failure is { } fault && PushAnswers.IsStoreFault(fault))
        {
            await PushAnswers.UnavailableAsync(Context, fault);
            return;
        }

        Response.Headers.WWWAuthenticate = "Token realm=\"KPI Dashboard\"";
        await PushAnswers.RefuseAsync(Context, StatusCodes.Status401Unauthorized,
            "This needs a token that is in force; 'kpi token create' makes one.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => PushAnswers.RefuseAsync(
        Context, StatusCodes.Status403Forbidden,
        $"The token '{TokenOf(Context).Name}' may not do this; 'kpi token create --scope {ApiToken.WriteAnnotations}' makes one that may enter events.");

    private static string? SecretOf(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            return request.Query["p"];

        var sent = header[(space + 1)..].Trim();
        return header[..space].ToUpperInvariant() switch
        {
            // Clients of the first generation that speak to the second write user:password here.
            "TOKEN" or "BEARER" => sent[(sent.LastIndexOf(':') + 1)..],
            "BASIC" => PasswordOf(sent),
            _ => null,
        };
    }

    private static string? PasswordOf(string sent)
    {
        var bytes = new byte[sent.Length];
        if (!Convert.TryFromBase64String(sent, bytes, out var length))
            return null;

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? pair[(colon + 1)..] : null;
    }
}
