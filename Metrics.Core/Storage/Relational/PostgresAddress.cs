using Npgsql;

namespace Metrics.Core.Storage.Relational;

/// <summary>Reads the address of a PostgreSQL database.</summary>
internal static class PostgresAddress
{
    private const string Example = "postgresql://USER:PASSWORD@HOST:PORT/NAME";

    /// <summary>The settings of an address such as <c>postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=require</c>; texts are percent-decoded.</summary>
    /// <exception cref="StorageSettingException">The address cannot be understood; the message does not repeat its password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres") || uri.Host.Length == 0)
            throw new StorageSettingException($"KPI_DATABASE is not an address of a PostgreSQL database. Write it as {Example}.");

        var name = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
            throw new StorageSettingException($"KPI_DATABASE does not name one database on {uri.Host}. Write it as {Example}.");

        var login = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = name,
            Username = login[0].Length > 0 ? Uri.UnescapeDataString(login[0]) : null,
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            ApplicationName = "kpi-dashboard",
            Timeout = 5,
            // The statements of a page are few and come again and again.
            MaxAutoPrepare = 100,
            IncludeErrorDetail = false,
        };
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            var (key, value) = (Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "");
            try
            {
                settings[NameOf(key)] = value;
            }
            catch (Exception unknown) when (unknown is ArgumentException or FormatException or KeyNotFoundException)
            {
                throw new StorageSettingException($"KPI_DATABASE has the option '{key}', which is unknown or has a value that it cannot have.", unknown);
            }
        }

        return settings;
    }

    /// <summary>The names that other PostgreSQL clients use, and ours.</summary>
    private static string NameOf(string option) => option switch
    {
        "sslmode" => "SSL Mode",
        "search_path" => "Search Path",
        "sslrootcert" => "Root Certificate",
        "connect_timeout" => "Timeout",
        _ => option.Replace('_', ' '),
    };
}
