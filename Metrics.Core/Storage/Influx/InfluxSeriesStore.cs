using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Extensions.Logging;

namespace Metrics.Core.Storage.Influx;

/// <summary>The series store on an InfluxDB server, with its restatements in the operational database.</summary>
/// <remarks>
/// InfluxDB keeps the newest value of a point and when it was first written; a removed point leaves nothing there. What it was before
/// stands in the log, always before it happens: whoever is interrupted between the two leaves a change that the next write of the
/// point corrects, and until then reads are right, as they go by what is stored.
/// </remarks>
internal sealed partial class InfluxSeriesStore : ISeriesStore, IDisposable
{
    private const string From = "FROM \"" + WritePlan.Measurement + "\" WHERE ";

    // Longer lists of values are not asked for one by one: the server then compares more than it saves.
    private const int MostCompared = 500;

    // So few are read with one statement.
    private const int FewMetrics = 8;

    // A request of this many statements is some kilobytes long.
    private const int DeletesAtOnce = 100;

    private readonly InfluxOptions _options;
    private readonly IRestatementLog _restatements;
    private readonly ILogger<InfluxSeriesStore> _log;
    private readonly TimeProvider _clock;
    private readonly InfluxClient _client;
    private readonly InfluxSetup _setup;
    private readonly SeriesCounts _counts;

    public InfluxSeriesStore(InfluxOptions options, IRestatementLog restatements, ILogger<InfluxSeriesStore> log, TimeProvider clock)
    {
        (_options, _restatements, _log, _clock) = (options, restatements, log, clock);
        _client = new InfluxClient(options, clock);
        _setup = new InfluxSetup(_client, options, log);
        _counts = new SeriesCounts(options.MostSeries, clock);
    }

    public Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
        WritingAsync(series.Select(one => one.Key.Metric), async stop =>
        {
            var plan = new WritePlan(stamp);
            var given = Checked(plan, series);
            foreach (var group in given.Where(one => one.Points.Count > 0).GroupBy(one => new CutKey(one.Key.Metric, one.Key.Grain, one.Key.Segment.Cut)))
                await PlanAsync(plan, group.Key, [.. group], stop);
            return await CarryOutAsync(plan, stop);
        }, cancellationToken);

    public Task<WriteOutcome> ReplaceAsync(
        string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken)
    {
        SeriesBatch.CheckReplacement(metric, grain, within, series);
        return WritingAsync([metric], async stop =>
        {
            var plan = new WritePlan(stamp);
            var given = Checked(plan, series);

            // What is stored now makes room for what is given.
            _counts.Forget(metric);
            foreach (var cut in given.GroupBy(one => new CutKey(metric, grain, one.Key.Segment.Cut)))
                _counts.Check(cut.Key, [.. cut.Select(one => one.Key.Segment)]);

            var days = within is null ? StoredDays.All : StoredDays.Inside(within);
            if (days is null)
                return WriteOutcome.Nothing;

            var stored = await StoredAsync(
                new InfluxQuery().Add($"SELECT \"value\", \"first\" {From}").WhereTag("metric", metric).Add(" AND ").WhereTag("grain", grain.Name())
                    .Add(" AND ").WhereDays(days.Start, days.End).Add(" GROUP BY *"),
                Patience.Write, stop);
            var history = await HistoryAsync(metric, grain, null, days, stop);
            foreach (var (key, line, points) in given)
            {
                plan.Merge(key, line, SeriesBatch.InOrder(points), stored.GetValueOrDefault(key, []), history.GetValueOrDefault(key.Segment), complete: true);
                stored.Remove(key);
            }

            foreach (var (key, points) in stored)
                plan.Merge(key, plan.LineOf(key), [], points, history.GetValueOrDefault(key.Segment), complete: true);
            foreach (var changes in history.Values)
                plan.Settle(changes);
            return await CarryOutAsync(plan, stop);
        }, cancellationToken);
    }

