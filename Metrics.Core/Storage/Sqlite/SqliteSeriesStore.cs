using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>The series store in one SQLite file.</summary>
/// <remarks>
/// Points are clustered by (series, day) in a table without row ids, so a series of three years is one run of pages.
/// A removed point stays as a row without a value: its first-written time is needed when the store is read as of an earlier moment.
/// Statements run on SQLite's own handle, because five million points are bound one by one.
/// </remarks>
internal sealed class SqliteSeriesStore : ISeriesStore, IDisposable
{
    private const int SchemaVersion = 1;

    // Room for three years of days; longer series grow.
    private const int MostExpected = 1_100;

    private static readonly Period AllDays = new(DateOnly.MinValue, DateOnly.MaxValue);

    private readonly string _connectionString;

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
                pragma user_version = 1;
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
        InTransactionAsync(write => Enum.GetValues<Grain>().Sum(grain => write.SeriesOf(metric, grain).Sum(stored => write.Remove(stored.Id, days))), stamp, cancellationToken);

    public Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        // As of an earlier moment a removed point may have had a value.
        var removed = query.AsOf is null ? " and value is not null" : "";
        using var points = new Statement(connection, $"select day, value, first from points where series = ?1 and day >= ?2 and day < ?3{removed} order by day");
        using var later = new Statement(connection, "select day, old from restatements where series = ?1 and day >= ?2 and day < ?3 and at > ?4 order by day, at, id");
        var answer = new List<StoredSeries>();

        // One for all series: most segments have a point on few days alone.
        var found = new List<StoredPoint>(Math.Min(query.Days.Days, MostExpected));
        foreach (var (id, key) in SeriesOf(connection, query))
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Clear();
            points.Bind(1, id).Bind(2, DayNumber(query.Days.Start)).Bind(3, DayNumber(query.Days.End));
            var undone = query.AsOf is { } asOf ? UndoneAfter(asOf, id) : null;
            while (points.Step())
            {
                var day = points.Long(0);
                var first = points.Long(2);
                if (undone is null)
                {
                    found.Add(new StoredPoint(Day(day), points.Double(1), Columns.Moment(first)));
                    continue;
                }

                if (first > Columns.Micros(query.AsOf!.Value))
                    continue;
                if (!undone.TryGetValue(day, out var value))
                    value = points.IsNull(1) ? null : points.Double(1);
                if (value is { } known)
                    found.Add(new StoredPoint(Day(day), known, Columns.Moment(first)));
            }

            points.Reset();
            if (found.Count > 0)
                answer.Add(new StoredSeries(key, found.ToArray()));
        }

        return Task.FromResult<IReadOnlyList<StoredSeries>>(answer);

        // The value at a moment is what the earliest later restatement replaced.
        Dictionary<long, double?> UndoneAfter(DateTimeOffset moment, long series)
        {
            var before = new Dictionary<long, double?>();
            later.Bind(1, series).Bind(2, DayNumber(query.Days.Start)).Bind(3, DayNumber(query.Days.End)).Bind(4, Columns.Micros(moment));
            while (later.Step())
                before.TryAdd(later.Long(0), later.IsNull(1) ? null : later.Double(1));
            later.Reset();
            return before;
        }
    }

    public Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var rows = new Statement(connection,
            "select id, day, old, new, at, sync from restatements where series = ?1 and day >= ?2 and day < ?3 and at <= ?4");
        var found = new List<(long Id, Restatement Row)>();
        foreach (var (id, key) in SeriesOf(connection, query))
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

        return Task.FromResult<IReadOnlyList<Restatement>>([.. found.OrderBy(row => row.Row.At).ThenBy(row => row.Id).Select(row => row.Row)]);
    }

    public Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var rows = new Statement(connection, """
            select distinct segment
              from series
             where metric = ?1 and exists (select 1 from points where series = id and value is not null)
            """);
        rows.Bind(1, metric);
        var values = new SortedSet<string>(StringComparer.Ordinal);
        while (rows.Step())
        {
            if (Segment.Parse(rows.Text(0))[dimension] is { } value)
                values.Add(value);
        }

        return Task.FromResult<IReadOnlyList<string>>([.. values]);
    }

    public Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var rows = new Statement(connection, """
            select day, value, first
              from points
             where series = (select id from series where metric = ?1 and grain = ?2 and cut = ?3 and segment = ?4) and value is not null
             order by day desc
             limit 1
            """);
        rows.Bind(1, key.Metric).Bind(2, (long)key.Grain).Bind(3, key.Segment.Cut).Bind(4, key.Segment.Text);
        return Task.FromResult<StoredPoint?>(rows.Step() ? new StoredPoint(Day(rows.Long(0)), rows.Double(1), Columns.Moment(rows.Long(2))) : null);
    }

    public Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken)
    {
        using var connection = Open();
        // One index seek to each end of each series, instead of a walk over all of its points.
        using var rows = new Statement(connection, """
            select min(first), max(last)
              from (select (select day from points where series = id and value is not null order by day limit 1) as first,
                           (select day from points where series = id and value is not null order by day desc limit 1) as last
                      from series
                     where metric = ?1 and grain = ?2)
            """);
        rows.Bind(1, metric).Bind(2, (long)grain);
        return Task.FromResult<(DateOnly, DateOnly)?>(rows.Step() && !rows.IsNull(0) ? (Day(rows.Long(0)), Day(rows.Long(1))) : null);
    }

    public void Dispose() => _writing.Dispose();

    private static List<(long Id, SeriesKey Key)> SeriesOf(SqliteConnection connection, SeriesQuery query)
    {
        using var rows = new Statement(connection, "select id, segment from series where metric = ?1 and grain = ?2 and cut = ?3 order by segment");
        var cut = string.Join(',', query.Cut);
        var found = new List<(long, SeriesKey)>();
        foreach (var metric in query.Metrics.Order(StringComparer.Ordinal))
        {
            rows.Bind(1, metric).Bind(2, (long)query.Grain).Bind(3, cut);
            while (rows.Step())
            {
                var segment = Segment.Parse(rows.Text(1));
                if (query.Filter.All(wanted => wanted.Value.Contains(segment[wanted.Key] ?? "")))
                    found.Add((rows.Long(0), new SeriesKey(metric, query.Grain, segment)));
            }

            rows.Reset();
        }

        return found;
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
            transaction.Commit();
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Scalar(connection, "pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000; pragma cache_size = -65536");
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
