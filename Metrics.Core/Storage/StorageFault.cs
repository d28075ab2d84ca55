using Metrics.Core.Series;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage;

/// <summary>Engine errors in words that say what to do.</summary>
public static class StorageFault
{
    private const int Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>What happened and what to do, or null where the exception is not an engine's.</summary>
    public static string? Describe(Exception fault) => fault switch
    {
        StoreUnreachableException unreachable => unreachable.Message,
        SqliteException error => Describe(error),
        _ => null,
    };

    private static string Describe(SqliteException error) => error.SqliteErrorCode switch
    {
        Full => "The disk is full. What was stored before is kept; make room and sync again.",
        Busy => "The data folder is in use by another process that did not finish within 30 seconds. Try again.",
        ReadOnly or CannotOpen => $"The data folder cannot be written: {error.Message}",
        InputOutput => $"The disk reports an error, or is full: {error.Message}. What was stored before is kept.",
        Corrupt or NotADatabase => $"A file of the data folder is damaged: {error.Message}. Restore it from a backup, or move it away and sync anew.",
        _ => $"The embedded store failed: {error.Message}",
    };
}
