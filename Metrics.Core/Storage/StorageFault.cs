using Metrics.Core.Series;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Storage.Sqlite;

namespace Metrics.Core.Storage;

/// <summary>Engine errors in words that say what to do.</summary>
public static class StorageFault
{
    /// <summary>What happened and what to do, or null where the exception is not an engine's.</summary>
    public static string? Describe(Exception fault) =>
        (fault as StoreUnreachableException)?.Message ?? SqliteFault.Describe(fault) ?? PostgresFault.Describe(fault);

    /// <summary>Whether a server is away, so that trying again later helps.</summary>
    public static bool IsAway(Exception fault) => fault is StoreUnreachableException || PostgresFault.IsAway(fault);
}