    public Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken) =>
        WritingAsync([metric], async stop =>
        {
            if (StoredDays.Inside(days) is not { } inside)
                return 0;

            var stored = await StoredAsync(
                new InfluxQuery().Add($"SELECT \"value\", \"first\" {From}").WhereTag("metric", metric).Add(" AND ").WhereDays(inside.Start, inside.End)
                    .Add(" GROUP BY *"),
                Patience.Write, stop);
            var plan = new WritePlan(stamp);
            foreach (var grain in stored.GroupBy(one => one.Key.Grain))
            {
                var history = await HistoryAsync(metric, grain.Key, null, inside, stop);
                foreach (var (key, points) in grain)
                    plan.Merge(key, plan.LineOf(key), [], points, history.GetValueOrDefault(key.Segment), complete: true);
                foreach (var changes in history.Values)
                    plan.Settle(changes);
            }

            _counts.Forget(metric);
            return (await CarryOutAsync(plan, stop)).Removed;
        }, cancellationToken);

    public async Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (StoredDays.Inside(query.Days) is not { } days || query.Metrics.Count == 0 || query.Filter.Any(one => one.Value.Count == 0 || !query.Cut.Contains(one.Key)))
            return [];

        // The server answers one statement with one core; two halves of a board come sooner than the whole.
        var halves = query.Metrics.Count < FewMetrics ? [[.. query.Metrics]] : query.Metrics.Chunk((query.Metrics.Count + 1) / 2);
        var stored = new Dictionary<SeriesKey, List<StoredPoint>>();
        foreach (var half in await Task.WhenAll(halves.Select(metrics => ReadingAsync(Select(metrics), cancellationToken))))
        {
            foreach (var (key, points) in half)
                stored[key] = points;
        }

        // The log is read after the points: a change of one that has been read is then in it, as it is logged before it happens.
        if (query.AsOf is { } asOf)
            stored = History.AsOf(asOf, stored, await _restatements.AfterAsync(query, cancellationToken));
        return
        [
            .. stored.Where(one => one.Value.Count > 0)
                .OrderBy(one => one.Key.Metric, StringComparer.Ordinal).ThenBy(one => one.Key.Segment.Text, StringComparer.Ordinal)
                .Select(one => new StoredSeries(one.Key, one.Value)),
        ];

        InfluxQuery Select(IReadOnlyCollection<string> metrics)
        {
            var select = new InfluxQuery().Add($"SELECT \"value\", \"first\" {From}").WhereTag("metric", metrics).Add(" AND ")
                .WhereTag("grain", query.Grain.Name()).Add(" AND ").WhereTag("cut", CutTag(string.Join(',', query.Cut))).Add(" AND ");
            foreach (var (dimension, values) in query.Filter)
                select.WhereTag(StoredKeys.Dimension(dimension), values).Add(" AND ");
            return select.WhereDays(days.Start, days.End).Add(GroupBy(query.Cut));
        }
    }

    public async Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        [.. (await _restatements.UpToAsync(query, cancellationToken)).Select(row => row.Change).Where(change => !Nullable.Equals(change.Old, change.New))];

    public async Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken)
    {
        if (!Identifiers.IsAllowed(dimension))
            return [];

        // SHOW TAG VALUES would be faster, and on some versions lists values whose points are gone.
        var tag = Identifiers.Quoted(dimension);
        var answer = await AskingAsync(new InfluxQuery().Add($"SELECT last(\"value\") {From}").WhereTag("metric", metric).Add($" GROUP BY {tag}"), cancellationToken);
        return [.. answer.SelectMany(one => one.Tags).Select(value => TagText.Decode(value.Value)).Where(value => value.Length > 0).Order(StringComparer.Ordinal)];
    }

    public async Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken)
    {
        var select = new InfluxQuery().Add($"SELECT \"value\", \"first\" {From}");
        WhereKey(select, key).Add(" ORDER BY time DESC LIMIT 1");
        return (await AskingAsync(select, cancellationToken)).SelectMany(one => one.Points).Select(point => (StoredPoint?)point).FirstOrDefault();
    }

    public async Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken)
    {
        var select = new InfluxQuery();
        foreach (var end in (string[])["first", "last"])
            select.Add($"SELECT {end}(\"value\") {From}").WhereTag("metric", metric).Add(" AND ").WhereTag("grain", grain.Name()).Add(";");
        DateOnly[] days = [.. (await AskingAsync(select, cancellationToken)).OrderBy(one => one.Statement).SelectMany(one => one.Points).Select(point => point.Day)];
        return days.Length == 0 ? null : (days[0], days[^1]);
    }

    public void Dispose()
    {
        _setup.Dispose();
        _client.Dispose();
    }

    /// <summary>Checks everything that can be wrong with a batch before anything of it is stored.</summary>
    private static List<Given> Checked(WritePlan plan, IReadOnlyCollection<SeriesPoints> series)
    {
        var given = new List<Given>(series.Count);
        foreach (var one in SeriesBatch.OnePerKey(series))
        {
            foreach (var point in one.Points)
            {
                if (!double.IsFinite(point.Value))
                    throw new ArgumentException($"The value of {one.Key.Metric} ({one.Key.Segment}) on {point.Day:yyyy-MM-dd} is not a finite number.");
                if (!StoredDays.All.Contains(point.Day))
                    throw new ArgumentException($"InfluxDB keeps days of {StoredDays.All}; {one.Key.Metric} ({one.Key.Segment}) has a value on {point.Day:yyyy-MM-dd}.");
            }

            given.Add(new Given(one.Key, plan.LineOf(one.Key), one.Points));
        }

        return given;
    }

    private async Task PlanAsync(WritePlan plan, CutKey cut, IReadOnlyList<Given> given, CancellationToken cancellationToken)
    {
        Segment[] segments = [.. given.Select(one => one.Key.Segment)];
        if (!_counts.Knows(cut, segments))
            _counts.Learn(cut, await SegmentsAsync(cut, cancellationToken));
        _counts.Check(cut, segments);

        var days = new Period(
            given.Min(one => one.Points.Min(point => point.Day)), given.Max(one => one.Points.Max(point => point.Day)).AddDays(1));
        var names = cut.Names;
        var select = WhereCut(new InfluxQuery().Add($"SELECT \"value\", \"first\" {From}"), cut).Add(" AND ");
        foreach (var name in names)
        {
            string[] values = [.. segments.Select(segment => segment[name]!).Distinct()];
            if (values.Length <= MostCompared)
                select.WhereTag(StoredKeys.Dimension(name), values).Add(" AND ");
        }

        var stored = await StoredAsync(select.WhereDays(days.Start, days.End).Add(GroupBy(names)), Patience.Write, cancellationToken);
        var history = await HistoryAsync(cut.Metric, cut.Grain, cut.Cut, days, cancellationToken);
        foreach (var (key, line, points) in given)
            plan.Merge(key, line, SeriesBatch.InOrder(points), stored.GetValueOrDefault(key, []), history.GetValueOrDefault(key.Segment), complete: false);
    }

    private async Task<WriteOutcome> CarryOutAsync(WritePlan plan, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (plan.Corrected.Count > 0 || plan.Changes.Count > 0)
            await _restatements.CommitAsync(plan.Corrected, plan.Changes, cancellationToken);
        if (await PutAsync(plan, cancellationToken) is { Count: > 0 } refused)
            await SetAsideAsync(plan, refused, cancellationToken);
        await RemoveAsync(plan, cancellationToken);
        return plan.Outcome;
    }

    /// <summary>Encodes one batch while the one before is on its way.</summary>
    private async Task<List<RefusedLine>> PutAsync(WritePlan plan, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedLine>();
        var (filling, sending) = (new LineBatch(_options.BatchSize), new LineBatch(_options.BatchSize));
        var post = Task.FromResult<IReadOnlyList<RefusedLine>>([]);
        try
        {
            foreach (var series in plan.Series)
            {
                foreach (var point in series.Puts)
                {
                    filling.Add(series.Line, point.Value, point.First, point.Time);
                    if (filling.Count == _options.BatchSize)
                        await SendAsync();
                }
            }

            if (filling.Count > 0)
                await SendAsync();
        }
        finally
        {
            // Its buffer is not to be used again while it is on its way.
            refused.AddRange(await post);
        }

        return refused;

        async Task SendAsync()
        {
            var before = post;
            post = Task.FromResult<IReadOnlyList<RefusedLine>>([]);
            refused.AddRange(await before);
            (filling, sending) = (sending, filling);
            filling.Clear();
            filling.Start = sending.Start + sending.Count;
            post = _client.WriteAsync(sending, cancellationToken);
        }
    }

    private async Task SetAsideAsync(WritePlan plan, List<RefusedLine> refused, CancellationToken cancellationToken)
    {
        refused.Sort((a, b) => a.Line.CompareTo(b.Line));
        await _restatements.CommitAsync(plan.Refuse([.. refused.Select(line => line.Line)]), [], cancellationToken);
        var now = _clock.GetUtcNow();
        var metrics = string.Join(", ", plan.Series.Select(one => one.Key.Metric).Distinct());
        await _restatements.QuarantineAsync([.. refused.Select(line => new QuarantinedLine(now, metrics, line.Text, line.Reason))], cancellationToken);
        LogRefused(refused.Count, metrics, refused[0].Text, refused[0].Reason);
    }

    private async Task RemoveAsync(WritePlan plan, CancellationToken cancellationToken)
    {
        foreach (var some in plan.Series.SelectMany(series => Runs(series.Removals), (series, run) => (series.Key, Days: run)).Chunk(DeletesAtOnce))
        {
            var delete = new InfluxQuery();
            foreach (var (key, days) in some)
                WhereKey(delete.Add($"DELETE {From}"), key).Add(" AND ").WhereDays(days.Start, days.End).Add(";");
            await _client.ExecuteAsync(delete, Patience.Write, cancellationToken);
        }
    }

    /// <summary>Days without a gap between them as one run.</summary>
    private static IEnumerable<Period> Runs(List<DateOnly> days)
    {
        for (var (start, i) = (0, 1); i <= days.Count; i++)
        {
            if (i < days.Count && days[i] == days[i - 1].AddDays(1))
                continue;

            yield return new Period(days[start], days[i - 1].AddDays(1));
            start = i;
        }
    }

    /// <summary>The segments of a cut that have points.</summary>
    private async Task<IReadOnlyList<Segment>> SegmentsAsync(CutKey cut, CancellationToken cancellationToken)
    {
        var select = WhereCut(new InfluxQuery().Add($"SELECT last(\"value\") {From}"), cut).Add(GroupBy(cut.Names));
        return [.. (await StoredAsync(select, Patience.Write, cancellationToken)).Keys.Select(key => key.Segment)];
    }

    private async Task<Dictionary<Segment, Dictionary<DateOnly, LoggedChange>>> HistoryAsync(
        string metric, Grain grain, string? cut, Period days, CancellationToken cancellationToken) =>
        (await _restatements.NewestAsync(metric, grain, cut, days, cancellationToken))
            .GroupBy(change => change.Change.Key.Segment)
            .ToDictionary(group => group.Key, group => group.ToDictionary(change => change.Change.Day));

    private async Task<Dictionary<SeriesKey, List<StoredPoint>>> ReadingAsync(InfluxQuery select, CancellationToken cancellationToken)
    {
        try
        {
            await _setup.ReadyAsync(Patience.Page, cancellationToken);
            return await StoredAsync(select, Patience.Page, cancellationToken);
        }
        catch (StoreUnreachableException)
        {
            _setup.Forget();
            throw;
        }
    }

    private async Task<IReadOnlyList<InfluxSeries>> AskingAsync(InfluxQuery select, CancellationToken cancellationToken)
    {
        try
        {
            await _setup.ReadyAsync(Patience.Page, cancellationToken);
            return await _client.SelectAsync(select, Patience.Page, cancellationToken);
        }
        catch (StoreUnreachableException)
        {
            _setup.Forget();
            throw;
        }
    }

    /// <summary>The points of a SELECT by series; those of series that others wrote beside ours are left out.</summary>
    private async Task<Dictionary<SeriesKey, List<StoredPoint>>> StoredAsync(InfluxQuery select, Patience patience, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<SeriesKey, List<StoredPoint>>();
        foreach (var series in await _client.SelectAsync(select, patience, cancellationToken))
        {
            if (StoredKeys.Read(series.Tags) is { } key)
                stored[key] = series.Points;
        }

        return stored;
    }

    /// <summary>Runs a write while nobody else writes its metrics; it stops when others may, because the lock was lost.</summary>
    private async Task<T> WritingAsync<T>(
        IEnumerable<string> metrics, Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var turn = await _restatements.TurnAsync([.. metrics.Distinct()], cancellationToken);
        try
        {
            return await turn.RunAsync(async stop =>
            {
                await _setup.ReadyAsync(Patience.Write, stop);
                return await write(stop);
            }, cancellationToken);
        }
        catch (StoreUnreachableException)
        {
            _setup.Forget();
            throw;
        }
    }

    internal static InfluxQuery WhereKey(InfluxQuery query, SeriesKey key)
    {
        WhereCut(query, new CutKey(key.Metric, key.Grain, key.Segment.Cut));
        foreach (var (dimension, value) in key.Segment.Values)
            query.Add(" AND ").WhereTag(StoredKeys.Dimension(dimension), value);
        return query;
    }

    private static InfluxQuery WhereCut(InfluxQuery query, CutKey cut) =>
        query.WhereTag("metric", cut.Metric).Add(" AND ").WhereTag("grain", cut.Grain.Name()).Add(" AND ").WhereTag("cut", CutTag(cut.Cut));

    /// <summary>The total is a series without the tag.</summary>
    private static string[] CutTag(string cut) => cut.Length == 0 ? [] : [cut];

    private static string GroupBy(IEnumerable<string> dimensions) =>
        string.Concat([" GROUP BY \"metric\", \"grain\", \"cut\"", .. dimensions.Select(name => $", {Identifiers.Quoted(StoredKeys.Dimension(name))}")]);

    private sealed record Given(SeriesKey Key, byte[] Line, IReadOnlyList<Point> Points);

    [LoggerMessage(Level = LogLevel.Warning, Message = "InfluxDB did not take {Count} lines of {Metrics}; they are set aside. The first: {Line} ({Reason})")]
    private partial void LogRefused(int count, string metrics, string line, string reason);
}
