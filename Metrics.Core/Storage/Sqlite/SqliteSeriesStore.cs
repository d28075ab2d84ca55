using System.Collections.Concurrent;
using System.Collections.Immutable;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>The series store in one SQLite file.</summary>
/// <remarks>
/// Points are clustered by (series, day) in a table without row ids, so a series of three years is one run of pages.
/// A removed point stays as a row without a value: its first-written time is needed when the store is read as of an earlier moment.
/// Statements run on SQLite's own handle, because five million points are bound one by one. What was read is kept in memory until it is
/// written to, see <see cref="SeriesMemory"/>.
/// </remarks>
internal sealed class SqliteSeriesStore : ISeriesStore, IDisposable
{
    private const int SchemaVersion = 2;

    // Room for three years of days; longer series grow.
    private const int MostExpected = 1_100;

    private static readonly Period AllDays = new(DateOnly.MinValue, DateOnly.MaxValue);

    private readonly string _connectionString;
    private readonly SeriesMemory _memory = new();
    private readonly ConcurrentBag<SqliteSeriesReader> _idle = [];
    private volatile bool _disposed;

    // One writer at a time in this process; other processes wait on SQLite's own lock.
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <param name="path">The file; it is created with its tables where it is not there.</param>
    public SqliteSeriesStore(string path)
    {
        SqliteEngine.Start();
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();

        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var found = Convert.ToInt32(Scalar(connection, "pragma user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (found > SchemaVersion)
            throw new InvalidOperationException($"{path} was written by a newer version (schema {found}, this one knows {SchemaVersion}). Use that version, or another data folder.");

        if (found == 0)
        {
            Scalar(connection, """
                create table series (
                    id integer primary key,
                    metric text not null,
                    grain integer not null,
                    cut text not null,
                    segment text not null,
                    unique (metric, grain, cut, segment));
                create table points (
                    series integer not null,
                    day integer not null,
                    value real,
                    first integer not null,
                    primary key (series, day)) without rowid;
                create table restatements (
                    id integer primary key,
                    series integer not null,
                    day integer not null,
                    old real,
                    new real,
                    at integer not null,
                    sync text not null);
                create index restatements_by_series on restatements (series, day, at);
                """);
        }

        if (found < SchemaVersion)
        {
            Scalar(connection, """
                create table change (writes integer not null);
                insert into change (writes) values (0);
                pragma user_version = 2;
                """);
        }

        transaction.Commit();
    }

    public Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
        InTransactionAsync(write => SeriesBatch.OnePerKey(series).Aggregate(WriteOutcome.Nothing, (sum, one) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return sum + write.Upsert(one.Key, one.Points, complete: null);
        }), stamp, cancellationToken);

    public Task<WriteOutcome> ReplaceAsync(
        string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken)
    {
        SeriesBatch.CheckReplacement(metric, grain, within, series);
        var days = within ?? AllDays;
        return InTransactionAsync(write =>
        {
            var given = series.Select(one => one.Key.Segment).ToHashSet();
            var outcome = WriteOutcome.Nothing;
            foreach (var (_, key) in write.SeriesOf(metric, grain).Where(stored => !given.Contains(stored.Key.Segment)))
                outcome += write.Upsert(key, [], days);
            foreach (var one in SeriesBatch.OnePerKey(series))
            {
                cancellationToken.ThrowIfCancellationRequested();
                outcome += write.Upsert(one.Key, one.Points, days);
            }

            return outcome;
        }, stamp, cancellationToken);
    }

    public Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken) =>
        InTransactionAsync(write => Enum.GetValues<Grain>().Sum(grain => write.SeriesOf(metric, grain).Sum(stored => write.Remove(stored.Id, stored.Key, days))), stamp, cancellationToken);

