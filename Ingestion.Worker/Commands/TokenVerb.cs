using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Metrics.Core.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi token</c>: the tokens with which programs push values and enter events.</summary>
internal static partial class TokenVerb
{
    public static Command Create() => new("token", "Makes, lists and revokes the tokens with which programs push values and enter events.") { New(), List(), Revoke() };

    private static Command New()
    {
        var name = new Option<string>("--name") { Description = "What people call it, such as telegraf-shop.", Required = true };
        var writes = new Option<string[]>("--write")
        {
            Description = "The ids of the metrics that it may write begin with this; '*' for all. May be repeated.",
            AllowMultipleArgumentsPerToken = true,
        };
        var scopes = new Option<string[]>("--scope")
        {
            Description = $"What else it may do: {string.Join(" or ", ApiToken.Scopes)}. May be repeated.",
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong([.. ApiToken.Scopes]);
        var verb = new Command("create", "Makes a token and prints its secret, once.") { name, writes, scopes };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var called = parsed.GetRequiredValue(name).Trim();
            if (called.Length is 0 or > ApiToken.LongestName || called.Any(char.IsControl))
                throw new UsageException($"A token's name has 1 to {ApiToken.LongestName} signs.");

            string[] prefixes = [.. (parsed.GetValue(writes) ?? []).Distinct()];
            if (prefixes.FirstOrDefault(prefix => prefix != ApiToken.Everything && !MetricPrefix().IsMatch(prefix)) is { } wrong)
                throw new UsageException($"'{wrong}' is not how a metric's id begins: lower-case letters, digits and _ starting with a letter, or '*' for all.");
            string[] rights = [.. prefixes, .. (parsed.GetValue(scopes) ?? []).Distinct()];
            if (rights.Length == 0)
                throw new UsageException("A token needs something that it may do: --write PREFIX, --scope NAME, or both.");

            await using var services = KpiCommand.Services(parsed);
            var secret = TokenSecret.New();
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var token = await services.GetRequiredService<IApiTokenStore>().AddAsync(called, rights, TokenSecret.DigestOf(secret), now, cancellationToken);
            if (token is null)
            {
                await Console.Error.WriteLineAsync($"There is a token '{called}' already; revoke it, or use another name.");
                return ExitCode.InputAtFault;
            }

            // The secret alone goes to the output, for scripts that put it where it belongs.
            await Console.Error.WriteLineAsync($"Token {token.Id.ToString(CultureInfo.InvariantCulture)} '{called}' may {Rights(token)}. This is its secret; it is not shown again:");
            await Console.Out.WriteLineAsync(secret);
            return ExitCode.Done;
        });
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "Lists the tokens, one a line: id, name, what it may do, made, last used, revoked.");
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = KpiCommand.Services(parsed);
            foreach (var token in await services.GetRequiredService<IApiTokenStore>().AllAsync(cancellationToken))
            {
                await Console.Out.WriteLineAsync(string.Join('\t',
                    token.Id.ToString(CultureInfo.InvariantCulture), token.Name, Rights(token), Moment(token.Created),
                    token.LastUsed is { } used ? Moment(used) : "never used", token.Revoked is { } gone ? "revoked " + Moment(gone) : "in force"));
            }

            return ExitCode.Done;
        });
        return verb;
    }

    private static Command Revoke()
    {
        var which = new Argument<string>("NAME-OR-ID") { Description = "The token's name, or its id." };
        var verb = new Command("revoke", "Takes a token back; from then on it lets nobody in.") { which };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = parsed.GetRequiredValue(which);
            await using var services = KpiCommand.Services(parsed);
            var tokens = services.GetRequiredService<IApiTokenStore>();
            var inForce = (await tokens.AllAsync(cancellationToken)).Where(token => token.Revoked is null).ToArray();
            var found = inForce.FirstOrDefault(token => token.Name == asked)
                ?? inForce.FirstOrDefault(token => token.Id.ToString(CultureInfo.InvariantCulture) == asked);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (found is null || !await tokens.RevokeAsync(found.Id, now, cancellationToken))
            {
                await Console.Error.WriteLineAsync($"There is no token '{asked}' in force; 'kpi token list' shows them.");
                return ExitCode.InputAtFault;
            }

            await Console.Error.WriteLineAsync($"Token {found.Id.ToString(CultureInfo.InvariantCulture)} '{found.Name}' is revoked.");
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>"write revenue_* visits*", "write * annotations:read".</summary>
    private static string Rights(ApiToken token)
    {
        var scopes = token.Writes.Where(ApiToken.Scopes.Contains);
        var metrics = token.Writes.Except(ApiToken.Scopes).Select(prefix => prefix == ApiToken.Everything ? prefix : prefix + ApiToken.Everything).ToArray();
        return string.Join(' ', metrics.Length == 0 ? scopes : ["write", .. metrics, .. scopes]);
    }

    private static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MetricPrefix();
}
