using Microsoft.Extensions.Configuration;

namespace Metrics.Core.Storage;

/// <summary>Where things are kept: files unless servers are named.</summary>
public sealed record StorageOptions
{
    /// <summary>Names the InfluxDB server of the points: <c>influxdb+http://USER:PASSWORD@HOST:PORT/DATABASE</c>, or <c>influxdb+https://token:TOKEN@HOST/BUCKET</c>.</summary>
    public const string SeriesVariable = "KPI_SERIES";

    /// <summary>Names the PostgreSQL database of everything else: <c>postgresql://USER:PASSWORD@HOST:PORT/NAME</c>.</summary>
    public const string DatabaseVariable = "KPI_DATABASE";

    /// <summary>The folder of the embedded files; it is created where it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The address of the server that keeps points; null: <c>series.db</c> in the data folder.</summary>
    public string? Series { get; init; }

    /// <summary>The address of the database that keeps everything but points; null: <c>kpi.db</c> in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>How long the first one to miss a server waits for it to come back. The default is 10 seconds; pages answer sooner.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether several processes on several machines may work on what is kept.</summary>
    public bool IsShared => Database is not null;

    /// <summary>The options with the servers that the environment names, or else the configuration (<c>Storage:Series</c>, <c>Storage:Database</c>).</summary>
    public static StorageOptions Read(string dataFolder, IConfiguration? configuration) => new()
    {
        DataFolder = dataFolder,
        Series = Given(SeriesVariable, configuration?["Storage:Series"]),
        Database = Given(DatabaseVariable, configuration?["Storage:Database"]),
    };

    // Never a password in a log.
    public override string ToString() =>
        $"points: {(Series is null ? DataFolder : "InfluxDB")}, everything else: {(Database is null ? DataFolder : "PostgreSQL")}";

    private static string? Given(string variable, string? configured) =>
        new[] { Environment.GetEnvironmentVariable(variable), configured }.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))?.Trim();
}

/// <summary>A setting of the storage cannot be right; the message names the setting and never a password.</summary>
public sealed class StorageSettingException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