    public Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken) => Task.FromResult(InSnapshot<IReadOnlyList<StoredSeries>>(reader =>
    {
        var (cut, count) = (string.Join(',', query.Cut), reader.Count());
        var answer = new List<StoredSeries>();
        foreach (var metric in query.Metrics.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var whole = query.AsOf is null ? _memory.Find(count, metric, query.Grain, cut) : null;
            if (whole is null)
            {
                var keys = reader.SeriesOf(metric, query.Grain, cut);
                if (query.AsOf is not null || keys.Count > SeriesMemory.MostSeries)
                {
                    answer.AddRange(Read(reader, keys.Where(one => Matches(query, one.Key)), query.Days, query.AsOf, cancellationToken));
                    continue;
                }

                whole = Read(reader, keys, AllDays, asOf: null, cancellationToken);
                _memory.Keep(count, metric, query.Grain, cut, whole);
            }

            answer.AddRange(whole.Where(one => Matches(query, one.Key)).Select(one => Within(one, query.Days)).OfType<StoredSeries>());
        }

        return answer;
    }));

    public Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken) => Task.FromResult(InSnapshot<IReadOnlyList<Restatement>>(reader =>
    {
        using var rows = new Statement(reader.Connection,
            "select id, day, old, new, at, sync from restatements where series = ?1 and day >= ?2 and day < ?3 and at <= ?4");
        var cut = string.Join(',', query.Cut);
        var found = new List<(long Id, Restatement Row)>();
        foreach (var (id, key) in query.Metrics.Order(StringComparer.Ordinal).SelectMany(metric => reader.SeriesOf(metric, query.Grain, cut)).Where(one => Matches(query, one.Key)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Bind(1, id).Bind(2, DayNumber(query.Days.Start)).Bind(3, DayNumber(query.Days.End)).Bind(4, query.AsOf is { } asOf ? Columns.Micros(asOf) : long.MaxValue);
            while (rows.Step())
            {
                found.Add((rows.Long(0), new Restatement(key, Day(rows.Long(1)), rows.IsNull(2) ? null : rows.Double(2),
                    rows.IsNull(3) ? null : rows.Double(3), Columns.Moment(rows.Long(4)), rows.Text(5))));
            }

            rows.Reset();
        }

        return [.. found.OrderBy(row => row.Row.At).ThenBy(row => row.Id).Select(row => row.Row)];
    }));

    public Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken) => Task.FromResult(InSnapshot<IReadOnlyList<string>>(reader =>
    {
        var count = reader.Count();
        var segments = _memory.FindSegments(count, metric);
        if (segments is null)
        {
            segments = SegmentsOf(reader.Connection, metric);
            _memory.KeepSegments(count, metric, segments);
        }

        return [.. segments.Select(segment => segment[dimension]).OfType<string>().ToImmutableSortedSet(StringComparer.Ordinal)];
    }));

    public Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken) => Task.FromResult(InSnapshot<StoredPoint?>(reader =>
    {
        using var rows = new Statement(reader.Connection, """
            select day, value, first
              from points
             where series = (select id from series where metric = ?1 and grain = ?2 and cut = ?3 and segment = ?4) and value is not null
             order by day desc
             limit 1
            """);
        rows.Bind(1, key.Metric).Bind(2, (long)key.Grain).Bind(3, key.Segment.Cut).Bind(4, key.Segment.Text);
        return rows.Step() ? new StoredPoint(Day(rows.Long(0)), rows.Double(1), Columns.Moment(rows.Long(2))) : null;
    }));

    public Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken) => Task.FromResult(InSnapshot<(DateOnly, DateOnly)?>(reader =>
    {
        // One index seek to each end of each series, instead of a walk over all of its points.
        using var rows = new Statement(reader.Connection, """
            select min(first), max(last)
              from (select (select day from points where series = id and value is not null order by day limit 1) as first,
                           (select day from points where series = id and value is not null order by day desc limit 1) as last
                      from series
                     where metric = ?1 and grain = ?2)
            """);
        rows.Bind(1, metric).Bind(2, (long)grain);
        return rows.Step() && !rows.IsNull(0) ? (Day(rows.Long(0)), Day(rows.Long(1))) : null;
    }));

    public void Dispose()
    {
        _disposed = true;
        _writing.Dispose();
        CloseIdle();
    }

    private static bool Matches(SeriesQuery query, SeriesKey key) => query.Filter.All(wanted => wanted.Value.Contains(key.Segment[wanted.Key] ?? ""));

    private static List<StoredSeries> Read(
        SqliteSeriesReader reader, IEnumerable<(long Id, SeriesKey Key)> keys, Period days, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var answer = new List<StoredSeries>();

        // One for all series: most segments have a point on few days alone.
        var found = new List<StoredPoint>(Math.Min(days.Days, MostExpected));
        foreach (var (id, key) in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (asOf is { } moment)
                reader.Points(id, days, moment, found);
            else
                reader.Points(id, days, found);
            if (found.Count > 0)
                answer.Add(new StoredSeries(key, found.ToArray()));
        }

        return answer;
    }

    /// <summary>The points of some days; null where there are none.</summary>
    private static StoredSeries? Within(StoredSeries series, Period days)
    {
        var points = ((StoredPoint[])series.Points).AsSpan();
        var (from, to) = (FirstOn(points, days.Start), FirstOn(points, days.End));
        return from == to ? null : to - from == points.Length ? series : series with { Points = points[from..to].ToArray() };
    }

    /// <summary>Where the first point of a day or of one after it stands.</summary>
    private static int FirstOn(ReadOnlySpan<StoredPoint> points, DateOnly day)
    {
        var (low, high) = (0, points.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = points[middle].Day < day ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static List<Segment> SegmentsOf(SqliteConnection connection, string metric)
    {
        using var rows = new Statement(connection, """
            select distinct segment
              from series
             where metric = ?1 and exists (select 1 from points where series = id and value is not null)
            """);
        rows.Bind(1, metric);
        var segments = new List<Segment>();
        while (rows.Step())
            segments.Add(Segment.Parse(rows.Text(0)));
        return segments;
    }

    /// <summary>Reads in one snapshot of the file.</summary>
    private T InSnapshot<T>(Func<SqliteSeriesReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var reader))
            reader = new SqliteSeriesReader(Open(isReader: true));
        try
        {
            reader.Begin();
            var answer = read(reader);
            reader.End();
            _idle.Add(reader);
            if (_disposed)
                CloseIdle();
            return answer;
        }
        catch
        {
            // Its statements may stand anywhere; a new one is opened when it is needed.
            reader.Dispose();
            throw;
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private async Task<T> InTransactionAsync<T>(Func<SqliteSeriesWriter, T> work, WriteStamp stamp, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction();
            using var writer = new SqliteSeriesWriter(connection, stamp);
            var result = work(writer);
            (long Before, long After)? count = writer.Changed.Count > 0 ? SqliteSeriesWriter.Count(connection) : null;
            transaction.Commit();
            if (count is { } counted)
                _memory.Changed(counted.Before, counted.After, writer.Changed);
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <param name="isReader">Whether it stays open: then it needs little room of its own, because what it reads is kept here.</param>
    private SqliteConnection Open(bool isReader = false)
    {
        var connection = new SqliteConnection(isReader ? new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString() : _connectionString);
        connection.Open();
        Scalar(connection, $"pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000; pragma cache_size = -{(isReader ? "4096" : "65536")}");
        return connection;
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static long DayNumber(DateOnly day) => day.DayNumber;

    private static DateOnly Day(long number) => DateOnly.FromDayNumber((int)number);
}
