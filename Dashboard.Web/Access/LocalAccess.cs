using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Dashboard.Web.Access;

internal static class LocalAccess
{
    public const string Scheme = "local";

    /// <summary>Until there is sign-in, whoever sits at this machine is its administrator and nobody else gets in.</summary>
    public static IServiceCollection AddLocalAccess(this IServiceCollection services)
    {
        services.AddAuthentication(Scheme)
            .AddScheme<AuthenticationSchemeOptions, LocalHandler>(Scheme, null)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.TokenScheme, null);

        // A route that somebody forgot to give a policy, or that only says "authorized", is closed rather than open.
        var nobody = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build();
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(nobody)
            .SetFallbackPolicy(nobody)
            .AddPolicy(Policies.View, policy => policy.RequireAuthenticatedUser().RequireClaim(Policies.Claim, Policies.View))
            .AddPolicy(Policies.Operate, policy => policy.RequireAuthenticatedUser().RequireClaim(Policies.Claim, Policies.Operate))
            .AddPolicy(Policies.Push, policy => policy.AddAuthenticationSchemes(TokenHandler.TokenScheme).RequireAuthenticatedUser()
                .RequireClaim(Policies.Claim, Policies.Push))
            .AddPolicy(Policies.ReadAnnotations, policy => policy.AddAuthenticationSchemes(TokenHandler.TokenScheme).RequireAuthenticatedUser()
                .RequireClaim(Policies.Claim, Policies.ReadAnnotations))
            .AddPolicy(Policies.WriteAnnotations, policy => policy.AddAuthenticationSchemes(TokenHandler.TokenScheme).RequireAuthenticatedUser()
                .RequireClaim(Policies.Claim, Policies.WriteAnnotations))
            .AddPolicy(Policies.Health, policy => policy.RequireAssertion(_ => true));
        return services;
    }
}

/// <summary>Takes requests of this machine for those of its administrator.</summary>
internal sealed class LocalHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    // What a proxy adds: behind one, every request seems to come from this machine.
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address) || ProxyHeaders.Any(Request.Headers.ContainsKey))
            return Task.FromResult(AuthenticateResult.NoResult());

        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, "Local administrator"),
                new Claim(Policies.Claim, Policies.View),
                new Claim(Policies.Claim, Policies.Operate),
            ],
            LocalAccess.Scheme);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), LocalAccess.Scheme)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.ContentType = "text/plain; charset=utf-8";
        await Response.WriteAsync("This dashboard answers only the machine that it runs on.\n", Context.RequestAborted);
    }
}
