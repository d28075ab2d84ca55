using Metrics.Core.Series;
using Microsoft.Extensions.Logging;

namespace Metrics.Core.Storage.Influx;

/// <summary>An InfluxDB server, with the restatements in the operational database, as a shelf of whole series.</summary>
/// <remarks>What is known of a removed point stands in its newest restatement.</remarks>
internal sealed class InfluxSeriesArchive : ISeriesArchive, IDisposable
{
    private const string From = "FROM \"" + WritePlan.Measurement + "\" WHERE ";

    private readonly InfluxOptions _options;
    private readonly IRestatementLog _log;
    private readonly InfluxClient _client;
    private readonly InfluxSetup _setup;

    // Most series never changed: they are not asked for one by one.
    private HashSet<SeriesKey>? _changed;

    public InfluxSeriesArchive(InfluxOptions options, IRestatementLog restatements, ILogger log, TimeProvider clock)
    {
        (_options, _log) = (options, restatements);
        _client = new InfluxClient(options, clock);
        _setup = new InfluxSetup(_client, options, log);
    }

    public string Name => _options.ToString()!;

    // Whoever moves everything stands before the terminal and hears at once that a server is away.
    public Task ReadyAsync(CancellationToken cancellationToken) => _setup.ReadyAsync(Patience.Page, cancellationToken);

    public async Task<IReadOnlyList<SeriesKey>> KeysAsync(CancellationToken cancellationToken)
    {
        _changed = [.. await _log.KeysAsync(cancellationToken)];
        var keys = new HashSet<SeriesKey>(_changed);
        var show = new InfluxQuery().Add($"SHOW TAG VALUES FROM \"{WritePlan.Measurement}\" WITH KEY = \"metric\"");
        var metrics = await _client.ExecuteAsync(show, Patience.Write, cancellationToken);
        foreach (var metric in metrics.Select(row => TagText.Decode(row["value"])))
        {
            var select = new InfluxQuery().Add($"SELECT last(\"value\") {From}").WhereTag("metric", metric).Add(" GROUP BY *");
            var found = await _client.SelectAsync(select, Patience.Write, cancellationToken);
            keys.UnionWith(found.Select(one => StoredKeys.Read(one.Tags)).OfType<SeriesKey>());
        }

        return ArchivedSeries.Sorted(keys);
    }

    public async Task<IReadOnlyList<ArchivedSeries>> ReadAsync(IReadOnlyList<SeriesKey> keys, CancellationToken cancellationToken)
    {
        _changed ??= [.. await _log.KeysAsync(cancellationToken)];
        var select = new InfluxQuery();
        foreach (var key in keys)
            InfluxSeriesStore.WhereKey(select.Add($"SELECT \"value\", \"first\" {From}"), key).Add(";");
        var stored = (await _client.SelectAsync(select, Patience.Write, cancellationToken))
            .ToLookup(one => one.Statement, one => one.Points);
        var read = new List<ArchivedSeries>(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            var points = stored[i].SelectMany(some => some)
                .Select(point => new ArchivedPoint(point.Day, point.Value, Columns.Micros(point.FirstWritten)));
            if (!_changed.Contains(keys[i]))
            {
                read.Add(new ArchivedSeries(keys[i], [.. points], []));
                continue;
            }

            var changes = await _log.OfAsync(keys[i], cancellationToken);
            var days = points.ToDictionary(point => point.Day);
            foreach (var (change, first) in changes)
                days.TryAdd(change.Day, new ArchivedPoint(change.Day, null, Columns.Micros(first)));
            read.Add(new ArchivedSeries(
                keys[i], [.. days.Values.OrderBy(point => point.Day)], [.. changes.Select(one => Archived(one.Change))]));
        }

        return read;
    }

    public async Task PutAsync(IReadOnlyList<ArchivedSeries> series, bool replace, CancellationToken cancellationToken)
    {
        var plan = new WritePlan(new WriteStamp(DateTimeOffset.UnixEpoch, ""));
        var lines = series.Select(one => Line(plan, one)).ToArray();
        if (replace)
            await RemoveAsync([.. series.Select(one => one.Key)], cancellationToken);

        LoggedChange[] changes = [.. series.SelectMany(Logged)];
        if (changes.Length > 0)
        {
            await _log.CommitAsync([], changes, cancellationToken);
            _changed?.UnionWith(changes.Select(change => change.Change.Key));
        }

        var batch = new LineBatch(_options.BatchSize);
        for (var i = 0; i < series.Count; i++)
        {
            foreach (var point in series[i].Points.Where(point => point.Value is not null))
            {
                batch.Add(lines[i], point.Value!.Value, StoredDays.Seconds(Columns.Moment(point.First)), StoredDays.Seconds(point.Day));
                if (batch.Count == _options.BatchSize)
                    await SendAsync(batch, cancellationToken);
            }
        }

        if (batch.Count > 0)
            await SendAsync(batch, cancellationToken);
    }

    public void Dispose()
    {
        _setup.Dispose();
        _client.Dispose();
    }

    private static byte[] Line(WritePlan plan, ArchivedSeries series)
    {
        var strays = series.Points.Select(point => (DateOnly?)point.Day).Where(day => !StoredDays.All.Contains(day!.Value));
        return strays.FirstOrDefault() is { } outside
            ? throw new ArgumentException(
                $"InfluxDB keeps days of {StoredDays.All}; {series.Key.Metric} ({series.Key.Segment}) has a value on {outside:yyyy-MM-dd}.")
            : plan.LineOf(series.Key);
    }

    private static IEnumerable<LoggedChange> Logged(ArchivedSeries series)
    {
        var first = series.Changes.Count == 0 ? [] : series.Points.ToDictionary(point => point.Day, point => point.First);
        return series.Changes.Select(change => new LoggedChange(
            new Restatement(series.Key, change.Day, change.Old, change.New, Columns.Moment(change.At), change.Sync),
            Columns.Moment(first[change.Day])));
    }

    private static ArchivedChange Archived(Restatement change) =>
        new(change.Day, change.Old, change.New, Columns.Micros(change.At), change.Sync);

    private async Task RemoveAsync(IReadOnlyList<SeriesKey> keys, CancellationToken cancellationToken)
    {
        var delete = new InfluxQuery();
        foreach (var key in keys)
            InfluxSeriesStore.WhereKey(delete.Add($"DELETE {From}"), key).Add(";");
        await _client.ExecuteAsync(delete, Patience.Write, cancellationToken);
        await _log.ForgetAsync(keys, cancellationToken);
    }

    private async Task SendAsync(LineBatch batch, CancellationToken cancellationToken)
    {
        if (await _client.WriteAsync(batch, cancellationToken) is [var refused, ..])
            throw new ArgumentException($"InfluxDB does not take the line {refused.Text}: {refused.Reason}");
        batch.Clear();
    }
}
