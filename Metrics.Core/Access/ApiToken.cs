namespace Metrics.Core.Access;

/// <summary>What lets a program in, and what it may do. The secret itself is known only to whoever it was made for.</summary>
/// <param name="Name">What people call it; no two tokens that are in force have the same one.</param>
/// <param name="Writes">The beginnings of the ids of the metrics that it may write; <see cref="Everything"/> stands for all.</param>
/// <param name="LastUsed">When it last let somebody in, to the minute; null where it never did.</param>
/// <param name="Revoked">When it was taken back; null while it is in force.</param>
public sealed record ApiToken(
    long Id, string Name, IReadOnlyList<string> Writes, DateTimeOffset Created, DateTimeOffset? LastUsed, DateTimeOffset? Revoked)
{
    /// <summary>The prefix of every metric.</summary>
    public const string Everything = "*";

    public const int LongestName = 64;

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
