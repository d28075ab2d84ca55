using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>Errors of the embedded engine in words.</summary>
internal static class SqliteFault
{
    private const int Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static string? Describe(Exception fault) => fault is not SqliteException error ? null : error.SqliteErrorCode switch
    {
        Full => "The disk is full. What was stored before is kept; make room and sync again.",
        Busy => "The data folder is in use by another process that did not finish within 30 seconds. Try again.",
        ReadOnly or CannotOpen => $"The data folder cannot be written: {error.Message}",
        InputOutput => $"The disk reports an error, or is full: {error.Message}. What was stored before is kept.",
        Corrupt or NotADatabase => $"A file of the data folder is damaged: {error.Message}. Restore it from a backup, or move it away and sync anew.",
        _ => $"The embedded store failed: {error.Message}",
    };
}
