using System.Globalization;
using System.Text;
using System.Text.Json;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Storage.Sqlite;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Tests.Support.Servers;

namespace Benchmarks;

/// <summary>
/// A real InfluxDB on this machine: a million points written through the store against the same lines posted by a bare client, and
/// boards against one raw query for the same values.
/// </summary>
internal static class InfluxBenchmarks
{
    private const int SeriesCount = 1_000;
    private const int Days = 1_000;
    private const int LinesPerBatch = 5_000;
    private const int WriteRuns = 6;

    private const int Tiles = 24;
    private const int Metrics = 25;
    private const int Segments = 40;
    private const int BoardDays = 1_095;
    private const int SmallRuns = 21;
    private const int LargeRuns = 5;

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = DateOnly.FromDateTime(Now.DateTime);
    private static readonly WriteStamp Stamp = new(Now, "benchmark");

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var scratch = new Scratch();
        using var server = new InfluxServer(authentication: false);
        server.Start();
        using var http = new HttpClient { BaseAddress = server.Address };
        using var bench = new Bench(scratch, server, http);
        return [.. await WriteAsync(bench), .. await BoardAsync(bench), .. await LargeBoardAsync(bench)];
    }

    private static async Task<IReadOnlyList<Measurement>> WriteAsync(Bench bench)
    {
        // As the pipeline writes: all that a model computed of one metric.
        SeriesPoints[][] writes = [[.. Enumerable.Range(0, SeriesCount).Select(number => Series("m", number, Days))]];
        var batches = Batches(writes);
        var (own, bare) = (new List<TimeSpan>(), new List<TimeSpan>());
        var again = TimeSpan.Zero;
        for (var run = 0; run <= WriteRuns; run++)
        {
            // Each into a database of its own; the first run warms both up.
            var (database, bareDatabase) = ($"own_{run}", $"bare_{run}");
            using var store = bench.Open(database);
            // Both databases are made before the clock runs.
            await store.ExtentAsync("m", Grain.Day, CancellationToken.None);
            bench.Server.Query($"CREATE DATABASE {bareDatabase} WITH DURATION INF REPLICATION 1 SHARD DURATION 52w NAME autogen");
            // Taking turns at being first: the server still tidies up after the one before.
            foreach (var isOwn in (bool[])[run % 2 == 0, run % 2 != 0])
            {
                var time = await Measurement.MedianAsync(
                    1, () => isOwn ? WriteAsync(store, writes, Stamp) : PostAsync(bench.Http, bareDatabase, batches));
                if (run > 0)
                    (isOwn ? own : bare).Add(time);
            }

            if (run == WriteRuns)
                again = await Measurement.MedianAsync(1, () => WriteAsync(store, writes, Stamp with { At = Now.AddDays(1) }));
            bench.Server.Query($"DROP DATABASE {database}; DROP DATABASE {bareDatabase}");
        }

        var ratio = Median(own) / Median(bare);
        const long Total = (long)SeriesCount * Days;
        return
        [
            Measurement.Ratio("InfluxDB: 1M points through the store, against bare posts (0.9×)", ratio, 1 / 0.9),
            Measurement.Note("… the store", Rate(Total, Median(own))),
            Measurement.Note("… the bare posts", Rate(Total, Median(bare))),
            Measurement.Note("… the same 1M again, nothing changed", Rate(Total, again)),
        ];
    }

    private static async Task<IReadOnlyList<Measurement>> BoardAsync(Bench bench)
    {
        var metrics = Enumerable.Range(0, Tiles).Select(number => $"tile{number:D2}").ToArray();
        using var store = bench.Open("board");
        await store.WriteAsync(
            [.. metrics.Select((metric, number) => Points(new SeriesKey(metric, Grain.Day, Segment.Total), number, BoardDays))], Stamp, CancellationToken.None);
        var board = await BoardOf(bench, store, metrics, []);
        var query = $"SELECT \"value\" FROM \"kpi\" WHERE \"grain\" = 'day' AND {AnyOf(metrics)} GROUP BY \"metric\"";
        var (own, raw) = await AlternateAsync(SmallRuns, board.BuildAsync, () => RawAsync(bench.Http, "board", query, Tiles * BoardDays));
        return
        [
            Measurement.Ratio(Text($"InfluxDB: board of {Tiles} tiles, against one raw query of three years"), own / raw, 1.5),
            Measurement.Note("… the snapshot, the raw query", Text($"{own.TotalMilliseconds:0}, {raw.TotalMilliseconds:0} ms")),
        ];
    }

    private static async Task<IReadOnlyList<Measurement>> LargeBoardAsync(Bench bench)
    {
        var metrics = Enumerable.Range(0, Metrics).Select(number => $"wide{number:D2}").ToArray();
        SeriesPoints[][] writes = [.. metrics.Select(metric => Enumerable.Range(0, Segments).Select(number => Series(metric, number, BoardDays)).ToArray())];
        using var store = bench.Open("large");
        using var embedded = new SqliteSeriesStore(bench.Scratch["large.db"]);
        await WriteAsync(store, writes, Stamp);
        await WriteAsync(embedded, writes, Stamp);

        var board = await BoardOf(bench, store, metrics, ["segment"]);
        var query = $"SELECT \"value\" FROM \"kpi\" WHERE \"grain\" = 'day' AND \"cut\" = 'segment' AND {AnyOf(metrics)} "
            + $"AND time >= '{board.Days.Start:yyyy-MM-dd}' AND time < '{board.Days.End:yyyy-MM-dd}' GROUP BY \"metric\", \"segment\"";
        var count = metrics.Length * Segments * board.StoredDays;
        var (own, raw) = await AlternateAsync(LargeRuns, board.BuildAsync, () => RawAsync(bench.Http, "large", query, count));

        var small = await BoardOf(bench, embedded, metrics, ["segment"]);
        using var connection = new SqliteConnection($"Data Source={bench.Scratch["large.db"]}");
        connection.Open();
        var (ownFile, rawFile) = await AlternateAsync(LargeRuns, small.BuildAsync, () => Task.FromResult(Rows(connection, small.Days, count)));
        return
        [
            Measurement.Ratio(Text($"InfluxDB: board over {Metrics * Segments:N0} series, against one raw query"), own / raw, 1.5),
            Measurement.Note("… the snapshot, the raw query", Text($"{own.TotalMilliseconds:0}, {raw.TotalMilliseconds:0} ms")),
            Measurement.Ratio(Text($"SQLite: board over {Metrics * Segments:N0} series, against one bare reader"), ownFile / rawFile, 1.5),
            Measurement.Note("… the snapshot, the bare reader", Text($"{ownFile.TotalMilliseconds:0}, {rawFile.TotalMilliseconds:0} ms")),
        ];
    }

    private static async Task<BenchBoard> BoardOf(Bench bench, ISeriesStore store, string[] metrics, string[] dimensions)
    {
        var faults = new List<Fault>();
        var catalog = MetricCatalog.Read(
            [("metrics/bench.yaml", "metrics:\n" + string.Concat(metrics.Select(metric =>
                $"  - {{ id: {metric}, name: {metric}, unit: count, over_time: sum, dimensions: [{string.Join(", ", dimensions)}] }}\n")))], faults);
        if (faults.Count > 0)
            throw new InvalidOperationException(string.Join('\n', faults));

        await bench.Watermarks.AdvanceAsync(
            [.. metrics.Select(metric => new Watermark(metric, Today.AddDays(-BoardDays), Today, Now))], CancellationToken.None);
        var board = new Board(
            "bench", "Bench", Grain.Week, [new BoardSection("All", [.. metrics.Select(metric => new Tile { Metric = metric })])], "boards/bench.yaml", 1);
        var calendar = new ReportingCalendar(new CalendarSettings());
        var clock = new StoppedClock(Now);
        var (reader, known) = (new MetricReader(store, bench.Watermarks, clock), new KnownDays(store, bench.Watermarks));
        var builder = new BoardBuilder(reader, known, bench.Watermarks, new ProcessReader(reader, known, bench.Baselines, clock), clock);
        var snapshot = await builder.BuildAsync(board, calendar, catalog, TargetBook.Empty, null, CancellationToken.None);
        if (snapshot.Sections.SelectMany(section => section.Tiles).Any(tile => tile.State != TileState.Complete))
            throw new InvalidOperationException("A tile is not complete.");

        var spans = new BoardSpans(board, calendar, snapshot.Period, ended: true, new BaselineBook(calendar, []), looksFarBack: false);
        return new BenchBoard(
            () => builder.BuildAsync(board, calendar, catalog, TargetBook.Empty, null, CancellationToken.None), spans.All);
    }

    private static async Task<(TimeSpan Own, TimeSpan Raw)> AlternateAsync(int runs, Func<Task> own, Func<Task> raw)
    {
        var (owns, raws) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var run = -2; run < runs; run++)
        {
            var (a, b) = (await Measurement.MedianAsync(1, own), await Measurement.MedianAsync(1, raw));
            if (run >= 0)
            {
                owns.Add(a);
                raws.Add(b);
            }
        }

        return (Median(owns), Median(raws));
    }

    /// <summary>One query as a script would send it, and every value of its answer.</summary>
    private static async Task RawAsync(HttpClient http, string database, string query, int expected)
    {
        var answer = await http.GetByteArrayAsync(new Uri($"query?db={database}&epoch=s&q={Uri.EscapeDataString(query)}", UriKind.Relative));
        using var document = JsonDocument.Parse(answer);
        var values = new List<(long, double)>();
        foreach (var series in document.RootElement.GetProperty("results")[0].GetProperty("series").EnumerateArray())
        {
            foreach (var row in series.GetProperty("values").EnumerateArray())
                values.Add((row[0].GetInt64(), row[1].GetDouble()));
        }

        if (values.Count != expected)
            throw new InvalidOperationException($"The raw query gave {values.Count} values instead of {expected}.");
    }

    private static int Rows(SqliteConnection connection, Period days, int expected)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            select p.series, p.day, p.value
              from series s
             cross join points p on p.series = s.id and p.day >= @from and p.day < @to
             order by p.series, p.day
            """;
        command.Parameters.AddWithValue("@from", days.Start.DayNumber);
        command.Parameters.AddWithValue("@to", days.End.DayNumber);
        using var rows = command.ExecuteReader();
        var values = new List<(long, long, double)>();
        while (rows.Read())
            values.Add((rows.GetInt64(0), rows.GetInt64(1), rows.GetDouble(2)));
        return values.Count == expected ? expected : throw new InvalidOperationException($"The bare reader gave {values.Count} rows instead of {expected}.");
    }

    private static async Task WriteAsync(ISeriesStore store, SeriesPoints[][] writes, WriteStamp stamp)
    {
        foreach (var write in writes)
            await store.ReplaceAsync(write[0].Key.Metric, Grain.Day, write, stamp, CancellationToken.None);
    }

    private static async Task PostAsync(HttpClient http, string database, byte[][] batches)
    {
        foreach (var batch in batches)
        {
            using var content = new ByteArrayContent(batch);
            using var answer = await http.PostAsync(new Uri($"write?db={database}&precision=s", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>The same lines as the store's, ready to be sent.</summary>
    private static byte[][] Batches(SeriesPoints[][] writes)
    {
        var first = (Stamp.At - DateTimeOffset.UnixEpoch).TotalSeconds;
        return
        [
            .. writes.SelectMany(write => write)
                .SelectMany(series => series.Points, (series, point) => string.Create(
                    CultureInfo.InvariantCulture,
                    $"kpi,cut=segment,grain=day,metric={series.Key.Metric},segment={series.Key.Segment["segment"]} value={point.Value},first={first} "
                    + $"{(point.Day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400L}\n"))
                .Chunk(LinesPerBatch)
                .Select(lines => Encoding.UTF8.GetBytes(string.Concat(lines))),
        ];
    }

    private static SeriesPoints Series(string metric, int number, int days) =>
        Points(new SeriesKey(metric, Grain.Day, Segment.Of([("segment", number.ToString("D4", CultureInfo.InvariantCulture))])), number, days);

    private static SeriesPoints Points(SeriesKey key, int number, int days)
    {
        var points = new Point[days];
        for (var day = 0; day < days; day++)
            points[day] = new Point(Today.AddDays(day - days), (number * 31 + day * 17 % 1_000) / 4.0);
        return new SeriesPoints(key, points);
    }

    private static string AnyOf(string[] metrics) => $"({string.Join(" OR ", metrics.Select(metric => $"\"metric\" = '{metric}'"))})";

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static string Rate(long count, TimeSpan time) => Text($"{count / time.TotalSeconds:N0}/s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record BenchBoard(Func<Task> BuildAsync, Period Days)
    {
        /// <summary>How many of the days have points.</summary>
        public int StoredDays => Math.Min(Days.End.DayNumber, Today.DayNumber) - Math.Max(Days.Start.DayNumber, Today.DayNumber - BoardDays);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class Bench : IDisposable
    {
        private readonly SqliteDatabase _database;
        private readonly SqlRestatementLog _log;

        public Bench(Scratch scratch, InfluxServer server, HttpClient http)
        {
            (Scratch, Server, Http) = (scratch, server, http);
            _database = new SqliteDatabase(scratch["kpi.db"]);
            _log = new SqlRestatementLog(_database, new FileWorkLock(new StorageOptions { DataFolder = scratch.Path }));
            Watermarks = new SqlWatermarkStore(_database);
            Baselines = new SqlBaselineStore(_database);
        }

        public Scratch Scratch { get; }

        public InfluxServer Server { get; }

        public HttpClient Http { get; }

        public SqlWatermarkStore Watermarks { get; }

        public SqlBaselineStore Baselines { get; }

        public InfluxSeriesStore Open(string database) =>
            new(InfluxOptions.Parse(Server.AddressOf(database)), _log, NullLogger<InfluxSeriesStore>.Instance, TimeProvider.System);

        public void Dispose()
        {
            _log.Dispose();
            _database.Dispose();
            SqliteConnection.ClearAllPools();
        }
    }
}
