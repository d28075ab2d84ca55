using SQLitePCL;

namespace Metrics.Core.Storage;

/// <summary>The engine that both embedded stores run on, set up once before its first use.</summary>
internal static class SqliteEngine
{
    // A static initializer runs once, whoever comes first.
    private static readonly int Threading = Configure();

    /// <summary>Sets the engine up, if nobody has done so yet.</summary>
    public static void Start() => _ = Threading;

    /// <summary>
    /// A connection here is used by one thread at a time, so the engine need not lock it at every call: a tenth of the time of a board.
    /// </summary>
    private static int Configure()
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
    }
}
