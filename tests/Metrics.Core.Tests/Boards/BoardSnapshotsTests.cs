using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Boards;

public sealed class BoardSnapshotsTests
{
    private static readonly Board Board = BoardOf("visits");

    private readonly FakeClock _clock = new("2026-11-16T08:00:00Z");
    private readonly ReportingCalendar _calendar = new(new CalendarSettings { TimeZone = "Europe/Berlin" });
    private readonly MetricCatalog _catalog = MetricCatalog.Read([("metrics/test.yaml", "metrics: [{ id: visits, name: Visits, unit: count, over_time: sum }]")], []);
    private FallibleVersion _version = null!;
    private ISeriesStore _series = null!;
    private TempFolder _folder = null!;
    private ServiceProvider _services = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TempFolder();
        _clock.Now = DateTimeOffset.Parse("2026-11-16T08:00:00Z", CultureInfo.InvariantCulture);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddStorage(new StorageOptions { DataFolder = _folder.Path });
        services.AddSingleton<MetricReader>().AddSingleton<KnownDays>().AddSingleton<ProcessReader>().AddSingleton<BoardBuilder>().AddSingleton<TargetReader>();
        _services = services.BuildServiceProvider();
        _version = new FallibleVersion(_services.GetRequiredService<IDataVersion>());
        _series = _services.GetRequiredService<ISeriesStore>();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task While_nothing_changes_the_same_snapshot_is_given()
    {
        await WriteAsync(5);
        var snapshots = Snapshots();

        var first = await ReadAsync(snapshots);
        Assert.That((await ReadAsync(snapshots)).Snapshot, Is.SameAs(first.Snapshot));
    }

    [Test]
    public async Task What_anybody_writes_is_seen_at_the_next_look()
    {
        await WriteAsync(5);
        var snapshots = Snapshots();
        Assert.That((await ReadAsync(snapshots)).Snapshot.Tiles.Single().Value!.Value, Is.EqualTo(35));

        await WriteAsync(6);
        Assert.That((await ReadAsync(snapshots)).Snapshot.Tiles.Single().Value!.Value, Is.EqualTo(42));

        var target = new TargetChange("visits", Target.DefaultVersion, Grain.Week, "2026-W46", Segment.Total, 50, null, "Anna", _clock.Now);
        await _services.GetRequiredService<ITargetStore>().AppendAsync(target, CancellationToken.None);
        Assert.That((await ReadAsync(snapshots)).Snapshot.Tiles.Single().Target?.Value, Is.EqualTo(50));
    }

    [Test]
    public async Task Another_day_and_another_workspace_are_computed_anew()
    {
        await WriteAsync(5);
        var snapshots = Snapshots();
        var first = await ReadAsync(snapshots);

        _clock.Now += TimeSpan.FromDays(1);
        var nextDay = await ReadAsync(snapshots);
        Assert.That(nextDay.Snapshot, Is.Not.SameAs(first.Snapshot));
        Assert.That((await ReadAsync(snapshots, BoardOf("visits"))).Snapshot, Is.Not.SameAs(nextDay.Snapshot));
    }

    [Test]
    public async Task While_the_store_cannot_be_reached_the_last_snapshot_is_held_and_says_so()
    {
        await WriteAsync(5);
        var snapshots = Snapshots();
        var before = await ReadAsync(snapshots);
        Assert.That(before.HeldBecause, Is.Null);

        _version.IsAway = true;
        var held = await ReadAsync(snapshots);
        Assert.That((held.Snapshot, held.HeldBecause), Is.EqualTo((before.Snapshot, "It is away.")));
        Assert.That(async () => await ReadAsync(snapshots, BoardOf("visits") with { Id = "never-seen" }), Throws.TypeOf<StoreUnreachableException>());

        await WriteAsync(6);
        _version.IsAway = false;
        var after = await ReadAsync(snapshots);
        Assert.That((after.Snapshot.Tiles.Single().Value!.Value, after.HeldBecause), Is.EqualTo((42m, (string?)null)));
    }

    [Test]
    public async Task A_snapshot_that_still_holds_says_that_the_points_cannot_be_read_as_long_as_they_cannot()
    {
        await WriteAsync(5);
        var server = new NotingSeriesStore(new InfluxSeriesStore(
            InfluxOptions.Parse("influxdb+http://127.0.0.1:9/kpi"), null!, NullLogger<InfluxSeriesStore>.Instance, TimeProvider.System), _version);
        var there = _series;
        var switched = new Switched { Store = there };
        _series = switched;
        var snapshots = Snapshots();
        var before = await ReadAsync(snapshots);

        switched.Store = server;
        await snapshots.LookAsync(CancellationToken.None);
        var held = await ReadAsync(snapshots);
        Assert.That(held.Snapshot, Is.SameAs(before.Snapshot));
        Assert.That(held.HeldBecause, Does.Contain("does not answer"));

        switched.Store = there;
        await snapshots.LookAsync(CancellationToken.None);
        Assert.That((await ReadAsync(snapshots)).HeldBecause, Is.Null);
        server.Dispose();
    }

    private static Board BoardOf(string metric) => BoardFiles.Read(
        [("boards/weekly.yaml", $"id: weekly\nname: Weekly\nsections: [{{ name: All, tiles: [{{ metric: {metric} }}] }}]")],
        MetricCatalog.Read([("metrics/test.yaml", "metrics: [{ id: visits, name: Visits, unit: count, over_time: sum }]")], []), []).Single();

    private BoardSnapshots Snapshots() => new(
        _services.GetRequiredService<BoardBuilder>(), _services.GetRequiredService<TargetReader>(), _version, _series, _clock);

    private Task<ShownSnapshot> ReadAsync(BoardSnapshots snapshots, Board? board = null) =>
        snapshots.ReadAsync(board ?? Board, _calendar, _catalog, TargetBook.Empty, null, CancellationToken.None);

    private Task WriteAsync(double perDay)
    {
        var start = Some.Day("2026-10-05");
        Point[] points = [.. Enumerable.Range(0, 42).Select(i => new Point(start.AddDays(i), perDay))];
        return _services.GetRequiredService<ISeriesStore>().WriteAsync(
            [new SeriesPoints(new SeriesKey("visits", Grain.Day, Segment.Total), points)], new WriteStamp(_clock.Now, "test"), CancellationToken.None);
    }

    private sealed class FallibleVersion(IDataVersion version) : IDataVersion
    {
        public bool IsAway { get; set; }

        public Task<long> ReadAsync(CancellationToken cancellationToken) =>
            IsAway ? throw new StoreUnreachableException("It is away.") : version.ReadAsync(cancellationToken);

        public Task AdvanceAsync(CancellationToken cancellationToken) => version.AdvanceAsync(cancellationToken);
    }

    /// <summary>A store behind which another one can be put.</summary>
    private sealed class Switched : ISeriesStore
    {
        public required ISeriesStore Store { get; set; }

        public Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
            Store.WriteAsync(series, stamp, cancellationToken);

        public Task<WriteOutcome> ReplaceAsync(
            string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
            Store.ReplaceAsync(metric, grain, within, series, stamp, cancellationToken);

        public Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken) => Store.ReadAsync(query, cancellationToken);

        public Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken) =>
            Store.DimensionValuesAsync(metric, dimension, cancellationToken);

        public Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken) => Store.LastAsync(key, cancellationToken);

        public Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken) =>
            Store.ExtentAsync(metric, grain, cancellationToken);

        public Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken) =>
            Store.DeleteAsync(metric, days, stamp, cancellationToken);

        public Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken) =>
            Store.RestatementsAsync(query, cancellationToken);
    }
}
