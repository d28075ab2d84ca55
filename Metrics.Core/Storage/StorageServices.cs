using Metrics.Core.Access;
using Metrics.Core.Alerts;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Push;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Storage.Sqlite;
using Metrics.Core.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Metrics.Core.Storage;

/// <summary>Where things are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>The folder of the embedded files; it is created where it is not there.</summary>
    public required string DataFolder { get; init; }
}

public static class StorageServices
{
    /// <summary>The stores on the embedded engines: <c>series.db</c> for points, <c>kpi.db</c> for everything else.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ISeriesStore>(_ => new SqliteSeriesStore(FileIn(options.DataFolder, "series.db")));
        services.AddSingleton(_ => new Database(FileIn(options.DataFolder, "kpi.db")));
        services.AddSingleton<IRecordStore, SqlRecordStore>();
        services.AddSingleton<ISourceStore, SqlSourceStore>();
        services.AddSingleton<IAlertStore, SqlAlertStore>();
        services.AddSingleton<ISourceLock, FileSourceLock>();
        services.AddSingleton<ITargetStore, SqlTargetStore>();
        services.AddSingleton<IApiTokenStore, SqlApiTokenStore>();
        services.AddSingleton<IPushInbox, SqlPushInbox>();
        services.AddSingleton<SqlWatermarkStore>();
        services.AddSingleton<IWatermarkStore>(provider => provider.GetRequiredService<SqlWatermarkStore>());
        services.AddSingleton<IModelStateStore>(provider => provider.GetRequiredService<SqlWatermarkStore>());
        return services;
    }

    private static string FileIn(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}
