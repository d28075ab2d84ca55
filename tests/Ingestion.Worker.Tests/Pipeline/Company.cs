using System.Globalization;
using Ingestion.Worker.Connectors.Csv;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Tests.Connectors;
using Metrics.Core;
using Metrics.Core.Connectors;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>A small workspace on real stores, with a clock that only the test moves. Two rows make a page.</summary>
internal sealed class Company : IDisposable
{
    private readonly string _data;
    private readonly bool _ownsFolder;

    /// <param name="now">The moment that the clock shows, UTC.</param>
    public Company(string now = "2026-03-20T06:00:00Z")
        : this(new TempFolder(), new FakeClock(now), "data-store")
    {
        _ownsFolder = true;
        Folder.Write("calendar.yaml", "time_zone: Europe/Berlin\ncurrency: EUR\n");
        Folder.Write("metrics/shop.yaml", """
            metrics:
              - { id: revenue, name: Revenue, unit: currency, over_time: sum, over_segments: sum, missing: zero, dimensions: [country] }
              - { id: stock, name: Stock, unit: count, over_time: last, over_segments: sum, missing: unknown }
            """);
        Folder.Write("sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - name: orders
                file: data/orders*.csv
                record: metric_value
                key: [order]
                time: { column: day }
                metrics: { revenue: amount }
                dimensions: { country: country }
            """);
    }

    private Company(TempFolder folder, FakeClock clock, string data, Action<IServiceCollection>? change = null)
    {
        (Folder, Clock, _data) = (folder, clock, data);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(clock);
        services.AddStorage(new StorageOptions { DataFolder = folder[data] });
        services.AddCore(folder.Path);
        services.AddIngestion();
        services.RemoveAll<IConnector>();
        services.AddSingleton<IConnector>(new CsvConnector { RowsPerPage = 2 });
        change?.Invoke(services);
        Services = services.BuildServiceProvider();
    }

    public TempFolder Folder { get; }

    public FakeClock Clock { get; }

    public ServiceProvider Services { get; }

    /// <summary>The same workspace in another process, perhaps with other parts or another data folder.</summary>
    public Company Again(Action<IServiceCollection>? change = null, string? data = null) => new(Folder, Clock, data ?? _data, change);

    /// <summary>Writes the orders of a file as <c>order,day,country,amount</c>.</summary>
    public void Orders(params IEnumerable<string> rows) => OrdersIn("data/orders.csv", rows);

    public void OrdersIn(string file, params IEnumerable<string> rows) =>
        Folder.Write(file, "order,day,country,amount\n" + string.Concat(rows.Select(row => row + "\n")));

    public async Task<SourceSyncResult> SyncAsync(string source = "shop", bool full = false)
    {
        var company = Definitions.Of(Folder.Path);
        var result = await Services.GetRequiredService<SourceSync>().RunAsync(company, company.FindSource(source)!, full, null,
            CancellationToken.None);
        Assert.That(result, Is.Not.Null, "nobody else syncs");
        return result!;
    }

    /// <summary>Syncs the only stream of a source, an hour after the last one, and gives its counts as the command prints them.</summary>
    public async Task<string> CountsAsync(string source = "shop", bool full = false)
    {
        Clock.Now += TimeSpan.FromHours(1);
        return CountsOf((await SyncAsync(source, full)).Run.Streams.Single());
    }

    public static string CountsOf(StreamRun run) =>
        run.Error ?? $"{run.Read} read, {run.New} new, {run.Changed} changed, {run.Vanished} vanished, {run.Rejected} rejected";

    /// <summary>The figures of some periods, a text each: the segment, the value, and what has to be known about it.</summary>
    public async Task<string[]> FiguresAsync(
        string metric, Grain grain, string from, string to, string? by = null, DateTimeOffset? asOf = null)
    {
        var rows = await RowsAsync(metric, grain, from, to, by, asOf);
        return [.. rows.Select(Text)];

        static string Text(IReadOnlyList<object?> row)
        {
            var figure = string.Join(' ', row.Skip(3).Take(row.Count - 7).Append(Number(row[^4])));
            return $"{figure}{(row[^3] is true ? "" : " so far")}{(row[^1] is true ? " restated" : "")}";
        }
    }

    /// <summary>The figure of one period.</summary>
    public async Task<string> FigureAsync(string metric, Grain grain, string from, DateTimeOffset? asOf = null) =>
        (await FiguresAsync(metric, grain, from, Day(from).AddDays(1).ToString("O", CultureInfo.InvariantCulture), null, asOf)).Single();

    /// <summary>The moment as of which a metric is known.</summary>
    public async Task<DateTimeOffset?> KnownAsOfAsync(string metric)
    {
        var rows = await RowsAsync(metric, Grain.Day, "2026-03-01", "2026-03-02", null, null);
        return (DateTimeOffset?)rows.Single()[^2];
    }

    /// <summary>Every record and every point that is in force, as texts that tell nothing of when and how they came.</summary>
    public (string[] Records, string[] Points, string[] Restatements) Stored()
    {
        SqliteConnection.ClearAllPools();
        return (
            Rows("kpi.db", """
                select s.source, s.name, h.key, v.body
                  from record_head h
                  join stream s on s.id = h.stream
                  join record_version v on v.id = h.version
                 where h.digest is not null
                """),
            Rows("series.db", """
                select s.metric, s.grain, s.segment, p.day, p.value
                  from points p
                  join series s on s.id = p.series
                 where p.value is not null
                """),
            Rows("series.db", """
                select s.metric, s.grain, s.segment, r.day, r.old, r.new
                  from restatements r
                  join series s on s.id = r.series
                """));
    }

    public async Task<string[]> RejectsAsync(string source = "shop") =>
        [.. (await Services.GetRequiredService<ISourceStore>().RejectsAsync(source, 100, CancellationToken.None))
            .Select(reject => reject.Reject.ToString())];

    public void Dispose()
    {
        Services.Dispose();
        SqliteConnection.ClearAllPools();
        if (_ownsFolder)
            Folder.Dispose();
    }

    private async Task<IReadOnlyList<IReadOnlyList<object?>>> RowsAsync(
        string metric, Grain grain, string from, string to, string? by, DateTimeOffset? asOf)
    {
        var company = Definitions.Of(Folder.Path);
        var table = await Services.GetRequiredService<PeriodReport>().BuildAsync(company, new PeriodReportQuery
        {
            Metrics = [company.Catalog[metric]],
            Grain = grain,
            From = Day(from),
            To = Day(to),
            By = by is null ? [] : [by],
            AsOf = asOf,
        }, CancellationToken.None);
        return table.Rows;
    }

    private string[] Rows(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(Folder[_data], file),
            Pooling = false
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join(" | ",
                Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        rows.Sort(StringComparer.Ordinal);
        return [.. rows];
    }

    private static string Number(object? value) =>
        value is decimal number ? number.ToString("0.##########", CultureInfo.InvariantCulture) : "n/a";

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
