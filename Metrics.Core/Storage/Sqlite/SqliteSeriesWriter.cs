using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>The statements of one write transaction.</summary>
internal sealed class SqliteSeriesWriter : IDisposable
{
    private readonly long _at;
    private readonly SqliteConnection _connection;
    private readonly Statement _find;
    private readonly Statement _create;
    private readonly Statement _range;
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _restate;
    private readonly string _sync;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    public SqliteSeriesWriter(SqliteConnection connection, WriteStamp stamp)
    {
        (_connection, _at, _sync) = (connection, Columns.Micros(stamp.At), stamp.Sync);
        _find = new Statement(connection, "select id from series where metric = ?1 and grain = ?2 and cut = ?3 and segment = ?4");
        _create = new Statement(connection, "insert into series (metric, grain, cut, segment) values (?1, ?2, ?3, ?4) returning id");
        _range = new Statement(connection, "select day, value from points where series = ?1 and day >= ?2 and day <= ?3 order by day");
        _insert = new Statement(connection, "insert into points (series, day, value, first) values (?1, ?2, ?3, ?4)");
        _update = new Statement(connection, "update points set value = ?3 where series = ?1 and day = ?2");
        _restate = new Statement(connection, "insert into restatements (series, day, old, new, at, sync) values (?1, ?2, ?3, ?4, ?5, ?6)");
        _insert.Bind(4, _at);
        _restate.Bind(5, _at).Bind(6, _sync);
    }

    /// <summary>The metrics of which something was written.</summary>
    public IReadOnlyCollection<string> Changed => _changed;

    /// <summary>Counts a write, so that nobody takes for current what was read before it: how many there were before, and with it.</summary>
    public static (long Before, long After) Count(SqliteConnection connection)
    {
        using var count = new Statement(connection, "update change set writes = writes + 1 returning writes");
        if (!count.Step())
            throw new InvalidOperationException("The series file does not count its writes.");

        var after = count.Long(0);
        count.Reset();
        return (after - 1, after);
    }

    public List<(long Id, SeriesKey Key)> SeriesOf(string metric, Grain grain)
    {
        using var rows = new Statement(_connection, "select id, segment from series where metric = ?1 and grain = ?2");
        rows.Bind(1, metric).Bind(2, (long)grain);
        var found = new List<(long, SeriesKey)>();
        while (rows.Step())
            found.Add((rows.Long(0), new SeriesKey(metric, grain, Segment.Parse(rows.Text(1)))));
        return found;
    }

    /// <summary>Merges sorted new points with the stored ones of their days; of the days <paramref name="complete"/> stored points that are not given go.</summary>
    public WriteOutcome Upsert(SeriesKey key, IReadOnlyList<Point> given, Period? complete)
    {
        var points = SeriesBatch.InOrder(given);
        var (id, isNew) = IdOf(key);
        var stored = isNew ? [] : Stored(id, points, complete);
        long added = 0, changed = 0, same = 0, removed = 0;
        var at = 0;

        _insert.Bind(1, id);
        foreach (ref readonly var point in points)
        {
            if (!double.IsFinite(point.Value))
                throw new ArgumentException($"The value of {key.Metric} ({key.Segment}) on {point.Day:yyyy-MM-dd} is not a finite number.");

            long day = point.Day.DayNumber;
            for (; at < stored.Count && stored[at].Day < day; at++)
                removed += complete is not null ? Change(id, stored[at].Day, stored[at].Value, null) : 0;

            if (at == stored.Count || stored[at].Day != day)
            {
                _insert.Bind(2, day).Bind(3, point.Value);
                _insert.Run();
                added++;
                continue;
            }

            var before = stored[at++].Value;
            if (before is { } value && value.Equals(point.Value))
                same++;
            else
                changed += Change(id, day, before, point.Value);
        }

        for (; complete is not null && at < stored.Count; at++)
            removed += Change(id, stored[at].Day, stored[at].Value, null);
        if (added + changed + removed > 0)
            _changed.Add(key.Metric);
        return new WriteOutcome(added, changed, same, removed);
    }

    public long Remove(long id, SeriesKey key, Period days)
    {
        _range.Bind(1, id).Bind(2, days.Start.DayNumber).Bind(3, days.LastDay.DayNumber);
        var removed = ReadRange().Sum(point => Change(id, point.Day, point.Value, null));
        if (removed > 0)
            _changed.Add(key.Metric);
        return removed;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_find, _create, _range, _insert, _update, _restate])
            statement.Dispose();
    }

    private long Change(long id, long day, double? before, double? after)
    {
        if (before is null && after is null)
            return 0;

        _update.Bind(1, id).Bind(2, day).Bind(3, after);
        _update.Run();
        _restate.Bind(1, id).Bind(2, day).Bind(3, before).Bind(4, after);
        _restate.Run();
        return 1;
    }

    private (long Id, bool IsNew) IdOf(SeriesKey key)
    {
        foreach (var (statement, isNew) in (ReadOnlySpan<(Statement, bool)>)[(_find, false), (_create, true)])
        {
            statement.Bind(1, key.Metric).Bind(2, (long)key.Grain).Bind(3, key.Segment.Cut).Bind(4, key.Segment.Text);
            var found = statement.Step();
            var id = found ? statement.Long(0) : 0;
            statement.Reset();
            if (found)
                return (id, isNew);
        }

        throw new InvalidOperationException($"The series {key} could not be created.");
    }

    private List<(long Day, double? Value)> Stored(long id, ReadOnlySpan<Point> points, Period? complete)
    {
        if (points.Length == 0 && complete is null)
            return [];

        _range.Bind(1, id)
            .Bind(2, (complete?.Start ?? points[0].Day).DayNumber)
            .Bind(3, (complete?.LastDay ?? points[^1].Day).DayNumber);
        return ReadRange();
    }

    private List<(long Day, double? Value)> ReadRange()
    {
        var stored = new List<(long, double?)>();
        while (_range.Step())
            stored.Add((_range.Long(0), _range.IsNull(1) ? null : _range.Double(1)));
        _range.Reset();
        return stored;
    }
}
