using System.Net.Sockets;
using Npgsql;

namespace Metrics.Core.Storage.Relational;

/// <summary>Errors of the database server in words.</summary>
internal static class PostgresFault
{
    /// <summary>Whether the server is not there, or is starting or stopping.</summary>
    public static bool IsAway(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => true,
        PostgresException => false,
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        _ => false,
    };

    public static string? Describe(Exception fault) => fault switch
    {
        _ when IsAway(fault) => $"The PostgreSQL server cannot be reached, or is starting: {fault.Message}. What was stored before is kept; nothing was lost.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "The PostgreSQL server refuses the login. Check user and password in KPI_DATABASE.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } refused =>
            $"The PostgreSQL server has no such database: {refused.MessageText}. Create it, or name another one in KPI_DATABASE.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"The PostgreSQL server does not allow it: {refused.MessageText}. The user in KPI_DATABASE must own its tables and be allowed to create them.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "The disk of the PostgreSQL server is full. What was stored before is kept; make room and try again.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
            "The PostgreSQL server has no connection left. Raise its max_connections, or run fewer processes.",
        NpgsqlException other => $"The PostgreSQL server failed: {other.Message}",
        _ => null,
    };
}
