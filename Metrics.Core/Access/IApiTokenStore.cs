namespace Metrics.Core.Access;

/// <summary>A token beside what is kept of its secret.</summary>
public sealed record TokenDigest(ApiToken Token, ReadOnlyMemory<byte> Digest);

/// <summary>Keeps tokens. A token that was revoked stays in the list and lets nobody in.</summary>
public interface IApiTokenStore
{
    /// <summary>Adds a token; null where one in force has the name already.</summary>
    Task<ApiToken?> AddAsync(string name, IReadOnlyList<string> writes, byte[] digest, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>All tokens, also the revoked ones, in the order in which they were made.</summary>
    Task<IReadOnlyList<ApiToken>> AllAsync(CancellationToken cancellationToken);

    /// <summary>The tokens that are in force.</summary>
    Task<IReadOnlyList<TokenDigest>> InForceAsync(CancellationToken cancellationToken);

    /// <summary>Takes a token back from now on; false where it is not in force.</summary>
    Task<bool> RevokeAsync(long id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Notes that a token let somebody in.</summary>
    Task UsedAsync(long id, DateTimeOffset at, CancellationToken cancellationToken);
}
