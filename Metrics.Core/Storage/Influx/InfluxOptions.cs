using System.Text;

namespace Metrics.Core.Storage.Influx;

/// <summary>Which InfluxDB keeps the series, who asks, and how patiently.</summary>
/// <remarks>A class, not a record: what holds a secret has no text of all its properties.</remarks>
internal sealed class InfluxOptions
{
    private const string Expected =
        "Expected influxdb+http://USER:PASSWORD@HOST:PORT/DATABASE, or influxdb+https://token:TOKEN@HOST/BUCKET.";

    /// <summary>The server, without path, user or password.</summary>
    public required Uri Address { get; init; }

    /// <summary>The database of a 1.x server, or the bucket of a 2.x server.</summary>
    public required string Database { get; init; }

    /// <summary>The header that signs a request in; null where the server asks nobody who they are.</summary>
    public string? Authorization { get; init; }

    /// <summary>How long a write waits for a server that is gone or busy, all tries together. The default is five minutes.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the server may take to accept a connection. The default is two seconds, so that a page fails fast.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the server may take for one answer. The default is one minute.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Lines in one request. 5,000 is what the makers of InfluxDB recommend, and measured no slower than more.</summary>
    public int BatchSize { get; init; } = 5_000;

    /// <summary>At most this many series for one metric, grain and cut. The default is 10,000.</summary>
    public int MostSeries { get; init; } = 10_000;

    /// <summary>The options that a setting names; user and password are percent-encoded where they hold <c>: / @ ? #</c> or <c>%</c>.</summary>
    /// <exception cref="FormatException">
    /// The setting is none of the known forms. The message says what is wrong and quotes nothing of it: a secret with a sign that is not
    /// encoded may stand anywhere in it.
    /// </exception>
    public static InfluxOptions Parse(string setting)
    {
        var scheme = setting.StartsWith("influxdb+http://", StringComparison.OrdinalIgnoreCase) ? "http"
            : setting.StartsWith("influxdb+https://", StringComparison.OrdinalIgnoreCase) ? "https"
            : throw Wrong("begins with neither influxdb+http:// nor influxdb+https://");
        if (!IsEncoded(setting))
            throw Wrong("has a '%' that two hexadecimal digits do not follow; a percent sign itself is written %25");

        if (!Uri.TryCreate(setting["influxdb+".Length..], UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw Wrong("names no server that can be read; a user or password with one of : / @ ? # % must be percent-encoded");

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw Wrong("has something after the database; a user or password with ? or # must be percent-encoded");

        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (database.Length == 0)
            throw Wrong("names no database");

        if (!Identifiers.IsAllowed(database))
            throw Wrong("names a database with other signs than letters, digits, '_', '-' and '.', or one that does not begin with a letter or '_'");

        return new InfluxOptions { Address = new Uri($"{scheme}://{uri.Authority}"), Database = database, Authorization = SignIn(uri.UserInfo) };
    }

    public override string ToString() => $"InfluxDB at {Address.GetLeftPart(UriPartial.Authority)}, {Database}";

    private static string? SignIn(string userInfo)
    {
        if (userInfo.Length == 0)
            return null;

        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var user = Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]);
        var secret = colon < 0 ? "" : Uri.UnescapeDataString(userInfo[(colon + 1)..]);
        if (user.Length == 0 || secret.Length == 0)
            throw Wrong(user.Length == 0 ? "has a password without a user" : "has a user without a password, or no token after 'token:'");

        if (user != "token")
            return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"))}";

        // A header that cannot be sent would be found out much later, and told with the token in the message.
        return secret.All(sign => sign is > ' ' and <= '~') ? $"Token {secret}" : throw Wrong("has a token with a sign that no token has");
    }

    private static bool IsEncoded(string setting)
    {
        for (var i = setting.IndexOf('%', StringComparison.Ordinal); i >= 0; i = setting.IndexOf('%', i + 1))
        {
            if (i + 2 >= setting.Length || !char.IsAsciiHexDigit(setting[i + 1]) || !char.IsAsciiHexDigit(setting[i + 2]))
                return false;
        }

        return true;
    }

    private static FormatException Wrong(string what) => new($"KPI_SERIES {what}. {Expected}");
}
