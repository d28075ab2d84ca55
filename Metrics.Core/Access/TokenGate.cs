using System.Security.Cryptography;

namespace Metrics.Core.Access;

/// <summary>Finds the token that a secret belongs to.</summary>
public sealed class TokenGate(IApiTokenStore tokens, TimeProvider clock)
{
    // A fleet of agents pushes every few seconds; who looks at the list wants to know the day.
    private static readonly TimeSpan NoteUseAfter = TimeSpan.FromMinutes(1);

    /// <summary>The token in force that has a secret, or null where none has.</summary>
    /// <remarks>
    /// The digest is compared with those of all tokens, each in full and none skipped, so that the time of a refusal says nothing
    /// about what there is. The store is asked each time: a token that was revoked lets nobody in from then on.
    /// </remarks>
    public async Task<ApiToken?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var digest = TokenSecret.DigestOf(secret);
        ApiToken? found = null;
        foreach (var (token, stored) in await tokens.InForceAsync(cancellationToken))
        {
            if (CryptographicOperations.FixedTimeEquals(stored.Span, digest))
                found = token;
        }

        var now = clock.GetUtcNow();
        if (found is not null && (found.LastUsed is not { } last || now - last >= NoteUseAfter))
            await tokens.UsedAsync(found.Id, now, cancellationToken);
        return found;
    }
}
