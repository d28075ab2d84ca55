using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>The series file as a shelf of whole series.</summary>
internal sealed class SqliteSeriesArchive : ISeriesArchive
{
    private readonly string _path;
    private readonly string _connectionString;

    /// <param name="path">The file; it is created with its tables where it is not there.</param>
    public SqliteSeriesArchive(string path)
    {
        using (new SqliteSeriesStore(path))
            _path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
    }

    public string Name => _path;

    public Task ReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<SeriesKey>> KeysAsync(CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var rows = new Statement(connection, """
            select metric, grain, segment
              from series
             where exists (select 1 from points where series = id)
            """);
        var keys = new List<SeriesKey>();
        while (rows.Step())
            keys.Add(new SeriesKey(rows.Text(0), (Grain)rows.Long(1), Segment.Parse(rows.Text(2))));
        return Task.FromResult(ArchivedSeries.Sorted(keys));
    }

    public Task<IReadOnlyList<ArchivedSeries>> ReadAsync(IReadOnlyList<SeriesKey> keys, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var find = new Statement(connection, Find);
        using var points = new Statement(connection, "select day, value, first from points where series = ?1 order by day");
        using var changes = new Statement(connection, "select day, old, new, at, sync from restatements where series = ?1 order by at, id");
        var read = new List<ArchivedSeries>(keys.Count);
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read.Add(IdOf(find, key) is { } id
                ? new ArchivedSeries(key, Points(points.Bind(1, id)), Changes(changes.Bind(1, id)))
                : new ArchivedSeries(key, [], []));
        }

        return Task.FromResult<IReadOnlyList<ArchivedSeries>>(read);
    }

    public Task PutAsync(IReadOnlyList<ArchivedSeries> series, bool replace, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using var find = new Statement(connection, Find);
        using var create = new Statement(
            connection, "insert into series (metric, grain, cut, segment) values (?1, ?2, ?3, ?4) returning id");
        using var point = new Statement(connection, "insert into points (series, day, value, first) values (?1, ?2, ?3, ?4)");
        using var change = new Statement(
            connection, "insert into restatements (series, day, old, new, at, sync) values (?1, ?2, ?3, ?4, ?5, ?6)");
        using var clearPoints = new Statement(connection, "delete from points where series = ?1");
        using var clearChanges = new Statement(connection, "delete from restatements where series = ?1");
        foreach (var one in series)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var id = IdOf(find, one.Key) ?? IdOf(create, one.Key)!.Value;
            if (replace)
            {
                clearPoints.Bind(1, id).Run();
                clearChanges.Bind(1, id).Run();
            }

            point.Bind(1, id);
            foreach (var (day, value, first) in one.Points)
                point.Bind(2, day.DayNumber).Bind(3, value).Bind(4, first).Run();
            change.Bind(1, id);
            foreach (var (day, old, @new, at, sync) in one.Changes)
                change.Bind(2, day.DayNumber).Bind(3, old).Bind(4, @new).Bind(5, at).Bind(6, sync).Run();
        }

        SqliteSeriesWriter.Count(connection);
        transaction.Commit();
        return Task.CompletedTask;
    }

    private const string Find = "select id from series where metric = ?1 and grain = ?2 and cut = ?3 and segment = ?4";

    private static long? IdOf(Statement statement, SeriesKey key)
    {
        statement.Bind(1, key.Metric).Bind(2, (long)key.Grain).Bind(3, key.Segment.Cut).Bind(4, key.Segment.Text);
        long? id = statement.Step() ? statement.Long(0) : null;
        statement.Reset();
        return id;
    }

    private static List<ArchivedPoint> Points(Statement rows)
    {
        var points = new List<ArchivedPoint>();
        while (rows.Step())
            points.Add(new ArchivedPoint(Day(rows.Long(0)), rows.IsNull(1) ? null : rows.Double(1), rows.Long(2)));
        rows.Reset();
        return points;
    }

    private static List<ArchivedChange> Changes(Statement rows)
    {
        var changes = new List<ArchivedChange>();
        while (rows.Step())
        {
            changes.Add(new ArchivedChange(
                Day(rows.Long(0)), rows.IsNull(1) ? null : rows.Double(1), rows.IsNull(2) ? null : rows.Double(2),
                rows.Long(3), rows.Text(4)));
        }

        rows.Reset();
        return changes;
    }

    private static DateOnly Day(long number) => DateOnly.FromDayNumber((int)number);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText =
            "pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000; pragma cache_size = -65536";
        settings.ExecuteScalar();
        return connection;
    }
}
