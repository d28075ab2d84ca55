namespace Metrics.Core.Access;

/// <summary>What lets a program in, and what it may do. The secret itself is known only to whoever it was made for.</summary>
/// <param name="Name">What people call it; no two tokens that are in force have the same one.</param>
/// <param name="Writes">
/// The beginnings of the ids of the metrics that it may write, where <see cref="Everything"/> stands for all, and what else it may do:
/// some of <see cref="Scopes"/>.
/// </param>
/// <param name="LastUsed">When it last let somebody in, to the minute; null where it never did.</param>
/// <param name="Revoked">When it was taken back; null while it is in force.</param>
public sealed record ApiToken(
    long Id, string Name, IReadOnlyList<string> Writes, DateTimeOffset Created, DateTimeOffset? LastUsed, DateTimeOffset? Revoked)
{
    /// <summary>The prefix of every metric.</summary>
    public const string Everything = "*";

    public const int LongestName = 64;

    /// <summary>Read events.</summary>
    public const string ReadAnnotations = "annotations:read";

    /// <summary>Read, enter, change and delete events.</summary>
    public const string WriteAnnotations = "annotations:write";

    /// <summary>What a token may do beside writing metrics. The colon keeps them apart from the ids of metrics.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [ReadAnnotations, WriteAnnotations];

    /// <summary>Whether it may do one of <see cref="Scopes"/>. Writing every metric says nothing of them; who may write may read.</summary>
    public bool May(string scope) => Writes.Contains(scope) || (scope == ReadAnnotations && Writes.Contains(WriteAnnotations));

    public bool MayWrite(string metric)
    {
        foreach (var prefix in Writes)
        {
            if (prefix == Everything || metric.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
