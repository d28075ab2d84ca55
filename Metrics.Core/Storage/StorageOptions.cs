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

    /// <summary>Whether several processes on several machines may work on what is kept.</summary>
    public bool IsShared => Database is not null;

    /// <summary>The options with the servers that some settings name.</summary>
    public static StorageOptions Read(string dataFolder, Func<string, string?> setting) => new()
    {
        DataFolder = dataFolder,
        Series = NotEmpty(setting(SeriesVariable)),
        Database = NotEmpty(setting(DatabaseVariable)),
    };

    // Never a password in a log.
    public override string ToString() =>
        $"points: {(Series is null ? DataFolder : "InfluxDB")}, everything else: {(Database is null ? DataFolder : "PostgreSQL")}";

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
