using System.Data.Common;
using Metrics.Core.Access;
using Metrics.Core.Alerts;
using Metrics.Core.Annotations;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Narratives;
using Metrics.Core.Push;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Storage.Sqlite;
using Metrics.Core.Targets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metrics.Core.Storage;

public static class StorageServices
{
    internal const string SeriesFile = "series.db";

    internal const string DatabaseFile = "kpi.db";

    /// <summary>The stores, on the embedded engines unless the options name servers.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        if (options.Series is { } server)
        {
            services.AddSingleton<IRestatementLog, SqlRestatementLog>();
            services.AddSingleton(provider => new InfluxSeriesStore(
                InfluxOptions.Parse(server), provider.GetRequiredService<IRestatementLog>(),
                provider.GetService<ILogger<InfluxSeriesStore>>() ?? NullLogger<InfluxSeriesStore>.Instance, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ISeriesStore>(provider => Noting(provider, provider.GetRequiredService<InfluxSeriesStore>()));
        }
        else
        {
            services.AddSingleton<ISeriesStore>(provider => Noting(provider, new SqliteSeriesStore(FileIn(options.DataFolder, SeriesFile))));
        }

        if (options.Database is { } address)
        {
            services.AddSingleton(provider => new PostgresDatabase(address, options.Patience, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<Database>(provider => provider.GetRequiredService<PostgresDatabase>());
            // The scheduler keeps its tables in the same database.
            services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<PostgresDatabase>().Source);
            services.AddSingleton<IWorkLock, PostgresWorkLock>();
        }
        else
        {
            services.AddSingleton<Database>(_ => new SqliteDatabase(FileIn(options.DataFolder, DatabaseFile)));
            services.AddSingleton<IWorkLock, FileWorkLock>();
        }

        services.AddSingleton<IRecordStore, SqlRecordStore>();
        services.AddSingleton<IModelMemory, FileModelMemory>();
        services.AddSingleton<ISourceStore, SqlSourceStore>();
        services.AddSingleton<IAlertStore, SqlAlertStore>();
        services.AddSingleton<ITargetStore, SqlTargetStore>();
        services.AddSingleton<IBaselineStore, SqlBaselineStore>();
        services.AddSingleton<IAnnotationStore, SqlAnnotationStore>();
        services.AddSingleton<INarrativeStore, SqlNarrativeStore>();
        services.AddSingleton<IApiTokenStore, SqlApiTokenStore>();
        services.AddSingleton<IPushInbox, SqlPushInbox>();
        services.AddSingleton<IDataVersion, SqlDataVersion>();
        services.AddSingleton<IQuarantine, SqlQuarantine>();
        services.AddSingleton<IProtectionKeys, SqlProtectionKeys>();
        services.AddSingleton<IDefinitionStore, SqlDefinitionStore>();
        services.AddSingleton<SqlWatermarkStore>();
        services.AddSingleton<IWatermarkStore>(provider => provider.GetRequiredService<SqlWatermarkStore>());
        services.AddSingleton<IModelStateStore>(provider => provider.GetRequiredService<SqlWatermarkStore>());
        return services;
    }

    /// <summary>Brings the tables up to date, so that a process which cannot work says so at its start, and in words.</summary>
    /// <exception cref="StorageSettingException">A setting cannot be right.</exception>
    /// <exception cref="StoreUnreachableException">The database server cannot be reached.</exception>
    public static async Task OpenStorageAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<ISeriesStore>();
        await services.GetRequiredService<IDataVersion>().ReadAsync(cancellationToken);
    }

    private static NotingSeriesStore Noting(IServiceProvider provider, ISeriesStore store) => new(store, provider.GetRequiredService<IDataVersion>());

    internal static string FileIn(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}
