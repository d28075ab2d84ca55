using System.Diagnostics;
using System.Globalization;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Benchmarks;

/// <summary>Five million points (4,566 series of three years) written in series order, written again, and read.</summary>
internal static class SeriesBenchmarks
{
    private const int SeriesCount = 4_566;
    private const int Days = 1_095;
    private const int SeriesPerBatch = 100;
    private const int Reads = 51;
    private static readonly DateOnly Start = new(2023, 11, 20);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var scratch = new Scratch();
        long total = (long)SeriesCount * Days;
        var batches = Enumerable.Range(0, SeriesCount).Select(Series).Chunk(SeriesPerBatch).ToArray();
        var at = new DateTimeOffset(2026, 11, 22, 6, 0, 0, TimeSpan.Zero);

        using var store = new SqliteSeriesStore(scratch["ours.db"]);
        var first = await TimeAsync(() => WriteAsync(store, batches, new WriteStamp(at, "first")));
        var bare = await TimeAsync(() => BareWriteAsync(scratch["bare.db"], batches));
        var again = await TimeAsync(() => WriteAsync(store, batches, new WriteStamp(at.AddDays(1), "again")));

        // A metric for each run: what was read once is in memory.
        var query = new SeriesQuery { Metrics = [One(0)], Grain = Grain.Day, Days = new Period(Start, Start.AddDays(Days)) };
        using var connection = new SqliteConnection($"Data Source={scratch["ours.db"]}");
        connection.Open();
        await store.ReadAsync(query, CancellationToken.None);
        BareRead(connection, 2_001);
        var run = 0;
        var own = await Measurement.MedianAsync(Reads, () => store.ReadAsync(query with { Metrics = [One(++run)] }, CancellationToken.None));
        var kept = await Measurement.MedianAsync(Reads, () => store.ReadAsync(query, CancellationToken.None));
        var raw = await Measurement.MedianAsync(Reads, () => Task.FromResult(BareRead(connection, SeriesCount + 1)));
        return
        [
            Measurement.Rate("5M points upserted in series order", total, first, 250_000),
            Measurement.Ratio("… time against a bare prepared-statement loop (0.7× its speed)", first / bare, 1 / 0.7),
            Measurement.Note("… the bare loop", string.Create(CultureInfo.InvariantCulture, $"{total / bare.TotalSeconds:N0}/s")),
            Measurement.Ratio("the same 5M points again, against the first time", again / first, 1),
            Measurement.Ratio("one series of three years read, against a bare reader", own / raw, 2),
            Measurement.Note("… the read, and again from memory", string.Create(CultureInfo.InvariantCulture, $"{own.TotalMicroseconds:0} µs, {kept.TotalMicroseconds:0} µs")),
        ];
    }

    private static string One(int run) => string.Create(CultureInfo.InvariantCulture, $"one{run}");

    private static string Name(int segment) => segment.ToString("D5", CultureInfo.InvariantCulture);

    private static SeriesPoints Series(int number)
    {
        var points = new Point[Days];
        for (var day = 0; day < Days; day++)
            points[day] = new Point(Start.AddDays(day), (number * 31 + day * 17 % 1_000) / 4.0);
        return new SeriesPoints(new SeriesKey("m", Grain.Day, Segment.Of([("segment", Name(number))])), points);
    }

    private static async Task WriteAsync(SqliteSeriesStore store, SeriesPoints[][] batches, WriteStamp stamp)
    {
        foreach (var batch in batches)
            await store.WriteAsync(batch, stamp, CancellationToken.None);
        await store.WriteAsync(
            [.. Enumerable.Range(0, Reads + 1).Select(run => new SeriesPoints(new SeriesKey(One(run), Grain.Day, Segment.Total), batches[0][0].Points))],
            stamp, CancellationToken.None);
    }

    private static Task BareWriteAsync(string path, SeriesPoints[][] batches)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using (var setup = connection.CreateCommand())
        {
            setup.CommandText = """
                pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -65536;
                create table points (series integer not null, day integer not null, value real, first integer not null, primary key (series, day)) without rowid;
                """;
            setup.ExecuteNonQuery();
        }

        long series = 0;
        foreach (var batch in batches)
        {
            using var transaction = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "insert into points (series, day, value, first) values (@series, @day, @value, @first) on conflict (series, day) do update set value = excluded.value";
            var (id, day, value, first) = (insert.Parameters.Add("@series", SqliteType.Integer), insert.Parameters.Add("@day", SqliteType.Integer), insert.Parameters.Add("@value", SqliteType.Real), insert.Parameters.Add("@first", SqliteType.Integer));
            first.Value = 0L;
            insert.Prepare();
            foreach (var one in batch)
            {
                id.Value = ++series;
                foreach (var point in one.Points)
                {
                    day.Value = point.Day.DayNumber;
                    value.Value = point.Value;
                    insert.ExecuteNonQuery();
                }
            }

            transaction.Commit();
        }

        return Task.CompletedTask;
    }

    private static long BareRead(SqliteConnection connection, long series)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select day, value, first from points where series = @series and day >= @from and day < @to order by day";
        command.Parameters.AddWithValue("@series", series);
        command.Parameters.AddWithValue("@from", Start.DayNumber);
        command.Parameters.AddWithValue("@to", Start.AddDays(Days).DayNumber);
        using var rows = command.ExecuteReader();
        var points = new List<(long, double, long)>();
        while (rows.Read())
            points.Add((rows.GetInt64(0), rows.GetDouble(1), rows.GetInt64(2)));
        return points.Count;
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
