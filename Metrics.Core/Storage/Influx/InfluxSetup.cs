using System.Globalization;
using Metrics.Core.Series;
using Microsoft.Extensions.Logging;

namespace Metrics.Core.Storage.Influx;

/// <summary>Finds out which InfluxDB answers and whether its database is fit for years of points; makes the database where it can.</summary>
internal sealed partial class InfluxSetup(InfluxClient client, InfluxOptions options, ILogger log) : IDisposable
{
    private const string ShardDuration = "52w";
    private static readonly TimeSpan SmallestShard = TimeSpan.FromDays(7 * 52);

    // One for those who wait and one for those who do not: a page never stands behind a write that waits for the server.
    private readonly SemaphoreSlim[] _connecting = [new(1, 1), new(1, 1)];
    private volatile bool _ready;

    /// <summary>Makes sure that the server can be used; looked at once, and again after <see cref="Forget"/>.</summary>
    /// <exception cref="StoreUnreachableException">It does not answer, or is not one that keeps years of points.</exception>
    public async Task ReadyAsync(Patience patience, CancellationToken cancellationToken)
    {
        if (_ready)
            return;

        var turn = _connecting[(int)patience];
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (_ready)
                return;

            var version = await client.VersionAsync(patience, cancellationToken);
            switch (Major(version))
            {
                case >= 3:
                    throw new StoreUnreachableException(
                        $"{options} is InfluxDB {version}. InfluxDB 3 cannot keep years of daily points that change: a query may open 432 files, "
                        + "nothing can be deleted, and which of two values for a day wins is not determined. Use InfluxDB 1.8 or 2.x, or unset KPI_SERIES "
                        + "to keep the series in a file.");
                case 2:
                    await CheckBucketAsync(patience, cancellationToken);
                    break;
                default:
                    await CheckDatabaseAsync(patience, cancellationToken);
                    break;
            }

            _ready = true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Looks again before the next use: the server may be another one when it comes back.</summary>
    public void Forget() => _ready = false;

    public void Dispose()
    {
        foreach (var turn in _connecting)
            turn.Dispose();
    }

    private async Task CheckDatabaseAsync(Patience patience, CancellationToken cancellationToken)
    {
        var database = Identifiers.Quoted(options.Database);
        var policies = await PoliciesAsync();
        if (policies is null)
        {
            var create = $"CREATE DATABASE {database} WITH DURATION INF REPLICATION 1 SHARD DURATION {ShardDuration} NAME autogen";
            try
            {
                await client.ExecuteAsync(new InfluxQuery().Add(create), patience, cancellationToken);
            }
            catch (StoreUnreachableException refused) when (refused.InnerException is null)
            {
                throw new StoreUnreachableException($"{refused.Message}. The database is not there; an administrator makes it with: {create}", refused);
            }

            LogCreated(options.ToString());
            return;
        }

        var policy = policies.FirstOrDefault(one => one.GetValueOrDefault("default") == "True");
        if (policy is not null && Duration(policy.GetValueOrDefault("shardGroupDuration", "")) is { } duration && duration < SmallestShard)
        {
            var alter = $"ALTER RETENTION POLICY \"{policy["name"]}\" ON {database} SHARD DURATION {ShardDuration}";
            LogSmallShards(options.ToString(), duration.TotalDays, alter);
        }

        async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>?> PoliciesAsync()
        {
            try
            {
                return await client.ExecuteAsync(new InfluxQuery().Add($"SHOW RETENTION POLICIES ON {database}"), patience, cancellationToken);
            }
            catch (StoreUnreachableException unknown) when (unknown.Message.Contains("database not found", StringComparison.Ordinal))
            {
                return null;
            }
        }
    }

    private async Task CheckBucketAsync(Patience patience, CancellationToken cancellationToken)
    {
        try
        {
            await client.ExecuteAsync(new InfluxQuery().Add("SHOW MEASUREMENTS LIMIT 1"), patience, cancellationToken);
        }
        catch (StoreUnreachableException unknown) when (unknown.Message.Contains("not found", StringComparison.Ordinal))
        {
            throw new StoreUnreachableException(
                $"{options} does not know the bucket. Make it with: influx bucket create --name {options.Database} --retention 0 "
                + "--shard-group-duration 52w", unknown);
        }
    }

    /// <summary>The first number of a version such as 1.8.10 or v2.7.6; 1 where it names none, as a relay before a server does.</summary>
    private static int Major(string version) =>
        int.TryParse(version.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out var major) ? major : 1;

    /// <summary>A duration as the server writes it, such as 168h0m0s; null where it is written in another way.</summary>
    private static TimeSpan? Duration(string text) =>
        int.TryParse(text.Split('h')[0], CultureInfo.InvariantCulture, out var hours) ? TimeSpan.FromHours(hours) : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Server}: the database was not there and has been made")]
    private partial void LogCreated(string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Server}: its shards hold {Days} days each, with which years of points are read up to 36 times "
        + "slower. For new shards change it with: {Statement}")]
    private partial void LogSmallShards(string server, double days, string statement);
}
