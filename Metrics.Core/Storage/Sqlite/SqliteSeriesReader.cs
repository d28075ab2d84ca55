using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>An open connection to the series file with the statements that read; for one thread at a time.</summary>
internal sealed class SqliteSeriesReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _count;
    private readonly Statement _series;
    private readonly Statement _points;
    private readonly Statement _pointsThen;
    private readonly Statement _undone;

    /// <param name="connection">Open, with the tables; it is closed with the reader.</param>
    public SqliteSeriesReader(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new Statement(connection, "begin");
        _end = new Statement(connection, "commit");
        _count = new Statement(connection, "select writes from change");
        _series = new Statement(connection, "select id, segment from series where metric = ?1 and grain = ?2 and cut = ?3 order by segment");
        _points = new Statement(connection, "select day, value, first from points where series = ?1 and day >= ?2 and day < ?3 and value is not null order by day");
        // As of an earlier moment a removed point may have had a value.
        _pointsThen = new Statement(connection, "select day, value, first from points where series = ?1 and day >= ?2 and day < ?3 order by day");
        _undone = new Statement(connection, "select day, old from restatements where series = ?1 and day >= ?2 and day < ?3 and at > ?4 order by day, at, id");
    }

    public SqliteConnection Connection => _connection;

    /// <summary>Everything until <see cref="End"/> sees the file as it is at the first read.</summary>
    public void Begin() => Run(_begin);

    public void End() => Run(_end);

    /// <summary>How often the file was written to, in this snapshot.</summary>
    public long Count()
    {
        var writes = _count.Step() ? _count.Long(0) : throw new InvalidOperationException("The series file does not count its writes.");
        _count.Reset();
        return writes;
    }

    /// <summary>The series of a cut, by segment.</summary>
    public List<(long Id, SeriesKey Key)> SeriesOf(string metric, Grain grain, string cut)
    {
        var found = new List<(long, SeriesKey)>();
        _series.Bind(1, metric).Bind(2, (long)grain).Bind(3, cut);
        while (_series.Step())
            found.Add((_series.Long(0), new SeriesKey(metric, grain, Segment.Parse(_series.Text(1)))));
        _series.Reset();
        return found;
    }

    /// <summary>The points of some days as they are now.</summary>
    /// <param name="found">Is filled; what was in it goes.</param>
    public void Points(long series, Period days, List<StoredPoint> found)
    {
        found.Clear();
        _points.Bind(1, series).Bind(2, days.Start.DayNumber).Bind(3, days.End.DayNumber);
        while (_points.Step())
            found.Add(new StoredPoint(Day(_points.Long(0)), _points.Double(1), Columns.Moment(_points.Long(2))));
        _points.Reset();
    }

    /// <summary>The same as it was at a moment.</summary>
    public void Points(long series, Period days, DateTimeOffset moment, List<StoredPoint> found)
    {
        found.Clear();
        var undone = UndoneAfter(moment, series, days);
        var at = Columns.Micros(moment);
        _pointsThen.Bind(1, series).Bind(2, days.Start.DayNumber).Bind(3, days.End.DayNumber);
        while (_pointsThen.Step())
        {
            var (day, first) = (_pointsThen.Long(0), _pointsThen.Long(2));
            if (first > at)
                continue;
            if (!undone.TryGetValue(day, out var value))
                value = _pointsThen.IsNull(1) ? null : _pointsThen.Double(1);
            if (value is { } known)
                found.Add(new StoredPoint(Day(day), known, Columns.Moment(first)));
        }

        _pointsThen.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_begin, _end, _count, _series, _points, _pointsThen, _undone])
            statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>The value at a moment is what the earliest later restatement replaced.</summary>
    private Dictionary<long, double?> UndoneAfter(DateTimeOffset moment, long series, Period days)
    {
        var before = new Dictionary<long, double?>();
        _undone.Bind(1, series).Bind(2, days.Start.DayNumber).Bind(3, days.End.DayNumber).Bind(4, Columns.Micros(moment));
        while (_undone.Step())
            before.TryAdd(_undone.Long(0), _undone.IsNull(1) ? null : _undone.Double(1));
        _undone.Reset();
        return before;
    }

    private static void Run(Statement statement)
    {
        statement.Step();
        statement.Reset();
    }

    private static DateOnly Day(long number) => DateOnly.FromDayNumber((int)number);
}
