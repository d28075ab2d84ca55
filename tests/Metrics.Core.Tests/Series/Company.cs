using System.Globalization;
using System.Text.Json;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Storage.Sqlite;
using Metrics.Core.Tests.Models;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Workspace;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Series;

/// <summary>A catalog, a calendar, a clock and an empty store: what figures are read from.</summary>
internal sealed class Company : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteSeriesStore _store;

    public Company(string metrics, string now = "2030-01-01", ReportingCalendar? calendar = null)
    {
        var faults = new List<Fault>();
        Catalog = MetricCatalog.Read([("metrics/test.yaml", metrics)], faults);
        Assert.That(faults, Is.Empty);
        Calendar = calendar ?? Some.Calendar();
        Clock = new FakeClock(now);
        _store = new SqliteSeriesStore(_folder["series.db"]);
    }

    public MetricCatalog Catalog { get; }

    public ReportingCalendar Calendar { get; }

    public FakeClock Clock { get; }

    public RememberedWatermarks Watermarks { get; } = new();

    public RememberedModelStates ModelStates { get; } = new();

    public RememberedBaselines Baselines { get; } = new();

    public ProcessReader Processes => new(new MetricReader(_store, Watermarks, Clock), new KnownDays(_store, Watermarks), Baselines, Clock);

    public ISeriesStore Store => _store;

    /// <summary>Stores daily points (or points of the key's grain) at the moment of the clock.</summary>
    public Task WriteAsync(params SeriesPoints[] series) =>
        _store.WriteAsync(series, new WriteStamp(Clock.GetUtcNow(), "test"), CancellationToken.None);

    /// <summary>Says that some metrics are known from a day on and complete before another.</summary>
    public Task KnownAsync(string from, string before, params string[] metrics) =>
        Watermarks.AdvanceAsync([.. metrics.Select(metric => new Watermark(metric, Some.Day(from), Some.Day(before), Clock.GetUtcNow()))], CancellationToken.None);

    /// <summary>Lets a model compute the metrics of the catalog that are its own from records, and stores its points.</summary>
    public async Task ComputeAsync(IModel model, string completeThrough, IEnumerable<StoredRecord> records)
    {
        var metrics = Catalog.Metrics.Where(metric => model.Measures.Count == 0
            ? metric is { Model: null, Formula: null }
            : metric.Model?.StartsWith(model.Name + ".", StringComparison.Ordinal) == true).ToArray();
        var result = Computed.From(model, Calendar, metrics, Some.Day(completeThrough), records);
        foreach (var output in result.Outputs)
            await _store.ReplaceAsync(output.Metric, output.Grain, output.Within, output.Series, new WriteStamp(Clock.GetUtcNow(), "test"), CancellationToken.None);
        await Watermarks.AdvanceAsync(
            [.. metrics.Select(metric => new Watermark(metric.Id, result.DataFrom!.Value, Some.Day(completeThrough), Clock.GetUtcNow()))], CancellationToken.None);
    }

    /// <summary>The total of a metric for the periods of a grain that cover some days.</summary>
    public Task<IReadOnlyList<PeriodValue>> TotalAsync(string metric, Grain grain, string days, OverTime? overTime = null) =>
        TotalAsync(metric, grain, Calendar.Covering(grain, Some.Days(days).Start, Some.Days(days).End), overTime);

    public async Task<IReadOnlyList<PeriodValue>> TotalAsync(string metric, Grain grain, IReadOnlyList<Period> periods, OverTime? overTime = null) =>
        (await ReadAsync(new MetricQuery { Metric = Catalog[metric], Grain = grain, Periods = periods, OverTime = overTime })).Single().Values;

    public Task<IReadOnlyList<PeriodSeries>> ReadAsync(MetricQuery query) =>
        new MetricReader(_store, Watermarks, Clock).ReadAsync(Calendar, Catalog, query, CancellationToken.None);

    public void Dispose()
    {
        _store.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    /// <summary>A record with some fields, the first one with version 1 and so on.</summary>
    public static IEnumerable<StoredRecord> Records(IEnumerable<object> bodies) => bodies.Select((body, i) => new StoredRecord(
        new StreamId("test", "test"), i.ToString(CultureInfo.InvariantCulture), i + 1, new RecordBody(JsonSerializer.SerializeToElement(body))));
}

/// <summary>Watermarks in memory.</summary>
internal sealed class RememberedWatermarks : IWatermarkStore
{
    private readonly List<Watermark> _all = [];

    public Task AdvanceAsync(IReadOnlyCollection<Watermark> watermarks, CancellationToken cancellationToken)
    {
        _all.AddRange(watermarks);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, MetricProgress>> ReadAsync(
        IReadOnlyCollection<string> metrics, DateTimeOffset? asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, MetricProgress>>(_all
            .Where(watermark => metrics.Contains(watermark.Metric) && (asOf is null || watermark.At <= asOf))
            .GroupBy(watermark => watermark.Metric)
            .ToDictionary(group => group.Key, group => new MetricProgress([.. group], group.Last().At)));
}

/// <summary>What models left behind, in memory.</summary>
internal sealed class RememberedModelStates : IModelStateStore
{
    private readonly SortedDictionary<string, State> _all = new(StringComparer.Ordinal);

    public Task<string?> InputsAsync(string model, CancellationToken cancellationToken) => Task.FromResult(Of(model).Inputs);

    public Task SetInputsAsync(string model, string inputs, CancellationToken cancellationToken) =>
        Set(model, Of(model) with { Inputs = inputs, Fault = null });

    public Task SetFaultAsync(string model, string fault, CancellationToken cancellationToken) => Set(model, Of(model) with { Fault = fault });

    public Task SetWarningsAsync(string model, IReadOnlyList<DataWarning> warnings, CancellationToken cancellationToken) =>
        Set(model, Of(model) with { Warnings = warnings });

    public Task<IReadOnlyList<DataWarning>> WarningsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DataWarning>>([.. _all.Values.SelectMany(state => state.Warnings)]);

    public Task<IReadOnlyDictionary<string, string>> FaultsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(
            _all.Where(pair => pair.Value.Fault is not null).ToDictionary(pair => pair.Key, pair => pair.Value.Fault!));

    private State Of(string model) => _all.GetValueOrDefault(model, new State(null, null, []));

    private Task Set(string model, State state)
    {
        _all[model] = state;
        return Task.CompletedTask;
    }

    private sealed record State(string? Inputs, string? Fault, IReadOnlyList<DataWarning> Warnings);
}

/// <summary>What was decided about limits, in memory.</summary>
internal sealed class RememberedBaselines : IBaselineStore
{
    private readonly List<BaselineChange> _changes = [];

    public Task AppendAsync(BaselineChange change, CancellationToken cancellationToken)
    {
        _changes.Add(change);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<BaselineChange>> AllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<BaselineChange>>([.. _changes]);

    public Task<IReadOnlyList<BaselineChange>> HistoryAsync(string metric, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<BaselineChange>>([.. _changes.Where(change => change.Metric == metric).Reverse()]);
}
